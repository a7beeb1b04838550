"""Limits and asymptotes of an expression, found by the rules for limits; None if no rule applies."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from flint import fmpq_poly

from ..base import Function
from ..number_types import FRACTIONS, IrrationalError
from ..properties import Asymptote, Line
from .end_arithmetic import (
    End,
    Infinite,
    Towards,
    add,
    direction,
    divide,
    limit,
    maximum,
    minimum,
    multiply,
    negate,
    scale,
)
from .nodes import Apply, Call, Negative, Node, Number, Power, Prime, Product, Quotient, Sum, Where, walk
from .piecewise import piecewise_polynomial, regions_of
from .rationals import from_fmpq
from .regions import UnknownRootError

__all__ = ["find_ends"]

_ZERO, _ONE = Fraction(0), Fraction(1)


def find_ends(node: Node) -> tuple[Asymptote | None, Asymptote | None]:
    """Return the limit or asymptote at minus and at plus infinity."""
    below, above = (_asymptote(_Side(side).of(node), side) for side in (-1, 1))
    return below, above


def _asymptote(end: End, side: int) -> Asymptote | None:
    return Asymptote(end.line.slope * side, end.line.offset) if isinstance(end, Towards) else None


class _Side:
    """The rules at minus infinity (-1) or plus infinity (1), for ends along ``t = side * x``."""

    def __init__(self, side: int) -> None:
        self.side = side

    def of(self, node: Node) -> End:
        known = piecewise_polynomial(node)
        if known is not None:
            return self.of_polynomial(known.polynomials[0 if self.side < 0 else -1])
        match node:
            case Negative(of):
                return negate(self.of(of))
            case Sum(terms):
                return reduce(add, map(self.of, terms))
            case Product(factors):
                return reduce(multiply, map(self.of, factors))
            case Quotient(numerator, denominator):
                return divide(self.of(numerator), self.of(denominator))
            case Power(base, exponent):
                raised = reduce(multiply, [self.of(base)] * abs(exponent))
                return raised if exponent > 0 else divide(limit(_ONE, True), raised)
            case Apply(name, arguments):
                return self.applied(name, arguments)
            case Call(function, argument):
                return self.composed(function, self.of(argument))
            case Where(condition, then, otherwise):
                try:
                    holds = regions_of(condition).gaps[0 if self.side < 0 else -1]
                except UnknownRootError:
                    return None
                return self.of(then if holds else otherwise)
            case Prime(of):
                return self.derivative(of)
            case _:
                return None

    def of_polynomial(self, polynomial: fmpq_poly) -> End:
        coefficients = [from_fmpq(c) for c in polynomial.coeffs()] + [_ZERO, _ZERO]
        degree = len(coefficients) - 3
        if degree <= 1:
            return Towards(Line(coefficients[1] * self.side, coefficients[0]), True)
        return Infinite((1 if coefficients[degree] > 0 else -1) * self.side**degree, 1)

    def applied(self, name: str, arguments: tuple[Node, ...]) -> End:
        end = self.of(arguments[0])
        if name == "log" and isinstance(arguments[0], Sum):
            match arguments[0].terms:
                case (Number(value), Apply("exp", (of,))) | (Apply("exp", (of,)), Number(value)) if value == 1:
                    return _softplus(self.of(of))
        if name == "log1p" and isinstance(arguments[0], Apply) and arguments[0].name == "exp":
            return _softplus(self.of(arguments[0].arguments[0]))
        if name == "clip":
            return maximum(minimum(end, self.of(arguments[2])), self.of(arguments[1]))
        if name in ("min", "max"):
            other = self.of(arguments[1])
            return maximum(end, other) if name == "max" else minimum(end, other)
        if end is None:
            return None
        sign, growth = direction(end)
        if name == "abs" and (sign or isinstance(end, Towards)):
            negative = sign < 0 or (isinstance(end, Towards) and not sign and end.line.offset < 0)
            return negate(end) if negative else end
        if not sign:
            assert isinstance(end, Towards)
            return _at_constant(name, end)
        match name:
            case "exp":
                return Infinite(1, 2 if growth else 0) if sign > 0 else limit(_ZERO, growth > 0)
            case "expm1":
                return Infinite(1, 2 if growth else 0) if sign > 0 else limit(-_ONE, growth > 0)
            case "erf":
                return limit(Fraction(sign), growth > 0)
            case "erfc":
                return limit(Fraction(1 - sign), growth > 0)
            case "log" | "log1p" | "sqrt" if sign > 0:
                return Infinite(1)
            case _:
                return None

    def composed(self, function: Function, end: End) -> End:
        if end is None:
            return None
        sign, growth = direction(end)
        if not sign:
            assert isinstance(end, Towards)
            value = _continuous_value(function, end.line.offset)
            return None if value is None else limit(value, end.fast)
        outer = function.ends[sign > 0]
        if outer is None:
            return None
        fast = function.piecewise_linear is not None or (growth > 0 and _is_tame(function))
        if not outer.slope:
            return limit(outer.offset, fast)
        along = scale(end, outer.slope)
        return add(along, limit(outer.offset, fast))

    def derivative(self, of: Node) -> End:
        """Return the end of a derivative: the slope of the line, if the expression does not oscillate about it.

        Exponentials, logarithms, powers and what is made of them by arithmetic do not, nor do their derivatives (G. H.
        Hardy, Orders of Infinity, 1910), nor the error function and the arctangent of them.
        """
        for node in walk(of):
            if isinstance(node, Apply) and node.name in ("sin", "cos"):
                return None
            if isinstance(node, Call) and not _is_tame(node.function):
                return None
        end = self.of(of)
        return limit(end.line.slope * self.side, end.fast) if isinstance(end, Towards) else None


def _softplus(end: End) -> End:
    """Return the end of ``log(1 + exp(u))`` for an end of u."""
    if end is None:
        return None
    sign, growth = direction(end)
    if not sign:
        return None
    if sign < 0:
        return limit(_ZERO, growth > 0)
    return end


def _at_constant(name: str, end: Towards) -> End:
    """Return the end of an operation whose argument tends to a limit at which its value is rational."""
    try:
        value = getattr(FRACTIONS, name)(end.line.offset)
    except (IrrationalError, ZeroDivisionError):
        return None
    if not isinstance(value, Fraction | int):
        return None
    # Next to 0 the root of what tends to 0 fast does so, too.
    return limit(Fraction(value), end.fast)


def _is_tame(function: Function) -> bool:
    """Return whether a function is made of lines, or of exponentials alone."""
    return function.exponential or function.piecewise_linear is not None


def _continuous_value(function: Function, x: Fraction) -> Fraction | None:
    if x in function.kinks or function.undefined(x, x) is not None:
        return None
    return function.exact(x)
