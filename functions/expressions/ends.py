"""Limits and asymptotes of an expression, from the rules for limits; None where no rule tells."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from ..base import Function
from ..number_types import FRACTIONS, IrrationalError
from ..properties import Asymptote, Line
from .nodes import Apply, Call, Negative, Node, Number, Power, Prime, Product, Quotient, Sum, Where, walk
from .piecewise import piecewise_polynomial, regions_of
from .regions import UnknownRootError

__all__ = ["find_ends"]

_ZERO, _ONE = Fraction(0), Fraction(1)

_FAST_FUNCTIONS = ("tanh", "logistic", "silu", "gelu", "softplus", "mish", "tanh_derivative", "logistic_derivative")
"""Functions that are made of exponentials alone, and come as close to each of their lines as those do to 0."""


@dataclass(frozen=True)
class _Towards:
    """An expression that tends to a line, of slope 0 if it is a limit.

    `fast` tells that the difference tends to 0 faster than every power of x.
    """

    line: Line
    fast: bool

    @property
    def constant(self) -> Fraction | None:
        return None if self.line.slope else self.line.offset


@dataclass(frozen=True)
class _Infinite:
    """An expression that tends to plus or minus infinity, along no line that is known.

    Its growth is 0 if little is known of it, 1 if it is that of a polynomial of degree 2 or more, and 2 if it is faster
    than that of every polynomial.
    """

    sign: int
    growth: int = 0


_End = _Towards | _Infinite | None


def find_ends(node: Node) -> tuple[Asymptote | None, Asymptote | None]:
    """Return the limit or asymptote at minus and at plus infinity."""
    below, above = (_asymptote(_Side(side).of(node)) for side in (-1, 1))
    return below, above


def _asymptote(end: _End) -> Asymptote | None:
    return Asymptote(end.line.slope, end.line.offset) if isinstance(end, _Towards) else None


def _limit(value: Fraction, fast: bool) -> _Towards:
    return _Towards(Line(_ZERO, value), fast)


class _Side:
    """The rules at minus infinity (-1) or plus infinity (1)."""

    def __init__(self, side: int) -> None:
        self.side = side

    def of(self, node: Node) -> _End:
        known = piecewise_polynomial(node)
        if known is not None:
            return self.of_polynomial(known.polynomials[0 if self.side < 0 else -1])
        match node:
            case Negative(of):
                return self.scaled(self.of(of), Fraction(-1))
            case Sum(terms):
                return reduce(self.sum, map(self.of, terms))
            case Product(factors):
                return reduce(self.product, map(self.of, factors))
            case Quotient(numerator, denominator):
                return self.quotient(self.of(numerator), self.of(denominator))
            case Power(base, exponent):
                raised = reduce(self.product, [self.of(base)] * abs(exponent))
                return raised if exponent > 0 else self.quotient(_limit(_ONE, True), raised)
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

    def of_polynomial(self, polynomial: object) -> _End:
        coefficients = [Fraction(int(c.p), int(c.q)) for c in polynomial.coeffs()] + [_ZERO, _ZERO]  # type: ignore[attr-defined]
        degree = len(coefficients) - 3
        if degree <= 1:
            return _Towards(Line(coefficients[1], coefficients[0]), True)
        return _Infinite((1 if coefficients[degree] > 0 else -1) * self.side**degree, 1)

    def direction(self, end: _End) -> tuple[int, int]:
        """Return the sign of the infinity that an end tends to, 0 if none, and its growth."""
        if isinstance(end, _Infinite):
            return end.sign, end.growth
        if end is None or not end.line.slope:
            return 0, 0
        return (1 if end.line.slope > 0 else -1) * self.side, 1

    def scaled(self, end: _End, factor: Fraction) -> _End:
        if end is None or not factor:
            return None
        if isinstance(end, _Infinite):
            return _Infinite(end.sign if factor > 0 else -end.sign, end.growth)
        return _Towards(Line(end.line.slope * factor, end.line.offset * factor), end.fast)

    def sum(self, left: _End, right: _End) -> _End:
        if left is None or right is None:
            return None
        if isinstance(left, _Towards) and isinstance(right, _Towards):
            line = Line(left.line.slope + right.line.slope, left.line.offset + right.line.offset)
            return _Towards(line, left.fast and right.fast)
        (one, growth), (other, grown) = self.direction(left), self.direction(right)
        return _Infinite(one or other, max(growth, grown)) if one * other >= 0 else None

    def product(self, left: _End, right: _End) -> _End:
        if left is None or right is None:
            return None
        if isinstance(left, _Towards) and isinstance(right, _Towards):
            return self.product_of_lines(left, right)
        infinite, other = (left, right) if isinstance(left, _Infinite) else (right, left)
        assert isinstance(infinite, _Infinite)
        sign, growth = self.direction(other)
        if sign:
            return _Infinite(sign * infinite.sign, max(growth, infinite.growth))
        assert isinstance(other, _Towards)
        if other.line.offset:
            return _Infinite(infinite.sign * (1 if other.line.offset > 0 else -1), infinite.growth)
        return other if other.fast and infinite.growth == 1 else None

    def product_of_lines(self, left: _Towards, right: _Towards) -> _End:
        a, b = left.line, right.line
        if (a.slope and not right.fast) or (b.slope and not left.fast):
            return None
        if a.slope and b.slope:
            return _Infinite(1 if a.slope * b.slope > 0 else -1, 1)
        return _Towards(Line(a.slope * b.offset + b.slope * a.offset, a.offset * b.offset), left.fast and right.fast)

    def quotient(self, left: _End, right: _End) -> _End:
        if left is None or right is None:
            return None
        sign, growth = self.direction(right)
        own_sign, own_growth = self.direction(left)
        if sign:
            if not own_sign:
                return _limit(_ZERO, growth == 2)
            if growth == 2 and own_growth == 1:
                return _limit(_ZERO, True)
            if isinstance(left, _Towards) and isinstance(right, _Towards):
                return _limit(left.line.slope / right.line.slope, False)
            return None
        assert isinstance(right, _Towards)
        if not right.line.offset:
            return None
        return self.product(left, _limit(1 / right.line.offset, right.fast))

    def applied(self, name: str, arguments: tuple[Node, ...]) -> _End:
        end = self.of(arguments[0])
        if name == "log" and isinstance(arguments[0], Sum):
            match arguments[0].terms:
                case (Number(value), Apply("exp", (of,))) | (Apply("exp", (of,)), Number(value)) if value == 1:
                    return self.softplus(self.of(of))
        if name == "log1p" and isinstance(arguments[0], Apply) and arguments[0].name == "exp":
            return self.softplus(self.of(arguments[0].arguments[0]))
        if name == "clip":
            return self.larger(self.smaller(end, self.of(arguments[2])), self.of(arguments[1]))
        if name in ("min", "max"):
            other = self.of(arguments[1])
            return self.larger(end, other) if name == "max" else self.smaller(end, other)
        if end is None:
            return None
        sign, growth = self.direction(end)
        if name == "abs" and (sign or isinstance(end, _Towards)):
            negative = sign < 0 or (isinstance(end, _Towards) and not sign and end.line.offset < 0)
            return self.scaled(end, Fraction(-1)) if negative else end
        if not sign:
            assert isinstance(end, _Towards)
            return self.at_constant(name, end)
        match name:
            case "exp":
                return _Infinite(1, 2 if growth else 0) if sign > 0 else _limit(_ZERO, growth > 0)
            case "expm1":
                return _Infinite(1, 2 if growth else 0) if sign > 0 else _limit(-_ONE, growth > 0)
            case "erf":
                return _limit(Fraction(sign), growth > 0)
            case "erfc":
                return _limit(Fraction(1 - sign), growth > 0)
            case "log" | "log1p" | "sqrt" if sign > 0:
                return _Infinite(1)
            case _:
                return None

    def at_constant(self, name: str, end: _Towards) -> _End:
        """Return the end of an operation whose argument tends to a limit at which its value is rational."""
        try:
            value = getattr(FRACTIONS, name)(end.line.offset)
        except (IrrationalError, ZeroDivisionError):
            return None
        if not isinstance(value, Fraction | int):
            return None
        # Next to 0 the root of what tends to 0 fast does so, too.
        return _limit(Fraction(value), end.fast)

    def softplus(self, end: _End) -> _End:
        """Return the end of ``log(1 + exp(u))`` for an end of u."""
        sign, growth = self.direction(end)
        if not sign:
            return None
        if sign < 0:
            return _limit(_ZERO, growth > 0)
        return end

    def larger(self, left: _End, right: _End) -> _End:
        if left is None or right is None:
            return None
        (one, growth), (other, grown) = self.direction(left), self.direction(right)
        if one != other:
            return left if one > other else right
        if not isinstance(left, _Towards) or not isinstance(right, _Towards):
            return _Infinite(one, max(growth, grown)) if one > 0 else None
        a, b = left.line, right.line
        if a == b:
            return _Towards(a, left.fast and right.fast)
        above = (a.slope - b.slope) * self.side or a.offset - b.offset
        return left if above > 0 else right

    def smaller(self, left: _End, right: _End) -> _End:
        negative = Fraction(-1)
        found = self.larger(self.negated(left), self.negated(right))
        return self.scaled(found, negative)

    def negated(self, end: _End) -> _End:
        return self.scaled(end, Fraction(-1))

    def composed(self, function: Function, end: _End) -> _End:
        if end is None:
            return None
        sign, growth = self.direction(end)
        if not sign:
            assert isinstance(end, _Towards)
            value = _continuous_value(function, end.line.offset)
            return None if value is None else _limit(value, end.fast)
        outer = function.ends[sign > 0]
        if outer is None:
            return None
        fast = function.piecewise_linear is not None or (growth > 0 and _is_tame(function))
        if not outer.slope:
            return _limit(outer.offset, fast)
        along = self.scaled(end, outer.slope)
        return self.sum(along, _limit(outer.offset, fast))

    def derivative(self, of: Node) -> _End:
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
        return _limit(end.line.slope, end.fast) if isinstance(end, _Towards) else None


def _is_tame(function: Function) -> bool:
    """Return whether a function is made of lines, or of exponentials alone."""
    return function.piecewise_linear is not None or (function.listed and function.name in _FAST_FUNCTIONS)


def _continuous_value(function: Function, x: Fraction) -> Fraction | None:
    if x in function.kinks or function.undefined(x, x) is not None:
        return None
    return function.exact(x)
