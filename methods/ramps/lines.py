"""Lines of few adders with which a ramp is within its error budget: constant multiples and offsets."""

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
"""The number of multiples at each precision whose adders are compared."""

_MISSED = 2
"""Multiples next to the slope that may fail before others are given up: exact ends may need a steeper line."""

_MOST_BITS = 200
"""The highest precision tried: beyond, the products would be too wide to shift."""

_EXTRA_BITS = 4
"""Precisions tried beyond the lowest sufficient one: a longer multiple may have fewer non-zero digits."""

_MOST_EXTENSION = 6
"""The most fraction bits that an offset added to the input may have beyond the input's own."""

_BIAS = Fraction(1, 32)
"""Mean error in ulp that an offset may cause if it saves bits."""

_WALKED_CODES, _WALKED_BITS = 1 << 20, 40
"""Inputs, and output bits, up to which the admitted outputs are examined input by input."""

_DIRECTION_BITS = 16

_SLIVER = Fraction(1, 1 << 40)
"""Share of a limit by which lines stay above it."""

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
    """Points that lines must reach or exceed, and points that they must stay below.

    A point is an input code and ``unit`` times the value there.
    """

    lower: Sequence[tuple[int, int]]
    upper: Sequence[tuple[int, int]]
    unit: int = 1

    def offsets(self, multiple: int, bits: int) -> tuple[Fraction, Fraction]:
        """Return the lowest offset for a slope of ``multiple / 2**bits``, and the first that is too high."""
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
    """Return the limits at every input, as the few points that matter, or None if some input admits no output."""
    low, high = admissible(ramp.specification, budget)
    if (low > high).any():
        return None
    # Beyond these codes, the same is admitted as at them.
    start, stop = (code - ramp.specification.codes.low for code in (ramp.first, ramp.last + 1))
    low, high, xs = low[start:stop], high[start:stop], np.arange(stop - start)
    least, most = low > ramp.low, high < ramp.high  # elsewhere the clamp meets the limit
    slope = round(ramp.slope * (1 << _DIRECTION_BITS))
    below = _foremost(xs[least], low[least], slope)
    above = _foremost(-xs[most], -high[most] - 1, slope)
    return _Limits([(ramp.first + x, y) for x, y in below], [(ramp.first - x, -y) for x, y in above])


def _foremost(xs: NDArray[np.int64], values: NDArray[np.int64], slope: int) -> list[tuple[int, int]]:
    """Return the points that can be the highest above a line of some slope.

    Every other point lies between two that are at least as high above a line of the given slope, which is in units of
    ``2**-_DIRECTION_BITS``. `xs` and `values` are of shape (points,).
    """
    heights = (values << _DIRECTION_BITS) - xs * slope
    found: set[int] = set()
    for along in (xs, -xs):
        order = np.lexsort((along, -heights))  # those farther out than all higher ones
        nearest = np.minimum.accumulate(along[order])
        found.update(order[np.flatnonzero(np.diff(nearest, prepend=1 << 62))].tolist())
    return [(int(xs[at]), int(values[at])) for at in sorted(found)]


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
    # Above the limit, not at it.
    lower = [(code, middle - room * (1 - _SLIVER)) for code, middle in middles]
    upper = [(code, middle + room) for code, middle in middles]
    # Where the ramp is within half an ulp of an end, the output must be that end.
    saturated = ceil((ramp.high - Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) > ramp.high - Fraction(1, 2):
        lower.append((saturated, Fraction(ramp.high)))
    saturated = floor((ramp.low + Fraction(1, 2) - ramp.offset) / ramp.slope)
    if ramp.first <= saturated <= ramp.last and ramp.value(saturated) < ramp.low + Fraction(1, 2):
        upper.append((saturated, Fraction(ramp.low + 1)))
    unit = lcm(*(y.denominator for _, y in (*lower, *upper)))
    return _Limits([(x, int(y * unit)) for x, y in lower], [(x, int(y * unit)) for x, y in upper], unit)


def _multiples(ramp: ScaledRamp, limits: _Limits, bits: int) -> Iterator[int]:
    """Yield the multiples, at a precision, of lines within the limits, the nearest to the slope first."""
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
    """Return the line with a multiple, its offset added before or after the product, whichever takes fewer bits.

    Before the product few bits of the offset are not 0, but all additions of the product then have its fraction bits.
    """
    slope = Fraction(multiple, 1 << bits)
    low, beyond = limits.offsets(multiple, bits)
    # The mean error is about 0 if the line errs equally at both ends, by half of what rounding down takes off.
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
    """Return the multiple of a unit nearest to the middle of two limits, or None if no multiple lies between them."""
    found = round(middle / unit) * unit
    if found < low:
        found = ceil(low / unit) * unit
    if found >= beyond:
        found = (ceil(beyond / unit) - 1) * unit
    return found if low <= found < beyond else None
