"""The places that segments are cut from: codes of u, or two of them where the function bends little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folded_function import ANY, Core

__all__ = ["Places"]


@dataclass(frozen=True)
class Places:
    """The codes of u that polynomials are asked for, and their places.

    Segments of the tail are twice as wide. There u counts without its lowest bit: ``2**tail + (u - 2**tail >> 1)`` from
    ``2**tail`` on, so that a result serves two codes. The bits are moved where they are complemented for the sign, so
    that no logic is added for it.

    Attributes
    ----------
    covered : range
        The codes of u.
    tail : int or None
        The bit of u that tells the tail; below twice its weight are all codes. None if every code has its own place.

    """

    covered: range
    tail: int | None = None

    def of(self, code: int) -> int:
        """Return the place of a code."""
        start = code if self.tail is None else 1 << self.tail
        return code if code < start else start + (code - start >> 1)

    @property
    def stop(self) -> int:
        """The place after the last."""
        return self.of(self.covered.stop - 1) + 1 if self.covered else 0

    def width(self, core: Core) -> int:
        """Return how many bits of a place there are within the largest segment."""
        return core.width if self.tail is None else self.tail - 1

    def windows(self, core: Core) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        """Return the lowest and highest result at every place for each sign, and the directions (see `Core`).

        Any result will do at places without a code that is covered.
        """
        low, high = core.windows
        outside = np.ones(core.size, dtype=bool)
        outside[self.covered.start : self.covered.stop] = False
        low, high = np.where(outside, -ANY, low), np.where(outside, ANY, high)
        directions = np.where(outside | np.append(outside[1:], True), 0, core.directions).astype(np.int8)
        if self.tail is None:
            return low, high, directions
        start, stop = 1 << self.tail, 2 << self.tail
        pairs = (core.signs, -1, 2)
        low_tail, high_tail = (ends[:, start:stop].reshape(pairs) for ends in (low, high))
        return (
            np.concatenate([low[:, :start], low_tail.max(axis=2)], axis=1),
            np.concatenate([high[:, :start], high_tail.min(axis=2)], axis=1),
            np.concatenate([directions[:, :start], directions[:, start + 1 : stop : 2]], axis=1),
        )
