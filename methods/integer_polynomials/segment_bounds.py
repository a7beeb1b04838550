"""Bounds of segments, and the targets that their polynomials are fitted to: the same for many shapes.

A search for the shortest words tries one shape after the other on the same segments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .coefficient_scan import least_squares, paired_least_squares, spread_indices
from .datapath_shape import DatapathShape, Factor
from .output_window import OutputWindow

__all__ = ["SAMPLES", "Bounds", "SegmentBounds", "SegmentsBounds", "Target"]

Codes = NDArray[np.int64]

SAMPLES = (8, 48, 384)
"""Numbers of inputs at which candidates are tried first: most infeasible ones fail at one of a few inputs."""


class Bounds(NamedTuple):
    """Some inputs of a segment, and the sums admissible there.

    Attributes
    ----------
    factor : Factor
        The factor of the products.
    bottom, top : int64, (inputs,)
        The lowest and the highest admissible sum (see `OutputWindow.sum_bounds`).

    """

    factor: Factor
    bottom: Codes
    top: Codes

    def at(self, indices: Codes) -> Bounds:
        """Return those at some of the inputs."""
        return Bounds(self.factor.at(indices), self.bottom[indices], self.top[indices])


class SegmentBounds(NamedTuple):
    """Bounds that every shape with the same guard bits has to keep in one segment.

    Attributes
    ----------
    window : OutputWindow
        Admissible results, ``(signs, offsets)``.
    directed : bool
        Whether the window requires a direction anywhere.
    inputs : int64, (inputs,)
        Indices of the inputs that occur.
    t : float64, (inputs,)
        The factor at these.
    bounds : Bounds
        The sums admissible at these.
    samples : tuple of Bounds
        The same at fewer of them, the fewest first.

    """

    window: OutputWindow
    directed: bool
    inputs: Codes
    t: NDArray[np.float64]
    bounds: Bounds
    samples: tuple[Bounds, ...]

    @classmethod
    def of(cls, guard: int, factor: Factor, window: OutputWindow) -> SegmentBounds:
        """Return those of a window; `factor` is that at every input of the segment."""
        inputs = np.flatnonzero(window.occurs)
        bounds = Bounds(factor, *window.sum_bounds(guard)).at(inputs)
        counts = (count for count in SAMPLES if count < len(inputs))
        samples = tuple(bounds.at(spread_indices(len(inputs), count)) for count in counts)
        return cls(window, bool(window.directions.any()), inputs, bounds.factor.t.astype(float), bounds, samples)


class SegmentsBounds(NamedTuple):
    """Bounds that every shape with the same guard bits has to keep in several segments.

    Attributes
    ----------
    windows : OutputWindow
        Admissible results, ``(segments, signs, offsets)``; every input occurs.
    factor : Factor
        The factor at every input of a segment.
    bottom, top : int64, (segments, 1, inputs)
        The lowest and the highest admissible sum; the middle axis is that of candidates.
    fitted : float64, (segments, degree + 1)
        The polynomials nearest to the middles, in ulp of the output, their constant coefficients first.

    """

    windows: OutputWindow
    factor: Factor
    bottom: Codes
    top: Codes
    fitted: NDArray[np.float64]

    @classmethod
    def of(cls, shape: DatapathShape, factor: Factor, windows: OutputWindow) -> SegmentsBounds:
        """Return those of windows, for shapes with the degree and the guard bits of `shape`."""
        bottom, top = (bound.reshape(-1, 1, len(factor.t)) for bound in windows.sum_bounds(shape.guard))
        middle = (bottom + top)[:, 0].T / 2.0 ** (shape.guard + 1)
        return cls(windows, factor, bottom, top, least_squares(factor.t.astype(float), middle, shape.degree).T)


class Target(NamedTuple):
    """The target that a segment or pair is fitted to.

    Attributes
    ----------
    sides : tuple of SegmentBounds
        What is admissible in the segment, or in each of the pair.
    fitted : float64, (sides, degree + 1)
        Coefficients of the fits in ulp of the output, the constant one first.
    width : float
        The largest width of the bounds at one input, in ulp.

    """

    sides: tuple[SegmentBounds, ...]
    fitted: NDArray[np.float64]
    width: float

    @classmethod
    def of(cls, shape: DatapathShape, factor: Factor, window: OutputWindow, middle: int) -> Target:
        """Return what a window is fitted to, by shapes with the degree, the guard bits and the sides of `shape`.

        Parameters
        ----------
        shape, factor
            Word lengths, and the factor at every input of the segment or pair.
        window
            Admissible results, ``(signs, offsets)``.
        middle
            The offset at which the right segment of a pair begins.

        """
        whole = SegmentBounds.of(shape.guard, factor, window)
        fitted, width = _fit_window(shape, whole, middle)
        if not shape.paired:
            return cls((whole,), fitted, width)
        windows = window.only(0, middle), window.only(middle, window.low.shape[1])
        return cls(tuple(SegmentBounds.of(shape.guard, factor, each) for each in windows), fitted, width)


def _fit_window(shape: DatapathShape, segment: SegmentBounds, middle: int) -> tuple[NDArray[np.float64], float]:
    """Return the polynomials nearest to the middles of the bounds, and the largest width: as `Target` has them."""
    if not len(segment.inputs):
        return np.zeros((1 + shape.paired, shape.degree + 1)), 0.0
    _, bottom, top = segment.bounds
    t, centres = segment.t, (bottom + top) / 2.0 ** (shape.guard + 1)
    width = float((top - bottom + 1).max()) / 2.0**shape.guard
    if shape.paired:
        right = segment.inputs % (1 << shape.bits) >= middle
        return paired_least_squares(t, centres, right, shape.degree), width
    return least_squares(t, centres, shape.degree)[None], width
