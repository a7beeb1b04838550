"""Change of a function's value as its argument is rounded and limited: a proved bound.

Between its critical points a function rises or falls, so that over the sums that are rounded to one code it is furthest
from its value at that code where they end, half a unit away, or at a critical point among them. Where sums beyond the
format are limited to its last code, the same holds for the last code and the outermost sum.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from ...functions.base import Function
from ...functions.critical_points import monotonicity
from ...functions.number_types.working_precision import VALUE_BITS
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ..ball_arithmetic import uses_ball_arithmetic
from ..decide import enclosed
from ..reference import Reference

__all__ = ["ArgumentError", "argument_error"]

_MARGIN = Fraction(1, 1 << 30)
"""Added to differences of floats in ulp, far beyond their rounding errors."""


class ArgumentError(NamedTuple):
    """Bounds in ulp of the output, of values limited to its format.

    Attributes
    ----------
    rounding
        Of ``|f(s) - f(r)|`` over sums s within the format, which are rounded to r.
    limiting
        Of the same over sums beyond the format, which are limited to its first or last code.

    """

    rounding: Fraction
    limiting: Fraction

    @property
    def largest(self) -> Fraction:
        """The larger of the two: a sum is either within the format or beyond it."""
        return max(self)


@lru_cache(maxsize=64)
@uses_ball_arithmetic
def argument_error(
    function: Function, argument: FixedFormat, output: FixedFormat, low: Fraction, high: Fraction, *, exact: bool
) -> ArgumentError:
    """Return how much the value of a function changes with its argument rounded half up and limited to a format.

    Parameters
    ----------
    function
        The function.
    argument, output
        Formats of the argument and of the value.
    low, high
        The smallest and the largest sum that occurs.
    exact
        Whether sums have no more fraction bits than the argument, so that nothing is rounded.

    Raises
    ------
    ValueError
        If the function is undefined at a sum.

    """
    half = argument.ulp / 2
    bottom, top = max(2 * argument.min_code - 1, floor(low / half)), min(2 * argument.max_code + 1, ceil(high / half))
    if (hole := function.undefined(min(low, bottom * half), max(high, top * half))) is not None:
        raise ValueError(
            f"{function} has no value at {float(hole):g}, and sums are from {float(low):g} to {float(high):g}"
        )
    turns = monotonicity(function, min(low, bottom * half), max(high, top * half)).points
    lowest, highest = Fraction(output.min_code), Fraction(output.max_code)

    def value(x: Fraction) -> tuple[Fraction, Fraction]:
        known = enclosed(function, x, output.ulp, VALUE_BITS + output.width).clamped(lowest, highest)
        return known.low, known.high

    def apart(x: Fraction, y: Fraction) -> Fraction:
        """Return a bound of how far the values at two arguments are apart."""
        (a, b), (c, d) = value(x), value(y)
        return max(b - c, d - a)

    rounding = Fraction(0)
    if not exact and bottom < top:
        grid = FixedFormat(True, argument.integer_bits + 2, argument.fraction_bits + 1)
        within = Range(bottom, top)
        rounding = _largest_step(Reference(function, grid, output, within))
        for point in turns:
            if bottom * half < point < top * half:
                below = floor(point / half)
                rounding = max(rounding, apart(point, (below + below % 2) * half))
    limiting = Fraction(0)
    first, last = argument.value(argument.min_code), argument.value(argument.max_code)
    for end, outermost in ((first, min(low, first)), (last, max(high, last))):
        if outermost != end:
            among = [point for point in turns if min(end, outermost) < point < max(end, outermost)]
            limiting = max(limiting, *(apart(end, point) for point in (outermost, *among)))
    return ArgumentError(rounding, limiting)


def _largest_step(reference: Reference) -> Fraction:
    """Return a bound of the difference between the values at neighbouring codes, in ulp."""
    largest, last = 0.0, None
    bound = 0.0
    for span in reference.spans():
        values = -span.errors(np.zeros(len(span.codes), np.int64))
        if last is not None:
            values = np.concatenate([[last], values])
        bound = max(bound, span.bound)
        largest = max(largest, float(np.abs(np.diff(values)).max(initial=0.0)))
        last = values[-1]
    return Fraction(largest) + 2 * Fraction(bound) + _MARGIN
