"""Largest errors of parts to fifty digits, where a bound leaves no room for the rounding of floats (decision 054)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....plan.formats import FixedFormat

__all__ = ["decimal_logistic", "decimal_ramp", "decimal_tanh", "largest_error"]

_DIGITS = 60

_ROUNDED = Fraction(1, 10**50)
"""More than the rounding errors of functions of so many digits."""

_NEAR = 1e-12
"""More than the rounding errors of errors in floats."""


def largest_error(
    outputs: NDArray[Any], errors: NDArray[Any], source: FixedFormat, exact: Callable[[Decimal], Decimal]
) -> Fraction:
    """Return a bound of the largest error of a part whose function never falls.

    Of inputs with the same output the first or the last has the largest error. Those that floats cannot tell from the
    largest one are computed again.

    Parameters
    ----------
    outputs, errors
        The outputs at all codes of the input, in their order, and their errors, in floats.
    source
        The input's format.
    exact
        The function; it has `_DIGITS` digits.

    """
    changes = np.flatnonzero(np.diff(outputs))
    ends = np.unique([0, *changes, *(changes + 1), len(outputs) - 1])
    near = ends[errors[ends] > errors[ends].max() - _NEAR]
    with localcontext(prec=_DIGITS):
        inputs = [Decimal(source.min_code + int(place)) / (1 << source.fraction_bits) for place in near]
        found = [
            abs(Fraction(float(outputs[place])) - Fraction(exact(x))) for place, x in zip(near, inputs, strict=True)
        ]
    return max(found) + _ROUNDED


def decimal_logistic(x: Decimal) -> Decimal:
    """Return 1 / (1 + exp(-x))."""
    return 1 / (1 + (-x).exp())


def decimal_tanh(x: Decimal) -> Decimal:
    """Return the hyperbolic tangent."""
    return 1 - 2 / ((2 * x).exp() + 1)


def decimal_ramp(divisor: int, x: Decimal) -> Decimal:
    """Return x over the divisor plus 1/2, within 0 and 1."""
    return min(max(x / divisor + Decimal("0.5"), Decimal(0)), Decimal(1))
