"""Products with a gate in logic, by some digits a clock.

The gate's base-4 digits are from -1 to 2, as in `plan.logic_multiplier`. A few rows, one for each digit of a clock, are
added up in a pipeline; what comes out is added to what the clocks before have left. With all digits in one clock
nothing is left, and it is the product of that module. A bit of half the last place that a result will be rounded to
goes into the gap below a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from amaranth.hdl import Cat, Module, Mux, Shape, Signal, Value, signed, unsigned

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.logic_multiplier import add_up
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..datapath import Datapath
from ..scheduling.schedule import Schedule
from .waiting import register

__all__ = ["SerialProduct"]

_BEFORE = 2
"""Ranks before the rows: of the gate as digits, beside the other factor, and of the digits of a clock."""

_BELOW = 2
"""Bits below a row."""


@dataclass(frozen=True)
class SerialProduct:
    """A product of a gate and a factor.

    Parameters
    ----------
    gate, factor
        Their ranges; a gate is never negative.
    clocks
        The clocks that it may take its digits in; it takes as few as the rows for that allow.
    places
        The places of bits that can be added, each below a digit: odd, and not beyond the last digit.

    """

    gate: Range
    factor: Range
    clocks: int = 1
    places: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """Digits in a clock."""
        return -(-self._digits // self.clocks)

    @property
    def busy(self) -> int:
        """The clocks that it takes its digits in."""
        return -(-self._digits // self.rows)

    @property
    def _digits(self) -> int:
        """The fewest digits from -1 to 2 that make up every gate."""
        count = 1
        while 2 * _ones(count) < self.gate.high:
            count += 1
        return count

    def holds(self, place: int) -> bool:
        """Tell whether a bit at a place can be added."""
        return place % 2 == 1 and 0 < place < 2 * self.busy * self.rows - 1

    @property
    def range(self) -> Range:
        """The range of the product, with the bits that can be added."""
        ends = [gate * end for gate in self.gate for end in self.factor]
        return Range(min(ends), max(ends) + sum(1 << place for place in self.places))

    def plan(self, prefix: str) -> Plan:
        """Return the plan of the rows of a clock, two places up: ``digits`` and ``factor``, and bits ``below`` rows."""
        b = PlanBuilder()
        digits = b.input(f"{prefix}digits", FixedFormat(False, 2 * self.rows, 0), "digits, each one more")
        factor = b.input(f"{prefix}factor", FixedFormat(self.factor.signed, self.factor.width, 0))
        unit = b.input(f"{prefix}unit", FixedFormat(False, 1, 0), "makes up for a complement in the clock before")
        none = b.let(f"{prefix}none", op.Constant(0))
        halves = {
            row: b.input(f"{prefix}half{row}", FixedFormat(False, 1, 0), "half of the last place of the result")
            for row in sorted({self._below(place)[1] for place in self.places})
        }
        terms: list[tuple[str, int]] = []
        for row in range(self.rows):
            digit = b.let(f"{prefix}digit{row}", op.Bits(digits, 2 * row, 2))
            times = b.let(f"{prefix}row{row}", op.PartialProduct(factor, digit, (-1, 0, 1, 2)), "digit by factor")
            below = b.let(f"{prefix}below{row}", op.Concatenate(halves.get(row, none), unit, 1, 0))
            terms.append((b.let(f"{prefix}term{row}", op.Concatenate(times, below, _BELOW, 0)), 2 * row))
            unit = b.let(f"{prefix}unit{row}", op.Compare("eq", digit, none), "makes up for a complement")
        total = add_up(b, f"{prefix}rows", terms)
        held = b.range(total)
        return b.build(y=(total, FixedFormat(held.signed, held.width, 0)))

    def latency(self, schedule: Schedule) -> int:
        """Return the clocks from the operands to the product, given the schedule of the plan."""
        return _BEFORE + schedule.latency + (self.busy if self.busy > 1 else 0)

    def connect(
        self,
        m: Module,
        schedule: Schedule,
        inputs: Mapping[str, Value],
        turn: Value,
        starts: Mapping[int, Sequence[int]],
        advance: Signal,
        *,
        first: int,
        unit: str,
    ) -> Value:
        """Add the unit to a module, and return the product.

        Parameters
        ----------
        m, schedule, inputs
            The module, the schedule of the plan, and ``gate`` and ``factor``, which stay for a clock.
        turn
            A bit for each clock of the interval.
        starts
            The clocks in which operands are there, each with the places of the bits that are added.
        advance
            The enable of all registers.
        first, unit
            The place of the first declaration, and the name of the unit.

        """
        turns = _Turns(turn, starts)
        taken = self._take_digits(m, inputs, turns, advance, first, unit)
        summed = Datapath(m, schedule, taken, advance, first=first + 1, title=f"{unit}: ").outputs["y"]
        whole = summed
        if self.busy > 1:
            after = first + 2 * (schedule.latency + 2) * len(schedule.plan.steps)
            whole = self._add_clocks(m, summed, turns, _BEFORE + schedule.latency, advance, after, unit)
        held = self.range
        code = whole[_BELOW : _BELOW + held.width]
        return code.as_signed() if held.signed else code

    def _take_digits(
        self, m: Module, inputs: Mapping[str, Value], turns: _Turns, advance: Signal, first: int, unit: str
    ) -> dict[str, Value]:
        """Add the ranks before the rows; returns the inputs of the plan, clock after clock."""

        def let(name: str, shape: Shape, note: str = "") -> Signal:
            return register(f"{unit}_{name}", shape, place=first, note=note)

        busy, rows = self.busy, self.rows
        digits = let("gate_digits", unsigned(2 * busy * rows), "the digits of the gate, each one more")
        factor = let("factor_kept", Value.cast(inputs["factor"]).shape())
        load = [digits.eq(inputs["gate"] + _ones(busy * rows)), factor.eq(inputs["factor"])]
        with m.If(advance & turns.after(0) if busy > 1 else advance):
            m.d.sync += load
        taken, times, below = let("taken", unsigned(2 * rows)), let("times", factor.shape()), let("below", unsigned(1))
        groups = [digits[2 * rows * group : 2 * rows * (group + 1)] for group in range(busy)]
        moves = [times.eq(factor)]
        if busy == 1:
            moves += [taken.eq(digits), below.eq(0)]
        else:
            now = [turns.after(1 + group) for group in range(busy)]
            chosen = [word & is_now.replicate(len(word)) for word, is_now in zip(groups, now, strict=True)]
            units = [(word[-2:] == 0) & is_now for word, is_now in zip(groups, now[1:], strict=False)]
            moves += [taken.eq(reduce(or_, chosen)), below.eq(reduce(or_, units))]
        given: dict[str, Value] = {f"{unit}_digits": taken, f"{unit}_factor": times, f"{unit}_unit": below}
        for row in sorted({self._below(place)[1] for place in self.places}):
            half = given[f"{unit}_half{row}"] = let(f"half{row}_now", unsigned(1))
            added = [
                turns.after(1 + self._below(place)[0], place) for place in self.places if self._below(place)[1] == row
            ]
            moves.append(half.eq(reduce(or_, added)))
        with m.If(advance):
            m.d.sync += moves
        return given

    def _add_clocks(
        self, m: Module, summed: Value, turns: _Turns, arrives: int, advance: Signal, place: int, unit: str
    ) -> Signal:
        """Add the sum over the clocks; returns the product, two places up."""
        busy, step = self.busy, 2 * self.rows
        total = Signal(signed(len(summed) + 2), name=f"{unit}_total", attrs={"order": str(place)})
        left = register(f"{unit}_left", signed(len(total) - step), place=place, note="of the clocks before")
        lower = register(f"{unit}_lower", unsigned(step * (busy - 1)), place=place, note="digits that are complete")
        whole = register(f"{unit}_whole", signed(len(total) + len(lower)), place=place)
        goes_on = reduce(or_, [turns.after(arrives + group) for group in range(busy - 1)])
        m.d.comb += total.eq(left + summed)
        with m.If(advance):
            m.d.sync += [
                left.eq(Mux(goes_on, total >> step, 0)),
                lower.eq(Cat(lower[step:], total[:step])),
                whole.eq(Cat(lower, total)),
            ]
        return whole

    def _below(self, place: int) -> tuple[int, int]:
        """Return the clock, and the row of that clock, below which a place is."""
        return divmod((place + 1) // 2, self.rows)


class _Turns:
    """Tells the clocks of operations that start in some, each with the places of the bits that it adds."""

    def __init__(self, turn: Value, starts: Mapping[int, Sequence[int]]) -> None:
        self._turn, self._starts = turn, starts

    def after(self, clocks: int, place: int | None = None) -> Value:
        """Return whether it is so many clocks after the start of an operation; with a place, of one that adds it."""
        starts = [at for at, places in self._starts.items() if place is None or place in places]
        wanted = sorted({(at + clocks) % len(self._turn) for at in starts})
        return Cat(self._turn[clock] for clock in wanted).any()


def _ones(digits: int) -> int:
    """Return the number of which every base-4 digit is 1."""
    return ((1 << 2 * digits) - 1) // 3
