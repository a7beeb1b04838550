"""The feasible coefficients of a segment: candidates for the higher ones, and the constant ones that go with each.

For given higher coefficients, everything but the constant one is known at every input of a segment. Each input then
confines the constant coefficient to an interval, and the intersection of these intervals holds every feasible one
(T. Orloski, S. Coward, T. Drane, Automatic Generation of Complete Polynomial Interpolation Design Space for Hardware
Architectures, 2022, for other datapaths).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .coefficient_scan import nearest_candidates, scan, spread_indices
from .coefficient_sets import FeasibleSet
from .datapath_shape import DatapathShape, Factor
from .output_window import is_monotonic, monotonic_part
from .segment_bounds import SAMPLES, Bounds, SegmentBounds, SegmentsBounds

__all__ = ["MOST_VALUES", "feasible_set", "nearest_is_feasible"]

Codes = NDArray[np.int64]

MOST_VALUES = 1 << 15
"""The most values ``(candidates, inputs)`` computed at a time: they are still in the cache when they are used."""

_FEW_VALUES = 1 << 13
"""Candidates with at most so many values at all inputs are not tried at samples first."""

_NEAREST = 64
"""Number of candidates nearest to a fit that are tried before the others: mostly one of them is feasible."""

_MOST_AT_EVERY_INPUT = 1 << 17
"""The most values computed at every input of a segment, for the nearest candidates that passed at the samples: a larger
choice hardly makes tables smaller."""


def feasible_set(
    shape: DatapathShape,
    segment: SegmentBounds,
    fitted: NDArray[np.float64],
    width: float,
    *,
    first: bool = False,
    most: int | None = None,
) -> FeasibleSet | None:
    """Return the feasible coefficients of one segment around a fit; None if there are none.

    Parameters
    ----------
    shape
        Word lengths.
    segment
        What is admissible in the segment.
    fitted : float64, (degree + 1,)
        Coefficients of the fit in ulp of the output, the constant one first.
    width
        The largest width of the bounds at one input, in ulp.
    first
        Whether to stop at the first feasible coefficients.
    most
        The most candidates to try, the nearest first; None for all.

    """
    inputs = segment.inputs
    if not len(inputs):
        return FeasibleSet.unconstrained(shape.degree)
    higher = scan(shape, segment.t, fitted, width)[:most]
    found = []
    for candidates in (higher[:_NEAREST], higher[_NEAREST:]):
        left = candidates
        for sample in segment.samples:
            if len(left) * len(inputs) <= _FEW_VALUES:
                break
            left = np.concatenate([batch[constants.feasible] for batch, constants in _batches(shape, sample, left)])
        left = left[: max(_MOST_AT_EVERY_INPUT // len(inputs), 1)]
        for batch, constants in _batches(shape, segment.bounds, left):
            good = constants.feasible
            coefficients = batch[good], constants.low[good], constants.high[good]
            if segment.directed:
                coefficients = monotonic_part(shape, segment.window, inputs, constants.sums[good], *coefficients)
            if len(coefficients[0]):
                found.append(coefficients)
                if first:
                    return FeasibleSet(*coefficients)
    return FeasibleSet(*(np.concatenate(arrays) for arrays in zip(*found, strict=True))) if found else None


def nearest_is_feasible(shape: DatapathShape, segments: SegmentsBounds) -> NDArray[np.bool_]:
    """Return whether coefficients next to a least-squares fit are feasible, for several segments at once.

    Of the candidates of a segment, only the best at a sample of inputs is tried at every input; where it fails, another
    may be feasible.

    Parameters
    ----------
    shape
        Word lengths.
    segments
        What is admissible in the segments.

    Returns
    -------
    bool, (segments,)

    """
    windows, factor, bottom, top, fitted = segments
    t = factor.t.astype(float)
    higher, signs_allowed = nearest_candidates(shape, t, fitted)
    sample = spread_indices(len(t), SAMPLES[1])
    constants = _constants(shape, factor.at(sample), higher, bottom[..., sample], top[..., sample])
    freedom = np.where(signs_allowed & constants.representable, constants.high - constants.low, -1)
    best = freedom.argmax(axis=1)[:, None]
    higher, signs_allowed = np.take_along_axis(higher, best[..., None], 1), np.take_along_axis(signs_allowed, best, 1)
    constants = _constants(shape, factor, higher, bottom, top)
    feasible = (signs_allowed & constants.feasible)[:, 0]
    if windows.directions.any():
        feasible &= is_monotonic(windows, constants.sums[:, 0])
    return np.asarray(feasible)


class _Constants(NamedTuple):
    """The constant coefficients that go with candidates, at some inputs.

    Where candidates of several segments are tried together, every array has a leading axis `segments`.

    Attributes
    ----------
    low, high : int64, (candidates,)
        The lowest and the highest constant coefficient. Where `low` exceeds `high`, no constant is feasible.
    representable : bool, (candidates,)
        Whether all multiplicands fit their words.
    sums : int64, (candidates, inputs)
        The polynomial without its constant coefficient.

    """

    low: Codes
    high: Codes
    representable: NDArray[np.bool_]
    sums: Codes

    @property
    def feasible(self) -> NDArray[np.bool_]:
        """Whether a candidate is feasible with some constant coefficient."""
        return self.representable & (self.low <= self.high)


def _batches(shape: DatapathShape, bounds: Bounds, higher: Codes) -> Iterator[tuple[Codes, _Constants]]:
    """Yield candidates with their constants at some inputs, in batches of at most `MOST_VALUES` values."""
    size = max(MOST_VALUES // len(bounds.bottom), 1)
    for start in range(0, len(higher), size):
        batch = higher[start : start + size]
        yield batch, _constants(shape, bounds.factor, batch, bounds.bottom, bounds.top)


def _constants(shape: DatapathShape, factor: Factor, higher: Codes, bottom: Codes, top: Codes) -> _Constants:
    """Evaluate candidates at some inputs, and return the constant coefficients that keep the sums within bounds.

    Parameters
    ----------
    shape, factor
        Word lengths, and the factor at the inputs.
    higher : int64, (candidates, degree) or (segments, candidates, degree)
        Higher coefficients.
    bottom, top : int64, (inputs,) or (segments, 1, inputs)
        The lowest and the highest admissible sum (see `OutputWindow.sum_bounds`).

    """
    sums: Codes = np.zeros((*higher.shape[:-1], 1), dtype=np.int64)
    representable = np.ones(higher.shape[:-1], dtype=bool)
    for power in range(shape.degree, 0, -1):
        multiplicand = higher[..., power - 1, None] + sums
        width = shape.widths[power - 1]
        if width is not None:
            representable &= (multiplicand.min(axis=-1) >= 0) & (multiplicand.max(axis=-1) < 1 << width)
        sums = factor.product(shape, power, multiplicand)
    fraction = shape.guard - shape.stored
    low, high = -((sums - bottom).min(axis=-1) >> fraction), (top - sums).min(axis=-1) >> fraction
    if shape.ratios:  # the coefficient of t says what the constant one begins with
        lowest, stop = shape.results[0] << shape.stored, shape.results[1] + 1 << shape.stored
        first = lowest + (higher[..., 0] << shape.dropped_bits(1))
        low = np.maximum(low, np.maximum(first, lowest))
        high = np.minimum(high, np.minimum(first + (1 << shape.dropped_bits(1)), stop) - 1)
    return _Constants(low, high, representable, sums)
