"""The parameters of an affine format: the type of its codes, its scale and its zero point, read and checked."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral, Rational
from typing import Any

from ..support.parameters import show_number
from .formats import FixedFormat

__all__ = ["affine_fault", "read_codes_format", "read_scale", "read_zero_point", "show_scale"]

_TYPE = re.compile(r"(u?)int(\d{1,9})", re.IGNORECASE | re.ASCII)

_LEAST_SCALE = Fraction(1, 1 << 64)
"""The least scale, and the inverse of the largest: as far as a binary point may lie outside a fixed-point format."""

_FARTHEST_ZERO = 1 << 31
"""The most that a zero point may be, of either sign: models have it in 32 bits at most."""

_SHORT = 14
"""Characters of a scale that is shown as a decimal."""


def affine_fault(shown: str, scale: Fraction, zero_point: int) -> str | None:
    """Return why no format has this scale, as `shown` to the user, or this zero point; None if there is one."""
    if scale <= 0:
        return f"has a scale of {shown:.40}; it must be above 0"
    if not _LEAST_SCALE <= scale <= 1 / _LEAST_SCALE:
        return f"has a scale of {shown:.40}; it must be from 2^-64 to 2^64"
    if abs(zero_point) > _FARTHEST_ZERO:
        return f"has a zero point of {zero_point}; it must be from -2^31 to 2^31"
    return None


def read_codes_format(given: Any) -> FixedFormat:
    """Return the format of codes that is given as a format, or as their type such as ``int8``.

    Raises
    ------
    TypeError, ValueError
        If it is neither, or has fraction bits.

    """
    if isinstance(given, str) and (match := _TYPE.fullmatch(given.strip())):
        return FixedFormat(not match[1], int(match[2]), 0)
    if not isinstance(given, FixedFormat):
        raise TypeError(f"codes_format must be a FixedFormat, or text such as 'int8', not {given!r:.60}")
    if given.fraction_bits:
        raise ValueError(f"codes_format must have no fraction bits, but {given} has")
    return given


def read_scale(given: Any) -> Fraction:
    """Return a scale as the exact fraction.

    Raises
    ------
    TypeError, ValueError
        If it is not a number, or not finite.

    """
    import numpy as np

    if isinstance(given, bool) or not isinstance(given, Rational | float | np.floating):
        raise TypeError(f"scale must be a fraction, an integer or a float, not {given!r:.60}")
    if isinstance(given, Rational):
        return Fraction(int(given.numerator), int(given.denominator))
    if not isfinite(given):
        raise ValueError(f"scale must be a finite number above 0, not {given}")
    return Fraction(*given.as_integer_ratio())


def read_zero_point(given: Any) -> int:
    """Return a zero point as a Python integer.

    Raises
    ------
    TypeError
        If it is not an integer.

    """
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise TypeError(f"zero_point must be an integer, not {given!r:.60}")
    return int(given)


def show_scale(scale: Fraction) -> str:
    """Return a scale as a short decimal, if it is one and not a power of two, or else as `show_number` does."""
    if scale.denominator & (scale.denominator - 1):
        decimal = format(Decimal(scale.numerator) / scale.denominator, "f")
        if len(decimal) <= _SHORT and Fraction(decimal) == scale:
            return decimal
    return show_number(scale)
