"""Recognition of expressions that are polynomials between kinks, and of where conditions hold.

Algebra decides both, and each rests on the other: a branch is a polynomial where its condition holds, and a condition
holds where the difference of two expressions is positive.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from functools import lru_cache, reduce

from ..base import Function
from ..number_types import BALLS, FRACTIONS, IrrationalError, to_ball
from ..number_types.working_precision import PROPERTY_BITS
from .construction import add, negate
from .evaluation import evaluate
from .nodes import (
    Apply,
    Call,
    Comparison,
    Input,
    Negative,
    Node,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
    children,
    walk,
)
from .piecewise_polynomial import IDENTITY, PiecewisePolynomial, constant, select
from .regions import Regions, UnknownRootError
from .roots import MOST_KINKS, compare_with_zero, holds
from .signs import same_sign
from .spelling import text

__all__ = ["piecewise_polynomial", "regions_of"]

_LARGEST_DEGREE = 256

_ZERO = Fraction(0)


@lru_cache(maxsize=1024)
def regions_of(condition: Comparison) -> Regions:
    """Return the inputs at which a condition holds; `UnknownRootError` if its ends cannot be found exactly."""
    match condition.left, condition.right:
        case left, Number(value) if not value:
            difference: Node = left
        case left, right:
            difference = add(left, negate(right))
    tested = piecewise_polynomial(difference) or piecewise_polynomial(same_sign(difference))
    if tested is None and _is_constant(difference):
        return Regions((), (holds(_sign_of_constant(difference), condition.relation),), ())
    if tested is None:
        raise UnknownRootError(f"where {text(difference)} is 0 cannot be found exactly")
    return compare_with_zero(tested, condition.relation, difference)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Input) for part in walk(node))


def _sign_of_constant(node: Node) -> Fraction:
    """Return 1 or -1, the sign of an expression without x; `UnknownRootError` if it may be 0."""
    from flint import ctx

    with ctx.workprec(PROPERTY_BITS):
        value = evaluate(node, to_ball(_ZERO), BALLS, regions_of)
        if not (value > 0 or value < 0):
            raise UnknownRootError(f"it cannot be decided whether {text(node)} is 0")
        return Fraction(1 if value > 0 else -1)


@lru_cache(maxsize=4096)
def piecewise_polynomial(node: Node) -> PiecewisePolynomial | None:
    """Return an expression as polynomials between kinks, or None if it is not known to be that."""
    try:
        found = _recognize(node)
    except (UnknownRootError, ZeroDivisionError):
        return None
    if found is None or len(found.kinks) > MOST_KINKS:
        return None
    return found if found.degree <= _LARGEST_DEGREE else None


def _recognize(node: Node) -> PiecewisePolynomial | None:
    if isinstance(node, Input):
        return IDENTITY
    if isinstance(node, Number):
        return constant(node.value)
    if isinstance(node, Prime) and _is_constant(node.of):
        return constant(_ZERO)
    if isinstance(node, Where):
        then, otherwise = piecewise_polynomial(node.then), piecewise_polynomial(node.otherwise)
        return None if then is None or otherwise is None else select(regions_of(node.condition), then, otherwise)
    parts = [piecewise_polynomial(child) for child in children(node)]
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    first = known[0]
    match node:
        case Negative():
            return -first
        case Sum():
            return reduce(operator.add, known)
        case Product():
            return reduce(operator.mul, known)
        case Quotient():
            divisor = known[1]
            if divisor.kinks or divisor.degree > 0:
                return None
            return first.scaled(1 / divisor(_ZERO))
        case Power(_, exponent):
            if exponent < 0 or exponent * first.degree > _LARGEST_DEGREE:
                return None
            return first**exponent
        case Apply(name, arguments):
            return _applied(name, arguments, known, node)
        case Call(function, argument):
            return _composed(function, first, argument)
        case Prime():
            return _derivative(node, first)
        case _:
            return None


def _applied(
    name: str, arguments: tuple[Node, ...], known: list[PiecewisePolynomial], node: Node
) -> PiecewisePolynomial | None:
    first = known[0]
    match name:
        case "abs":
            return select(compare_with_zero(first, ">", arguments[0]), first, -first)
        case "min" | "max":
            regions = compare_with_zero(first - known[1], ">" if name == "max" else "<", node)
            return select(regions, first, known[1])
        case "clip":
            low, high = known[1:]
            above = select(compare_with_zero(first - low, ">", node), first, low)
            return select(compare_with_zero(above - high, "<", node), above, high)
        case _:
            return None


def _composed(function: Function, inner: PiecewisePolynomial, shown: Node) -> PiecewisePolynomial | None:
    """Return a piecewise linear function of a piecewise polynomial."""
    pieces = function.piecewise_linear
    if pieces is None:
        return None
    along = [inner.scaled(line.slope) + constant(line.offset) for line in pieces.lines]
    found = along[0]
    for kink, closed, line in zip(pieces.kinks, pieces.closed or (False,) * len(pieces.kinks), along[1:], strict=True):
        regions = compare_with_zero(inner - constant(kink), ">=" if closed else ">", shown)
        found = select(regions, line, found)
    return found


def _derivative(node: Prime, inner: PiecewisePolynomial) -> PiecewisePolynomial | None:
    try:
        at = tuple(evaluate(node, kink, FRACTIONS, regions_of) for kink in inner.kinks)
    except IrrationalError:
        return None
    return inner.derivative(at)
