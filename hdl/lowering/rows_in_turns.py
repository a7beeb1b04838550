"""Sums of rows of partial products as accumulations, in which one row and one adder take a turn for each digit.

The rows of a product are cut off below the lowest bit of their sum, so that the row of a digit of weight ``4**i`` has
more bits the higher that is. The accumulation begins with the lowest: before each further row, what has been added is
shifted down by the bits of a digit, and of the row those bits are cleared that the plan cuts off. So rows are alike but
for the bits that are cleared, the sum stays in place, and what is shifted out is 0: the sum is the plan's, bit for bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from ...plan import operations as op
from ...plan.operations import Range
from ...plan.plan import Plan, Step
from ..targets import Target
from .lowered_plan import LoweredPlan

__all__ = ["Chain", "rows_in_turns"]


@dataclass(frozen=True)
class Chain:
    """Steps that follow each other clock by clock, each in its turn of a unit.

    Parameters
    ----------
    kind
        The kind of units that they take turns in.
    parts
        The part of such a unit that each step is done by, and the clocks from the first of them to it, by name.
    busy
        Clocks for which a unit is taken.

    """

    kind: str
    parts: Mapping[str, tuple[str, int]]
    busy: int = 1


@dataclass(frozen=True)
class _Row:
    """A term of a sum: the lowest ``cut`` bits of the multiple of a source are dropped."""

    name: str
    source: str
    left: int
    digit: str
    factors: tuple[int, ...]
    cut: int


def rows_in_turns(plan: Plan, target: Target, interval: int) -> tuple[Plan, tuple[Chain, ...]]:
    """Return a plan that computes the same, with accumulations of up to `interval` rows, and these."""
    made = _Accumulations(plan, target, interval)
    return made.result(), tuple(made.chains)


class _Accumulations:
    def __init__(self, plan: Plan, target: Target, interval: int) -> None:
        self._plan, self._interval = plan, interval
        self._lowered = LoweredPlan(plan, target, inf)
        self._uses = Counter(name for step in plan.steps for name in step.operation.operands)
        self._uses.update(output.step for output in plan.outputs)
        self._inner: set[str] = set()  # steps that an accumulation takes the place of
        self._kinds: dict[tuple[int, tuple[int, ...]], str] = {}  # by what units must have in common
        self.chains: list[Chain] = []

    def result(self) -> Plan:
        sums: dict[str, tuple[list[_Row], Counter[str]]] = {}
        for step in reversed(self._plan.steps):
            if step.name in self._inner or not isinstance(step.operation, op.Add | op.ShiftRight):
                continue
            inner: set[str] = set()
            terms = self._terms(step.name, inner)
            if terms is not None and len(terms[0]) > 1 and _run(terms[0]):
                sums[step.name] = terms
                self._inner |= inner - {step.name}
        end = max((_end(_run(rows)) for rows, _ in sums.values()), default=0)
        for step in self._plan.steps:
            if step.name in sums:
                self._accumulate(step, *sums[step.name], end)
            elif step.name not in self._inner:
                self._lowered.copy(step)
        return self._lowered.build()

    def _terms(self, name: str, inner: set[str]) -> tuple[list[_Row], Counter[str]] | None:
        """Return the rows that a step is the sum of, and how often each bit that is a carry is added; None if neither.

        `inner` is given the steps of which nothing is left.
        """
        inner.add(name)
        row = self._row(name, inner)
        if row is not None:
            return [row], Counter()
        match self._operation(name):
            case op.Add(left=left, right=right):
                carry = ""
            case op.ShiftRight(source=source, bits=1) if (found := self._carried(source, inner)) is not None:
                left, right, carry = found
            case _:
                return None
        if self._uses[left] > 1 or self._uses[right] > 1 or left == right:
            return None
        parts = [self._terms(operand, inner) for operand in (left, right)]
        if parts[0] is None or parts[1] is None:
            return None
        return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1] + Counter([carry] if carry else [])

    def _carried(self, name: str, inner: set[str]) -> tuple[str, str, str] | None:
        """Return the operands of a sum and its carry, if a step is a bit longer than that, with a 1 beside it."""
        match self._operation(name):
            case op.Add(left=left, right=right) if self._uses[name] == self._uses[left] == self._uses[right] == 1:
                match self._operation(left), self._operation(right):
                    case (
                        op.Concatenate(high=first, low=one, bits=1),
                        op.Concatenate(high=second, low=carry, bits=1),
                    ) if self._plan.ranges[one] == Range(1, 1):
                        inner |= {name, left, right}
                        return first, second, carry
        return None

    def _row(self, name: str, inner: set[str]) -> _Row | None:
        cut, full = 0, name
        match self._operation(name):
            case op.ShiftRight(source=source, bits=bits) if self._uses[source] == 1:
                cut, full = bits, source
        match self._operation(full):
            case op.PartialProduct(source=source, digit=digit, factors=factors):
                inner.add(full)
                match self._operation(source):
                    case op.ShiftLeft(source=unshifted, bits=left):
                        if self._uses[source] == 1:
                            inner.add(source)
                        return _Row(name, unshifted, left, digit, factors, cut)
                return _Row(name, source, 0, digit, factors, cut)
        return None

    def _operation(self, name: str) -> op.Operation:
        return self._plan.by_name[name].operation

    def _accumulate(self, step: Step, rows: list[_Row], carries: Counter[str], end: int) -> None:
        """Add a sum of rows: those of a run in turns, and all else at the beginning.

        The lowest `end` bits of a row are dropped, of all sums alike, so that these can share a unit.
        """
        lowered, name = self._lowered, step.name
        run = _run(rows)
        left = max(row.left for row in run) + end - _end(run)
        apart = run[0].cut - run[0].left - (run[1].cut - run[1].left)
        total = self._beside(name, [row for row in rows if row not in run], carries)
        source = lowered.integer(run[0].source)
        if left:
            source = lowered.part(f"{name}_source", op.ShiftLeft(source, left, 0))
        if total:
            zeros = run[0].cut + left - run[0].left - end
            total = lowered.part(f"{name}_first", op.ShiftLeft(total, zeros, 0)) if zeros else total
        kind = self._kinds.setdefault((apart, run[0].factors), f"rows{len(self._kinds) or ''}_")
        length = -(-len(run) // -(-len(run) // self._interval))  # of chains that are about equally long
        for first in range(0, len(run), length):
            parts: dict[str, tuple[str, int]] = {}
            for clock, row in enumerate(run[first : first + length]):
                number = f"{name}_turn{first + clock}"
                if not total:
                    total = lowered.constant(0)
                elif first + clock:
                    total = lowered.part(f"{number}_moved", op.ShiftRight(total, apart, 0))
                    if clock:
                        parts[total] = "moved", clock
                cleared = row.cut + left - row.left - end
                full = lowered.part(
                    f"{number}_full", op.PartialProduct(source, lowered.integer(row.digit), row.factors)
                )
                parts[full] = "full", clock
                held = lowered.range(full)
                if end:
                    full = lowered.part(f"{number}_cut", op.ShiftRight(full, end, 0))
                    parts[full] = "cut", clock
                kept = lowered.part(
                    f"{number}_kept", op.Bitwise("and", full, lowered.constant(-1 << cleared)), "what counts of it"
                )
                parts[kept] = "kept", clock
                down = end + cleared
                low, high = (code >> down << cleared for code in held)
                added = lowered.part(f"{number}_row", op.Narrow(kept, low, high, f"the lowest {cleared} bits are 0"))
                parts[added] = "row", clock
                total = lowered.part(f"{number}_sum", op.Add(total, added))
                parts[total] = "sum", clock + 1
            self.chains.append(Chain(kind, parts, len(run[first : first + length])))
        lowered.finish(step, op.ShiftLeft(total, 0, self._plan.points[name]))

    def _beside(self, name: str, rows: Sequence[_Row], carries: Counter[str]) -> str:
        """Return the sum of the rows that take no turn and of the carries; empty if there are none."""
        lowered = self._lowered
        terms = []
        for row in rows:
            for part in self._steps_of(row):
                lowered.copy(self._plan.by_name[part])
            terms.append(lowered.integer(row.name))
        for carry, count in carries.items():
            bit = lowered.integer(carry)
            zeros = (count & -count).bit_length() - 1
            if count == 1 << zeros:
                terms.append(lowered.part(f"{name}_carries", op.ShiftLeft(bit, zeros, 0)) if zeros else bit)
            else:
                chosen = op.Select(bit, lowered.constant(count), lowered.constant(0))
                terms.append(lowered.part(f"{name}_carries", chosen))
        total = ""
        for number, term in enumerate(terms):
            total = lowered.part(f"{name}_beside{number}", op.Add(total, term)) if total else term
        return total

    def _steps_of(self, row: _Row) -> list[str]:
        """Return the steps of a row that are not in the plan anyway, in their order."""
        found = [row.name]
        while found[0] in self._inner:
            operation = self._operation(found[0])
            source = operation.operands[0]
            if source not in self._inner:
                break
            found.insert(0, source)
        return found


def _end(run: Sequence[_Row]) -> int:
    """Return the bits that are cut off the row of the highest digit, beside the shift that all sources have."""
    return min(row.cut + max(each.left for each in run) - row.left for row in run)


def _run(rows: Sequence[_Row]) -> list[_Row]:
    """Return the longest run of rows of one source whose digits are equally far apart, the lowest first; or nothing."""
    best: list[_Row] = []
    for row in rows:
        alike = sorted(
            (each for each in rows if (each.source, each.factors) == (row.source, row.factors)),
            key=lambda each: each.left - each.cut,
        )
        places = [each.left - each.cut for each in alike]
        for start in range(len(alike) - 1):
            apart, stop = places[start + 1] - places[start], start + 2
            while stop < len(alike) and places[stop] - places[stop - 1] == apart:
                stop += 1
            if apart > 0 and stop - start > len(best):
                best = alike[start:stop]
    return best
