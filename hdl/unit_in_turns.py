"""Steps that take turns in a unit, as Amaranth statements.

An operand that comes from different steps in different turns is kept in a register for each of these, which is 0 in
the turns of others: they are joined by OR, as in cells whose units take turns (decisions 053 and 063). One that stays
for several turns in a row is loaded before the first of them only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from operator import or_

from amaranth.hdl import Cat, Const, Module, Mux, Value

from ..plan import operations as op
from ..plan.operations import Range
from .bit_fields import bit_field
from .operation_values import operation_value
from .scheduling.schedule import Schedule, operand_ranks
from .step_signals import StepSignals, range_shape

__all__ = ["UnitInTurns", "units_in_turns"]


@dataclass
class _Source:
    """Where an operand comes from, the stages before its turns, and those of them in which it is loaded."""

    value: Value
    stages: list[int] = field(default_factory=list)
    loaded: list[int] = field(default_factory=list)


class UnitInTurns:
    """A unit that steps of one operation take turns in.

    Parameters
    ----------
    name, members
        Its name, and the steps.
    schedule, signals
        The schedule, and the signals of its steps.

    Attributes
    ----------
    value : Signal
        Its result: that of the step whose turn it is.

    """

    def __init__(self, name: str, members: Sequence[str], schedule: Schedule, signals: StepSignals) -> None:
        self._name, self._schedule, self._signals = name, schedule, signals
        self._members = sorted(members, key=lambda member: schedule.stages[member])
        held = reduce(Range.union, (schedule.plan.ranges[member] for member in members))
        self.value = signals.wire(
            self._members[0], "", range_shape(held), f"in turns: {', '.join(self._members)}", called=name
        )

    @property
    def _ranks(self) -> int:
        return operand_ranks(self._schedule.plan.by_name[self._members[0]].operation)

    @property
    def takes_digits(self) -> bool:
        """Whether it takes another digit in each turn."""
        is_row = isinstance(self._schedule.plan.by_name[self._members[0]].operation, op.PartialProduct)
        return is_row and self._is_joined(self._ports()[1])

    @property
    def digits(self) -> list[tuple[int, str]]:
        """The stages and the digits that it takes in them."""
        return [(self._schedule.stages[member], name) for member, name in self._ports()[1]]

    def reads(self) -> Iterator[tuple[str, int]]:
        """Yield what it reads, and in which stages."""
        for number, port in enumerate(self._ports()):
            if self.takes_digits and number == 1:
                continue
            early = self._ranks if self._is_joined(port) else 0
            yield from ((name, self._schedule.stages[member] - early) for member, name in port)

    def connect(
        self,
        m: Module,
        turn: Value,
        at: Callable[[str, int], Value],
        move: Callable[[object], None],
        digit: Value | None = None,
    ) -> None:
        """Add its statements.

        Parameters
        ----------
        m, turn
            The module, and a bit for each clock of an interval.
        at
            Returns the value of a step in a stage.
        move
            Takes the statement of a register that moves with all others.
        digit
            The digit whose turn it is, if it takes some.

        """
        plan, first = self._schedule.plan, self._members[0]
        operation, ports = plan.by_name[first].operation, self._ports()
        if isinstance(operation, op.Bitwise) and self._are_constant(ports[1]):
            value = self._masked(at(ports[0][0][1], self._schedule.stages[first]), ports[1], turn)
        else:
            operands = [
                digit
                if digit is not None and number == 1
                else self._joined(number, port, turn, at, move)
                if self._is_joined(port)
                else at(port[0][1], self._schedule.stages[first])
                for number, port in enumerate(ports)
            ]
            value = operation_value(operation, first, self._signals, *operands)
        m.d.comb += self.value.eq(value)

    def _ports(self) -> list[list[tuple[str, str]]]:
        """Return each operand: the members, and what each of them reads there."""
        operands = [self._schedule.plan.by_name[member].operation.operands for member in self._members]
        return [list(zip(self._members, names, strict=True)) for names in zip(*operands, strict=True)]

    def _are_constant(self, port: Iterable[tuple[str, str]]) -> bool:
        return all(name in self._schedule.constants for _, name in port)

    def _is_joined(self, port: Sequence[tuple[str, str]]) -> bool:
        """Return whether an operand has to be taken up before its turn: it is not one signal in all turns."""
        stages, units, interval = self._schedule.stages, self._schedule.units, self._schedule.interval
        if all(name in units for _, name in port) and len({units[name] for _, name in port}) == 1:
            waits = {stages[member] - stages[name] for member, name in port}
            if waits == {0} or (waits == {1} and all(self._schedule.readers[name] == 1 for _, name in port)):
                return False
        if len({name for _, name in port}) > 1:
            return True
        intervals = {-(-(stages[member] - stages[name]) // interval) for member, name in port}
        return len(intervals) > 1 and not self._are_constant(port)

    def _in_turns(self, turn: Value, stages: Iterable[int]) -> Value:
        return reduce(or_, (turn[number] for number in sorted({self._schedule.turn(stage) for stage in stages})))

    def _masked(self, source: Value, masks: Sequence[tuple[str, str]], turn: Value) -> Value:
        """Return bits that are cleared in some turns: by multiplexers, of which registers behind them make a reset."""
        codes = {self._schedule.stages[member]: self._schedule.plan.ranges[name].low for member, name in masks}

        def kept(place: int) -> tuple[int, ...]:
            return tuple(stage for stage, code in codes.items() if code >> place & 1)

        parts: list[Value] = []
        for stages, run in groupby(range(len(self.value)), kept):
            places = list(run)
            bits = bit_field(source, places[0], places[-1] + 1)
            none = Const(0, len(places))
            parts.append(Mux(self._in_turns(turn, stages), bits, none) if stages and len(stages) < len(codes) else bits)
            if not stages:
                parts[-1] = none
        code = Cat(*parts)
        return code.as_signed() if self.value.shape().signed else code

    def _joined(
        self,
        number: int,
        port: Sequence[tuple[str, str]],
        turn: Value,
        at: Callable[[str, int], Value],
        move: Callable[[object], None],
    ) -> Value:
        """Return an operand that comes from different steps, each in its turn."""
        schedule = self._schedule
        sources: dict[int, _Source] = {}  # by the identity of a value
        before: tuple[str, int, _Source] | None = None
        for member, name in port:
            stage, held = schedule.stages[member] - self._ranks, schedule.plan.ranges[name]
            if held == Range(0, 0):
                before = None
                continue
            if before is not None and before[:2] == (name, stage - 1):
                source = before[2]
            else:
                value = at(name, stage)
                source = sources.setdefault(id(value), _Source(value))
                source.loaded.append(stage)
            source.stages.append(stage)
            before = name, stage, source
        terms: list[Value] = []
        for place, source in enumerate(sources.values()):
            operand = self._signals.operand(
                self._members[0], f"{self._name}_operand{number}_{place}", source.value.shape(), min(source.stages)
            )
            stays = [stage for stage in source.stages if stage not in source.loaded]
            otherwise = Mux(self._in_turns(turn, stays), operand, 0) if stays else Const(0, 1)
            move(operand.eq(Mux(self._in_turns(turn, source.loaded), source.value, otherwise)))
            terms.append(operand)
        joined = reduce(or_, terms)
        if self._ranks == 1:
            return joined
        called, last = (
            f"{self._name}_operand{number}",
            max(each for source in sources.values() for each in source.stages),
        )
        operand = self._signals.operand(self._members[0], called, joined.shape(), last + 1)
        move(operand.eq(joined))
        return operand


def units_in_turns(schedule: Schedule, signals: StepSignals) -> dict[str, UnitInTurns]:
    """Return the units of a schedule that steps take turns in, by name."""
    members: dict[str, list[str]] = {}
    for name, unit in schedule.units.items():
        members.setdefault(unit, []).append(name)
    return {unit: UnitInTurns(unit, names, schedule, signals) for unit, names in members.items()}
