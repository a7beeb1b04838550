"""Feasible coefficient sets of a segment, and of a pair of segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folded_function import ANY

__all__ = ["FeasibleSet", "join_pair"]


@dataclass(frozen=True)
class FeasibleSet:
    """The coefficients found for a segment or a pair of segments.

    Attributes
    ----------
    higher : int64, (candidates, degree), of a pair (candidates, degree + 1)
        The coefficients of t, its square and so on. A pair has two columns for the highest power, that of the left
        segment first.
    low, high : int64, (candidates,)
        The lowest and the highest constant coefficient that goes with each row.

    """

    higher: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @classmethod
    def unconstrained(cls, columns: int) -> FeasibleSet:
        """Return the set of a segment in which no input occurs: every coefficient is feasible, represented by 0."""
        return cls(np.zeros((1, columns), np.int64), np.array([-ANY]), np.array([ANY]))

    @property
    def is_unconstrained(self) -> bool:
        """Whether every coefficient is feasible."""
        return bool(self.high[0] >= ANY)

    def at_most(self, most: int) -> FeasibleSet:
        """Return at most `most` choices: the first higher coefficients, each with its roundest constant."""
        if self.is_unconstrained or int((self.high - self.low + 1).sum()) <= most:
            return self
        low, high = self.low[:most], self.high[:most]
        constant = high
        for bits in range(1, int((high - low).max()).bit_length() + 1):
            rounded = high >> bits << bits
            constant = np.where(rounded >= low, rounded, constant)
        return FeasibleSet(self.higher[:most], constant, constant)


def join_pair(left: FeasibleSet, right: FeasibleSet) -> FeasibleSet | None:
    """Return the set of a pair whose segments agree in all but the highest coefficient; None if it is empty."""
    if left.is_unconstrained or right.is_unconstrained:  # the coefficient of a side without inputs is that of the other
        one = right if left.is_unconstrained else left
        return FeasibleSet(np.column_stack([one.higher, one.higher[:, -1]]), one.low, one.high)
    shared = np.concatenate([left.higher[:, :-1], right.higher[:, :-1]])
    keys = np.unique(shared, axis=0, return_inverse=True)[1].ravel() if shared.shape[1] else np.zeros(len(shared), int)
    of_left, of_right = keys[: len(left.low)], keys[len(left.low) :]
    order = np.argsort(of_right, kind="stable")
    starts, stops = (np.searchsorted(of_right[order], of_left, side=side) for side in ("left", "right"))
    counts = stops - starts
    first = np.repeat(np.arange(len(of_left)), counts)
    second = order[np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(starts, counts)]
    low = np.maximum(left.low[first], right.low[second])
    high = np.minimum(left.high[first], right.high[second])
    good = low <= high
    if not good.any():
        return None
    first, second = first[good], second[good]
    return FeasibleSet(np.column_stack([left.higher[first], right.higher[second, -1]]), low[good], high[good])
