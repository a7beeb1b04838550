"""The shape of a datapath: segment size, word lengths, and the exact value of its products.

The polynomial of a segment is evaluated by Horner's rule in ``t``, the offset within the segment counted from some
origin, plus one for a negative input. A product is either whole, for a multiplier block, and cut off below the lowest
bit of what it is added to. Or it is a sum of rows, one for each radix-4 digit of t (see `radix4_digits`). What a row
has below the lowest bit of its sum is cut off before it is added, and the unit that a complement lacks is left out. All
of that is known for every input, so the coefficients make up for it.

In a *sign-free* datapath no logic of its own deals with the sign of the result (decision 061). The last additions
complement their operands for a negative input: all rows for power 1 but that of the lowest digit, which is read raw
(see `radix4_digits`), and the constant coefficient, if the result is to be complemented. If it is not, only that row.

Segments may come in *pairs*, one on either side of the origin, that have all coefficients in common but the highest.
For lines that costs nothing: what a line leaves of a function is about ``k t**2``, the same on both sides. For squares
it is ``k t**3``, and what is best of that has a zero at the origin: 23 % more, by Chebyshev polynomials, than with two
squares of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .radix4_digits import Digit, DigitField, digit_fields, digits_of, origin, row_sum

__all__ = ["DatapathShape", "Factor"]

_SIDE_BITS = 4
"""The most offset bits that decide between the segments of a pair: those of one look-up table."""


@dataclass(frozen=True)
class DatapathShape:
    """Segment size and word lengths of a datapath.

    Parameters
    ----------
    shift
        Segments hold ``2**shift`` codes of u.
    points
        Fraction bits, in ulp of the output: of the result before it is cut to whole ulp, and of the coefficients of t,
        its square and so on.
    stored
        Fraction bits of the constant coefficient, at most those of the result.
    carries
        A mirrored function needs its result one ulp lower for negative inputs. For the others there are ones in
        place of the bits that are not stored, which is nearly that if none are, and so many units in the result's
        lowest place, as carries into its additions.
    lowest
        For each product, that with the first coefficient first, the lowest digit of t that takes part in its rows.
    minus
        For each product, whether it is subtracted: the coefficients, all of the other sign, are then stored without.
    signed
        For each coefficient but the constant one, whether it takes both signs.
    widths
        For each product, how many bits the multiplicand has, without a sign; None for as many as there are.
    whole
        How many products, that with the first coefficient first, are whole; the others are sums of rows.
    paired
        Whether segments come in pairs.
    ratios
        Empty if every coefficient has a table. If only the constant one has, each of the others consists of the highest
        bits of the one below, which is ``2**ratio`` times as large in ulp (decision 049).
    results
        The lowest and the highest result; for `ratios`, the constant coefficient counts from the lowest.
    origin_choice
        Which of the possible origins t is counted from (see `digit_fields`).
    sign_free
        Whether the last additions deal with the sign. The ones in place of the bits that are not stored and the carries
        are then the same for both signs, and an addition takes at most one carry.

    """

    shift: int
    points: tuple[int, ...]
    stored: int = 0
    carries: int = 0
    lowest: tuple[int, ...] = ()
    minus: tuple[bool, ...] = ()
    signed: tuple[bool, ...] = ()
    widths: tuple[int | None, ...] = ()
    whole: int = 0
    paired: bool = False
    ratios: tuple[int, ...] = ()
    results: tuple[int, int] = (0, 0)
    origin_choice: int = 0
    sign_free: bool = False

    @property
    def degree(self) -> int:
        """Degree of the polynomials."""
        return len(self.points) - 1

    @property
    def guard(self) -> int:
        """Fraction bits of the result before it is cut."""
        return self.points[0]

    @property
    def fill(self) -> int:
        """The value of the bits of the constant coefficient that are not stored, if not zeros."""
        return (1 << self.guard - self.stored) - 1

    @property
    def bits(self) -> int:
        """Number of offset bits, within a segment or a pair."""
        return self.shift + self.paired

    def fields(self, signs: int) -> tuple[DigitField, ...]:
        """Return the fields of the offset that make digits."""
        return digit_fields(
            self.bits, signed=signs > 1, centred=self.paired, choice=self.origin_choice, raw=self.sign_free
        )

    def dropped_bits(self, power: int) -> int:
        """Return how many bits of the coefficient below a derived one leaves out."""
        return self.ratios[power - 1] + self.bits_below(power) - self.points[power]

    def bits_below(self, power: int) -> int:
        """Return the fraction bits of the coefficient below that of a power, as it is stored."""
        return self.points[power - 1] if power > 1 else self.stored

    def additions(self, signs: int) -> int:
        """Return the number of additions that take a carry in: of the rows for power 1, and of the constant."""
        if not self.degree:
            return 0
        rows = len(self.fields(signs)) - self.lowest[0] if self.whole < 1 else 1
        return rows - (self.minus[0] and not self.sign_free)

    def origin(self, signs: int) -> int:
        """Return the offset at which t is 0 for an input that is not negative."""
        if self.whole < self.degree:
            return origin(self.fields(signs))
        return 1 << self.shift if self.paired else 0

    def middle(self, signs: int) -> int:
        """Return the offset at which the right segment of a pair begins: near the origin, and a round number."""
        unit = 1 << max(self.bits - _SIDE_BITS, 0)
        return (self.origin(signs) + unit // 2) // unit * unit


@dataclass(frozen=True)
class Factor:
    """The factor of the products at some inputs: t, int64, its digits, and the sign of the input, int8: (inputs,)."""

    t: NDArray[np.int64]
    digits: Sequence[Digit]
    signs: NDArray[np.int8]

    @classmethod
    def of(cls, shape: DatapathShape, signs: int) -> Factor:
        """Return the factor at every input of a segment or pair: (signs, offsets) in a row."""
        return _factor(shape.bits, signs, shape.origin(signs), shape.paired, shape.origin_choice, shape.sign_free)

    def at(self, inputs: NDArray[np.int64]) -> Factor:
        """Return the factor at some of the inputs, given by their indices: int64, (inputs,)."""
        digits = [Digit(weight, values[inputs]) for weight, values in self.digits]
        return Factor(self.t[inputs], digits, self.signs[inputs])

    def product(self, shape: DatapathShape, power: int, multiplicand: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the truncated product for a power, negated if it is subtracted: int64, (..., inputs).

        The multiplicand is int64, (..., 1) or (..., inputs). The units that the complements of a sign-free datapath
        leave out are not in it: they are the same for all inputs of a sign (see `Fitter`).
        """
        cut = shape.points[power] - shape.points[power - 1]
        if power <= shape.whole:
            total = (multiplicand * self.t << max(-cut, 0)) >> max(cut, 0)
        else:
            first_signs = self.signs if power == 1 and shape.sign_free else None
            total = row_sum(multiplicand, self.digits, shape.lowest[power - 1], cut, first_signs)
        return -total if shape.minus[power - 1] else total


@lru_cache(maxsize=64)
def _factor(bits: int, signs: int, origin: int, centred: bool, choice: int, raw: bool) -> Factor:
    t = np.arange(1 << bits) - origin + np.arange(signs)[:, None]
    digits = digits_of(bits, signs, centred=centred, choice=choice, raw=raw)
    of_inputs = np.repeat(np.array([1, -1][:signs], dtype=np.int8), 1 << bits)
    return Factor(t.ravel(), [Digit(weight, values.ravel()) for weight, values in digits], of_inputs)
