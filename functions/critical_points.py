"""Critical points: where a function turns from rising to falling or back, isolated rigorously from its derivative.

The inputs are cut until on each part the derivative, enclosed in ball arithmetic, has one sign. Of a part so short that
no input code lies within it the sign is not needed: between parts of either sign lies a critical point, which is then
narrowed down by the sign of the derivative at single points. A root of even order is not a critical point. Where the
slope is below 2**-140, as it is close to a limit, no format shows it, and the function is taken as flat. Of a function
that repeats itself, as sines do, one period tells all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple

from .base import Function
from .number_types import BALLS, ball_ends, to_ball
from .number_types.working_precision import CRITICAL_POINT_BITS
from .properties import Monotonicity, PiecewiseLinear
from .series import taylor_series

__all__ = ["BESIDE", "monotonicity"]

_SHORTEST = Fraction(1, 1 << 72)
"""Parts of this length are not cut: formats have at most 64 fraction bits."""

_CLOSE = Fraction(1, 1 << 200)
"""Width of the interval to which a critical point is narrowed down."""

_FLAT = Fraction(1, 1 << 140)
"""A slope that no format shows, however long the part."""

BESIDE = Fraction(1, 1 << 100)
"""Distance from a kink at which the value beside it is taken: no input code is as close."""

_STEEP = 1 << 20
"""A difference quotient over a shortest part that only a jump has."""

_NEAR = Fraction(1, 1 << 150)
"""The distance within which a critical point of a later period is known."""

_MOST_PARTS = 1 << 14

_FEW_PERIODS = 8
"""Where there are fewer periods than this, the critical points of each are isolated."""


class _Part(NamedTuple):
    """Inputs from `low` to `high` where the function rises (sign 1), falls (-1), or neither is known (0)."""

    low: Fraction
    high: Fraction
    sign: int


@lru_cache(maxsize=256)
def monotonicity(function: Function, low: Fraction, high: Fraction) -> Monotonicity:
    """Return where a function rises and falls between two inputs.

    Raises
    ------
    ValueError
        If there are more critical points than can be isolated.

    """
    from flint import ctx

    if (known := function.turns_between(low, high)) is not None:
        return known
    if function.piecewise_linear is not None:
        return _by_signs(function, list(_linear_parts(function.piecewise_linear, low, high)))
    first, last = function.turning_range
    if first is not None:
        low, high = max(low, first), max(high, first + 1)
    if last is not None:
        low, high = min(low, last - 1), min(high, last)
    with ctx.workprec(CRITICAL_POINT_BITS):
        if (repeated := _repeated(function, low, high)) is not None:
            return repeated
        return _by_signs(function, list(_parts(function, low, high)))


def _repeated(function: Function, low: Fraction, high: Fraction) -> Monotonicity | None:
    """Return the critical points in a range of many periods, those of one period repeated; None if there are few.

    If f(x + p) = c f(x), the slope at x + p is c times that at x.
    """
    if function.translation is None:
        return None
    step = sum(ball_ends(function.translation.step(BALLS)), Fraction(0)) / 2
    periods = (high - low) / step
    if periods < _FEW_PERIODS:
        return None
    window = _by_signs(function, list(_parts(function, low, low + 3 * step)))
    if not window.points:
        return window
    start = (low + window.points[0]) / 2  # so that a period holds no point twice
    first = [point for point in window.points if point < start + step]
    if periods * len(first) > _MOST_PARTS:
        raise _too_many(function, low, high)
    found = (point + number * step for number in range(ceil(periods) + 1) for point in first)
    return Monotonicity(tuple(simplest(x - _NEAR, x + _NEAR) for x in found if x < high), window.rises)


def _too_many(function: Function, low: Fraction, high: Fraction) -> ValueError:
    ends = f"{float(low):g} to {float(high):g}"
    return ValueError(f"{function} has more critical points from {ends} than can be isolated; give a range")


def _by_signs(function: Function, parts: list[_Part]) -> Monotonicity:
    """Return where a function rises and falls, from parts that are known to do either."""
    known = [part for part in parts if part.sign]
    points = [_narrowed(function, before, after) for before, after in pairwise(known) if before.sign != after.sign]
    return Monotonicity(tuple(points), not known or known[0].sign > 0)


def _linear_parts(pieces: PiecewiseLinear, low: Fraction, high: Fraction) -> Iterator[_Part]:
    """Yield the lines of a piecewise linear function and its jumps, ascending.

    A jump lies next to its kink, on the side where the function is not on the line that it is on at the kink.
    """
    closed = pieces.closed or (False,) * len(pieces.kinks)
    start = low
    for index, line in enumerate(pieces.lines):
        stop = high
        jump = 0
        if index < len(pieces.kinks):
            kink = pieces.kinks[index]
            below, above = line(kink), pieces.lines[index + 1](kink)
            jump = (above > below) - (above < below)
            stop = kink - BESIDE if jump and closed[index] else kink
        if start < min(stop, high):
            yield _Part(start, min(stop, high), (line.slope > 0) - (line.slope < 0))
        if jump and low < stop + BESIDE and stop < high:
            yield _Part(stop, stop + BESIDE, jump)
        start = max(start, stop + BESIDE if jump else stop)


def _parts(function: Function, low: Fraction, high: Fraction) -> Iterator[_Part]:
    """Yield parts of one sign each, ascending."""
    inner = [kink for kink in function.kinks if low < kink < high]
    left, start = list[tuple[Fraction, Fraction]](), low
    for kink in inner:
        jumps = _jumps(function, kink)
        left += [(start, min([kink, *(first for first, _ in jumps)])), *jumps]
        start = max([kink, *(last for _, last in jumps)])
    left = [*left, (start, high)][::-1]
    for _ in range(_MOST_PARTS):
        if not left:
            return
        start, stop = left.pop()
        sign = _sign(function, start, stop)
        if sign is None and stop - start > _SHORTEST:
            middle = simplest(start + (stop - start) / 4, stop - (stop - start) / 4)
            left += [(middle, stop), (start, middle)]
        else:
            yield _Part(start, stop, _jump(function, start, stop) if sign is None else sign)
    raise _too_many(function, low, high)


def _sign(function: Function, low: Fraction, high: Fraction) -> int | None:
    """Return the sign of the derivative all over a part; 0 where the function is flat, None where it is not known."""
    from flint import arb

    middle, radius = (low + high) / 2, (high - low) / 2
    series = taylor_series(function, middle, Fraction(1), 3, radius)
    if series is None:
        return None
    if (sign := _sign_of_slope(series[1])) is not None:
        return sign
    # By the mean value theorem: near a root of even order, or an extremum of the slope, by far the closer enclosure.
    at_middle = taylor_series(function, middle, Fraction(1), 2, Fraction(0))
    return None if at_middle is None else _sign_of_slope(at_middle[1] + 2 * series[2] * arb(0, to_ball(radius)))


def _sign_of_slope(slope: Any) -> int | None:
    if slope > 0 or slope < 0:
        return 1 if slope > 0 else -1
    return 0 if abs(slope) < to_ball(_FLAT) else None


def _jumps(function: Function, kink: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return the parts beside a kink over which a function jumps, which may be against its direction.

    The kink has a side of its own, and so is the end of a part, only where it has a binary expansion that ends: else no
    input code is there, and no ball tells on which side its value is.
    """
    sides = [(kink - BESIDE, kink), (kink, kink + BESIDE)]
    if kink.denominator & (kink.denominator - 1):
        sides = [(kink - BESIDE, kink + BESIDE)]
    return [side for side in sides if _jump(function, *side)]


def _jump(function: Function, low: Fraction, high: Fraction) -> int:
    """Return whether a function jumps up (1) or down (-1) within a shortest part, or does not (0)."""
    steep = (function(to_ball(high), BALLS) - function(to_ball(low), BALLS)) / to_ball(max(high - low, BESIDE))
    return int(steep > _STEEP) - int(steep < -_STEEP)


def _narrowed(function: Function, before: _Part, after: _Part) -> Fraction:
    """Return the critical point between two parts of opposite signs."""
    low, high = before.high, after.low
    for kink in function.kinks:
        if low <= kink <= high:
            return kink
    while high - low > _CLOSE:
        middle = (low + high) / 2
        series = taylor_series(function, middle, Fraction(1), 2, Fraction(0))
        if series is None or not (series[1] > 0 or series[1] < 0):
            break
        low, high = (middle, high) if (series[1] > 0) == (before.sign > 0) else (low, middle)
    return simplest(low, high)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the number from `low` to `high` that is a multiple of the largest power of two."""
    if low <= 0 <= high:
        return Fraction(0)
    if low == high:
        return low
    if high < 0:
        return -simplest(-high, -low)
    # On a grid no wider than the interval, it keeps of `high` the bits down to the first that tells it from `low`.
    width = high - low
    shift = (width.denominator // width.numerator).bit_length()
    first = -(-(low.numerator << shift) // low.denominator)
    last = (high.numerator << shift) // high.denominator
    dropped = ((first - 1) ^ last).bit_length() - 1
    return Fraction(last >> dropped << dropped, 1 << shift)
