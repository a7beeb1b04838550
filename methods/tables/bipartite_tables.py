"""Bipartite tables: initial values and offsets, found together, that add up to what is admitted at every place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...accuracy.monotonic import tighten
from ...plan.operations.base import Range
from .entries import choose_entries, merge_neighbours
from .folding import HIGHEST, LOWEST, Folding

__all__ = ["BipartiteTables", "find_tables"]

Codes = NDArray[np.int64]

_ROUNDS = 8
"""Rounds after which offsets that do not fit are given up."""


@dataclass(frozen=True)
class BipartiteTables:
    """Initial values p, one for each stretch of ``2**low`` places, and offsets q, whose sums are entries.

    Attributes
    ----------
    folding
        What the entries are to be.
    steep, low
        How many of the highest and of the lowest bits of a place tell the offset.
    guard
        Bits of both tables below the lowest of an entry.
    initial
        p for each stretch.
    offset
        q by the steep bits and the place in the upper half of a stretch, which is added to p; to a place in the lower
        half belongs the complement of the offset of its mirror image, -q - 1.

    """

    folding: Folding
    steep: int
    low: int
    guard: int
    initial: Codes
    offset: Codes

    @property
    def size(self) -> int:
        """Bits of both tables."""
        return sum(
            len(table) * Range(int(table.min()), int(table.max())).width for table in (self.initial, self.offset)
        )


def find_tables(folding: Folding, low: int, guard: int, most: int) -> BipartiteTables | None:
    """Return tables with so many low and guard bits and at most so many steep bits, if they are found.

    Offsets are shared over as many stretches as they can be: first over all, then over the halves of those for which
    that is not possible, and so on. Where many share them, the steep bits make no difference to the table of offsets.
    """
    held, used, half = folding.entries, folding.high < HIGHEST, 1 << low - 1
    order = _Order.of(folding, low)
    least, greatest = _apart(folding, low)
    lowest = np.where(used, np.maximum(least, held.low) << guard, LOWEST).reshape(-1, 2 * half)
    highest = np.where(used, (np.minimum(greatest, held.high) + 1 << guard) - 1, HIGHEST).reshape(-1, 2 * half)
    # The limits of p + q in the upper half of a stretch, and of p - q in the lower, where p + ~q is p - q - 1.
    limits = np.stack(
        [lowest[:, half:], lowest[:, half - 1 :: -1] + 1, highest[:, half:], highest[:, half - 1 :: -1] + 1]
    )
    stretches = len(lowest)
    q = np.zeros((stretches, half), dtype=np.int64)
    left, steep = np.ones(1, dtype=bool), 0
    while True:
        blocks = limits.reshape(4, 1 << steep, -1, half)[:, left]
        found, offsets = _offsets(blocks, order.of_blocks(steep, left))
        done = np.flatnonzero(left)[found]
        q.reshape(1 << steep, -1, half)[done] = offsets[found, None, :]
        left[done] = False
        if not left.any():
            break
        if steep == most or 1 << steep == stretches:
            return None
        left, steep = np.repeat(left, 2), steep + 1
    initial = _chosen(*_initial_limits(limits[:, :, None, :], q))
    blocks, order = limits.reshape(4, 1 << steep, -1, half), order.of_blocks(steep)
    offset_limits = order.narrowed(*_offset_limits(blocks, initial.reshape(1 << steep, -1)))
    offset = _chosen(*offset_limits, order.chains(half))
    return BipartiteTables(folding, steep, low, guard, initial, offset)


def _initial_limits(limits: Codes, q: Codes) -> tuple[Codes, Codes]:
    """Return what offsets q[i, k] leave of initial values p[i, j] (see `_offsets`)."""
    offsets = q[:, None, :]
    low = np.maximum(limits[0] - offsets, limits[1] + offsets).max(axis=2)
    high = np.minimum(limits[2] - offsets, limits[3] + offsets).min(axis=2)
    return low, high


def _offset_limits(limits: Codes, p: Codes) -> tuple[Codes, Codes]:
    """Return what initial values p[i, j] leave of offsets q[i, k]."""
    values = p[:, :, None]
    low = np.maximum(limits[0] - values, values - limits[3]).max(axis=1)
    high = np.minimum(limits[2] - values, values - limits[1]).min(axis=1)
    return low, high


def _offsets(limits: Codes, order: _Order) -> tuple[NDArray[np.bool_], Codes]:
    """Return for each block i whether offsets were found that all its stretches j can share, and the offsets.

    By turns, initial values p and offsets q go to the middle of what the others leave them.

    Parameters
    ----------
    limits
        For each i, j and k, the least of p[i, j] + q[i, k] and of p[i, j] - q[i, k], and the most of both.
    order
        That of the offsets of each block i.

    """
    upper, lower = ((low + high) / 2 for low, high in (limits[::2], limits[1::2]))
    known = (limits[2:] < HIGHEST >> 1).all(axis=0)
    rise = np.where(known, upper - lower, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    q = order.kept(np.floor(rise / 2).astype(np.int64))
    found = np.zeros(len(q), dtype=bool)
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(~found)
        low, high = _initial_limits(limits[:, open_], q[open_])
        found[open_] = (low <= high).all(axis=1)
        if found.all():
            break
        low, high = order.narrowed(*_offset_limits(limits[:, open_], low + high >> 1), open_)
        q[open_] = np.where(high < HIGHEST >> 1, low + high + 1 >> 1, q[open_])
        q[open_] = order.kept(q[open_], open_)
    return found & ~order.mixed, q


def _chosen(low: Codes, high: Codes, chains: Sequence[Codes] = ()) -> Codes:
    """Choose entries, none of them negative where that can be had, that do not fall along chains."""
    low, high = low.ravel(), high.ravel()
    return choose_entries(*merge_neighbours(np.where(high >= 0, np.maximum(low, 0), low), high), chains)


def _apart(folding: Folding, low: int) -> tuple[Codes, Codes]:
    """Return the folding's intervals, with some entry between neighbours of different stretches.

    Then entries that do not fall within the stretches do not fall from one to another.
    """
    least, most = folding.low.copy(), folding.high.copy()
    tighten(least, most, folding.chains)
    for chain in folding.chains:
        earlier, later = chain[:-1], chain[1:]
        ends = np.flatnonzero((earlier ^ later) >> low)
        earlier, later = earlier[ends], later[ends]
        between = least[earlier] + most[later] >> 1
        most[earlier], least[later] = np.minimum(most[earlier], between), np.maximum(least[later], between)
    tighten(least, most, folding.chains)
    return least, most


@dataclass(frozen=True)
class _Order:
    """The directions of the offsets of blocks, if entries are to be in order.

    Where entries rise over a stretch, offsets are not negative and do not fall; where they fall, the complements of the
    offsets are so.

    Attributes
    ----------
    rising, falling
        Whether entries have to rise, and to fall, over some stretch of each block.
    step
        How far apart the places of neighbours are.

    """

    rising: NDArray[np.bool_]
    falling: NDArray[np.bool_]
    step: int

    @classmethod
    def of(cls, folding: Folding, low: int) -> _Order:
        """Return the order of blocks of one stretch each."""
        rising = np.zeros(len(folding.low) >> low, dtype=bool)
        falling = rising.copy()
        for chain in folding.chains:
            inside = chain[:-1] >> low == chain[1:] >> low
            forward = chain[1:] > chain[:-1]
            rising[chain[:-1][inside & forward] >> low] = True
            falling[chain[:-1][inside & ~forward] >> low] = True
        return cls(rising, falling, folding.step)

    def of_blocks(self, steep: int, kept: NDArray[np.bool_] | slice = slice(None)) -> _Order:
        """Return the order of ``2**steep`` equal blocks, or of some of these."""
        rising, falling = (
            np.asarray(flags.reshape(1 << steep, -1).any(axis=1))[kept] for flags in (self.rising, self.falling)
        )
        return _Order(rising, falling, self.step)

    @property
    def mixed(self) -> NDArray[np.bool_]:
        """The blocks for which there are no offsets."""
        return self.rising & self.falling

    def narrowed(self, low: Codes, high: Codes, blocks: Codes | slice = slice(None)) -> tuple[Codes, Codes]:
        """Return what is left of limits of offsets q[i, k] for some blocks."""
        rising, falling = self.rising[blocks, None], self.falling[blocks, None]
        low, high = np.where(falling, ~high, low), np.where(falling, ~low, high)
        lowest, highest = np.maximum(low, 0), high.copy()
        for start in range(self.step):
            part = np.s_[:, start :: self.step]
            lowest[part] = np.maximum.accumulate(lowest[part], axis=1)
            highest[part] = np.minimum.accumulate(highest[part][:, ::-1], axis=1)[:, ::-1]
        low, high = np.where(rising | falling, lowest, low), np.where(rising | falling, highest, high)
        return np.where(falling, ~high, low), np.where(falling, ~low, high)

    def kept(self, q: Codes, blocks: Codes | slice = slice(None)) -> Codes:
        """Return offsets q[i, k] in order for some blocks: raised, or lowered where entries fall, as far as need be."""
        falling = self.falling[blocks, None]
        raised = self.narrowed(q, np.full_like(q, HIGHEST), blocks)[0]
        return np.where(falling, self.narrowed(np.full_like(q, LOWEST), q, blocks)[1], raised)

    def chains(self, half: int) -> list[Codes]:
        """Return the chains of offsets, as indices of all of them."""
        found = []
        for block in np.flatnonzero(self.rising | self.falling):
            for start in range(self.step):
                chain = np.arange(block * half + start, (block + 1) * half, self.step)
                found.append(chain[::-1] if self.falling[block] else chain)
        return found
