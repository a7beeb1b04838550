"""Floats as ratios of integers with one power of two as their denominator, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["integer_ratios"]

_MANTISSA = 53
"""Bits of a float64 beside its sign."""


def integer_ratios(values: NDArray[np.float64], unit: Fraction) -> tuple[NDArray[Any], int]:
    """Return finite values in units of a power of two, as Python integers over a common denominator.

    Parameters
    ----------
    values
        Finite floats, of shape (values,).
    unit
        A power of two, such as an ulp.

    Returns
    -------
    array of int, int
        The numerators, of shape (values,) and of dtype object, and the smallest denominator that serves them all.

    """
    fractions, exponents = np.frexp(values)
    mantissas = np.ldexp(fractions, _MANTISSA).astype(np.int64)
    zeros = np.where(mantissas == 0, 0, np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1)
    mantissas >>= zeros
    scale = unit.numerator.bit_length() - unit.denominator.bit_length()
    exponents = np.where(mantissas == 0, 0, exponents.astype(np.int64) - _MANTISSA + zeros - scale)
    lowest = min(int(exponents.min()), 0)
    return mantissas.astype(object) << (exponents - lowest).astype(object), 1 << -lowest
