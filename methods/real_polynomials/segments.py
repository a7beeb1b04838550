"""A domain cut for piecewise approximation: pieces of equal size, and the polynomials on them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...plan.operations.base import Range
from ..range_reduction.reduced_input import ReducedInput

__all__ = ["Pieces", "cut"]


@dataclass(frozen=True)
class Pieces:
    """Polynomials on pieces of a domain, in ulp of the output and powers of the distance from each piece's centre.

    Parameters
    ----------
    domain
        What is cut.
    shift
        Pieces hold ``2**shift`` codes each, and their centre is their middle; None for one piece about any code.
    origin
        The first code of the first piece, a multiple of its size; for one piece about a code, that code.
    codes
        Codes covered; beyond is saturation.
    coefficients
        For each piece, one coefficient for each power.
    estimates
        For each degree, the largest error in ulp of the polynomials cut off there, as found by floats on a grid.

    """

    domain: ReducedInput
    shift: int | None
    origin: int
    codes: Range
    coefficients: tuple[tuple[Fraction, ...], ...]
    estimates: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.coefficients)

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The constants below and above the codes covered, in ulp; None where there are no more."""
        (low, high), (below, above) = self.domain.codes, self.domain.saturated
        return below if low < self.codes.low else None, above if self.codes.high < high else None

    @property
    def reach(self) -> Fraction:
        """The largest distance from a centre."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return max(self.origin - self.codes.low, self.codes.high - self.origin) * ulp
        return Fraction(1 << self.shift, 2) * ulp if self.shift else Fraction(0)

    def centre(self, piece: int) -> Fraction:
        """Return the value from which a piece's distances are counted."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return self.origin * ulp
        return (self.origin + (piece << self.shift)) * ulp + self.reach

    def covered(self, piece: int) -> Range:
        """Return the codes of a piece that occur."""
        if self.shift is None:
            return self.codes
        first = self.origin + (piece << self.shift)
        return Range(max(first, self.codes.low), min(first + (1 << self.shift) - 1, self.codes.high))


def cut(domain: ReducedInput, segments: int) -> Pieces:
    """Cut a domain into at most `segments` pieces of equal power-of-two width, without polynomials as yet."""
    low, high = domain.inside
    shift = 0
    while (high >> shift) - (low >> shift) >= segments:
        shift += 1
    origin, count = low >> shift << shift, (high >> shift) - (low >> shift) + 1
    codes = Range(max(origin, domain.codes.low), min(origin + (count << shift) - 1, domain.codes.high))
    return Pieces(domain, shift, origin, codes, ((),) * count, ())
