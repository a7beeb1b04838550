"""The segmentation of the input: which codes of u polynomials cover, and the address of each code.

An address is the segment's index in its upper bits and the offset within the segment in its lower bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .folded_function import ANY, FoldedFunction
from .output_bounds import OutputBounds

__all__ = ["Segmentation"]


@dataclass(frozen=True)
class Segmentation:
    """The codes of u that polynomials cover, and their addresses.

    With a tail, segments there are twice as wide: u is counted without its lowest bit, so that two codes share a
    result. The address of u is ``2**tail + (u - 2**tail >> 1)`` from ``2**tail`` on. Complementing u for the sign
    complements the address, so the tail takes no logic of its own for that.

    Attributes
    ----------
    covered : range
        The codes of u.
    tail : int or None
        The bit of u that is 1 in the tail and 0 below it; the tail ends at twice its weight. None for no tail, with
        the code itself as its address.

    """

    covered: range
    tail: int | None = None

    def address(self, code: int) -> int:
        """Return the address of a code."""
        start = code if self.tail is None else 1 << self.tail
        return code if code < start else start + (code - start >> 1)

    @property
    def stop(self) -> int:
        """The address after the last."""
        return self.address(self.covered.stop - 1) + 1 if self.covered else 0

    def offset_bits(self, function: FoldedFunction) -> int:
        """Return the number of offset bits of the largest segment."""
        return function.width if self.tail is None else self.tail - 1

    def bounds(self, function: FoldedFunction) -> OutputBounds:
        """Return the admissible results at every address; any result is admissible where no covered code is."""
        low, high = function.bounds
        outside = np.ones(function.size, dtype=bool)
        outside[self.covered.start : self.covered.stop] = False
        low, high = np.where(outside, -ANY, low), np.where(outside, ANY, high)
        directions = np.where(outside | np.append(outside[1:], True), 0, function.directions).astype(np.int8)
        shortfall = np.arange(function.signs)[:, None] * int(function.mirror is not None)
        if self.tail is None:
            return OutputBounds(low, high, directions, shortfall)
        start, stop = 1 << self.tail, 2 << self.tail
        pairs_shape = (function.signs, -1, 2)  # (signs, addresses of the tail, codes of an address)
        low_pairs, high_pairs = (bound[:, start:stop].reshape(pairs_shape) for bound in (low, high))
        return OutputBounds(
            np.concatenate([low[:, :start], low_pairs.max(axis=2)], axis=1),
            np.concatenate([high[:, :start], high_pairs.min(axis=2)], axis=1),
            np.concatenate([directions[:, :start], directions[:, start + 1 : stop : 2]], axis=1),
            shortfall,
        )
