"""The inputs at which an expression has no value: those of poles, and of roots and logarithms beyond their domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..base import Function
from ..derivative import Derivative
from ..number_types import BALLS, FRACTIONS, IrrationalError, to_ball
from ..number_types.working_precision import PROPERTY_BITS
from ..properties import Domain
from .construction import add
from .evaluation import evaluate
from .nodes import Apply, Call, Comparison, Node, Number, Power, Prime, Quotient, Where, children
from .piecewise import regions_of
from .regions import Regions, UnknownRootError
from .spelling import text

__all__ = ["find_undefined"]

_MOST_PARTS = 1 << 14
_SHORTEST = Fraction(1, 1 << 72)
_ZERO, _ONE = Number(Fraction(0)), Number(Fraction(1))

_RELATIONS = {Domain.POSITIVE: ">", Domain.NOT_NEGATIVE: ">=", Domain.NOT_ZERO: "!="}
"""The sign that an argument must have."""


@dataclass(frozen=True)
class _Need:
    """A relation of an expression to 0, which must hold where `within` does for `owner` to have a value."""

    of: Node
    relation: str
    within: tuple[tuple[Regions, bool], ...]
    owner: Node

    def asked(self, x: Fraction) -> bool:
        return all(regions.holds(x) == wanted for regions, wanted in self.within)


def find_undefined(node: Node, low: Fraction, high: Fraction) -> Fraction | None:
    """Return an input between two, both included, at which an expression has no value; None if all have one.

    Raises
    ------
    ValueError
        If that cannot be decided.

    """
    from flint import ctx

    with ctx.workprec(PROPERTY_BITS):
        for need in _needs(node, ()):
            found = _missed(need, low, high)
            if found is not None:
                return found
    return None


def _needs(node: Node, within: tuple[tuple[Regions, bool], ...]) -> Iterator[_Need]:
    if isinstance(node, Where):
        regions = regions_of(node.condition)
        yield from _needs(node.condition.left, within)
        yield from _needs(node.condition.right, within)
        yield from _needs(node.then, (*within, (regions, True)))
        yield from _needs(node.otherwise, (*within, (regions, False)))
        return
    for child in children(node):
        yield from _needs(child, within)
    match node:
        case Apply("log", (of,)):
            yield _Need(of, ">", within, node)
        case Apply("log1p", (of,)):
            yield _Need(add(of, _ONE), ">", within, node)
        case Apply("sqrt", (of,)):
            yield _Need(of, ">=", within, node)
        case Quotient(_, of) if not isinstance(of, Number):
            yield _Need(of, "!=", within, node)
        case Power(of, exponent) if exponent < 0:
            yield _Need(of, "!=", within, node)
        case Call(function, argument) if (relation := _relation(function)) is not None:
            yield _Need(argument, relation, within, node)
        case Prime(of):
            yield from _needs_of_slope(of, within)


def _relation(function: Function) -> str | None:
    """Return what an argument of a function must be with respect to 0; None if it may be any number."""
    if isinstance(function, Derivative):
        relation = _relation(function.function)
        return ">" if relation == ">=" else relation  # a root has no slope at 0
    return _RELATIONS.get(function.domain)


def _needs_of_slope(node: Node, within: tuple[tuple[Regions, bool], ...]) -> Iterator[_Need]:
    """Yield what a derivative needs beyond what its function does: a root has none at 0."""
    if isinstance(node, Where):
        regions = regions_of(node.condition)
        yield from _needs_of_slope(node.then, (*within, (regions, True)))
        yield from _needs_of_slope(node.otherwise, (*within, (regions, False)))
        return
    for child in children(node):
        yield from _needs_of_slope(child, within)
    match node:
        case Apply("sqrt", (of,)):
            yield _Need(of, ">", within, node)


def _missed(need: _Need, low: Fraction, high: Fraction) -> Fraction | None:
    """Return an input at which a need is not met."""
    met = _regions(need.of, need.relation)
    points = {low, high, *(point for regions, _ in need.within for point in regions.points)}
    if met is not None:
        points.update(met.points)
    ordered = sorted(point for point in points if low <= point <= high)
    for point in ordered:
        if need.asked(point) and not (met.holds(point) if met else _holds_at(need, point)):
            return point
    for start, stop in pairwise(ordered):
        middle = (start + stop) / 2
        if not need.asked(middle):
            continue
        if met is None:
            found = _missed_between(need, start, stop)
            if found is not None:
                return found
        elif not met.holds(middle):
            return middle
    return None


def _regions(of: Node, relation: str) -> Regions | None:
    """Return where a relation to 0 holds, if that is found exactly."""
    try:
        found = regions_of(Comparison(of, ">" if relation == "!=" else relation, _ZERO))
        if relation != "!=":
            return found
        below = regions_of(Comparison(of, "<", _ZERO))
    except UnknownRootError:
        return None
    return Regions(
        found.points,
        tuple(a or b for a, b in zip(found.gaps, below.gaps, strict=True)),
        tuple(a or b for a, b in zip(found.at, below.at, strict=True)),
    )


def _holds_at(need: _Need, x: Fraction) -> bool:
    """Return whether a need is known to be met at one input."""
    try:
        exact = evaluate(need.of, x, FRACTIONS, regions_of)
    except (IrrationalError, ZeroDivisionError):
        exact = None
    if isinstance(exact, Fraction | int):
        return {">": exact > 0, ">=": exact >= 0, "!=": exact != 0}[need.relation]
    return _is_met(need, to_ball(x))


def _is_met(need: _Need, x: Any) -> bool:
    """Return whether a need is known to be met at all inputs of a ball."""
    value = evaluate(need.of, x, BALLS, regions_of)
    if not value.is_finite():
        return False
    if need.relation == "!=":
        return bool(value > 0 or value < 0)
    return bool(value > 0 if need.relation == ">" else value >= 0)


def _missed_between(need: _Need, low: Fraction, high: Fraction) -> Fraction | None:
    """Return an input at which a need is not met, found by halving the range."""
    from flint import arb

    left = [(low, high)]
    for _ in range(_MOST_PARTS):
        if not left:
            return None
        start, stop = left.pop()
        middle, radius = (start + stop) / 2, (stop - start) / 2
        if _is_met(need, arb(to_ball(middle), to_ball(radius))):
            continue
        if not _holds_at(need, middle):
            return middle
        if stop - start < _SHORTEST:
            break
        left += [(middle, stop), (start, middle)]
    raise ValueError(
        f"it cannot be decided whether {text(need.owner)} has a value at every input, such as near {float(middle):g}"
    )
