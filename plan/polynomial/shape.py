"""The shape of a core: how its input is cut, how many bits everything has; and what its rows of products add up to.

The polynomial of a segment is evaluated by Horner's rule in ``t``, the place within the segment, plus one for a
negative input. A product is either whole, for a multiplier block, and cut off below the lowest bit of what it is added
to. Or it is a sum of rows, one for each radix-4 digit of t: -1, 0, 1 or 2, a three being -1 and a carry (A. D. Booth, A
Signed Binary Multiplication Technique, 1951; digits as far as one level of look-up tables selects them). What a row has
below the lowest bit of its sum is cut off before it is added, and the unit that a complement lacks is left out. All of
that is known for every input, so the coefficients make up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Factor", "Shape", "digits_of", "row_sum"]

_FACTORS = np.array([0, 1, 2, -1], dtype=np.int32)


@dataclass(frozen=True)
class Shape:
    """How a core is built.

    Parameters
    ----------
    shift
        Segments hold ``2**shift`` codes of u.
    points
        Fraction bits, in ulp of the output: of the result before it is cut to whole ulp, and of the coefficients of t,
        its square and so on.
    stored
        Fraction bits of the constant coefficient, at most those of the result. A core that mirrors its result wants
        it one ulp lower for negative inputs: with none stored, all ones in their place for the other inputs are nearly
        that; with some, an adder does it.
    lowest
        For each product, that with the first coefficient first, the lowest digit of t that takes part in its rows.
    coarse
        For each coefficient but the constant one, how many bits of the segment's number it does not depend on.
    minus
        For each product, whether it is subtracted: the coefficients, all of the other sign, are then stored without.
    signed
        For each coefficient but the constant one, whether it takes both signs.
    whole
        How many products, that with the first coefficient first, are whole; the others are sums of rows.

    """

    shift: int
    points: tuple[int, ...]
    stored: int = 0
    lowest: tuple[int, ...] = ()
    coarse: tuple[int, ...] = ()
    minus: tuple[bool, ...] = ()
    signed: tuple[bool, ...] = ()
    whole: int = 0

    @property
    def degree(self) -> int:
        """Degree of the polynomials."""
        return len(self.points) - 1

    @property
    def guard(self) -> int:
        """Fraction bits of the result before it is cut."""
        return self.points[0]


@dataclass(frozen=True)
class Factor:
    """What the products are taken with at some inputs: t, and its digits as `digits_of` has them."""

    t: NDArray[np.int64]
    digits: Sequence[NDArray[np.int8]]

    @classmethod
    def of(cls, shift: int, signs: int) -> Factor:
        """Return t at every place of a segment: those of one sign after those of the other."""
        t = np.arange(1 << shift) + np.arange(signs)[:, None]
        return cls(t.ravel(), [digit.ravel() for digit in digits_of(shift, signs)])

    def at(self, places: NDArray[np.int64]) -> Factor:
        """Return the factor at some of the inputs."""
        return Factor(self.t[places], [digit[places] for digit in self.digits])

    def product(self, shape: Shape, power: int, multiplicand: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what is added for a coefficient of t to a power, of which the last axis has one or all inputs."""
        cut = shape.points[power] - shape.points[power - 1]
        if power <= shape.whole:
            total = (multiplicand * self.t << max(-cut, 0)) >> max(cut, 0)
        else:
            total = row_sum(multiplicand, self.digits, shape.lowest[power - 1], cut)
        return -total if shape.minus[power - 1] else total


@lru_cache(maxsize=64)
def digits_of(shift: int, signs: int) -> list[NDArray[np.int8]]:
    """Return the digits of t, the lowest first, as codes 0 to 3 for 0, 1, 2 and -1; one row for every sign.

    For a negative input they are those of t + 1.
    """
    t = np.arange(1 << shift)
    carry = np.repeat(np.arange(signs)[:, None], len(t), axis=1)
    digits = []
    for place in range(0, shift, 2):
        field = (t >> place & (3 if place + 2 <= shift else 1)) + carry
        digits.append((field & 3).astype(np.int8))
        carry = (field >= 3).astype(np.int64)
    if shift % 2 == 0:
        digits.append(carry.astype(np.int8))
    return digits


def row_sum(
    multiplicand: NDArray[np.int64], digits: Sequence[NDArray[np.int8]], lowest: int, cut: int
) -> NDArray[np.int64]:
    """Return the sum of rows of the products with the digits from `lowest` on, with `cut` bits fewer.

    The shapes of the multiplicand and of the digits are broadcast.
    """
    total = np.zeros((), dtype=multiplicand.dtype)
    for number in range(lowest, len(digits)):
        digit, left = digits[number], 2 * number - cut
        row = (multiplicand << max(left, 0)) * _FACTORS[digit] - (digit == 3)
        total = total + (row >> max(-left, 0))
    return total
