"""Coefficients for which the whole fixed-point evaluation is within its intervals at every input, exactly.

For given higher coefficients, everything but the constant one is known at every input of a segment; each input then
says of the constant coefficient that it lies in an interval, and the intersection of these holds all that will do
(T. Orloski, S. Coward, T. Drane, Automatic Generation of Complete Polynomial Interpolation Design Space for Hardware
Architectures, 2022, for other datapaths). The higher coefficients are scanned around a least-squares fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import floor

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from ..monotonic import chains, tighten
from ..operation import Range
from .core import ANY, Core
from .shape import Factor, Shape
from .window import Window, monotonic_choices

__all__ = ["Choices", "Fitter", "multiplicands"]

_SAMPLES = (8, 48)
"""Inputs of a segment at which candidates are tried first: most fail at one of a few."""

_THINNED = 128
"""Inputs of a segment that a first fit is made to."""

_MOST_CANDIDATES = 1 << 16
"""The most candidates of a segment: the nearest to the first fit."""

_MOST_VALUES = 1 << 19
"""The most values, of candidates at inputs, that are in memory at a time."""

_HOPELESS = 2.0
"""A least-squares fit is not so many times worse than the best: beyond, no candidate will do."""


@dataclass(frozen=True)
class Choices:
    """All coefficients found for a segment: for each row of higher ones, the lowest and highest constant one."""

    higher: NDArray[np.int64]  # rows (first, second, ...)
    low: NDArray[np.int64]
    high: NDArray[np.int64]


class Fitter:
    """Fits shapes to a core: the segments that failed last are tried first.

    Parameters
    ----------
    core
        What the core may give.
    covered
        The codes of u that the polynomials are asked for.

    """

    def __init__(self, core: Core, covered: range) -> None:
        self._core, self._covered = core, covered
        self._order: dict[int, list[int]] = {}
        low, high = core.windows
        outside = np.ones(core.size, dtype=bool)
        outside[covered.start : covered.stop] = False
        self._low, self._high = np.where(outside, -ANY, low), np.where(outside, ANY, high)
        self._directions = np.where(outside | np.append(outside[1:], True), 0, core.directions)
        self._windows: dict[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        # By how much the result is lower for negative inputs.
        self._lower = np.arange(core.signs)[:, None] * int(core.mirror is not None)

    def segments(self, shift: int) -> int:
        """Return how many segments of ``2**shift`` codes there are, from that of the first code of u on."""
        return max(-(-self._covered.stop >> shift), 1)

    def hopeless(self, degree: int, shift: int) -> bool:
        """Return whether polynomials are too far off in some segment, however many bits they have."""
        for segment in range(self.segments(shift)):
            t, middle, room = self._wanted(shift, segment)
            if len(t):
                off = np.abs(polyval(t, _least_squares(t, middle, degree)) - middle)
                if (off > _HOPELESS * room / 2).any():
                    return True
        return False

    def _wanted(self, shift: int, segment: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return some t of a segment, the middles of the results that will do there, and how many these are."""
        part = slice(segment << shift, (segment + 1) << shift)
        low, high = self._low[:, part] + self._lower, self._high[:, part] + self._lower
        occurs = self._high[:, part] < ANY
        t = (np.arange(low.shape[1]) + np.arange(self._core.signs)[:, None]).astype(float)[occurs]
        thinned = np.linspace(0, len(t) - 1, min(len(t), _THINNED)).astype(int)
        return t[thinned], (low + high)[occurs][thinned] / 2, (high + 1 - low)[occurs][thinned]

    def feasible(self, shape: Shape) -> bool:
        """Return whether every segment has coefficients."""
        order = self._order.setdefault(shape.shift, list(range(self.segments(shape.shift)))[::-1])
        for place, segment in enumerate(order):
            if self.segment_choices(shape, segment, first=True) is None:
                order.insert(0, order.pop(place))
                return False
        return True

    def fit(self, shape: Shape) -> list[Choices] | None:
        """Return the choices for each segment, or None if one has none."""
        found = []
        for segment in range(self.segments(shape.shift)):
            choices = self.segment_choices(shape, segment)
            if choices is None:
                return None
            found.append(choices)
        return found

    def segment_choices(self, shape: Shape, segment: int, *, first: bool = False) -> Choices | None:
        """Return the choices for one segment, or if `first` some of them; None if it has none."""
        fraction = shape.guard - shape.stored
        offset = _offset(shape, self._core)
        part = slice(segment << shape.shift, (segment + 1) << shape.shift)
        low, high = (ends[:, part] for ends in self._apart(shape.degree, shape.shift))
        window = Window(low, high, offset, self._directions[:, part])
        factor = Factor.of(shape.shift, self._core.signs)
        return _fit_segment(shape, factor, window, fraction, first=first)

    def _apart(self, degree: int, shift: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the windows; of a monotonic unit, with some result between those at either side of a segment's end.

        Then segments that are monotonic make a whole that is. The result is half way between what polynomials with
        real coefficients would give, so that it is in the way of few others.
        """
        if not self._directions.any():
            return self._low, self._high
        if (degree, shift) not in self._windows:
            low, high = self._low.copy(), self._high.copy()
            wanted = [self._wanted(shift, segment)[:2] for segment in range(self.segments(shift))]
            fitted = [_least_squares(t, middle, degree) if len(t) else None for t, middle in wanted]
            last, way = 0, 0
            for (segment, (left, right)), sign in product(enumerate(pairwise(fitted)), range(self._core.signs)):
                end = (segment + 1 << shift) - 1
                direction = int(self._directions[sign, end])
                if left is None or right is None or not direction:
                    continue
                lower, upper = (end, end + 1) if direction > 0 else (end + 1, end)
                value = floor((polyval((1 << shift) - 1 + sign, left) + polyval(sign, right)) / 2 + 0.5)
                if (
                    direction == way
                ):  # noise does not turn the order round, nor that of the signs, of which 0 comes first
                    value = max(value, last) if way > 0 else min(value, last)
                less = int(self._lower[sign, 0])
                value = min(max(value, int(self._low[sign, lower]) + less), int(self._high[sign, upper]) + less)
                last, way = value, direction
                high[sign, lower] = min(high[sign, lower], value - less)
                low[sign, upper] = max(low[sign, upper], value - less)
            for sign, directions in enumerate(self._directions):
                tighten(low[sign], high[sign], chains(directions))
            self._windows[degree, shift] = low, high
        return self._windows[degree, shift]


def _offset(shape: Shape, core: Core) -> NDArray[np.int64]:
    """Return what is added to the constant coefficient for each sign, in units of the result's lowest bit."""
    if core.mirror is None:
        return np.zeros((core.signs, 1), dtype=np.int64)
    return np.array([[1 << shape.guard if shape.stored else (1 << shape.guard) - 1], [0]])


def _fit_segment(
    shape: Shape,
    factor: Factor,
    window: Window,
    fraction: int,
    *,
    first: bool,
) -> Choices | None:
    occurs = window.high < ANY
    bottom = (window.low << shape.guard) - window.offset
    top = ((window.high + 1) << shape.guard) - 1 - window.offset
    if not occurs.any():
        return Choices(np.zeros((1, shape.degree), np.int64), np.array([-ANY]), np.array([ANY]))
    higher = _candidates(shape, bottom, top, occurs) if shape.degree else np.zeros((1, 0), np.int64)
    places = np.flatnonzero(occurs.ravel())
    samples = [places[np.linspace(0, len(places) - 1, count).astype(int)] for count in _SAMPLES if count < len(places)]
    found = []
    for higher_part in _parts(higher, len(places)):
        kept, low, high, rest = higher_part, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 0), np.int64)
        for chosen in (*samples, places):
            rest = _evaluate(shape, factor.at(chosen), kept)
            low = -((rest - bottom.ravel()[chosen]) >> fraction).min(axis=1)
            high = ((top.ravel()[chosen] - rest) >> fraction).min(axis=1)
            good = low <= high
            kept, low, high, rest = kept[good], low[good], high[good], rest[good]
        if window.directions.any():
            kept, low, high = monotonic_choices(shape, window, places, rest, kept, low, high)
        if len(kept):
            found.append((kept, low, high))
            if first:
                break
    return Choices(*(np.concatenate(parts) for parts in zip(*found, strict=True))) if found else None


def _parts(higher: NDArray[np.int64], points: int) -> Iterator[NDArray[np.int64]]:
    """Yield candidates in parts whose evaluation at so many points takes little memory, a small part first."""
    start, size = 0, 64
    while start < len(higher):
        yield higher[start : start + size]
        start, size = start + size, max(_MOST_VALUES // points, 1)


def _evaluate(shape: Shape, factor: Factor, higher: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what is added to the constant coefficient: a row for each candidate, a column for each input."""
    total: NDArray[np.int64] = np.zeros((len(higher), 1), dtype=np.int64)
    for power in range(shape.degree, 0, -1):
        total = factor.product(shape, power, higher[:, power - 1, None] + total)
    return total


def multiplicands(shape: Shape, signs: int, tables: Sequence[Sequence[int]]) -> list[Range]:
    """Return what is multiplied by t in each product, that with the first coefficient first, can be."""
    factor = Factor.of(shape.shift, signs)
    higher = np.array(tables[1:], dtype=np.int64).T
    total: NDArray[np.int64] = np.zeros((len(higher), 1), dtype=np.int64)
    held = []
    for power in range(shape.degree, 0, -1):
        multiplicand = higher[:, power - 1, None] + total
        held.append(Range(int(multiplicand.min()), int(multiplicand.max())))
        total = factor.product(shape, power, multiplicand)
    return held[::-1]


def _candidates(
    shape: Shape, bottom: NDArray[np.int64], top: NDArray[np.int64], occurs: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return higher coefficients around those of a least-squares fit, the nearest first."""
    signs, size = bottom.shape
    t = (np.arange(size) + np.arange(signs)[:, None]).astype(float)[occurs]
    middle = (bottom + top)[occurs] / 2.0 ** (shape.guard + 1)
    room = (top - bottom + 1)[occurs] / 2.0**shape.guard
    fitted = _least_squares(t, middle, shape.degree)
    fitted[1:] *= np.cumprod(np.where(shape.minus, -1, 1))
    found = fitted[None, 1:]
    for power in range(shape.degree, 0, -1):
        found = _scanned(shape, power, found, t, float(room.max()))
    higher = found.astype(np.int64)
    return higher[(higher >= np.where(shape.signed, -ANY, 0)).all(axis=1)]


def _scanned(
    shape: Shape, power: int, found: NDArray[np.float64], t: NDArray[np.float64], room: float
) -> NDArray[np.float64]:
    """Replace a coefficient by the codes around it; the lower ones make up for the difference as well as they can."""
    reach = max(float(t.max()), 2.0)
    unit = 2.0 ** shape.points[power]
    # By its Chebyshev polynomial, t to a power is 2 * (reach / 4)**power from the nearest polynomial of lower degree.
    around = int(np.ceil(room / 2 * unit / (2 * (reach / 4) ** power))) + 1
    around = min(around, max(_MOST_CANDIDATES // (2 * len(found)), 1))
    centre = np.rint(found[:, power - 1] * unit)
    codes = centre[:, None] + np.array(sorted(range(-around, around + 1), key=abs))
    rows = np.repeat(found, codes.shape[1], axis=0)
    difference = codes.ravel() / unit - rows[:, power - 1]
    rows[:, power - 1] = codes.ravel()
    sign = 1.0
    lower = _least_squares(t, t**power, power - 1)
    for place in range(power - 1, 0, -1):
        sign *= -1.0 if shape.minus[place] else 1.0
        rows[:, place - 1] -= sign * lower[place] * difference
    return rows


def _least_squares(t: NDArray[np.float64], values: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return the coefficients of the polynomial nearest to some values, the constant one first."""
    reach = max(float(t.max()), 1.0)
    powers = np.vander(t / reach, degree + 1, increasing=True)
    solution = np.linalg.lstsq(powers, values, rcond=None)[0]
    return np.asarray(solution / reach ** np.arange(degree + 1), dtype=np.float64)
