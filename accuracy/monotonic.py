"""Outputs that rise and fall only as the function does: in which order they are, and what that leaves of a budget.

A *chain* is an array of indices along which values must not fall. Where every value lies in an interval of its own, and
neither end of the intervals falls along a chain, any value that has been chosen leaves one for all others: the running
maximum of values within the intervals is within them, too (decision 016).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..functions.properties import Monotonicity

__all__ = ["chains", "directions", "is_monotonic", "tighten"]

Codes = NDArray[np.int64]
Chains = Sequence[NDArray[np.int64]]


def directions(codes: NDArray[Any], monotonicity: Monotonicity) -> NDArray[np.int8]:
    """Return for each code but the last where outputs may go from there to the next: 1 for not down, -1 for not up.

    It is 0, for either way, where a critical point lies between the two.

    Parameters
    ----------
    codes
        Input codes in ascending order.
    monotonicity
        Where a function rises and falls, in input codes.

    """
    passed: NDArray[np.int64] = np.zeros(max(len(codes) - 1, 0), dtype=np.int64)
    between = np.zeros(len(passed), dtype=bool)
    for point in monotonicity.points:
        passed += np.asarray(codes[:-1] >= ceil(point), dtype=bool)
        between |= np.asarray((codes[:-1] < ceil(point)) & (codes[1:] > floor(point)), dtype=bool)
    first = 1 if monotonicity.rises else -1
    return np.where(between, 0, first * (1 - 2 * (passed % 2))).astype(np.int8)


def is_monotonic(codes: NDArray[Any], outputs: NDArray[Any], monotonicity: Monotonicity) -> bool:
    """Whether outputs never fall where a function rises, and never rise where it falls.

    Parameters
    ----------
    codes, outputs
        Input codes in ascending order, and what comes of each.
    monotonicity
        As for `directions`.

    """
    direction, earlier, later = directions(codes, monotonicity), outputs[:-1], outputs[1:]
    return bool((((direction <= 0) | (later >= earlier)) & ((direction >= 0) | (later <= earlier))).all())


def chains(direction: NDArray[np.int8]) -> list[NDArray[np.int64]]:
    """Return the chains of values of which neighbours are to be as `directions` says."""
    found = []
    starts = np.flatnonzero(np.diff(direction, prepend=0, append=0))
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if direction[start]:
            chain = np.arange(start, stop + 1)
            found.append(chain if direction[start] > 0 else chain[::-1])
    return found


def tighten(low: Codes, high: Codes, along: Chains) -> None:
    """Narrow intervals, in place, to the values that occur in sequences that do not fall along chains.

    Only the first and the last index of a chain may be that of another, at the same end.
    """
    for chain in along:
        low[chain] = np.maximum.accumulate(low[chain])
        high[chain] = np.minimum.accumulate(high[chain][::-1])[::-1]
