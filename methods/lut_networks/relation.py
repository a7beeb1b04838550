"""Admissible outputs of a network: an interval of codes for every pattern of its inputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Relation"]


class Relation:
    """Intervals of codes, compared with the outputs at all patterns at once.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted for each pattern of the inputs, of shape (patterns,).
    width
        The number of bits of a code.
    signed
        Whether codes are two's complement.
    occurs
        Whether each pattern occurs, of shape (patterns,); if not, any output is admitted.

    """

    def __init__(
        self, low: NDArray[np.int64], high: NDArray[np.int64], width: int, signed: bool, occurs: NDArray[np.bool_]
    ) -> None:
        offset = 1 << width - 1 if signed else 0  # makes codes of both signs non-negative, in the same order
        self._inverted = (1 << len(low)) - 1 if signed else 0
        self._low = [packed(low + offset >> bit & 1) for bit in reversed(range(width))]
        self._high = [packed(high + offset >> bit & 1) for bit in reversed(range(width))]
        self._occurs = packed(occurs)

    def outside(self, outputs: Sequence[int]) -> int:
        """Return the patterns with an output that is not admitted, as bits of an integer.

        `outputs` holds the values of the output's bits, the lowest first.
        """
        same_low = same_high = self._occurs
        outside = 0
        *below, highest = outputs
        codes = [highest ^ self._inverted, *reversed(below)]
        for code, low, high in zip(codes, self._low, self._high, strict=True):
            differs = same_low & (code ^ low)
            outside |= differs & low
            same_low ^= differs
            differs = same_high & (code ^ high)
            outside |= differs & code
            same_high ^= differs
        return outside


def packed(bits: NDArray[np.int64] | NDArray[np.bool_]) -> int:
    """Return the integer with the bits of an array of shape (bits,), the first being the lowest."""
    return int.from_bytes(np.packbits(np.asarray(bits, dtype=np.uint8), bitorder="little").tobytes(), "little")
