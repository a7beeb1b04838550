"""Lines of few adders with which a ramp is within its error budget: constant multiples and offsets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, lcm

import numpy as np

from ...accuracy.admissible import admissible
from ...accuracy.budget import Budget
from ...accuracy.limits import SEARCHED_CODES, WALKED_OUTPUT_BITS
from ...plan.constant_multiplier import adder_count
from ..base import RefusalError
from .limits import DIRECTION_BITS, MOST_BITS, SLIVER, Limits, foremost, line_within, multiples_within
from .scaled_ramp import Line, ScaledRamp

__all__ = ["lines"]

_EXTRA_BITS = 4
"""Precisions tried beyond the lowest sufficient one: a longer multiple may have fewer non-zero digits."""

_ROUNDED = Budget(Fraction(1, 2), True)


def lines(ramp: ScaledRamp) -> Iterator[Line]:
    """Yield lines within the budget of a ramp's specification (correctly rounded if there is none), few adders first.

    For the smallest number of adders and for the next larger one found, this is the multiple with the fewest bits.

    Raises
    ------
    RefusalError
        If the slope is too small for any multiple.

    """
    limits = _limits(ramp)
    best: dict[int, tuple[int, int, int]] = {}
    bits, last = 0, MOST_BITS
    while bits <= last:
        for multiple in multiples_within(ramp.slope, (limits,), bits):
            key = (bits, abs(multiple - round(ramp.slope * (1 << bits))), multiple)
            adders = adder_count(multiple)
            best[adders] = min(best.get(adders, key), key)
            last = min(last, bits + _EXTRA_BITS)
        bits += 1
    if not best:
        rise = float(ramp.slope * max(abs(ramp.first), abs(ramp.last)))
        raise RefusalError(f"the slope is too small for these formats: it rises {rise:.3g} ulp in all")
    for adders in sorted(best)[:2]:
        bits, _, multiple = best[adders]
        slope = Fraction(multiple, 1 << bits)
        off = ramp.value(ramp.first) + ramp.value(ramp.last) - slope * (ramp.first + ramp.last)
        yield line_within(limits, multiple, bits, off, ramp.specification.output_format.width)


def _limits(ramp: ScaledRamp) -> Limits:
    specification = ramp.specification
    budget = specification.budget or _ROUNDED
    walked = specification.codes.size <= SEARCHED_CODES and specification.output_format.width <= WALKED_OUTPUT_BITS
    if walked and max(map(abs, specification.codes)) < 1 << 40:
        limits = _walked(ramp, budget)
        return limits or _bounded(ramp, _ROUNDED)
    return _bounded(ramp, budget)


def _walked(ramp: ScaledRamp, budget: Budget) -> Limits | None:
    """Return the limits at every input, as the few points that matter, or None if some input admits no output."""
    low, high = admissible(ramp.specification, budget)
    if (low > high).any():
        return None
    # Beyond these codes, the same is admitted as at them.
    start, stop = (code - ramp.specification.codes.low for code in (ramp.first, ramp.last + 1))
    low, high, xs = low[start:stop], high[start:stop], np.arange(stop - start)
    least, most = low > ramp.low, high < ramp.high  # elsewhere the clamp meets the limit
    slope = round(ramp.slope * (1 << DIRECTION_BITS))
    below = foremost(xs[least], low[least], slope)
    above = foremost(-xs[most], -high[most] - 1, slope)
    return Limits([(ramp.first + x, y) for x, y in below], [(ramp.first - x, -y) for x, y in above])


def _bounded(ramp: ScaledRamp, budget: Budget) -> Limits:
    """Return limits at the ends of the slope that keep a line within the budget at every code.

    The output is an integer, and the true value y a multiple of 1/D. A line v with ``abs(v - 1/2 - y) < e - 1/2``,
    where e is the least multiple of 1/D that is too large an error, is rounded down to an error that is less than e.
    """
    limit, grid = budget.in_ulp(ramp.specification.output_format), ramp.grid
    excess = Fraction(ceil(limit * grid) if budget.strict else floor(limit * grid) + 1, grid)
    room = excess - Fraction(1, 2)
    if room <= 0:
        return _bounded(ramp, _ROUNDED)
    middles = [(code, ramp.value(code) + Fraction(1, 2)) for code in (ramp.first, ramp.last)]
    # Above the limit, not at it.
    lower = [(code, middle - room * (1 - SLIVER)) for code, middle in middles]
    upper = [(code, middle + room) for code, middle in middles]
    # Where the ramp is within half an ulp of an end, the output must be that end.
    saturated = ceil((ramp.high - Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) > ramp.high - Fraction(1, 2):
        lower.append((saturated, Fraction(ramp.high)))
    saturated = floor((ramp.low + Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) < ramp.low + Fraction(1, 2):
        upper.append((saturated, Fraction(ramp.low + 1)))
    unit = lcm(*(y.denominator for _, y in (*lower, *upper)))
    return Limits([(x, int(y * unit)) for x, y in lower], [(x, int(y * unit)) for x, y in upper], unit)
