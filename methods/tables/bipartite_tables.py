"""Bipartite tables: initial values and offsets, found together, whose sums are admitted at every index.

The arrays of the search have these axes: *segments* of a table, each of ``2 * half`` indices; *groups* of neighbouring
segments that share their offsets; *half*, the offsets of the upper half of a segment. The offset of an index in the
lower half is the complement, -q - 1, of that of its mirror image in the upper half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...accuracy.monotonic import tighten
from ...plan.operations.base import Range
from .entries import choose_entries, merge_neighbours
from .folded_table import FoldedTable
from .folding import HIGHEST, LOWEST
from .offset_order import OffsetOrder

__all__ = ["BipartiteTables", "find_tables"]

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ROUNDS = 8
"""The rounds after which a search for offsets is given up."""


@dataclass(frozen=True)
class BipartiteTables:
    """A table of initial values p, one for each segment, and one of offsets q, whose sums are entries.

    Parameters
    ----------
    table
        The table whose entries the sums are.
    steep_bits, offset_bits
        The numbers of the highest and of the lowest bits of the index that the offset depends on.
    guard_bits
        The bits of both tables below the lowest of an entry.
    initial
        The initial values, of shape (segments,).
    offset
        The offsets, of shape (groups * half,): those of a group, which the steep bits select, in a row.

    """

    table: FoldedTable
    steep_bits: int
    offset_bits: int
    guard_bits: int
    initial: Codes
    offset: Codes

    @property
    def size(self) -> int:
        """Bits of both tables."""
        return sum(
            len(table) * Range(int(table.min()), int(table.max())).width for table in (self.initial, self.offset)
        )


def find_tables(
    table: FoldedTable, offset_bits: int, guard_bits: int, *, most_steep_bits: int
) -> BipartiteTables | None:
    """Return the pair of tables with the given bits and at most `most_steep_bits`, or None if none is found.

    At first all segments are one group, which shares its offsets. A group for which no offsets are found is halved, and
    so on. Since all groups end at the same size, one that was found early repeats its offsets, which costs no logic.
    """
    held, occurs, half = table.entries, table.high < HIGHEST, 1 << offset_bits - 1
    order = OffsetOrder.of(table, offset_bits)
    least, most = _separate_segments(table, offset_bits)
    lowest = np.where(occurs, np.maximum(least, held.low) << guard_bits, LOWEST).reshape(-1, 2 * half)
    highest = np.where(occurs, (np.minimum(most, held.high) + 1 << guard_bits) - 1, HIGHEST).reshape(-1, 2 * half)
    # The limits of p + q in the upper half of a segment, and of p - q in the lower, where p + ~q is p - q - 1.
    limits = np.stack(
        [lowest[:, half:], lowest[:, half - 1 :: -1] + 1, highest[:, half:], highest[:, half - 1 :: -1] + 1]
    )
    segments = len(lowest)
    q = np.zeros((segments, half), dtype=np.int64)
    unsettled, steep_bits = np.ones(1, dtype=bool), 0
    while True:
        groups = limits.reshape(4, 1 << steep_bits, -1, half)[:, unsettled]
        found, offsets = _shared_offsets(groups, order.of_groups(steep_bits, unsettled))
        settled = np.flatnonzero(unsettled)[found]
        q.reshape(1 << steep_bits, -1, half)[settled] = offsets[found, None, :]
        unsettled[settled] = False
        if not unsettled.any():
            break
        if steep_bits == most_steep_bits or 1 << steep_bits == segments:
            return None
        unsettled, steep_bits = np.repeat(unsettled, 2), steep_bits + 1
    initial = _choose(*_initial_limits(limits[:, :, None, :], q))
    groups, order = limits.reshape(4, 1 << steep_bits, -1, half), order.of_groups(steep_bits)
    offset_limits = order.tighten(*_offset_limits(groups, initial.reshape(1 << steep_bits, -1)))
    offset = _choose(*offset_limits, order.chains(half))
    return BipartiteTables(table, steep_bits, offset_bits, guard_bits, initial, offset)


def _initial_limits(limits: Codes, q: Codes) -> tuple[Codes, Codes]:
    """Return the limits of initial values, of shape (groups, segments), for offsets of shape (groups, half).

    `limits` is that of `_shared_offsets`.
    """
    offsets = q[:, None, :]
    low = np.maximum(limits[0] - offsets, limits[1] + offsets).max(axis=2)
    high = np.minimum(limits[2] - offsets, limits[3] + offsets).min(axis=2)
    return low, high


def _offset_limits(limits: Codes, p: Codes) -> tuple[Codes, Codes]:
    """Return the limits of offsets, of shape (groups, half), for initial values of shape (groups, segments).

    `limits` is that of `_shared_offsets`.
    """
    values = p[:, :, None]
    low = np.maximum(limits[0] - values, values - limits[3]).max(axis=1)
    high = np.minimum(limits[2] - values, values - limits[1]).min(axis=1)
    return low, high


def _shared_offsets(limits: Codes, order: OffsetOrder) -> tuple[Flags, Codes]:
    """Find offsets that all segments of a group can share.

    Initial values and offsets are moved in turn to the middle of the interval that the others leave them.

    Parameters
    ----------
    limits
        The limits of sums, of shape (4, groups, segments, half): the least p + q and p - q, and the most of both.
    order
        The order of the offsets of each group.

    Returns
    -------
    tuple of arrays
        Whether offsets were found for each group, of shape (groups,), and the offsets, of shape (groups, half).

    """
    upper, lower = ((low + high) / 2 for low, high in (limits[::2], limits[1::2]))
    known = (limits[2:] < HIGHEST >> 1).all(axis=0)
    rise = np.where(known, upper - lower, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    q = order.sort(np.floor(rise / 2).astype(np.int64))
    found = np.zeros(len(q), dtype=bool)
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(~found)
        left = limits[:, open_] if found.any() else limits
        low, high = _initial_limits(left, q[open_])
        found[open_] = (low <= high).all(axis=1)
        if found.all():
            break
        low, high = order.tighten(*_offset_limits(left, low + high >> 1), open_)
        q[open_] = np.where(high < HIGHEST >> 1, low + high + 1 >> 1, q[open_])
        q[open_] = order.sort(q[open_], open_)
    return found & ~order.is_impossible, q


def _choose(low: Codes, high: Codes, chains: Sequence[Codes] = ()) -> Codes:
    """Choose entries that do not fall along chains, and none of them negative if that is possible.

    The limits are of any shape; the entries, of shape (entries,), are in their order.
    """
    low, high = low.ravel(), high.ravel()
    return choose_entries(*merge_neighbours(np.where(high >= 0, np.maximum(low, 0), low), high), chains)


def _separate_segments(table: FoldedTable, offset_bits: int) -> tuple[Codes, Codes]:
    """Return the table's intervals, narrowed so that a code lies between neighbours of different segments.

    Then entries that do not fall within the segments do not fall from one to the next. Both ends are of shape
    (indices,).
    """
    least, most = table.low.copy(), table.high.copy()
    tighten(least, most, table.chains)
    for chain in table.chains:
        earlier, later = chain[:-1], chain[1:]
        ends = np.flatnonzero((earlier ^ later) >> offset_bits)
        earlier, later = earlier[ends], later[ends]
        between = least[earlier] + most[later] >> 1
        most[earlier], least[later] = np.minimum(most[earlier], between), np.maximum(least[later], between)
    tighten(least, most, table.chains)
    return least, most
