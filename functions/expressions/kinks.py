"""The inputs at which an expression has no power series: where its branches meet."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .construction import add, negate
from .nodes import Apply, Call, Comparison, Node, Number, Where, children
from .piecewise import piecewise_polynomial, regions_of
from .regions import UnknownRootError
from .spelling import text

__all__ = ["find_kinks"]

_ZERO = Number(Fraction(0))


def find_kinks(node: Node) -> tuple[Fraction, ...]:
    """Return inputs that include every kink of an expression, ascending.

    Raises
    ------
    ValueError
        If a branch begins at an input that cannot be found exactly.

    """
    try:
        return tuple(sorted(set(_kinks(node))))
    except UnknownRootError as error:
        raise ValueError(f"{text(node)} has branches that begin where no exact input is known: {error}") from None


def _kinks(node: Node) -> Iterator[Fraction]:
    known = piecewise_polynomial(node)
    if known is not None:
        yield from known.kinks
        return
    for child in (node.then, node.otherwise) if isinstance(node, Where) else children(node):
        yield from _kinks(child)
    match node:
        case Apply("abs" | "sqrt", (of,)):
            yield from _zeros(of, _ZERO)
        case Apply("min" | "max", (left, right)):
            yield from _zeros(left, right)
        case Apply("clip", (of, low, high)):
            yield from _zeros(of, low)
            yield from _zeros(of, high)
        case Where(condition, _, _):
            yield from regions_of(condition).points
        case Call(function, argument):
            for kink in function.kinks:
                yield from _zeros(argument, Number(kink))


def _zeros(left: Node, right: Node) -> tuple[Fraction, ...]:
    """Return the inputs at which two expressions may be equal."""
    difference = left if right == _ZERO else add(left, negate(right))
    return regions_of(Comparison(difference, ">", _ZERO)).points
