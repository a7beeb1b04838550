"""The admissible results of one segment, and the coefficients that make it monotonic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .datapath_shape import DatapathShape
from .folded_function import ANY

__all__ = ["OutputWindow", "is_monotonic", "monotonic_part"]


class OutputWindow(NamedTuple):
    """The admissible results of a segment; or, with a leading axis `segments`, of several segments of one size.

    Attributes
    ----------
    low, high : int64, (signs, offsets) or (segments, signs, offsets)
        The lowest and the highest admissible result, in ulp of the output.
    correction : int64, (signs, 1)
        What the datapath adds to the constant coefficient, in units of the lowest guard bit (see `fitter`).
    directions : int8, shape of `low`
        Required direction from each offset to the next (see `FoldedFunction.directions`).

    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    correction: NDArray[np.int64]
    directions: NDArray[np.int8]

    @property
    def occurs(self) -> NDArray[np.bool_]:
        """Whether each input occurs: bool, ``(inputs,)``."""
        return (self.high < ANY).ravel()

    def sum_bounds(self, guard: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the lowest and the highest admissible sum, with guard bits and without the correction.

        Returns
        -------
        bottom, top : int64, (inputs,) or (segments * inputs,)

        """
        low, high = self.low << guard, (self.high + 1 << guard) - 1
        return (low - self.correction).ravel(), (high - self.correction).ravel()

    @property
    def inner_directions(self) -> NDArray[np.int8]:
        """Directions with 0 from the last offset of each sign: int8, ``(inputs,)`` or ``(segments, inputs)``."""
        within = self.directions.copy()
        within[..., -1] = 0
        return within.reshape(*within.shape[:-2], -1)

    def corrected_sums(
        self, sums: NDArray[np.int64], inputs: slice | NDArray[np.int64] = slice(None)
    ) -> NDArray[np.int64]:
        """Return sums, ``(candidates or segments, inputs)``, with the correction of each input's sign added."""
        return sums + np.broadcast_to(self.correction, self.directions.shape[-2:]).ravel()[inputs]

    def only(self, start: int, stop: int) -> OutputWindow:
        """Return a window of the same shape in which no input occurs outside offsets `start` to ``stop - 1``."""
        offset = np.arange(self.low.shape[1])
        outside = (offset < start) | (offset >= stop)
        directed = ~outside & (offset != stop - 1)
        low, high = np.where(outside, -ANY, self.low), np.where(outside, ANY, self.high)
        return OutputWindow(low, high, self.correction, np.where(directed, self.directions, 0).astype(np.int8))


def is_monotonic(windows: OutputWindow, sums: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each of several segments is monotonic, whatever its constant coefficient.

    Parameters
    ----------
    windows
        Admissible results, ``(segments, signs, offsets)``; every input occurs.
    sums : int64, (segments, inputs)
        The polynomials without their constant coefficients.

    Returns
    -------
    bool, (segments,)

    """
    return _follows(windows.corrected_sums(sums), windows.inner_directions[:, :-1])


def monotonic_part(
    shape: DatapathShape,
    window: OutputWindow,
    inputs: NDArray[np.int64],
    sums: NDArray[np.int64],
    higher: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the coefficients with which a segment is monotonic.

    Only those bits of the constant coefficient matter that lie below the result's last place.

    Parameters
    ----------
    shape
        Word lengths of the datapath.
    window
        Admissible results, ``(signs, offsets)``.
    inputs : int64, (inputs,)
        Indices of the inputs that occur.
    sums : int64, (candidates, inputs)
        The polynomials without their constant coefficients.
    higher : int64, (candidates, degree)
        Higher coefficients.
    low, high : int64, (candidates,)
        The lowest and the highest constant coefficient that goes with each.

    Returns
    -------
    higher, low, high
        The same for the coefficients that are left. A candidate may occur several times, with one constant each.

    """
    directions = window.inner_directions[inputs[:-1]]
    sums = window.corrected_sums(sums, inputs)
    always = _follows(sums, directions)
    parts = [(higher[always], low[always], high[always])]
    higher, low, high, sums = higher[~always], low[~always], high[~always], sums[~always]
    step = 1 << shape.stored
    for below in range(step if len(higher) else 0):
        results = sums + (below << shape.guard - shape.stored) >> shape.guard
        good = _follows(results, directions)
        lowest = low[good] + (below - low[good]) % step
        counts = np.maximum((high[good] - lowest) // step + 1, 0)
        ordinal = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        constants = np.repeat(lowest, counts) + ordinal * step
        parts.append((np.repeat(higher[good], counts, axis=0), constants, constants))
    higher, low, high = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return higher, low, high


def _follows(values: NDArray[np.int64], directions: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return whether each row of ``(rows, inputs)`` obeys the directions at every step; equal neighbours do."""
    return np.asarray((np.diff(values, axis=1) * directions >= 0).all(axis=1))
