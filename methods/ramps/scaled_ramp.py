"""Ramps between integer codes, and the lines that approximate their slopes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import NamedTuple

from ...accuracy.specification import Specification

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
        ramp = specification.function.ramp
        if ramp is None:
            raise ValueError(f"{specification.function} is not a clamped linear function")
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
    def is_shifted(self) -> bool:
        """Whether the slope is a power of two, so that multiplication is a shift."""
        numerator, denominator = self.slope.numerator, self.slope.denominator
        return not numerator & (numerator - 1) and not denominator & (denominator - 1)

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
