"""Decisions about true values: enclosures whose precision is raised until a question is settled (decision 023)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from numpy.typing import NDArray

from ..functions.base import Function
from ..functions.number_types import BALLS, ball_ends, to_ball
from ..functions.number_types.working_precision import VALUE_BITS
from ..plan.formats import FixedFormat

__all__ = ["PRECISIONS", "Enclosure", "decide", "decided_value", "enclosed", "is_near", "side_of", "stretches"]

PRECISIONS = (VALUE_BITS, 512, 2048, 4096)
"""Bits to compute with, beside those of the output, one after the other until a question is decided."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Enclosure:
    """Two numbers that a true value lies between.

    Attributes
    ----------
    low, high
        The ends; equal where the value is known exactly.
    above_low, below_high
        Whether the value is known not to be that end itself.

    """

    low: Fraction
    high: Fraction
    above_low: bool = False
    below_high: bool = False

    def side(self, point: Fraction) -> int | None:
        """Return -1, 0 or 1 where the value is below, at or above a point, and None where that is not known."""
        if self.high < point or (self.high == point and self.below_high):
            return -1
        if self.low > point or (self.low == point and self.above_low):
            return 1
        return 0 if self.low == self.high else None

    def clamped(self, low: Fraction, high: Fraction) -> Enclosure:
        """Return what is known of the value limited to ``[low, high]``."""
        if self.high <= low or self.low >= high:
            end = low if self.high <= low else high
            return Enclosure(end, end)
        bottom, top = self.low < low, self.high > high
        return Enclosure(
            low if bottom else self.low,
            high if top else self.high,
            self.above_low and not bottom,
            self.below_high and not top,
        )

    def distance(self, point: int | Fraction) -> Enclosure:
        """Return what is known of the distance between the value and a point."""
        below = Enclosure(point - self.high, point - self.low, self.below_high, self.above_low)
        above = Enclosure(self.low - point, self.high - point, self.above_low, self.below_high)
        if below.low >= 0 or above.low >= 0:
            return below if below.low >= 0 else above
        if below.high == above.high:
            return Enclosure(Fraction(0), below.high, False, below.below_high and above.below_high)
        larger = max(below, above, key=lambda each: each.high)
        return Enclosure(Fraction(0), larger.high, False, larger.below_high)


def enclosed(function: Function, x: Fraction, ulp: Fraction, precision: int) -> Enclosure:
    """Return what a number of bits tell of ``function(x) / ulp``: all there is to know where the value is rational.

    Of a function that is known to stay on one side of its limit (`Function.strict_limits`), the value is not the limit.
    """
    from flint import ctx

    exact = function.exact(x)
    if exact is not None:
        return Enclosure(exact / ulp, exact / ulp)
    with ctx.workprec(precision):  # which rounds the ends, too
        low, high = ball_ends(function(to_ball(x), BALLS) / to_ball(ulp))
    bottom, top = (None if limit is None else limit / ulp for limit in function.strict_limits(x))
    above_low, below_high = bottom is not None and bottom >= low, top is not None and top <= high
    return Enclosure(
        bottom if bottom is not None and above_low else low,
        top if top is not None and below_high else high,
        above_low,
        below_high,
    )


def decide(enclose: Callable[[int], Enclosure], decided: Callable[[Enclosure], bool]) -> Enclosure:
    """Return what `enclose` tells with the first of `PRECISIONS` that decides a question, else with the last."""
    for precision in PRECISIONS:
        found = enclose(precision)
        if decided(found):
            break
    return found


def decided_value(
    function: Function, x: Fraction, output: FixedFormat, decided: Callable[[Enclosure], bool] = lambda _: True
) -> Enclosure:
    """Return f(x) in ulp of the output, neither clamped nor rounded, as closely as decides a question."""
    return decide(lambda precision: enclosed(function, x, output.ulp, precision + output.width), decided)


def side_of(function: Function, x: Fraction, output: FixedFormat, point: Fraction) -> int:
    """Return -1, 0 or 1 where f(x) is below, at or above a point in ulp; what is not told from it is at it."""
    return decided_value(function, x, output, lambda known: known.side(point) is not None).side(point) or 0


def is_near(function: Function, x: Fraction, output: FixedFormat, constant: int, tolerance: Fraction) -> bool:
    """Return whether f(x) is within a tolerance of a constant, both in ulp of the output."""
    low, high = constant - tolerance, constant + tolerance
    return side_of(function, x, output, low) >= 0 >= side_of(function, x, output, high)


def stretches(codes: NDArray[Any], answer: Callable[[int], _Answer]) -> Iterator[tuple[int, int, _Answer]]:
    """Yield the stretches of codes with one answer, each with its first and last place among them.

    The answers go one way, as those about a function do that rises or falls: if two codes have the same one, so do all
    between. So not every code is asked, and a long stretch takes as few questions as a short one.
    """
    if not len(codes):
        return
    last = len(codes) - 1
    start, current = 0, answer(int(codes[0]))
    waiting = [(0, last, current, answer(int(codes[last])))]
    while waiting:
        low, high, before, after = waiting.pop()
        if before == after:
            continue
        if high - low > 1:
            middle = (low + high) // 2
            between = answer(int(codes[middle]))
            waiting += [(middle, high, between, after), (low, middle, before, between)]
        else:
            yield start, low, current
            start, current = high, after
    yield start, last, current
