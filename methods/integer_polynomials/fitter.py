"""Coefficients for which the whole fixed-point evaluation is within its bounds at every input, exactly.

Decision 013 says why they are not fitted to the function.

The higher coefficients are scanned around a least-squares fit (`coefficient_scan`). The constant coefficients that go
with them follow from an evaluation at every input (`feasibility`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from .coefficient_scan import least_squares, spread_indices
from .coefficient_sets import FeasibleSet, join_pair
from .datapath_shape import DatapathShape, Factor
from .feasibility import MOST_VALUES, feasible_set, nearest_is_feasible
from .folded_function import ANY, FoldedFunction
from .output_bounds import OutputBounds
from .output_window import OutputWindow
from .segment_boundaries import segment_starts, separate_segments
from .segment_bounds import SegmentsBounds, Target
from .segmentation import Segmentation

__all__ = ["Fitter"]

_FEW_CANDIDATES = 1 << 11
"""Number of candidates nearest to a fit that are tried where one feasible candidate is enough. If none of them is
feasible, hardly any other is, and trying all takes ten times as long where the budget leaves much freedom."""

_HOPELESS = 2.0
"""A segment is hopeless if its least-squares fit misses a result by more than this many half widths of the bounds."""

_COMPARED = 64
"""The most segments in which coefficients are compared before any are derived."""

_NEAR = 0.125
"""The part of the largest coefficient by which derived ones may be off, in fits of segments."""


class Fitter:
    """Fits coefficients of given word lengths to a folded function; segments that failed last are tried first.

    Parameters
    ----------
    function
        The function and its admissible results.
    segmentation
        The codes that polynomials are needed for, and how they are cut into segments.

    """

    def __init__(self, function: FoldedFunction, segmentation: Segmentation) -> None:
        self._function, self.segmentation = function, segmentation
        self._bounds = segmentation.bounds(function)
        self._order: dict[int, list[int]] = {}
        self._separated: dict[tuple[int, int, int], OutputBounds] = {}
        self._prepared_for: object = None
        self._targets: dict[int, Target] = {}
        self._together: dict[tuple[int, ...], tuple[NDArray[np.int64], SegmentsBounds] | None] = {}

    def segments(self, bits: int) -> int:
        """Return the number of segments of ``2**bits`` addresses, from address 0 on."""
        return max(-(-self.segmentation.stop >> bits), 1)

    def is_hopeless(self, degree: int, bits: int) -> bool:
        """Return whether in some segment of ``2**bits`` addresses no polynomial is near enough, at any word length."""
        if not self._bounds.feasible:
            return True
        for segment in range(self.segments(bits)):
            targets = self._bounds.targets(slice(segment << bits, segment + 1 << bits))
            if len(targets.t):
                polynomial = least_squares(targets.t, targets.centre, degree)
                errors = np.abs(polyval(targets.t, polynomial) - targets.centre)
                if (errors > _HOPELESS * targets.width / 2).any():
                    return True
        return False

    def ratios(self, degree: int, bits: int) -> tuple[int, ...] | None:
        """Return the ratios of a shape whose higher coefficients are derived (see `DatapathShape`).

        None if one of them is not near the same power of two in all segments that are compared.
        """
        found = []
        for segment in spread_indices(self.segments(bits), _COMPARED).tolist():
            targets = self._bounds.targets(slice(segment << bits, segment + 1 << bits))
            if len(targets.t) > degree:
                found.append(least_squares(targets.t, targets.centre, degree))
        fits = np.array(found).reshape(-1, degree + 1)
        fits[:, 0] -= self._function.results.low
        # What a fit cannot tell within an ulp, by the Chebyshev polynomial of each power (see `scan`).
        noise = [0.5 / ((1 << bits) / 4) ** power for power in range(degree + 1)]
        ratios = [_ratio(fits[:, power - 1], fits[:, power], noise[power]) for power in range(1, degree + 1)]
        return None if None in ratios else tuple(ratio for ratio in ratios if ratio is not None)

    def factor(self, shape: DatapathShape) -> Factor:
        """Return the factor of a shape's products at every offset."""
        return Factor.of(shape, self._function.signs)

    def is_feasible(self, shape: DatapathShape) -> bool:
        """Return whether every segment has coefficients."""
        order = self._order.setdefault(shape.bits, list(range(self.segments(shape.bits)))[::-1])
        # The first segment alone rejects most infeasible shapes.
        batch_size = max(MOST_VALUES >> shape.bits, 1)
        batches = [order[:1], *(order[start : start + batch_size] for start in range(1, len(order), batch_size))]
        for batch in batches:
            known = self._feasible_at_once(shape, batch) if len(batch) > 1 else set[int]()
            for segment in batch:
                if segment not in known and self.feasible_set(shape, segment, first=True) is None:
                    order.remove(segment)
                    order.insert(0, segment)
                    return False
        return True

    def _feasible_at_once(self, shape: DatapathShape, segments: Sequence[int]) -> set[int]:
        """Return those of some segments that have coefficients next to a fit, found for all segments together.

        Segments that are left out may have coefficients as well.
        """
        if shape.paired:
            return set()
        self._forget_others(shape)
        key = tuple(segments)
        if key not in self._together:
            self._together[key] = self._bounds_of(shape, segments)
        if (found := self._together[key]) is None:
            return set()
        numbers, bounds = found
        return set(numbers[nearest_is_feasible(shape, bounds)].tolist())

    def _bounds_of(
        self, shape: DatapathShape, segments: Sequence[int]
    ) -> tuple[NDArray[np.int64], SegmentsBounds] | None:
        """Return those of some segments in which every input occurs, and what is admissible there; None if none is."""
        size = 1 << shape.bits
        bounds = self._bounds_between(shape.degree, size, size)
        addresses = np.array(segments)[:, None] * size + np.arange(size)  # (segments, offsets)
        addresses = addresses[(addresses < bounds.low.shape[1]).all(axis=1)]
        # (signs, segments, offsets) to (segments, signs, offsets)
        low, high = (bound[:, addresses].swapaxes(0, 1) for bound in (bounds.low, bounds.high))
        directions = bounds.directions[:, addresses].swapaxes(0, 1)
        complete = (high < ANY).all(axis=(1, 2))
        if not complete.any():
            return None
        windows = OutputWindow(low[complete], high[complete], self._correction(shape), directions[complete])
        return addresses[complete, 0] // size, SegmentsBounds.of(shape, self.factor(shape), windows)

    def fit(self, shape: DatapathShape) -> list[FeasibleSet] | None:
        """Return the feasible set of each segment, or of each pair of segments; None if one is empty."""
        found = []
        for segment in range(self.segments(shape.bits)):
            feasible = self.feasible_set(shape, segment)
            if feasible is None:
                return None
            found.append(feasible)
        return found

    def feasible_set(self, shape: DatapathShape, segment: int, *, first: bool = False) -> FeasibleSet | None:
        """Return the feasible set of one segment or pair; None if it is empty.

        With `first`, a part of the set is enough, and only candidates near to a fit are tried.
        """
        target = self._target(shape, segment)
        most = _FEW_CANDIDATES if first else None
        first = first and not shape.paired
        found: list[FeasibleSet] = []
        for side, fitted in zip(target.sides, target.fitted, strict=True):
            feasible = feasible_set(shape, side, fitted, target.width, first=first, most=most)
            if feasible is None:
                return None
            found.append(feasible)
        return join_pair(*found) if shape.paired else found[0]

    def _target(self, shape: DatapathShape, segment: int) -> Target:
        """Return what a segment or pair is fitted to: the same for many shapes that are tried one after the other."""
        size, middle = 1 << shape.bits, shape.middle(self._function.signs)
        correction = self._correction(shape)
        self._forget_others(shape)
        if segment not in self._targets:
            addresses = slice(segment * size, (segment + 1) * size)
            bounds = self._bounds_between(shape.degree, size, middle if shape.paired else size)
            window = OutputWindow(
                bounds.low[:, addresses], bounds.high[:, addresses], correction, bounds.directions[:, addresses]
            )
            self._targets[segment] = Target.of(shape, self.factor(shape), window, middle)
        return self._targets[segment]

    def _forget_others(self, shape: DatapathShape) -> None:
        """Forget what was prepared for shapes that have to keep within something else."""
        origin, correction = shape.origin(self._function.signs), self._correction(shape)
        key = (shape.degree, shape.guard, shape.bits, shape.paired, shape.sign_free, origin, shape.origin_choice)
        key = (*key, *correction.flat)
        if key != self._prepared_for:
            self._prepared_for, self._targets, self._together = key, {}, {}

    def _bounds_between(self, degree: int, size: int, middle: int) -> OutputBounds:
        """Return the bounds with the segments kept in order (see `separate_segments`).

        Segments begin at every multiple of `size`, and `middle` further on.
        """
        key = degree, size, middle
        if key not in self._separated:
            starts = segment_starts(self.segmentation.stop, size, middle)
            self._separated[key] = separate_segments(self._bounds, starts, degree)
        return self._separated[key]

    def _correction(self, shape: DatapathShape) -> NDArray[np.int64]:
        """Return what the datapath adds to the constant coefficient for each sign.

        Returns
        -------
        int64, (signs, 1)
            In units of the result's lowest guard bit.

        """
        if shape.sign_free:
            return self._sign_free_correction(shape)
        if self._function.mirror is None:
            return np.zeros((self._function.signs, 1), dtype=np.int64)
        if shape.degree and shape.minus[0]:  # a carry is subtracted
            return np.array([[shape.fill], [-shape.carries]])
        return np.array([[shape.fill + shape.carries], [0]])

    def _sign_free_correction(self, shape: DatapathShape) -> NDArray[np.int64]:
        """Return the correction of a sign-free datapath: a complement is a unit less than the negated value.

        For a negative input of a mirrored function, the polynomial is the complement of the sum, so that everything is
        taken from it that is not complemented. Of a product that is subtracted, the other rows are complemented for the
        other sign, and the first one for both.
        """
        if self._function.mirror is None:
            return np.array([[0], [1 if shape.minus[0] else -1]])
        complemented = len(shape.fields(self._function.signs)) - 1
        if shape.minus[0]:
            return np.array([[shape.fill + shape.carries - 1 - complemented], [1 - shape.carries]])
        return np.array([[shape.fill + shape.carries], [complemented - shape.carries]])


def _ratio(below: NDArray[np.float64], above: NDArray[np.float64], noise: float) -> int | None:
    """Return the power of two, as its exponent, by which one coefficient is near another in all segments; else None."""
    if not below.any() or not above.any():
        return None
    exponent = round(float(np.log2(np.abs(below).sum() / np.abs(above).sum())))
    errors = np.abs(np.abs(below) - np.abs(above) * 2.0**exponent)
    return exponent if (errors < _NEAR * np.abs(below).max() + noise * 2.0**exponent).all() else None
