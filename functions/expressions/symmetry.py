"""The symmetry of an expression, found from its form; never claimed where it does not hold.

Two symmetries are kept apart, either of which a function may have: it may be even but for a line, ``f(-x) = f(x) +
slope x``, and it may be odd but for a constant, ``f(-x) = total - f(x)``. Lines have both. Polynomials between kinks
are decided by algebra, everything else by rules for how the symmetries of parts make that of the whole: a function
whose symmetry rests on an identity that no rule knows is taken as one without.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from ..base import Function
from ..properties import Symmetry
from .construction import negate
from .kinks import find_kinks
from .nodes import (
    Apply,
    Call,
    Comparison,
    Constant,
    Negative,
    Node,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
)
from .piecewise import piecewise_polynomial, regions_of
from .piecewise_polynomial import PiecewisePolynomial
from .rationals import from_fmpq
from .regions import UnknownRootError

__all__ = ["find_symmetry"]

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class _Both:
    """The slope with which a function is even but for a line, and the total with which it is odd but for a constant."""

    slope: Fraction | None = None
    total: Fraction | None = None

    @property
    def even(self) -> bool:
        return self.slope == 0

    @property
    def odd(self) -> bool:
        return self.total == 0

    def times(self, factor: Fraction) -> _Both:
        return _Both(
            None if self.slope is None else self.slope * factor, None if self.total is None else self.total * factor
        )


_NEITHER = _Both()
_EVEN = _Both(slope=_ZERO)
_ODD = _Both(total=_ZERO)


def find_symmetry(node: Node) -> Symmetry | None:
    """Return the symmetry of an expression, or None where none is found."""
    found = _of(node)
    if found.total is not None:
        return Symmetry(-1, found.total)
    return None if found.slope is None else Symmetry(1, _ZERO, found.slope)


def _of(node: Node) -> _Both:
    known = piecewise_polynomial(node)
    if known is not None:
        return _of_piecewise(known)
    match node:
        case Constant():
            return _EVEN  # f(x) + f(-x) is not rational
        case Negative(of):
            return _of(of).times(Fraction(-1))
        case Sum(terms):
            return _of_sum(terms)
        case Product(factors):
            return reduce(_product, map(_Factor.of, factors)).symmetry
        case Quotient(numerator, denominator):
            return _product(_Factor.of(numerator), _reciprocal(denominator)).symmetry
        case Power(base, exponent):
            if exponent == -1:
                return _reciprocal(base).symmetry
            return _parity(_of(base), even=exponent % 2 == 0)
        case Apply(name, arguments):
            return _applied(name, arguments)
        case Call(function, argument):
            return _composed(function, argument)
        case Where(condition, then, otherwise):
            return _of_where(condition, then, otherwise)
        case Prime(of):
            inner = _of(of)
            # d/dx of f(-x) = f(x) + s x, and of f(-x) = t - f(x); at kinks the derivative may break either
            if _has_kinks(of):
                return _NEITHER
            return _Both(_ZERO if inner.total is not None else None, None if inner.slope is None else -inner.slope)
        case _:
            return _NEITHER


def _of_piecewise(known: PiecewisePolynomial) -> _Both:
    mirrored = known.mirrored
    if mirrored.kinks != known.kinks:
        return _NEITHER
    pairs = list(zip(known.polynomials, mirrored.polynomials, strict=True))
    differences = [mirror - own for own, mirror in pairs]
    sums = [mirror + own for own, mirror in pairs]
    at_kinks = list(zip(known.kinks, known.at, mirrored.at, strict=True))
    slope = total = None
    line = differences[0]
    if line.degree() <= 1 and line[0] == 0 and all(each == line for each in differences):
        found = from_fmpq(line[1])
        if all(mirror - own == found * kink for kink, own, mirror in at_kinks):
            slope = found
    constant = sums[0]
    if constant.degree() <= 0 and all(each == constant for each in sums):
        found = from_fmpq(constant[0])
        if all(mirror + own == found for _, own, mirror in at_kinks):
            total = found
    return _Both(slope, total)


def _added(left: _Both, right: _Both) -> _Both:
    slope = None if left.slope is None or right.slope is None else left.slope + right.slope
    total = None if left.total is None or right.total is None else left.total + right.total
    return _Both(slope, total)


def _of_sum(terms: tuple[Node, ...]) -> _Both:
    found = reduce(_added, map(_of, terms))
    if found != _NEITHER:
        return found
    # Terms that are each other's mirror image, as in exp(x) + exp(-x).
    images = [_mirrored(term) for term in terms]
    if None in images:
        return _NEITHER
    mirrored = sorted(map(repr, images))
    if mirrored == sorted(map(repr, terms)):
        return _EVEN
    return _ODD if mirrored == sorted(repr(negate(term)) for term in terms) else _NEITHER


def _mirrored(node: Node) -> Node | None:
    """Return a term at -x if it is even, or an exponential of what is odd."""
    match node:
        case Negative(of):
            inner = _mirrored(of)
            return None if inner is None else negate(inner)
        case Apply("exp", (of,)) if _of(of).odd:
            return Apply("exp", (_opposite(of),))
        case _:
            return node if _of(node).even else None


def _opposite(argument: Node) -> Node:
    """Return the negative of an odd argument, in the form in which it is likely to be written."""
    match argument:
        case Product((first, *others)) if isinstance(first, Number | Negative):
            return Product((negate(first), *others))
        case Quotient(numerator, denominator):
            return Quotient(negate(numerator), denominator)
        case _:
            return negate(argument)


@dataclass(frozen=True)
class _Factor:
    """A factor: its symmetry, and ``a`` if it is ``a x`` or the constant if it is one."""

    symmetry: _Both
    multiple: Fraction | None = None
    constant: Fraction | None = None

    @classmethod
    def of(cls, node: Node) -> _Factor:
        known = piecewise_polynomial(node)
        line = None if known is None else known.line
        if line is not None and not line.slope:
            return cls(_of(node), None, line.offset)
        return cls(_of(node), line.slope if line is not None and not line.offset else None)


def _product(left: _Factor, right: _Factor) -> _Factor:
    for one, other in ((left, right), (right, left)):
        if one.constant is not None:
            multiple = None if other.multiple is None else other.multiple * one.constant
            constant = None if other.constant is None else other.constant * one.constant
            return _Factor(other.symmetry.times(one.constant), multiple, constant)
        if one.multiple is not None and other.symmetry.total is not None:
            # a x (g + t/2) with an odd g: a x g is even, and a x t/2 is the line
            return _Factor(_Both(slope=-one.multiple * other.symmetry.total))
    a, b = left.symmetry, right.symmetry
    if (a.even and b.even) or (a.odd and b.odd):
        return _Factor(_EVEN)
    return _Factor(_ODD if (a.even and b.odd) or (a.odd and b.even) else _NEITHER)


def _reciprocal(node: Node) -> _Factor:
    """Return what is known of one over an expression."""
    own = _Factor.of(node)
    if own.constant:
        return _Factor(own.symmetry.times(1 / own.constant**2), None, 1 / own.constant)
    match node:
        # With h(-x) = 1 / h(x), 1 / (1 + h(x)) and the same at -x make 1.
        case Sum((Number(value), h)) | Sum((h, Number(value))) if value and _inverts(h, value) is not None:
            return _Factor(_Both(total=1 / value))
    return _Factor(_parity(own.symmetry, even=False))


def _inverts(node: Node, scale: Fraction) -> Fraction | None:
    """Return 0 if h(x) h(-x) = 1 for an expression ``scale h(x)``, or the a of ``h(x) = exp(a x)``; else None."""
    if scale != 1:
        match node:
            case Product((Number(value), other)) if value == scale:
                node = other
            case _:
                return None
    match node:
        case Apply("exp", (of,)) if _of(of).odd:
            return _Factor.of(of).multiple or _ZERO
        case _:
            return None


def _parity(inner: _Both, *, even: bool) -> _Both:
    """Return the symmetry of an even or odd operation of an even or odd expression."""
    if inner.even or (even and inner.odd):
        return _EVEN
    return _ODD if inner.odd else _NEITHER


def _applied(name: str, arguments: tuple[Node, ...]) -> _Both:
    inner = _of(arguments[0])
    match name:
        case "abs" | "cos":
            return _parity(inner, even=True)
        case "sin" | "atan" | "erf":
            return _parity(inner, even=False)
        case "erfc" if inner.odd and not inner.even:
            return _Both(total=Fraction(2))
        case "clip":
            low, high = arguments[1:]
            assert isinstance(low, Number) and isinstance(high, Number)
            if inner.total is not None and inner.total == low.value + high.value:
                return _Both(total=inner.total)
            return _EVEN if inner.even else _NEITHER
        case "min" | "max":
            # (u + v) / 2 +- |u - v| / 2, of which the second is even if u - v is even or odd
            other = _of(arguments[1])
            if inner.even and other.even:
                return _EVEN
            mean, distance = _added(inner, other), _added(inner, other.times(Fraction(-1)))
            if mean.slope is not None and (distance.even or distance.odd):
                return _Both(slope=mean.slope / 2)
            return _NEITHER
        case "log" | "log1p":
            return _of_logarithm(name, arguments[0]) if not inner.even else _EVEN
        case _:
            return _EVEN if inner.even else _NEITHER


def _of_logarithm(name: str, argument: Node) -> _Both:
    """Return the symmetry of ``log(1 + exp(a x))``, which is even but for the line a x."""
    match argument:
        case Sum((Number(value), h)) | Sum((h, Number(value))) if name == "log" and value == 1:
            pass
        case _ if name == "log1p":
            h = argument
        case _:
            return _NEITHER
    slope = _inverts(h, _ONE)
    return _Both(slope=-slope) if slope else _NEITHER


def _composed(function: Function, argument: Node) -> _Both:
    inner, outer = _of(argument), function.symmetry
    if inner.even:
        return _EVEN
    if outer is None or not inner.odd:
        return _NEITHER
    if outer.sign < 0:
        return _Both(total=outer.total) if not outer.slope else _NEITHER
    if not outer.slope:
        return _EVEN if not outer.total else _NEITHER
    multiple = _Factor.of(argument).multiple
    return _NEITHER if multiple is None or outer.total else _Both(slope=outer.slope * multiple)


def _of_where(condition: Comparison, then: Node, otherwise: Node) -> _Both:
    """Return the symmetry of branches that have the same one, chosen by an even condition."""
    try:
        regions = regions_of(condition)
    except UnknownRootError:
        return _NEITHER
    even = (
        tuple(-point for point in reversed(regions.points)) == regions.points
        and regions.gaps == regions.gaps[::-1]
        and regions.at == regions.at[::-1]
    )
    one, other = _of(then), _of(otherwise)
    if not even:
        return _NEITHER
    return _Both(one.slope if one.slope == other.slope else None, one.total if one.total == other.total else None)


def _has_kinks(node: Node) -> bool:
    try:
        return bool(find_kinks(node))
    except ValueError:
        return True
