"""Admitted outputs of a network: intervals of codes for every pattern of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Relation", "packed"]


class Relation:
    """Intervals of codes, compared with the outputs at all patterns at once.

    Parameters
    ----------
    intervals
        For each pattern of the inputs the lowest and the highest code of every interval, of shape (intervals, 2); by
        rising codes, and disjoint.
    width
        The number of bits of a code.
    signed
        Whether codes are two's complement.

    Attributes
    ----------
    starts, low, high : uint64, (patterns + 1,) and (intervals,)
        The intervals of all patterns in a row, and where those of each begin. Codes of both signs are made
        non-negative, in the same order.
    flip
        The bits of an output that are inverted for that.

    """

    def __init__(self, intervals: Sequence[NDArray[np.int64]], width: int, signed: bool) -> None:
        self.width, self.flip = width, 1 << width - 1 if signed else 0
        rows = np.concatenate(list(intervals)) + self.flip
        self.starts = np.cumsum([0, *map(len, intervals)]).astype(np.uint64)
        self.low, self.high = (np.ascontiguousarray(column).astype(np.uint64) for column in rows.T)

    @classmethod
    def between(
        cls, low: NDArray[np.int64], high: NDArray[np.int64], width: int, signed: bool, occurs: NDArray[np.bool_]
    ) -> Relation:
        """Return the relation with one interval for each pattern.

        Parameters
        ----------
        low, high
            The lowest and the highest code admitted for each pattern of the inputs, of shape (patterns,).
        width, signed
            The codes.
        occurs
            Whether each pattern occurs, of shape (patterns,); if not, any output is admitted.

        """
        least = -(1 << width - 1) if signed else 0
        lows, highs = np.where(occurs, low, least), np.where(occurs, high, least + (1 << width) - 1)
        return cls(list(np.stack([lows, highs], axis=1)[:, None]), width, signed)

    def outside(self, outputs: Sequence[int]) -> int:
        """Return the patterns with an output that is not admitted, as bits of an integer.

        `outputs` holds the values of the output's bits, the lowest first.
        """
        every = (1 << len(self.starts) - 1) - 1
        *below, highest = outputs
        codes = [highest ^ (every if self.flip else 0), *reversed(below)]
        found = every
        for lows, highs in self._layers:
            same_low = same_high = every
            outside = 0
            for code, low, high in zip(codes, lows, highs, strict=True):
                differs = same_low & (code ^ low)
                outside |= differs & low
                same_low ^= differs
                differs = same_high & (code ^ high)
                outside |= differs & code
                same_high ^= differs
            found &= outside
        return found

    @cached_property
    def _layers(self) -> list[tuple[list[int], list[int]]]:
        """The first interval of each pattern, the second and so on, the last again where there are no more.

        Each as the bits of its lowest codes, the highest first, and those of its highest codes.
        """
        starts = self.starts.astype(np.int64)
        counts = np.diff(starts)
        layers = []
        for number in range(int(counts.max())):
            places = starts[:-1] + np.minimum(number, counts - 1)
            bounds = (bound[places].astype(np.int64) for bound in (self.low, self.high))
            lows, highs = ([packed(bound >> bit & 1) for bit in reversed(range(self.width))] for bound in bounds)
            layers.append((lows, highs))
        return layers


def packed(bits: NDArray[np.int64] | NDArray[np.bool_]) -> int:
    """Return the integer with the bits of an array of shape (bits,), the first being the lowest."""
    return int.from_bytes(np.packbits(np.asarray(bits, dtype=np.uint8), bitorder="little").tobytes(), "little")
