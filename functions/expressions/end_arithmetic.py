"""The ends of functions as their input grows without bound, and the ends of sums, products and quotients.

The input is a variable t that tends to plus infinity: x itself, or -x at the lower end, so that one set of rules serves
both ends. None stands for an end of which nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..properties import Line

__all__ = [
    "End",
    "Infinite",
    "Towards",
    "add",
    "direction",
    "divide",
    "limit",
    "maximum",
    "minimum",
    "multiply",
    "negate",
    "scale",
]


@dataclass(frozen=True)
class Towards:
    """A function that tends to a line, of slope 0 if it is a limit.

    If `fast`, the difference tends to 0 faster than every power of t.
    """

    line: Line
    fast: bool


@dataclass(frozen=True)
class Infinite:
    """A function that tends to plus or minus infinity, along no line that is known.

    Its growth is 0 if little is known of it, 1 if it is that of a polynomial of degree 2 or more, and 2 if it is faster
    than that of every polynomial.
    """

    sign: int
    growth: int = 0


End = Towards | Infinite | None


def limit(value: Fraction, fast: bool) -> Towards:
    """Return the end of a function that tends to a value."""
    return Towards(Line(Fraction(0), value), fast)


def direction(end: Towards | Infinite) -> tuple[int, int]:
    """Return the sign of the infinity that an end tends to, 0 if it is a limit, and its growth."""
    if isinstance(end, Infinite):
        return end.sign, end.growth
    if not end.line.slope:
        return 0, 0
    return 1 if end.line.slope > 0 else -1, 1


def scale(end: End, factor: Fraction) -> End:
    """Return the end of a function times a factor."""
    if end is None or not factor:
        return None
    if isinstance(end, Infinite):
        return Infinite(end.sign if factor > 0 else -end.sign, end.growth)
    return Towards(Line(end.line.slope * factor, end.line.offset * factor), end.fast)


def negate(end: End) -> End:
    """Return the end of a function with the other sign."""
    return scale(end, Fraction(-1))


def add(left: End, right: End) -> End:
    """Return the end of a sum."""
    if left is None or right is None:
        return None
    if isinstance(left, Towards) and isinstance(right, Towards):
        line = Line(left.line.slope + right.line.slope, left.line.offset + right.line.offset)
        return Towards(line, left.fast and right.fast)
    (one, growth), (other, grown) = direction(left), direction(right)
    return Infinite(one or other, max(growth, grown)) if one * other >= 0 else None


def multiply(left: End, right: End) -> End:
    """Return the end of a product."""
    if left is None or right is None:
        return None
    if isinstance(left, Towards) and isinstance(right, Towards):
        return _product_of_lines(left, right)
    infinite, other = (left, right) if isinstance(left, Infinite) else (right, left)
    assert isinstance(infinite, Infinite)
    sign, growth = direction(other)
    if sign:
        return Infinite(sign * infinite.sign, max(growth, infinite.growth))
    assert isinstance(other, Towards)
    if other.line.offset:
        return Infinite(infinite.sign * (1 if other.line.offset > 0 else -1), infinite.growth)
    return other if other.fast and infinite.growth == 1 else None


def _product_of_lines(left: Towards, right: Towards) -> End:
    a, b = left.line, right.line
    if (a.slope and not right.fast) or (b.slope and not left.fast):
        return None
    if a.slope and b.slope:
        return Infinite(1 if a.slope * b.slope > 0 else -1, 1)
    return Towards(Line(a.slope * b.offset + b.slope * a.offset, a.offset * b.offset), left.fast and right.fast)


def divide(left: End, right: End) -> End:
    """Return the end of a quotient."""
    if left is None or right is None:
        return None
    sign, growth = direction(right)
    own_sign, own_growth = direction(left)
    if sign:
        if not own_sign:
            return limit(Fraction(0), growth == 2)
        if growth == 2 and own_growth == 1:
            return limit(Fraction(0), True)
        if isinstance(left, Towards) and isinstance(right, Towards):
            return limit(left.line.slope / right.line.slope, False)
        return None
    assert isinstance(right, Towards)
    if not right.line.offset:
        return None
    return multiply(left, limit(1 / right.line.offset, right.fast))


def maximum(left: End, right: End) -> End:
    """Return the end of the maximum of two functions."""
    if left is None or right is None:
        return None
    (one, growth), (other, grown) = direction(left), direction(right)
    if one != other:
        return left if one > other else right
    if not isinstance(left, Towards) or not isinstance(right, Towards):
        return Infinite(one, max(growth, grown)) if one > 0 else None
    a, b = left.line, right.line
    if a == b:
        return Towards(a, left.fast and right.fast)
    return left if (a.slope - b.slope or a.offset - b.offset) > 0 else right


def minimum(left: End, right: End) -> End:
    """Return the end of the minimum of two functions."""
    return negate(maximum(negate(left), negate(right)))
