"""Ramps between integer codes, and the lines that approximate their slopes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm
from typing import NamedTuple

from ...accuracy.specification import Specification
from ...functions.properties import Ramp

__all__ = ["Line", "ScaledRamp"]


@dataclass(frozen=True)
class ScaledRamp:
    """A ramp between integer codes: ``clip(slope * code + offset)`` in ulp of the output, and its rounded ends.

    Codes up to `first` are a whole ulp past the lower end, and those from `last` on past the upper one, if such codes
    occur.
    """

    specification: Specification
    slope: Fraction
    offset: Fraction
    low: int
    high: int
    first: int
    last: int

    @classmethod
    def of(cls, specification: Specification) -> ScaledRamp:
        """Return the ramp of a specification whose function is a ramp.

        Raises
        ------
        ValueError
            If the function is not a ramp.

        """
        found = cls.found(specification)
        if found is None:
            raise ValueError(f"{specification.function} is not a clamped linear function")
        return found

    @classmethod
    def found(cls, specification: Specification) -> ScaledRamp | None:
        """Return the ramp that the function is over the inputs that occur, or None if it is not a ramp there."""
        ramp = specification.function.ramp or _ramp_within(specification)
        if ramp is None:
            return None
        source, output = specification.input_format, specification.output_format
        slope = ramp.slope * source.ulp / output.ulp
        offset, held = ramp.offset / output.ulp, specification.reference.outputs
        low, high = (
            min(max(floor(end / output.ulp + Fraction(1, 2)), held.low), held.high) for end in (ramp.low, ramp.high)
        )
        first = max(floor((low - 1 - offset) / slope), specification.codes.low)
        last = min(ceil((high + 1 - offset) / slope), specification.codes.high)
        return cls(specification, slope, offset, low, high, first, last)

    def rounded(self, code: int) -> int:
        """Return the ramp at a code, rounded half up."""
        return min(max(floor(self.value(code) + Fraction(1, 2)), self.low), self.high)

    def value(self, code: int) -> Fraction:
        """Return the sloping line, without its ends, at a code, in ulp."""
        return self.slope * code + self.offset

    @property
    def grid(self) -> int:
        """A common denominator of all values of the sloping line."""
        return lcm(self.slope.denominator, self.offset.denominator)

    def largest_error(self, line: Line) -> Fraction:
        """Return a bound of the error, in ulp, of a line that is rounded down and clamped.

        Rounding adds half an ulp at most. The distance of the line from the slope is largest at an end, and errors are
        multiples of ``1 / grid``. Beyond a whole ulp past an end the line stays past it, because it never decreases.
        """
        off = max(abs(line.value(code) - Fraction(1, 2) - self.value(code)) for code in (self.first, self.last))
        sloping = Fraction(floor((off + Fraction(1, 2)) * self.grid), self.grid)
        return max(sloping, Fraction(1, 2))


class Line(NamedTuple):
    """The line ``multiple * (code + before) / 2**bits + after`` in ulp of the output, to be rounded down and clamped.

    `before`, in ulp of the input, or `after` is 0; the other has `extension` fraction bits.
    """

    multiple: int
    bits: int
    before: Fraction = Fraction(0)
    after: Fraction = Fraction(0)
    extension: int = 0

    def value(self, code: int) -> Fraction:
        """Return the line at an input code."""
        return self.multiple * (code + self.before) / (1 << self.bits) + self.after


def _ramp_within(specification: Specification) -> Ramp | None:
    """Return the ramp that a piecewise linear function is over the inputs that occur, or None if it is not one."""
    pieces = specification.function.piecewise_linear
    if pieces is None:
        return None
    first, last = map(specification.input_format.value, specification.codes)
    reached = slice(pieces.piece(first), pieces.piece(last) + 1)
    lines, kinks = pieces.lines[reached], pieces.kinks[reached][: reached.stop - reached.start - 1]
    if any(below(kink) != above(kink) for kink, (below, above) in zip(kinks, pairwise(lines), strict=True)):
        return None
    rising = [line for line in lines if line.slope]
    if len(rising) != 1 or rising[0].slope < 0:
        return None
    # Next to a rising line that meets them there are no flat ones but at either end. Where there is none, no input
    # reaches a limit.
    beyond = 2 * specification.output_format.ulp
    low, high = lines[0](first), lines[-1](last)
    return Ramp(
        rising[0].slope,
        rising[0].offset,
        low - beyond if lines[0].slope else low,
        high + beyond if lines[-1].slope else high,
    )
