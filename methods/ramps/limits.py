"""Limits on lines: what an error budget leaves of them, as few points to pass above and below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...plan.constant_multiplier import adder_count
from .scaled_ramp import Line

__all__ = ["DIRECTION_BITS", "MOST_BITS", "SLIVER", "Limits", "foremost", "line_within", "multiples_within"]

DIRECTION_BITS = 16
"""Fraction bits of the slope that `foremost` takes."""

MOST_BITS = 200
"""The highest precision tried: beyond, the products would be too wide to shift."""

SLIVER = Fraction(1, 1 << 40)
"""Share of a limit by which lines stay above it."""

_MULTIPLES_TRIED = 256
"""The number of multiples at each precision whose adders are compared."""

_MISSED = 2
"""Multiples next to the slope that may fail before others are given up: exact ends may need a steeper line."""

_MOST_EXTENSION = 6
"""The most fraction bits that an offset added to the input may have beyond the input's own."""

_BIAS = Fraction(1, 32)
"""Mean error in ulp that an offset may cause if it saves bits."""


class Limits(NamedTuple):
    """Points that lines must reach or exceed, and points that they must stay below.

    A point is an input code and ``unit`` times the value there.
    """

    lower: Sequence[tuple[int, int]]
    upper: Sequence[tuple[int, int]]
    unit: int = 1

    def offsets(self, multiple: int, bits: int) -> tuple[Fraction, Fraction]:
        """Return the lowest offset for a slope of ``multiple / 2**bits``, and the first that is too high."""
        slope, scale = multiple * self.unit, self.unit << bits
        low = max(((y << bits) - slope * x for x, y in self.lower), default=-scale << MOST_BITS)
        beyond = min(((y << bits) - slope * x for x, y in self.upper), default=scale << MOST_BITS)
        return Fraction(low, scale), Fraction(beyond, scale)


def foremost(xs: NDArray[np.int64], values: NDArray[np.int64], slope: int) -> list[tuple[int, int]]:
    """Return the points that can be the highest above a line of some slope.

    Every other point lies between two that are at least as high above a line of the given slope, which is in units of
    ``2**-DIRECTION_BITS``. `xs` and `values` are of shape (points,).
    """
    heights = (values << DIRECTION_BITS) - xs * slope
    found: set[int] = set()
    for along in (xs, -xs):
        order = np.lexsort((along, -heights))  # those farther out than all higher ones
        nearest = np.minimum.accumulate(along[order])
        found.update(order[np.flatnonzero(np.diff(nearest, prepend=1 << 62))].tolist())
    return [(int(xs[at]), int(values[at])) for at in sorted(found)]


def multiples_within(slope: Fraction, limits: Sequence[Limits], bits: int) -> Iterator[int]:
    """Yield the positive multiples, at a precision, of lines within all of some limits, the nearest to the slope first.

    Parameters
    ----------
    slope
        The slope of the lines, which is not negative, in ulp of the output per input code.
    limits
        The limits of each line; they share the multiple, and have an offset each.
    bits
        The precision: the slopes are multiples of ``2**-bits``.

    """
    nearest = max(round(slope * (1 << bits)), 1)
    for direction in (1, -1):
        missed = 0
        for steps in range(max(-direction, 0), _MULTIPLES_TRIED // 2):
            multiple = nearest + direction * steps
            fits = all(low < beyond for low, beyond in (each.offsets(multiple, bits) for each in limits))
            if multiple < 1 or (not fits and (missed := missed + 1) > _MISSED):
                break
            if fits:
                yield multiple


def line_within(limits: Limits, multiple: int, bits: int, off: Fraction, width: int, *, before: bool = True) -> Line:
    """Return the line with a multiple, its offset added before or after the product, whichever takes fewer bits.

    Before the product few bits of the offset are not 0, but all additions of the product then have its fraction bits.

    Parameters
    ----------
    limits
        The limits that the line is to be within, as it can be.
    multiple, bits
        Its slope, ``multiple / 2**bits``.
    off
        The sum of the offsets that it would take to meet the true values at either end.
    width
        The bits of the output.
    before
        Whether the offset may be added before the product.

    """
    slope = Fraction(multiple, 1 << bits)
    low, beyond = limits.offsets(multiple, bits)
    # The mean error is about 0 if the line errs equally at both ends, by half of what rounding down takes off.
    step = Fraction(1, 1 << bits)
    middle, freedom = min(max((off + 1 - step) / 2, low), beyond), max(_BIAS, step / 2)

    def found(unit: Fraction, most: int) -> tuple[Fraction, int] | None:
        for extension in range(most + 1):
            offset = _offset(low, beyond, middle, unit / (1 << extension))
            if offset is not None and abs(offset - middle) <= freedom:
                return offset, extension
        return None

    early, late = found(slope, _MOST_EXTENSION) if before else None, found(Fraction(1), MOST_BITS)
    if early and late:
        carried = width if late[0] else 0
        if (adder_count(multiple) + 1) * early[1] > carried + late[1]:
            early = None
    if early:
        return Line(multiple, bits, before=early[0] / slope, extension=early[1])
    if late is None:
        raise AssertionError(f"{multiple} has no offset")
    return Line(multiple, bits, after=late[0], extension=late[1])


def _offset(low: Fraction, beyond: Fraction, middle: Fraction, unit: Fraction) -> Fraction | None:
    """Return the multiple of a unit nearest to the middle of two limits, or None if no multiple lies between them."""
    found = round(middle / unit) * unit
    if found < low:
        found = ceil(low / unit) * unit
    if found >= beyond:
        found = (ceil(beyond / unit) - 1) * unit
    return found if low <= found < beyond else None
