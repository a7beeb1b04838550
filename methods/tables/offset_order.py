"""The order of offsets that makes the sums of two tables monotonic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folded_table import FoldedTable
from .folding import HIGHEST, LOWEST

__all__ = ["OffsetOrder"]

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class OffsetOrder:
    """The directions of the offsets of groups of segments, for entries that are to be in order.

    Where entries rise over a segment, offsets are not negative and do not fall. Where entries fall, the complements of
    the offsets are so. Without either, any offsets are in order. Offsets q are of shape (groups, half), a row being
    those of the upper half of the segments of a group.

    Parameters
    ----------
    rising, falling
        Whether entries must rise, and fall, over some segment of each group; of shape (groups,).
    step
        The distance of the indices of neighbouring inputs.

    """

    rising: Flags
    falling: Flags
    step: int

    @classmethod
    def of(cls, table: FoldedTable, offset_bits: int) -> OffsetOrder:
        """Return the order of groups of one segment each."""
        rising = np.zeros(len(table.low) >> offset_bits, dtype=bool)
        falling = rising.copy()
        for chain in table.chains:
            earlier, later = chain[:-1], chain[1:]
            inside = earlier >> offset_bits == later >> offset_bits
            rising[earlier[inside & (later > earlier)] >> offset_bits] = True
            falling[earlier[inside & (later < earlier)] >> offset_bits] = True
        return cls(rising, falling, table.folding.step)

    def of_groups(self, steep_bits: int, chosen: Flags | slice = slice(None)) -> OffsetOrder:
        """Return the order of ``2**steep_bits`` equal groups, or of those chosen by flags of shape (groups,)."""
        rising, falling = (
            np.asarray(flags.reshape(1 << steep_bits, -1).any(axis=1))[chosen] for flags in (self.rising, self.falling)
        )
        return OffsetOrder(rising, falling, self.step)

    @property
    def is_impossible(self) -> Flags:
        """Whether entries must both rise and fall, so that no offsets are in order; of shape (groups,)."""
        return self.rising & self.falling

    def tighten(self, low: Codes, high: Codes, groups: Codes | slice = slice(None)) -> tuple[Codes, Codes]:
        """Return the limits that offsets in order have within others, all of shape (groups, half)."""
        rising, falling = self.rising[groups, None], self.falling[groups, None]
        ordered, falls = rising | falling, falling.any()
        if not ordered.any():
            return low, high
        if falls:
            low, high = np.where(falling, ~high, low), np.where(falling, ~low, high)
        lowest, highest = np.maximum(low, 0), high.copy()
        for start in range(self.step):
            part = np.s_[:, start :: self.step]
            lowest[part] = np.maximum.accumulate(lowest[part], axis=1)
            highest[part] = np.minimum.accumulate(highest[part][:, ::-1], axis=1)[:, ::-1]
        if not ordered.all():
            lowest, highest = np.where(ordered, lowest, low), np.where(ordered, highest, high)
        if falls:
            return np.where(falling, ~highest, lowest), np.where(falling, ~lowest, highest)
        return lowest, highest

    def sort(self, q: Codes, groups: Codes | slice = slice(None)) -> Codes:
        """Return offsets put in order, of shape (groups, half).

        They are raised, or lowered where entries fall, by no more than necessary.
        """
        falling = self.falling[groups, None]
        raised = self.tighten(q, np.full_like(q, HIGHEST), groups)[0]
        if not falling.any():
            return raised
        return np.where(falling, self.tighten(np.full_like(q, LOWEST), q, groups)[1], raised)

    def chains(self, half: int) -> list[Codes]:
        """Return the chains of the offsets of all groups in a row, each of shape (neighbours,)."""
        found = []
        for group in np.flatnonzero(self.rising | self.falling):
            for start in range(self.step):
                chain = np.arange(group * half + start, (group + 1) * half, self.step)
                found.append(chain[::-1] if self.falling[group] else chain)
        return found
