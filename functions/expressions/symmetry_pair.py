"""The two symmetries that a function may have, and how those of parts make those of sums and products."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .piecewise_polynomial import PiecewisePolynomial
from .rationals import from_fmpq

__all__ = ["EVEN", "NEITHER", "ODD", "Factor", "SymmetryPair"]


@dataclass(frozen=True)
class SymmetryPair:
    """The symmetries of a function, each of which it may have without the other.

    Attributes
    ----------
    slope
        If the function is even but for a line, ``f(-x) = f(x) + slope x``; else None.
    total
        If the function is odd but for a constant, ``f(-x) = total - f(x)``; else None.

    """

    slope: Fraction | None = None
    total: Fraction | None = None

    @classmethod
    def of(cls, function: PiecewisePolynomial) -> SymmetryPair:
        """Return the symmetries of a piecewise polynomial, which algebra decides."""
        mirrored = function.mirrored
        if mirrored.kinks != function.kinks:
            return NEITHER
        pairs = list(zip(function.polynomials, mirrored.polynomials, strict=True))
        differences = [mirror - own for own, mirror in pairs]
        sums = [mirror + own for own, mirror in pairs]
        at_kinks = list(zip(function.kinks, function.at, mirrored.at, strict=True))
        slope = total = None
        line = differences[0]
        if line.degree() <= 1 and line[0] == 0 and all(each == line for each in differences):
            found = from_fmpq(line[1])
            if all(mirror - own == found * kink for kink, own, mirror in at_kinks):
                slope = found
        constant = sums[0]
        if constant.degree() <= 0 and all(each == constant for each in sums):
            found = from_fmpq(constant[0])
            if all(mirror + own == found for _, own, mirror in at_kinks):
                total = found
        return cls(slope, total)

    @property
    def even(self) -> bool:
        """Whether ``f(-x) = f(x)``."""
        return self.slope == 0

    @property
    def odd(self) -> bool:
        """Whether ``f(-x) = -f(x)``."""
        return self.total == 0

    @property
    def derivative(self) -> SymmetryPair:
        """The symmetries of the derivative: ``f'(-x) = -f'(x) - slope``, or ``f'(-x) = f'(x)``."""
        return SymmetryPair(None if self.total is None else Fraction(0), None if self.slope is None else -self.slope)

    def __add__(self, other: SymmetryPair) -> SymmetryPair:
        """Return the symmetries of a sum."""
        slope = None if self.slope is None or other.slope is None else self.slope + other.slope
        total = None if self.total is None or other.total is None else self.total + other.total
        return SymmetryPair(slope, total)

    def __neg__(self) -> SymmetryPair:
        """Return the symmetries of the function with the other sign."""
        return self.scaled(Fraction(-1))

    def __sub__(self, other: SymmetryPair) -> SymmetryPair:
        """Return the symmetries of a difference."""
        return self + -other

    def scaled(self, factor: Fraction) -> SymmetryPair:
        """Return the symmetries of the function times a factor."""
        return SymmetryPair(
            None if self.slope is None else self.slope * factor, None if self.total is None else self.total * factor
        )

    def common(self, other: SymmetryPair) -> SymmetryPair:
        """Return the symmetries that two functions share."""
        return SymmetryPair(
            self.slope if self.slope == other.slope else None, self.total if self.total == other.total else None
        )

    def parity(self, *, even: bool) -> SymmetryPair:
        """Return the symmetries of an even or odd operation of the function."""
        if self.even or (even and self.odd):
            return EVEN
        return ODD if self.odd else NEITHER


NEITHER = SymmetryPair()
EVEN = SymmetryPair(slope=Fraction(0))
ODD = SymmetryPair(total=Fraction(0))


@dataclass(frozen=True)
class Factor:
    """A factor of a product.

    Attributes
    ----------
    symmetry
        The symmetries of the factor.
    multiple
        If the factor is ``a x``, the a; else None.
    constant
        The factor itself, if it is a constant; else None.

    """

    symmetry: SymmetryPair
    multiple: Fraction | None = None
    constant: Fraction | None = None

    def __mul__(self, other: Factor) -> Factor:
        """Return the product as one factor."""
        for one, another in ((self, other), (other, self)):
            if one.constant is not None:
                multiple = None if another.multiple is None else another.multiple * one.constant
                constant = None if another.constant is None else another.constant * one.constant
                return Factor(another.symmetry.scaled(one.constant), multiple, constant)
            if one.multiple is not None and another.symmetry.total is not None:
                # a x (g + t/2) with an odd g: a x g is even, and a x t/2 is the line
                return Factor(SymmetryPair(slope=-one.multiple * another.symmetry.total))
        a, b = self.symmetry, other.symmetry
        if (a.even and b.even) or (a.odd and b.odd):
            return Factor(EVEN)
        return Factor(ODD if (a.even and b.odd) or (a.odd and b.even) else NEITHER)
