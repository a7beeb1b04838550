"""Coefficients for which the whole fixed-point evaluation is within its intervals at every input, exactly.

For given higher coefficients, everything but the constant one is known at every input of a segment; each input then
says of the constant coefficient that it lies in an interval, and the intersection of these holds all that will do
(T. Orloski, S. Coward, T. Drane, Automatic Generation of Complete Polynomial Interpolation Design Space for Hardware
Architectures, 2022, for other datapaths). The higher coefficients are scanned around a least-squares fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..operation import Range
from .core import ANY, Core
from .shape import Factor, Shape

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

    def segments(self, shift: int) -> int:
        """Return how many segments of ``2**shift`` codes there are, from that of the first code of u on."""
        return max(-(-self._covered.stop >> shift), 1)

    def hopeless(self, degree: int, shift: int) -> bool:
        """Return whether polynomials are too far off in some segment, however many bits they have."""
        for segment in range(self.segments(shift)):
            part = slice(segment << shift, (segment + 1) << shift)
            low, high = self._low[:, part], self._high[:, part]
            occurs = high < ANY
            if not occurs.any():
                continue
            t = (np.arange(low.shape[1]) + np.arange(self._core.signs)[:, None]).astype(float)[occurs]
            if self._core.mirror is not None:  # the result is one ulp lower for negative inputs
                low, high = low + np.arange(2)[:, None], high + np.arange(2)[:, None]
            thinned = np.linspace(0, len(t) - 1, min(len(t), _THINNED)).astype(int)
            middle, room = (low + high)[occurs][thinned] / 2, (high + 1 - low)[occurs][thinned]
            fitted = _least_squares(t[thinned], middle, degree)
            off = np.abs(np.polynomial.polynomial.polyval(t[thinned], fitted) - middle)
            if (off > _HOPELESS * room / 2).any():
                return True
        return False

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
        low, high = self._low[:, part], self._high[:, part]
        floor, ceiling = (low << shape.guard) - offset, ((high + 1) << shape.guard) - 1 - offset
        factor = Factor.of(shape.shift, self._core.signs)
        return _fit_segment(shape, factor, floor, ceiling, fraction, high < ANY, first=first)


def _offset(shape: Shape, core: Core) -> NDArray[np.int64]:
    """Return what is added to the constant coefficient for each sign, in units of the result's lowest bit."""
    if core.mirror is None:
        return np.zeros((core.signs, 1), dtype=np.int64)
    return np.array([[1 << shape.guard if shape.stored else (1 << shape.guard) - 1], [0]])


def _fit_segment(
    shape: Shape,
    factor: Factor,
    floor: NDArray[np.int64],
    ceiling: NDArray[np.int64],
    fraction: int,
    occurs: NDArray[np.bool_],
    *,
    first: bool,
) -> Choices | None:
    if not occurs.any():
        return Choices(np.zeros((1, shape.degree), np.int64), np.array([-ANY]), np.array([ANY]))
    higher = _candidates(shape, floor, ceiling, occurs) if shape.degree else np.zeros((1, 0), np.int64)
    places = np.flatnonzero(occurs.ravel())
    samples = [places[np.linspace(0, len(places) - 1, count).astype(int)] for count in _SAMPLES if count < len(places)]
    found = []
    for higher_part in _parts(higher, len(places)):
        kept, low, high = higher_part, np.zeros(0, np.int64), np.zeros(0, np.int64)
        for chosen in (*samples, places):
            rest = _evaluate(shape, factor.at(chosen), kept)
            low = -((rest - floor.ravel()[chosen]) >> fraction).min(axis=1)
            high = ((ceiling.ravel()[chosen] - rest) >> fraction).min(axis=1)
            good = low <= high
            kept, low, high = kept[good], low[good], high[good]
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
    shape: Shape, floor: NDArray[np.int64], ceiling: NDArray[np.int64], occurs: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return higher coefficients around those of a least-squares fit, the nearest first."""
    signs, size = floor.shape
    t = (np.arange(size) + np.arange(signs)[:, None]).astype(float)[occurs]
    middle = (floor + ceiling)[occurs] / 2.0 ** (shape.guard + 1)
    room = (ceiling - floor + 1)[occurs] / 2.0**shape.guard
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
