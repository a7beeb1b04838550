"""Constant multiples, and offsets, with which a ramp stays within its error budget: those with few adders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admissible import admissible
from ...accuracy.budget import Budget
from ...plan.constant_multiplier import adder_count
from ..base import RefusalError
from .scaled_ramp import Line, ScaledRamp

__all__ = ["lines"]

_MULTIPLES_TRIED = 256
"""At each precision, so many multiples are compared by their adders."""

_MISSED = 2
"""Multiples next to the slope that may not do before others are given up: exact ends may ask for a steeper line."""

_MOST_BITS = 200
"""Precisions tried: beyond, the products would be too wide to shift."""

_EXTRA_BITS = 4
"""Precisions tried beyond the lowest that will do: a longer multiple may have fewer non-zero digits."""

_MOST_EXTENSION = 6
"""The most fraction bits that an offset added to the input may have beyond the input's own."""

_BIAS = Fraction(1, 32)
"""Ulp of mean error that an offset may cause if it has fewer bits then."""

_WALKED_CODES, _WALKED_BITS = 1 << 20, 40
"""Inputs, and output bits, up to which what the budget admits is looked at input by input."""

_DIRECTION_BITS = 16

_SLIVER = Fraction(1, 1 << 40)
"""Share of a limit by which lines stay above it."""

_ROUNDED = Budget(Fraction(1, 2), True)


def lines(ramp: ScaledRamp) -> Iterator[Line]:
    """Yield lines within the budget of a ramp's specification (correctly rounded if there is none), few adders first.

    Of as many adders as are needed, and of one more, there is the multiple with the fewest bits.

    Raises
    ------
    RefusalError
        If the slope is too small for any multiple.

    """
    limits = _limits(ramp)
    best: dict[int, tuple[int, int, int]] = {}
    bits, last = 0, _MOST_BITS
    while bits <= last:
        for multiple in _multiples(ramp, limits, bits):
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
        yield _with_offset(ramp, limits, multiple, bits)


class _Limits(NamedTuple):
    """Points that lines are not below, and points that they are below: codes, and ``unit`` times the values there."""

    lower: Sequence[tuple[int, int]]
    upper: Sequence[tuple[int, int]]
    unit: int = 1

    def offsets(self, multiple: int, bits: int) -> tuple[Fraction, Fraction]:
        """Return the lowest offset that goes with a slope of ``multiple / 2**bits``, and the first that is too high."""
        slope, scale = multiple * self.unit, self.unit << bits
        low = max(((y << bits) - slope * x for x, y in self.lower), default=-scale << _MOST_BITS)
        beyond = min(((y << bits) - slope * x for x, y in self.upper), default=scale << _MOST_BITS)
        return Fraction(low, scale), Fraction(beyond, scale)


def _limits(ramp: ScaledRamp) -> _Limits:
    specification = ramp.specification
    budget = specification.budget or _ROUNDED
    walked = specification.codes.size <= _WALKED_CODES and specification.output_format.width <= _WALKED_BITS
    if walked and max(map(abs, specification.codes)) < 1 << 40:
        limits = _walked(ramp, budget)
        return limits or _bounded(ramp, _ROUNDED)
    return _bounded(ramp, budget)


def _walked(ramp: ScaledRamp, budget: Budget) -> _Limits | None:
    """Return what is admitted at every input, as the few points that matter; None if some input admits nothing."""
    low, high = admissible(ramp.specification, budget)
    if (low > high).any():
        return None
    # Beyond these codes nothing else is admitted than at them.
    start, stop = (code - ramp.specification.codes.low for code in (ramp.first, ramp.last + 1))
    low, high, places = low[start:stop], high[start:stop], np.arange(stop - start)
    least, most = low > ramp.low, high < ramp.high  # elsewhere the clamp does
    slope = round(ramp.slope * (1 << _DIRECTION_BITS))
    below = _foremost(places[least], low[least], slope)
    above = _foremost(-places[most], -high[most] - 1, slope)
    return _Limits([(ramp.first + x, y) for x, y in below], [(ramp.first - x, -y) for x, y in above])


def _foremost(places: NDArray[np.int64], values: NDArray[np.int64], slope: int) -> list[tuple[int, int]]:
    """Return the points that can be the highest above a line, whatever its slope.

    The others lie between two that are as high above a line of this slope, in units of ``2**-_DIRECTION_BITS``.
    """
    heights = (values << _DIRECTION_BITS) - places * slope
    found: set[int] = set()
    for along in (places, -places):
        order = np.lexsort((along, -heights))  # from the highest on, those farther out than all before
        nearest = np.minimum.accumulate(along[order])
        found.update(order[np.flatnonzero(np.diff(nearest, prepend=1 << 62))].tolist())
    return [(int(places[at]), int(values[at])) for at in sorted(found)]


def _bounded(ramp: ScaledRamp, budget: Budget) -> _Limits:
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
    # Not at the limit itself, but above it.
    lower = [(code, middle - room * (1 - _SLIVER)) for code, middle in middles]
    upper = [(code, middle + room) for code, middle in middles]
    # From where on the ramp is within half an ulp of an end, the output is that end.
    saturated = ceil((ramp.high - Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) > ramp.high - Fraction(1, 2):
        lower.append((saturated, Fraction(ramp.high)))
    saturated = floor((ramp.low + Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) < ramp.low + Fraction(1, 2):
        upper.append((saturated, Fraction(ramp.low + 1)))
    unit = lcm(*(y.denominator for _, y in (*lower, *upper)))
    return _Limits([(x, int(y * unit)) for x, y in lower], [(x, int(y * unit)) for x, y in upper], unit)


def _multiples(ramp: ScaledRamp, limits: _Limits, bits: int) -> Iterator[int]:
    """Yield multiples at a precision that lines within the limits have, the nearest to the slope first."""
    nearest = max(round(ramp.slope * (1 << bits)), 1)
    for direction in (1, -1):
        missed = 0
        for steps in range(max(-direction, 0), _MULTIPLES_TRIED // 2):
            multiple = nearest + direction * steps
            low, beyond = limits.offsets(multiple, bits)
            if multiple < 1 or (low >= beyond and (missed := missed + 1) > _MISSED):
                break
            if low < beyond:
                yield multiple


def _with_offset(ramp: ScaledRamp, limits: _Limits, multiple: int, bits: int) -> Line:
    """Return the line with a multiple whose offset is added where that takes fewer bits: before the product or after.

    Before it there are few that are not 0. But every addition of the product then has the fraction bits of the offset,
    too.
    """
    slope = Fraction(multiple, 1 << bits)
    low, beyond = limits.offsets(multiple, bits)
    # Mean errors are about 0 if the line is off by as much at both ends, and by half of all but one rounding step.
    off = ramp.value(ramp.first) + ramp.value(ramp.last) - slope * (ramp.first + ramp.last)
    step = Fraction(1, 1 << bits)
    middle, freedom = min(max((off + 1 - step) / 2, low), beyond), max(_BIAS, step / 2)

    def found(unit: Fraction, most: int) -> tuple[Fraction, int] | None:
        for extension in range(most + 1):
            offset = _offset(low, beyond, middle, unit / (1 << extension))
            if offset is not None and abs(offset - middle) <= freedom:
                return offset, extension
        return None

    before, after = found(slope, _MOST_EXTENSION), found(Fraction(1), _MOST_BITS)
    if before and after:
        width = ramp.specification.output_format.width if after[0] else 0
        if (adder_count(multiple) + 1) * before[1] > width + after[1]:
            before = None
    if before:
        return Line(multiple, bits, before=before[0] / slope, extension=before[1])
    if after is None:
        raise AssertionError(f"{multiple} has no offset")
    return Line(multiple, bits, after=after[0], extension=after[1])


def _offset(low: Fraction, beyond: Fraction, middle: Fraction, unit: Fraction) -> Fraction | None:
    """Return the multiple of a unit within limits that is nearest to the middle, if there is one."""
    found = round(middle / unit) * unit
    if found < low:
        found = ceil(low / unit) * unit
    if found >= beyond:
        found = (ceil(beyond / unit) - 1) * unit
    return found if low <= found < beyond else None
