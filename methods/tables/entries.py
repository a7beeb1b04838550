"""Entries of a table whose every place admits an interval of codes: those that take the least logic.

A table in look-up tables of four inputs costs one for every different block of 16 places of every bit, so that freedom
is spent on making blocks equal: to their sibling, which makes a bit of the index irrelevant there, to a constant, or to
any other block.
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
    """Narrow intervals so that aligned blocks of places, as large as can be, admit the same codes.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted at each of ``2**n`` places, in ascending order.

    Returns
    -------
    tuple of arrays
        The same for the narrowed intervals, none of which is empty if none was.

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
    """Return codes within intervals, one for each of ``2**n`` places, that take little logic.

    The bits are settled one after the other, the highest first: the codes that have the bits settled so far are an
    interval still, and at each place its next bit is 0, 1, or free. Of codes of both signs, the sign is the highest.

    Parameters
    ----------
    low, high
        The lowest and the highest code admitted at each place. Limits beyond all others of the same kind say nothing:
        no code is chosen that needs more bits than the others.
    chains
        Places along which codes are not to fall; there must be such codes (see `monotonic`).

    """
    low, high = low.copy(), high.copy()
    tighten(low, high, chains)
    bottom, top = int(high.min()), int(low.max())
    if top <= bottom:  # one code will do
        return np.full(len(low), min(max(0, top), bottom))
    # Some code of every interval lies between the two, so that no other is needed.
    bits = max(top, -bottom - 1, 0).bit_length()
    offset = 1 << bits if bottom < 0 else 0  # which inverts the sign, and puts codes in order
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
    """Return a bit for every place: 0 where it must be, 1 where it must be, and what makes blocks equal elsewhere."""
    zero, one = zero.copy(), one.copy()
    size = len(one) // 2
    while size:
        zeros, ones = (flags.reshape(-1, 2, size) for flags in (zero, one))
        alike = ~((zeros & ones[:, ::-1]).any(axis=(1, 2)))
        zeros[alike] |= zeros[alike][:, ::-1]
        ones[alike] |= ones[alike][:, ::-1]
        size //= 2
        if size == GRANULE // 2:
            _share_blocks(zero.reshape(-1, GRANULE), one.reshape(-1, GRANULE))
    return one


def _share_blocks(zeros: Flags, ones: Flags) -> None:
    """Make blocks equal that can be, in place: each to the first that it agrees with."""
    ones[~zeros.any(axis=1)] = True
    zeros[~ones.any(axis=1)] = True
    left = np.flatnonzero(zeros.any(axis=1) & ones.any(axis=1))
    while len(left):
        first, rest = left[0], left[1:]
        taken = [first]
        for block in rest[~((zeros[first] & ones[rest]) | (ones[first] & zeros[rest])).any(axis=1)]:
            if not ((zeros[first] & ones[block]) | (ones[first] & zeros[block])).any():
                zeros[first] |= zeros[block]
                ones[first] |= ones[block]
                taken.append(block)
        zeros[taken], ones[taken] = zeros[first], ones[first]
        left = np.setdiff1d(rest, taken)
