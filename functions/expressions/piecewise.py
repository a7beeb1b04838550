"""Expressions that are a polynomial between kinks, in exact arithmetic: the part of algebra that decides everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly

from ..base import Function
from ..number_types import BALLS, FRACTIONS, IrrationalError, to_ball
from ..properties import Line, PiecewiseLinear
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
from .regions import Regions, UnknownRootError
from .signs import same_sign
from .spelling import text

__all__ = ["PiecewisePolynomial", "piecewise_polynomial", "regions_of"]

_LARGEST_DEGREE = 256
_MOST_KINKS = 64

_PRECISION = 256

_ZERO = Fraction(0)


@dataclass(frozen=True)
class PiecewisePolynomial:
    """A function that is a polynomial with rational coefficients between its kinks.

    Attributes
    ----------
    kinks
        The inputs at which one polynomial ends and the next begins, ascending.
    polynomials
        The polynomials in ascending order of inputs, one more than there are kinks.
    at
        The values at the kinks.

    """

    kinks: tuple[Fraction, ...]
    polynomials: tuple[Any, ...]
    at: tuple[Fraction, ...]

    def __call__(self, x: Fraction) -> Fraction:
        """Return the value at `x`."""
        if x in self.kinks:
            return self.at[self.kinks.index(x)]
        return _value(self.polynomials[sum(kink < x for kink in self.kinks)], x)

    @property
    def line(self) -> Line | None:
        """The function as a straight line, if it is one."""
        return None if self.kinks or self.polynomials[0].degree() > 1 else _line(self.polynomials[0])

    @property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        """The function by its lines, if all its polynomials are lines."""
        if any(polynomial.degree() > 1 for polynomial in self.polynomials):
            return None
        lines = [_line(self.polynomials[0])]
        kinks: list[Fraction] = []
        closed: list[bool] = []
        for kink, value, polynomial in zip(self.kinks, self.at, self.polynomials[1:], strict=True):
            line = _line(polynomial)
            if value != lines[-1](kink) and value != line(kink):  # the kink is a piece of its own
                lines.append(Line(Fraction(0), value))
                kinks.append(kink)
                closed.append(True)
                closed.append(False)
            else:
                closed.append(value != lines[-1](kink))
            kinks.append(kink)
            lines.append(line)
        return PiecewiseLinear(tuple(lines), tuple(kinks), tuple(closed) if any(closed) else ())


@lru_cache(maxsize=1024)
def regions_of(condition: Comparison) -> Regions:
    """Return where a condition holds; `UnknownRootError` where its ends cannot be found exactly."""
    match condition.left, condition.right:
        case left, Number(value) if not value:
            difference: Node = left
        case left, right:
            difference = add(left, negate(right))
    tested = piecewise_polynomial(difference) or piecewise_polynomial(same_sign(difference))
    if tested is None and _is_constant(difference):
        return Regions((), (_holds(_sign_of_constant(difference), condition.relation),), ())
    if tested is None:
        raise UnknownRootError(f"where {text(difference)} is 0 cannot be found exactly")
    return _regions(tested, condition.relation, difference)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Input) for part in walk(node))


def _sign_of_constant(node: Node) -> Fraction:
    """Return 1 or -1, the sign of an expression without x; `UnknownRootError` where it may be 0."""
    from flint import ctx

    with ctx.workprec(_PRECISION):
        value = evaluate(node, to_ball(_ZERO), BALLS, regions_of)
        if not (value > 0 or value < 0):
            raise UnknownRootError(f"it cannot be told whether {text(node)} is 0")
        return Fraction(1 if value > 0 else -1)


def _regions(tested: PiecewisePolynomial, relation: str, shown: Node) -> Regions:
    """Return where the comparison of a function with 0 holds."""
    kinks = tested.kinks
    points = set(kinks)
    for place, polynomial in enumerate(tested.polynomials):
        low = kinks[place - 1] if place else None
        high = kinks[place] if place < len(kinks) else None
        points.update(_roots(polynomial, low, high, shown))
    if len(points) > _MOST_KINKS:
        raise UnknownRootError(f"{text(shown)} is 0 at too many inputs")
    ordered = sorted(points)
    between = [ordered[0] - 1, *((a + b) / 2 for a, b in pairwise(ordered)), ordered[-1] + 1] if ordered else [_ZERO]
    return Regions(
        tuple(ordered),
        tuple(_holds(tested(x), relation) for x in between),
        tuple(_holds(tested(x), relation) for x in ordered),
    )


def _holds(value: Fraction, relation: str) -> bool:
    if relation[0] == "<":
        value = -value
    return value >= 0 if relation.endswith("=") else value > 0


def _roots(polynomial: Any, low: Fraction | None, high: Fraction | None, shown: Node) -> Iterator[Fraction]:
    """Yield the rational roots of a polynomial between two inputs; `UnknownRootError` if others are real, too."""
    if polynomial.degree() < 1:
        return
    for factor, _ in polynomial.factor()[1]:
        if factor.degree() == 1:
            root = -_fraction(factor[0]) / _fraction(factor[1])
            if (low is None or low < root) and (high is None or root < high):
                yield root
        elif _real_roots(factor, low, high):
            raise UnknownRootError(f"{text(shown)} is 0 at an irrational input, which cannot be found exactly")


def _real_roots(polynomial: Any, low: Fraction | None, high: Fraction | None) -> int:
    """Return the number of real roots between two inputs of a polynomial without multiple ones, by Sturm's theorem."""
    chain = [fmpq_poly(polynomial.coeffs()), polynomial.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))

    def changes(at: Fraction | None, far: int) -> int:
        signs = []
        for each in chain:
            value = _fraction(each.leading_coefficient()) * far ** each.degree() if at is None else _value(each, at)
            if value:
                signs.append(value > 0)
        return sum(a != b for a, b in pairwise(signs))

    return changes(low, -1) - changes(high, 1)


@lru_cache(maxsize=4096)
def piecewise_polynomial(node: Node) -> PiecewisePolynomial | None:
    """Return an expression as polynomials between kinks, or None where it is not known to be that."""
    try:
        found = _of(node)
    except (UnknownRootError, ZeroDivisionError):
        return None
    if found is None or len(found.kinks) > _MOST_KINKS:
        return None
    return found if all(polynomial.degree() <= _LARGEST_DEGREE for polynomial in found.polynomials) else None


def _of(node: Node) -> PiecewisePolynomial | None:
    if isinstance(node, Input):
        return _IDENTITY
    if isinstance(node, Number):
        return _constant(node.value)
    if isinstance(node, Prime) and _is_constant(node.of):
        return _constant(_ZERO)
    if isinstance(node, Where):
        then, otherwise = piecewise_polynomial(node.then), piecewise_polynomial(node.otherwise)
        return None if then is None or otherwise is None else _select(regions_of(node.condition), then, otherwise)
    parts = [piecewise_polynomial(child) for child in children(node)]
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    first = known[0]
    match node:
        case Negative():
            return _scaled(first, Fraction(-1))
        case Sum():
            return reduce(_sum, known)
        case Product():
            return reduce(_product, known)
        case Quotient():
            divisor = known[1]
            if divisor.kinks or divisor.polynomials[0].degree() > 0:
                return None
            return _scaled(first, 1 / divisor(_ZERO))
        case Power(_, exponent):
            if exponent < 0 or exponent * max(p.degree() for p in first.polynomials) > _LARGEST_DEGREE:
                return None
            return _each(lambda p: p**exponent, lambda value: value**exponent, first)
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
            return _select(_regions(first, ">", arguments[0]), first, _scaled(first, Fraction(-1)))
        case "min" | "max":
            regions = _regions(_sum(first, _scaled(known[1], Fraction(-1))), ">" if name == "max" else "<", node)
            return _select(regions, first, known[1])
        case "clip":
            low, high = known[1:]
            above = _select(_regions(_sum(first, _scaled(low, Fraction(-1))), ">", node), first, low)
            return _select(_regions(_sum(above, _scaled(high, Fraction(-1))), "<", node), above, high)
        case _:
            return None


def _composed(function: Function, inner: PiecewisePolynomial, shown: Node) -> PiecewisePolynomial | None:
    """Return a piecewise linear function of a piecewise polynomial."""
    pieces = function.piecewise_linear
    if pieces is None:
        return None
    along = [_sum(_scaled(inner, line.slope), _constant(line.offset)) for line in pieces.lines]
    found = along[0]
    for kink, closed, line in zip(pieces.kinks, pieces.closed or (False,) * len(pieces.kinks), along[1:], strict=True):
        regions = _regions(_sum(inner, _constant(-kink)), ">=" if closed else ">", shown)
        found = _select(regions, line, found)
    return found


def _derivative(node: Prime, inner: PiecewisePolynomial) -> PiecewisePolynomial | None:
    try:
        at = tuple(evaluate(node, kink, FRACTIONS, regions_of) for kink in inner.kinks)
    except IrrationalError:
        return None
    return _simplified(inner.kinks, tuple(polynomial.derivative() for polynomial in inner.polynomials), at)


def _each(of: Callable[[Any], Any], at: Callable[[Any], Any], inner: PiecewisePolynomial) -> PiecewisePolynomial:
    return _simplified(inner.kinks, tuple(map(of, inner.polynomials)), tuple(map(at, inner.at)))


def _scaled(inner: PiecewisePolynomial, factor: Fraction) -> PiecewisePolynomial:
    return _each(lambda polynomial: polynomial * _rational(factor), lambda value: value * factor, inner)


def _sum(left: PiecewisePolynomial, right: PiecewisePolynomial) -> PiecewisePolynomial:
    return _joined(left, right, lambda a, b: a + b)


def _product(left: PiecewisePolynomial, right: PiecewisePolynomial) -> PiecewisePolynomial:
    return _joined(left, right, lambda a, b: a * b)


def _joined(
    left: PiecewisePolynomial, right: PiecewisePolynomial, combine: Callable[[Any, Any], Any]
) -> PiecewisePolynomial:
    kinks = tuple(sorted({*left.kinks, *right.kinks}))
    polynomials = tuple(map(combine, _split(left, kinks), _split(right, kinks)))
    return _simplified(kinks, polynomials, tuple(combine(left(kink), right(kink)) for kink in kinks))


def _select(regions: Regions, then: PiecewisePolynomial, otherwise: PiecewisePolynomial) -> PiecewisePolynomial:
    kinks = tuple(sorted({*regions.points, *then.kinks, *otherwise.kinks}))
    holds = [regions.gaps[sum(point < kink for point in regions.points)] for kink in kinks]
    holds.append(regions.gaps[-1])
    polynomials = tuple(
        a if true else b for true, a, b in zip(holds, _split(then, kinks), _split(otherwise, kinks), strict=True)
    )
    at = tuple(then(kink) if regions.holds(kink) else otherwise(kink) for kink in kinks)
    return _simplified(kinks, polynomials, at)


def _split(inner: PiecewisePolynomial, kinks: tuple[Fraction, ...]) -> list[Any]:
    """Return the polynomials between some kinks, which are those of `inner` and others."""
    return [inner.polynomials[sum(own < kink for own in inner.kinks)] for kink in kinks] + [inner.polynomials[-1]]


def _simplified(
    kinks: tuple[Fraction, ...], polynomials: tuple[Any, ...], at: tuple[Fraction, ...]
) -> PiecewisePolynomial:
    """Return the function without the kinks at which nothing changes."""
    kept: list[tuple[Fraction, Fraction]] = []
    left = [polynomials[0]]
    for kink, value, polynomial in zip(kinks, at, polynomials[1:], strict=True):
        if polynomial == left[-1] and value == _value(polynomial, kink):
            continue
        kept.append((kink, value))
        left.append(polynomial)
    return PiecewisePolynomial(tuple(k for k, _ in kept), tuple(left), tuple(v for _, v in kept))


def _constant(value: Fraction) -> PiecewisePolynomial:
    return PiecewisePolynomial((), (fmpq_poly([_rational(value)]),), ())


def _rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    value = fmpq(value)
    return Fraction(int(value.p), int(value.q))


def _value(polynomial: Any, x: Fraction) -> Fraction:
    return _fraction(polynomial(_rational(x)))


def _line(polynomial: Any) -> Line:
    return Line(_fraction(polynomial[1]), _fraction(polynomial[0]))


_IDENTITY = PiecewisePolynomial((), (fmpq_poly([0, 1]),), ())
