"""Rounding as a contract: the one output code that a mode of rounding gives at an input.

The budget of a mode leaves the codes on either side of a value, or the one that the value is; the mode chooses among
them.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .budget import Budget

__all__ = ["ONE_SIDED", "TO_NEAREST", "budget_of", "chosen"]

TO_NEAREST = ("half_even", "half_up", "half_away")
"""The modes of which every code is within half an ulp; with others the error stays below one ulp."""

ONE_SIDED = ("half_up", "floor")
"""The modes that round values of the two signs differently."""

Codes = NDArray[np.int64]


def budget_of(rounding: str) -> Budget:
    """Return the budget that every output of a mode of rounding meets."""
    return Budget(Fraction(1, 2) if rounding in TO_NEAREST else Fraction(1), True)


def chosen(rounding: str, low: Codes, high: Codes, zero: int) -> Codes:
    """Return the code that a mode of rounding gives, among those that its budget admits.

    Parameters
    ----------
    rounding
        One of `plan.requantize.ROUNDINGS`.
    low, high
        The lowest and the highest code within `budget_of` the mode, of shape (inputs,): they are one apart at most.
    zero
        The code of 0, from which even codes and magnitudes count.

    """
    match rounding:
        case "half_even":
            return np.where((low - zero) % 2 == 0, low, high)
        case "half_up":
            return high
        case "half_away":
            return np.where(low >= zero, high, low)
        case "floor":
            return low
        case _:
            return np.where(low >= zero, low, high)
