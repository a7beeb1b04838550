"""The offset within a segment in radix-4 digits that are bits of the offset themselves.

Two bits are 0 to 3. Less one they are -1, 0, 1 or 2, by which a look-up table of four inputs multiplies (A. D. Booth, A
Signed Binary Multiplication Technique, 1951, recodes digits for that, with carries from each to the next). To take one
from every digit is to count from another offset, the *origin*, and a polynomial may be written about any origin. So
nothing is recoded.

A unit more for a negative input goes into the lowest digit: with one bit that is 0 to 2, with two, less two, -2 to 2.
If one is taken from one bit, the lowest digit of a negative input is in either case that of the complemented bits,
negated. So it may be read *raw*, from the input before it is complemented, if its row is subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Digit", "DigitField", "digit_fields", "digits_of", "origin", "row_sum"]


class DigitField(NamedTuple):
    """Bits of an offset, and the digit that they make.

    Attributes
    ----------
    low, width
        The lowest of the bits, which is the digit's weight, and how many they are: 2, but for an odd number of bits 1
        for the lowest digit.
    signed
        Whether a negative input counts one more; the sign is then the lowest bit of an index, the field the others.
    digits
        The digit for every index.

    """

    low: int
    width: int
    signed: bool
    digits: tuple[int, ...]


class Digit(NamedTuple):
    """A digit at many inputs: the exponent of its weight, and its values, int8, (signs, offsets) or (inputs,)."""

    weight: int
    values: NDArray[np.int8]


@lru_cache(maxsize=64)
def digit_fields(
    bits: int, *, signed: bool, centred: bool = False, choice: int = 0, raw: bool = False
) -> tuple[DigitField, ...]:
    """Return the fields of an offset, the lowest first.

    Parameters
    ----------
    bits
        Number of offset bits.
    signed
        Whether a unit is added for negative inputs.
    centred
        Whether the origin is to be as near the middle as digits from -2 to 2 allow.
    choice
        If it is not, the number of the origin among all that they allow (see `origin_choices`).
    raw
        Whether the lowest digit is to be one that can be read raw.

    """
    fields, digit_options = _options(bits, signed=signed, raw=raw)
    if centred:
        middle = 1 << bits >> 1
        chosen = min(
            product(*digit_options),
            key=lambda digits: abs(middle + sum(d[0] << low for d, (low, *_) in zip(digits, fields, strict=True))),
        )
    else:
        chosen = next(islice(product(*digit_options), choice, None))
    return tuple(DigitField(*field, digits) for field, digits in zip(fields, chosen, strict=True))


def _options(
    bits: int, *, signed: bool, raw: bool = False
) -> tuple[list[tuple[int, int, bool]], list[list[tuple[int, ...]]]]:
    """Return the fields of an offset (lowest bit, width, whether the sign joins) and the possible digits of each."""
    first = min(bits, 2 - bits % 2)
    fields = [(0, first, signed), *((low, 2, False) for low in range(first, bits, 2))]
    digit_options = [_digits(width, sign) for _, width, sign in fields]
    if raw:
        digit_options[0] = [digits for digits in digit_options[0] if digits[0] == -first]
    return fields, digit_options


def origin_choices(bits: int, *, signed: bool) -> list[int]:
    """Return the numbers of the possible origins, that nearest to the middle of the offsets first."""
    fields, digit_options = _options(bits, signed=signed)
    middle = (1 << bits) - 1
    distances = [
        abs(middle + 2 * sum(digit[0] << low for digit, (low, *_) in zip(digits, fields, strict=True)))
        for digits in product(*digit_options)
    ]
    return sorted(range(len(distances)), key=lambda number: distances[number])


def _digits(width: int, signed: bool) -> list[tuple[int, ...]]:
    """Return the possible digits of a field, the simplest first."""
    values = [(index >> signed) + (index & signed) for index in range(1 << width + signed)]
    least = (2,) if max(values) == 4 else (1, 2) if width == 2 else range(max(values) + 1)
    return [tuple(value - less for value in values) for less in least]


def origin(fields: Sequence[DigitField]) -> int:
    """Return the offset whose digits add up to 0, at an input that is not negative."""
    return -sum(field.digits[0] << field.low for field in fields)


@lru_cache(maxsize=64)
def digits_of(bits: int, signs: int, *, centred: bool = False, choice: int = 0, raw: bool = False) -> tuple[Digit, ...]:
    """Return the digits of every offset of `bits` bits, the lowest first; their values are int8, (signs, offsets)."""
    offsets = np.arange(1 << bits)
    sign = np.arange(signs)[:, None]
    found = []
    for field in digit_fields(bits, signed=signs > 1, centred=centred, choice=choice, raw=raw):
        index = offsets >> field.low & (1 << field.width) - 1
        index = index << 1 | sign if field.signed else np.repeat(index[None], signs, axis=0)
        found.append(Digit(field.low, np.array(field.digits, dtype=np.int8)[index]))
    return tuple(found)


def row_sum(
    multiplicand: NDArray[np.int64],
    digits: Sequence[Digit],
    lowest: int,
    cut: int,
    first_signs: NDArray[np.int8] | None = None,
) -> NDArray[np.int64]:
    """Return the sum of the rows of a product with the digits from `lowest` on, with `cut` fewer bits.

    Every row is truncated, and the unit that the complement for a negative digit lacks is left out. The multiplicand,
    int64, (..., 1) or (..., inputs), and the digits, (inputs,), are broadcast to (..., inputs).

    With `first_signs`, 1 or -1, (inputs,), the first digit is read raw: its row is that of the digit times the sign,
    and is subtracted where the sign is negative.
    """
    used = digits[lowest:]
    if not used:
        return np.zeros((), dtype=np.int64)
    # A search spends most of its time here: so in place, and with short numbers if they hold every sum.
    most = int(np.abs(multiplicand).max(initial=0))
    bits = most.bit_length() + max(used[-1].weight - cut, 0) + len(used).bit_length() + 1
    multiplicand = multiplicand.astype(np.int32 if bits < 32 else np.int64, copy=False)
    total = np.zeros(np.broadcast_shapes(multiplicand.shape, used[0].values.shape), dtype=multiplicand.dtype)
    row = np.empty_like(total)
    signs = None if first_signs is None else first_signs.astype(multiplicand.dtype)
    for weight, digit in used:
        values = digit.astype(multiplicand.dtype)  # numpy converts in small pieces otherwise
        if signs is not None:
            values *= signs
        np.multiply(multiplicand, values, out=row)
        if weight > cut:
            row <<= weight - cut
        row -= (values < 0).astype(multiplicand.dtype)
        if weight < cut:
            row >>= cut - weight
        if signs is not None:
            row *= signs
            signs = None
        total += row
    return total.astype(np.int64, copy=False)
