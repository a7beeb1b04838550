"""The symmetry of an expression, found from its form; never claimed where it does not hold.

Two symmetries are kept apart, either of which a function may have: it may be even but for a line, ``f(-x) = f(x) +
slope x``, and it may be odd but for a constant, ``f(-x) = total - f(x)``. Lines have both. Polynomials between kinks
are decided by algebra, everything else by rules for how the symmetries of parts make that of the whole: a function
whose symmetry rests on an identity that no rule knows is taken as one without.
"""

from __future__ import annotations

import operator
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
from .regions import UnknownRootError
from .symmetry_pair import EVEN, NEITHER, ODD, Factor, SymmetryPair

__all__ = ["find_symmetry"]

_ZERO, _ONE = Fraction(0), Fraction(1)


def find_symmetry(node: Node) -> Symmetry | None:
    """Return the symmetry of an expression, or None if none is found."""
    found = _symmetries(node)
    if found.total is not None:
        return Symmetry(-1, found.total)
    return None if found.slope is None else Symmetry(1, _ZERO, found.slope)


def _symmetries(node: Node) -> SymmetryPair:
    known = piecewise_polynomial(node)
    if known is not None:
        return SymmetryPair.of(known)
    match node:
        case Constant():
            return EVEN  # f(x) + f(-x) is not rational
        case Negative(of):
            return -_symmetries(of)
        case Sum(terms):
            return _of_sum(terms)
        case Product(factors):
            return reduce(operator.mul, map(_factor, factors)).symmetry
        case Quotient(numerator, denominator):
            return (_factor(numerator) * _reciprocal(denominator)).symmetry
        case Power(base, exponent):
            if exponent == -1:
                return _reciprocal(base).symmetry
            return _symmetries(base).parity(even=exponent % 2 == 0)
        case Apply(name, arguments):
            return _applied(name, arguments)
        case Call(function, argument):
            return _composed(function, argument)
        case Where(condition, then, otherwise):
            return _of_where(condition, then, otherwise)
        case Prime(of):
            # At kinks the derivative may break either symmetry.
            return NEITHER if _has_kinks(of) else _symmetries(of).derivative
        case _:
            return NEITHER


def _of_sum(terms: tuple[Node, ...]) -> SymmetryPair:
    found = reduce(operator.add, map(_symmetries, terms))
    if found != NEITHER:
        return found
    # Terms that are each other's mirror image, as in exp(x) + exp(-x).
    images = [_mirrored(term) for term in terms]
    if None in images:
        return NEITHER
    mirrored = sorted(map(repr, images))
    if mirrored == sorted(map(repr, terms)):
        return EVEN
    return ODD if mirrored == sorted(repr(negate(term)) for term in terms) else NEITHER


def _mirrored(node: Node) -> Node | None:
    """Return a term at -x if it is even, or an exponential of an odd expression; else None."""
    match node:
        case Negative(of):
            inner = _mirrored(of)
            return None if inner is None else negate(inner)
        case Apply("exp", (of,)) if _symmetries(of).odd:
            return Apply("exp", (_opposite(of),))
        case _:
            return node if _symmetries(node).even else None


def _opposite(argument: Node) -> Node:
    """Return the negative of an odd argument, in the form in which it is likely to be written."""
    match argument:
        case Product((first, *others)) if isinstance(first, Number | Negative):
            return Product((negate(first), *others))
        case Quotient(numerator, denominator):
            return Quotient(negate(numerator), denominator)
        case _:
            return negate(argument)


def _factor(node: Node) -> Factor:
    known = piecewise_polynomial(node)
    line = None if known is None else known.line
    if line is not None and not line.slope:
        return Factor(_symmetries(node), None, line.offset)
    return Factor(_symmetries(node), line.slope if line is not None and not line.offset else None)


def _reciprocal(node: Node) -> Factor:
    """Return the reciprocal of an expression as a factor."""
    own = _factor(node)
    if own.constant:
        return Factor(own.symmetry.scaled(1 / own.constant**2), None, 1 / own.constant)
    match node:
        # With h(-x) = 1 / h(x), 1 / (1 + h(x)) and the same at -x make 1.
        case Sum((Number(value), h)) | Sum((h, Number(value))) if value and _inverts(h, value) is not None:
            return Factor(SymmetryPair(total=1 / value))
    return Factor(own.symmetry.parity(even=False))


def _inverts(node: Node, scale: Fraction) -> Fraction | None:
    """Return 0 if h(x) h(-x) = 1 for an expression ``scale h(x)``, or the a of ``h(x) = exp(a x)``; else None."""
    if scale != 1:
        match node:
            case Product((Number(value), other)) if value == scale:
                node = other
            case _:
                return None
    match node:
        case Apply("exp", (of,)) if _symmetries(of).odd:
            return _factor(of).multiple or _ZERO
        case _:
            return None


def _applied(name: str, arguments: tuple[Node, ...]) -> SymmetryPair:
    inner = _symmetries(arguments[0])
    match name:
        case "abs" | "cos":
            return inner.parity(even=True)
        case "sin" | "atan" | "erf":
            return inner.parity(even=False)
        case "erfc" if inner.odd and not inner.even:
            return SymmetryPair(total=Fraction(2))
        case "clip":
            low, high = arguments[1:]
            assert isinstance(low, Number) and isinstance(high, Number)
            if inner.total is not None and inner.total == low.value + high.value:
                return SymmetryPair(total=inner.total)
            return EVEN if inner.even else NEITHER
        case "min" | "max":
            # (u + v) / 2 +- |u - v| / 2, of which the second is even if u - v is even or odd
            other = _symmetries(arguments[1])
            if inner.even and other.even:
                return EVEN
            mean, distance = inner + other, inner - other
            if mean.slope is not None and (distance.even or distance.odd):
                return SymmetryPair(slope=mean.slope / 2)
            return NEITHER
        case "log" | "log1p":
            return _of_logarithm(name, arguments[0]) if not inner.even else EVEN
        case _:
            return EVEN if inner.even else NEITHER


def _of_logarithm(name: str, argument: Node) -> SymmetryPair:
    """Return the symmetry of ``log(1 + exp(a x))``, which is even but for the line a x."""
    match argument:
        case Sum((Number(value), h)) | Sum((h, Number(value))) if name == "log" and value == 1:
            pass
        case _ if name == "log1p":
            h = argument
        case _:
            return NEITHER
    slope = _inverts(h, _ONE)
    return SymmetryPair(slope=-slope) if slope else NEITHER


def _composed(function: Function, argument: Node) -> SymmetryPair:
    inner, outer = _symmetries(argument), function.symmetry
    if inner.even:
        return EVEN
    if outer is None or not inner.odd:
        return NEITHER
    if outer.sign < 0:
        return SymmetryPair(total=outer.total) if not outer.slope else NEITHER
    if not outer.slope:
        return EVEN if not outer.total else NEITHER
    multiple = _factor(argument).multiple
    return NEITHER if multiple is None or outer.total else SymmetryPair(slope=outer.slope * multiple)


def _of_where(condition: Comparison, then: Node, otherwise: Node) -> SymmetryPair:
    """Return the symmetry of branches that have the same one, chosen by an even condition."""
    try:
        regions = regions_of(condition)
    except UnknownRootError:
        return NEITHER
    even = (
        tuple(-point for point in reversed(regions.points)) == regions.points
        and regions.gaps == regions.gaps[::-1]
        and regions.at == regions.at[::-1]
    )
    one, other = _symmetries(then), _symmetries(otherwise)
    if not even:
        return NEITHER
    return one.common(other)


def _has_kinks(node: Node) -> bool:
    try:
        return bool(find_kinks(node))
    except ValueError:
        return True
