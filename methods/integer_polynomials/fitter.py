"""Coefficients for which the whole fixed-point evaluation is within its intervals at every input, exactly.

Decision 013 says why they are not fitted to the function.

The higher coefficients are scanned around a least-squares fit (`scan`), and the constant ones that go with them are
found by trying these at every input (`feasibility`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise, product
from math import floor

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from ...accuracy.monotonic import chains, tighten
from ...plan.operations.base import Range
from .coefficient_scan import least_squares, paired_least_squares, spread
from .coefficient_sets import Choices, joined
from .datapath_shape import Factor, Shape
from .feasibility import MOST_VALUES, has_nearest, within
from .folded_function import ANY, Core
from .output_window import Window
from .segmentation import Places

__all__ = ["Fitter", "multiplicands"]

_THINNED = 128
"""Inputs of a segment that a first fit is made to."""

_FEW_CANDIDATES = 1 << 11
"""The candidates nearest to a fit that are tried where it is enough that some will do: if none of them does, hardly any
will, and to try all takes ten times as long where the budget leaves much free."""

_HOPELESS = 2.0
"""A least-squares fit is not so many times worse than the best: beyond, no candidate will do."""


class Fitter:
    """Fits shapes to a core: the segments that failed last are tried first.

    Parameters
    ----------
    core
        What the core may give.
    places
        Where the polynomials are asked for.

    """

    def __init__(self, core: Core, places: Places) -> None:
        self._core, self.places = core, places
        self._order: dict[int, list[int]] = {}
        self._low, self._high, self._directions = places.windows(core)
        self._windows: dict[tuple[int, int, int], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        # By how much the result is lower for negative inputs.
        self._lower = np.arange(core.signs)[:, None] * int(core.mirror is not None)

    def segments(self, shift: int) -> int:
        """Return how many segments of ``2**shift`` places there are, from the first place on."""
        return max(-(-self.places.stop >> shift), 1)

    def hopeless(self, degree: int, shift: int) -> bool:
        """Return whether polynomials are too far off in some segment, however many bits they have."""
        if (self._low > self._high).any():
            return True
        for segment in range(self.segments(shift)):
            t, middle, room = self._wanted(slice(segment << shift, segment + 1 << shift))
            if len(t):
                off = np.abs(polyval(t, least_squares(t, middle, degree)) - middle)
                if (off > _HOPELESS * room / 2).any():
                    return True
        return False

    def _wanted(self, part: slice) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return some places in a part of u, the middles of the results that will do there, and how many these are."""
        low, high = self._low[:, part] + self._lower, self._high[:, part] + self._lower
        occurs = self._high[:, part] < ANY
        t = (np.arange(low.shape[1]) + np.arange(self._core.signs)[:, None]).astype(float)[occurs]
        thinned = spread(len(t), _THINNED)
        return t[thinned], (low + high)[occurs][thinned] / 2, (high + 1 - low)[occurs][thinned]

    def factor(self, shape: Shape) -> Factor:
        """Return what the products of a shape are taken with at every place."""
        return Factor.of(shape, self._core.signs)

    def feasible(self, shape: Shape) -> bool:
        """Return whether every segment has coefficients."""
        order = self._order.setdefault(shape.bits, list(range(self.segments(shape.bits)))[::-1])
        # Most shapes that will not do are found out by the first segment.
        size = max(MOST_VALUES >> shape.bits, 1)
        parts = [order[:1], *(order[start : start + size] for start in range(1, len(order), size))]
        for part in parts:
            settled = self._settled(shape, part) if len(part) > 1 else set[int]()
            for number in part:
                if number not in settled and self.choices(shape, number, first=True) is None:
                    order.remove(number)
                    order.insert(0, number)
                    return False
        return True

    def _settled(self, shape: Shape, numbers: Sequence[int]) -> set[int]:
        """Return which of some segments have coefficients next to a fit; that is found for all of them at once."""
        if shape.paired:
            return set()
        size = 1 << shape.bits
        places = np.array(numbers)[:, None] * size + np.arange(size)
        places = places[(places < self._low.shape[1]).all(axis=1)]
        low, high = (ends[:, places].swapaxes(0, 1) for ends in self._apart(shape.degree, size, size))
        directions = self._directions[:, places].swapaxes(0, 1)
        whole = (high < ANY).all(axis=(1, 2))
        if not whole.any():
            return set()
        windows = Window(low[whole], high[whole], self._offset(shape), directions[whole])
        does = has_nearest(shape, self.factor(shape), windows)
        return set((places[whole, 0][does] // size).tolist())

    def fit(self, shape: Shape) -> list[Choices] | None:
        """Return the choices for each segment, or each pair of them; or None if one has none."""
        found = []
        for number in range(self.segments(shape.bits)):
            choices = self.choices(shape, number)
            if choices is None:
                return None
            found.append(choices)
        return found

    def choices(self, shape: Shape, number: int, *, first: bool = False) -> Choices | None:
        """Return the choices for one segment or pair, or if `first` some near to a fit; None if it has none."""
        size, middle = 1 << shape.bits, shape.middle(self._core.signs)
        part = slice(number * size, (number + 1) * size)
        low, high = (ends[:, part] for ends in self._apart(shape.degree, size, middle if shape.paired else size))
        window = Window(low, high, self._offset(shape), self._directions[:, part])
        factor = self.factor(shape)
        fitted, room = _fitted(shape, factor, window, middle)
        most = _FEW_CANDIDATES if first else None
        if not shape.paired:
            return within(shape, factor, window, fitted[0], room, first=first, most=most)
        sides = [window.between(*ends) for ends in ((0, middle), (middle, size))]
        left, right = (within(shape, factor, *each, room, most=most) for each in zip(sides, fitted, strict=True))
        return joined(left, right) if left and right else None

    def _offset(self, shape: Shape) -> NDArray[np.int64]:
        """Return what is added to the constant coefficient for each sign, in units of the result's lowest bit."""
        if self._core.mirror is None:
            return np.zeros((self._core.signs, 1), dtype=np.int64)
        if shape.degree and shape.minus[0]:  # a carry is subtracted
            return np.array([[shape.fill], [-shape.carries]])
        return np.array([[shape.fill + shape.carries], [0]])

    def _apart(self, degree: int, size: int, middle: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the windows; of a monotonic unit, with some result between those at either side of a segment's end.

        Segments begin at every multiple of `size`, and `middle` further on. If they are monotonic they make a whole
        that is. The result is half way between what polynomials with real coefficients would give, so that it is in the
        way of few others.
        """
        if not self._directions.any():
            return self._low, self._high
        if (degree, size, middle) not in self._windows:
            low, high = self._low.copy(), self._high.copy()
            starts = range(0, max(self.places.stop, 1), size)
            bounds = sorted({start + place for start in starts for place in (0, middle, size)})
            parts = [slice(*ends) for ends in pairwise(bounds)]
            wanted = [self._wanted(part)[:2] for part in parts]
            fitted = [least_squares(t, values, degree) if len(t) else None for t, values in wanted]
            last, way = 0, 0
            neighbours = pairwise(zip(parts, fitted, strict=True))
            for ((part, left), (_, right)), sign in product(neighbours, range(self._core.signs)):
                end = part.stop - 1
                direction = int(self._directions[sign, end])
                if left is None or right is None or not direction:
                    continue
                lower, upper = (end, end + 1) if direction > 0 else (end + 1, end)
                value = floor((polyval(end - part.start + sign, left) + polyval(sign, right)) / 2 + 0.5)
                # Noise does not turn the order round, nor that of the signs, of which 0 comes first.
                if direction == way:
                    value = max(value, last) if way > 0 else min(value, last)
                less = int(self._lower[sign, 0])
                value = min(max(value, int(self._low[sign, lower]) + less), int(self._high[sign, upper]) + less)
                last, way = value, direction
                high[sign, lower] = min(high[sign, lower], value - less)
                low[sign, upper] = max(low[sign, upper], value - less)
            for sign, directions in enumerate(self._directions):
                tighten(low[sign], high[sign], chains(directions))
            self._windows[degree, size, middle] = low, high
        return self._windows[degree, size, middle]


def _fitted(shape: Shape, factor: Factor, window: Window, middle: int) -> tuple[NDArray[np.float64], float]:
    """Return the coefficients nearest to the middles of the results, and how far apart results may lie at most.

    They are in ulp of the output, the constant one first, with a row for a segment or two for a pair.
    """
    places = np.flatnonzero(window.occurs)
    if not len(places):
        return np.zeros((1 + shape.paired, shape.degree + 1)), 0.0
    bottom, top = (limits[places] for limits in window.limits(shape.guard))
    t, wanted = factor.t[places].astype(float), (bottom + top) / 2.0 ** (shape.guard + 1)
    room = float((top - bottom + 1).max()) / 2.0**shape.guard
    if shape.paired:
        right = places % (1 << shape.bits) >= middle
        return paired_least_squares(t, wanted, right, shape.degree), room
    return least_squares(t, wanted, shape.degree)[None], room


def multiplicands(shape: Shape, signs: int, tables: Sequence[Sequence[int]]) -> list[Range]:
    """Return what is multiplied by t in each product, that with the first coefficient first, can be.

    The table of the highest coefficient of pairs has those of all left segments first.
    """
    factor = Factor.of(shape, signs)
    sides = [factor]
    if shape.paired:
        right = np.arange(len(factor.t)) % (1 << shape.bits) >= shape.middle(signs)
        sides = [factor.at(np.flatnonzero(places)) for places in (~right, right)]
    held: list[list[Range]] = [[] for _ in range(shape.degree)]
    for highest, part in zip(np.split(np.array(tables[-1], dtype=np.int64), len(sides)), sides, strict=True):
        higher = [*(np.array(table, dtype=np.int64) for table in tables[1:-1]), highest]
        total: NDArray[np.int64] = np.zeros((len(highest), 1), dtype=np.int64)
        for power in range(shape.degree, 0, -1):
            multiplicand = higher[power - 1][:, None] + total
            held[power - 1].append(Range(int(multiplicand.min()), int(multiplicand.max())))
            total = part.product(shape, power, multiplicand)
    return [reduce(Range.union, ranges) for ranges in held]
