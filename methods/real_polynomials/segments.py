"""A domain cut into segments of equal size, and the polynomials on them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...plan.operations.base import Range
from ..range_reduction.reduced_input import ReducedInput

__all__ = ["Segments", "cut"]


@dataclass(frozen=True)
class Segments:
    """Polynomials on the segments of a domain, in ulp of the output and powers of the distance from a centre.

    Parameters
    ----------
    domain
        The domain, with its saturated ends.
    shift
        Segments hold ``2**shift`` codes each, and their centre is their middle; None for one segment about any code.
    origin
        The first code of the first segment, a multiple of its size; for one segment about a code, that code.
    codes
        The codes covered; those beyond are saturated.
    coefficients : (segments, degree + 1)
        Exact coefficients of each segment, the constant one first.
    estimates : (degree + 1,)
        The largest error in ulp of the polynomials truncated to each degree, found by floats on a grid.

    """

    domain: ReducedInput
    shift: int | None
    origin: int
    codes: Range
    coefficients: tuple[tuple[Fraction, ...], ...]
    estimates: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of segments."""
        return len(self.coefficients)

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The constants below and above the codes covered, in ulp; None where no code is left."""
        (low, high), (below, above) = self.domain.codes, self.domain.saturated
        return below if low < self.codes.low else None, above if self.codes.high < high else None

    @property
    def reach(self) -> Fraction:
        """The largest distance from a centre."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return max(self.origin - self.codes.low, self.codes.high - self.origin) * ulp
        return Fraction(1 << self.shift, 2) * ulp if self.shift else Fraction(0)

    def centre(self, segment: int) -> Fraction:
        """Return the centre of a segment, from which its distances are counted."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return self.origin * ulp
        return (self.origin + (segment << self.shift)) * ulp + self.reach

    def covered(self, segment: int) -> Range:
        """Return the codes of a segment that occur."""
        if self.shift is None:
            return self.codes
        first = self.origin + (segment << self.shift)
        return Range(max(first, self.codes.low), min(first + (1 << self.shift) - 1, self.codes.high))


def cut(domain: ReducedInput, most: int) -> Segments:
    """Cut a domain into at most `most` segments of equal power-of-two width, still without polynomials."""
    low, high = domain.inside
    shift = 0
    while (high >> shift) - (low >> shift) >= most:
        shift += 1
    origin, count = low >> shift << shift, (high >> shift) - (low >> shift) + 1
    codes = Range(max(origin, domain.codes.low), min(origin + (count << shift) - 1, domain.codes.high))
    return Segments(domain, shift, origin, codes, ((),) * count, ())
