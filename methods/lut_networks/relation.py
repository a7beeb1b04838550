"""Admissible outputs of a network for every pattern of its inputs: codes from a lowest to a highest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Relation"]


class Relation:
    """Intervals of codes, compared with those of all patterns at once.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted for each pattern of the inputs.
    width
        Bits of a code.
    signed
        Whether codes are two's complement.
    occurs
        For each pattern, whether it occurs; if not, any output will do.

    """

    def __init__(
        self, low: NDArray[np.int64], high: NDArray[np.int64], width: int, signed: bool, occurs: NDArray[np.bool_]
    ) -> None:
        offset = 1 << width - 1 if signed else 0  # puts codes of both signs in order
        self._inverted = (1 << len(low)) - 1 if signed else 0
        self._low = [packed(low + offset >> bit & 1) for bit in reversed(range(width))]
        self._high = [packed(high + offset >> bit & 1) for bit in reversed(range(width))]
        self._occurs = packed(occurs)

    def outside(self, outputs: Sequence[int]) -> int:
        """Return where the code with these bits, the lowest first, is not admitted."""
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
    """Return an integer with these bits, the first being the lowest."""
    return int.from_bytes(np.packbits(np.asarray(bits, dtype=np.uint8), bitorder="little").tobytes(), "little")
