"""A proof that a plan computes a function with a parameter at run time exactly, and rounds it once (decision 040).

The plan is read once for each line of the function, with x limited to the codes on that line. Steps are polynomials of
the codes of x and of the parameter, until one of them is rounded; comparisons have one outcome there, so that every
selection is one of its operands. If the polynomial that was rounded is that of the line, the error is that of one
rounding. Limiting the result to the output's codes adds nothing, since the true value is limited to these as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..plan import operations as op
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .run_time_truth import RunTimeTruth

__all__ = ["rounding_error"]

_Powers = tuple[int, int]


@dataclass(frozen=True)
class _Polynomial:
    """A polynomial of the codes of x and of the parameter, in codes of a step, by powers of the two.

    `error` is what the step differs from it by, at most, and `limited` says that it was limited to the output's codes.
    """

    terms: dict[_Powers, Fraction]
    error: Fraction = Fraction(0)
    limited: bool = False

    @property
    def exact(self) -> bool:
        return not self.error and not self.limited

    def scaled(self, factor: Fraction) -> dict[_Powers, Fraction]:
        return {powers: number * factor for powers, number in self.terms.items()}

    def times(self, other: _Polynomial) -> _Polynomial:
        terms: dict[_Powers, Fraction] = {}
        for (a, b), first in self.terms.items():
            for (c, d), second in other.terms.items():
                terms[a + c, b + d] = terms.get((a + c, b + d), Fraction(0)) + first * second
        return _Polynomial(terms)


def rounding_error(plan: Plan, truth: RunTimeTruth) -> Fraction | None:
    """Return a bound in ulp of the error of a plan with one output, or None if there is no proof of this kind."""
    worst = Fraction(0)
    for held, (a, b, c, d) in zip(truth.pieces(), truth.coefficients, strict=True):
        if held.low > held.high:
            continue
        found = _output(plan, held, truth.specification.outputs)
        line = {(1, 0): a, (1, 1): b, (0, 0): c, (0, 1): d}
        if found is None or _nonzero(found.terms) != _nonzero(line):
            return None
        worst = max(worst, found.error)
    return worst


def _nonzero(terms: dict[_Powers, Fraction]) -> dict[_Powers, Fraction]:
    return {powers: number for powers, number in terms.items() if number}


def _output(plan: Plan, held: Range, outputs: Range) -> _Polynomial | None:
    """Return the output of a plan where x is limited to some codes, or None where it is no rounded polynomial."""
    first, second = (name for name, _ in plan.inputs)
    powers = {first: (1, 0), second: (0, 1)}
    ranges: dict[str, Range] = {}
    known: dict[str, _Polynomial | None] = {}
    for step in plan.steps:
        operation, name = step.operation, step.name
        operands = [known[each] for each in operation.operands]
        if isinstance(operation, op.Input):
            ranges[name] = held if name == first else plan.ranges[name]
            known[name] = _Polynomial({powers[name]: Fraction(1)})
            continue
        ranges[name] = operation.range(*(ranges[each] for each in operation.operands))
        if isinstance(operation, op.Select):
            condition = ranges[operation.condition]
            taken = operation.when_true if condition.low else operation.when_false
            decided = condition.low == condition.high
            known[name] = known[taken] if decided else None
            ranges[name] = ranges[taken] if decided else ranges[name]
        else:
            known[name] = _read(operation, operands, ranges, outputs)
    return known[plan.outputs[0].step]


def _read(
    operation: op.Operation, operands: list[_Polynomial | None], ranges: dict[str, Range], outputs: Range
) -> _Polynomial | None:
    """Return the polynomial of a step, or None where it has none or this proof does not know the operation."""
    match operation, operands:
        case op.Constant(value), _:
            return _Polynomial({(0, 0): Fraction(value)})
        case op.Clamp(source, low, high), [_Polynomial() as held]:
            if ranges[source].low >= low and ranges[source].high <= high:
                return held
            return _Polynomial(held.terms, held.error, True) if Range(low, high) == outputs else None
        case op.Multiply(), [_Polynomial(exact=True) as left, _Polynomial(exact=True) as right]:
            return left.times(right)
        case op.ShiftLeft(_, bits), [_Polynomial(exact=True) as held]:
            return _Polynomial(held.scaled(Fraction(1 << bits)))
        case op.Round(_, bits, mode), [_Polynomial(exact=True) as held]:
            half = Fraction(1, 2) if mode != "toward_zero" else 1 - Fraction(1, 1 << bits)
            return _Polynomial(held.scaled(Fraction(1, 1 << bits)), half)
        case op.ShiftRight(_, bits), [_Polynomial(exact=True) as held]:
            return _Polynomial(held.scaled(Fraction(1, 1 << bits)), 1 - Fraction(1, 1 << bits))
        case _:
            return None
