"""Entries that take little logic, chosen for a table in which every index admits an interval of codes.

In look-up tables of four inputs, a table costs one for every different granule (16 aligned indices) of every bit. The
freedom is therefore spent on making granules equal: to their sibling, which makes a bit of the index irrelevant there,
to a constant, or to any other granule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...accuracy.monotonic import tighten
from ...plan.lut_estimate import GRANULE

__all__ = ["choose_entries", "merge_neighbours"]

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]


def merge_neighbours(low: Codes, high: Codes) -> tuple[Codes, Codes]:
    """Narrow intervals so that aligned ranges of indices, as large as possible, admit the same codes.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted at each index, of shape (2**n,).

    Returns
    -------
    tuple of arrays
        The same for the narrowed intervals, of which none is empty if none was before.

    """
    low, high = low.copy(), high.copy()
    uniform = np.ones(len(low), dtype=bool)
    size = 1
    while 2 * size <= len(low) and uniform.any():
        lows, highs = (ends.reshape(-1, 2, size) for ends in (low, high))
        shared_low, shared_high = lows[:, :, 0].max(axis=1), highs[:, :, 0].min(axis=1)
        uniform = uniform.reshape(-1, 2).all(axis=1) & (shared_low <= shared_high)
        lows[uniform], highs[uniform] = shared_low[uniform, None, None], shared_high[uniform, None, None]
        size *= 2
    return low, high


def choose_entries(low: Codes, high: Codes, chains: Sequence[Codes] = ()) -> Codes:
    """Return codes within intervals that take little logic, of shape (2**n,).

    The bits are settled one after the other, the highest first. The codes with the bits settled so far are still an
    interval, and the next bit at each index is 0, 1, or free. The sign, where there is one, is the highest bit.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted at each index, of shape (2**n,). Limits may be arbitrarily wide: no
        code is chosen that needs more bits than the narrowest intervals ask for.
    chains
        Indices along which codes must not fall, each of shape (neighbours,); such codes must exist (see `monotonic`).

    """
    low, high = low.copy(), high.copy()
    tighten(low, high, chains)
    bottom, top = int(high.min()), int(low.max())
    if top <= bottom:  # one code serves all indices
        return np.full(len(low), min(max(0, top), bottom))
    # Some code of every interval lies between the two, so that no other is needed.
    bits = max(top, -bottom - 1, 0).bit_length()
    offset = 1 << bits if bottom < 0 else 0  # inverts the sign bit, so that codes of both signs are in order
    low = np.maximum(low, -offset) + offset
    high = np.minimum(high, (1 << bits) - 1) + offset
    for bit in reversed(range(bits + (offset > 0))):
        one = _settled(~(high >> bit & 1).astype(bool), (low >> bit & 1).astype(bool))
        for chain in chains:
            one[chain] = np.maximum.accumulate((low >> (bit + 1) << 1 | one)[chain]) & 1
        first = high >> (bit + 1) << (bit + 1) | 1 << bit  # the lowest code with this bit, after those settled
        low = np.where(one, np.maximum(low, first), low)
        high = np.where(one, high, np.minimum(high, first - 1))
    return low - offset


def _settled(zero: Flags, one: Flags) -> Flags:
    """Return a bit for every index that makes granules equal where it is free.

    `zero` and `one`, of shape (indices,), say where it must be 0 and 1.
    """
    zero, one = zero.copy(), one.copy()
    size = len(one) // 2
    while size:
        zeros, ones = (flags.reshape(-1, 2, size) for flags in (zero, one))
        alike = ~((zeros & ones[:, ::-1]).any(axis=(1, 2)))
        zeros[alike] |= zeros[alike][:, ::-1]
        ones[alike] |= ones[alike][:, ::-1]
        size //= 2
        if size == GRANULE // 2:
            _share_granules(zero.reshape(-1, GRANULE), one.reshape(-1, GRANULE))
    return one


def _share_granules(zeros: Flags, ones: Flags) -> None:
    """Make granules equal in place, each to the first that it agrees with.

    Both arrays, where a bit must be 0 and where it must be 1, are of shape (granules, indices of a granule).
    """
    ones[~zeros.any(axis=1)] = True
    zeros[~ones.any(axis=1)] = True
    left = np.flatnonzero(zeros.any(axis=1) & ones.any(axis=1))
    while len(left):
        first, rest = left[0], left[1:]
        taken = [first]
        for granule in rest[~((zeros[first] & ones[rest]) | (ones[first] & zeros[rest])).any(axis=1)]:
            if not ((zeros[first] & ones[granule]) | (ones[first] & zeros[granule])).any():
                zeros[first] |= zeros[granule]
                ones[first] |= ones[granule]
                taken.append(granule)
        zeros[taken], ones[taken] = zeros[first], ones[first]
        left = np.setdiff1d(rest, taken)
