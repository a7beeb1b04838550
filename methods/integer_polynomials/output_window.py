"""Admissible results of a segment, and the coefficients that make it monotonic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .datapath_shape import Shape
from .folded_function import ANY

__all__ = ["Window", "is_monotonic", "monotonic_choices"]


class Window(NamedTuple):
    """The admissible results of a segment, ``(signs, offsets)``: a row for every sign, a column for every place.

    Attributes
    ----------
    low, high
        The lowest and the highest result.
    offset
        What is added to the constant coefficient for each sign (see `fitter`).
    directions
        Where results may go from each place to the next (see `Core.directions`).

    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    offset: NDArray[np.int64]
    directions: NDArray[np.int8]

    @property
    def occurs(self) -> NDArray[np.bool_]:
        """Whether each place is that of an input, those of one sign after those of the other."""
        return (self.high < ANY).ravel()

    def limits(self, guard: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the lowest and highest sum with so many guard bits, but for the offset, in the same order."""
        low, high = self.low << guard, (self.high + 1 << guard) - 1
        return (low - self.offset).ravel(), (high - self.offset).ravel()

    @property
    def ways(self) -> NDArray[np.int8]:
        """Where results may go from each place to the next within the segment, in the same order."""
        within = self.directions.copy()
        within[..., -1] = 0
        return within.reshape(*within.shape[:-2], -1)

    def offset_sums(
        self, rest: NDArray[np.int64], places: slice | NDArray[np.int64] = slice(None)
    ) -> NDArray[np.int64]:
        """Return what is added to the constant coefficient at some places with the offset that each sign has."""
        return rest + np.broadcast_to(self.offset, self.directions.shape[-2:]).ravel()[places]

    def between(self, start: int, stop: int) -> Window:
        """Return what the places from `start` to before `stop` may give: elsewhere no input occurs."""
        place = np.arange(self.low.shape[1])
        other = (place < start) | (place >= stop)
        directed = ~other & (place != stop - 1)
        low, high = np.where(other, -ANY, self.low), np.where(other, ANY, self.high)
        return Window(low, high, self.offset, np.where(directed, self.directions, 0).astype(np.int8))


def is_monotonic(windows: Window, rest: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether results are monotonic within each of several segments, whatever the constant coefficient.

    Parameters
    ----------
    windows
        What the segments may give, along a first axis more; every place is that of an input.
    rest
        What is added to the constant coefficient: a row for each segment, a column for each place.

    """
    return _goes(windows.offset_sums(rest), windows.ways[:, :-1])


def monotonic_choices(
    shape: Shape,
    window: Window,
    places: NDArray[np.int64],
    rest: NDArray[np.int64],
    higher: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Leave the choices whose results are monotonic within the segment.

    That depends on the constant coefficient only by its bits below the result's last place.
    """
    way = window.ways[places[:-1]]
    rest = window.offset_sums(rest, places)
    sure = _goes(rest, way)
    parts = [(higher[sure], low[sure], high[sure])]
    higher, low, high, rest = higher[~sure], low[~sure], high[~sure], rest[~sure]
    step = 1 << shape.stored
    for below in range(step if len(higher) else 0):
        results = rest + (below << shape.guard - shape.stored) >> shape.guard
        good = _goes(results, way)
        lowest = low[good] + (below - low[good]) % step
        counts = np.maximum((high[good] - lowest) // step + 1, 0)
        number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        constants = np.repeat(lowest, counts) + number * step
        parts.append((np.repeat(higher[good], counts, axis=0), constants, constants))
    higher, low, high = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return higher, low, high


def _goes(values: NDArray[np.int64], way: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return for each row whether it goes that way, or stays as it is, at every step."""
    return np.asarray((np.diff(values, axis=1) * way >= 0).all(axis=1))
