"""The choice among feasible coefficients: those whose tables are the simplest logic.

A look-up table of four inputs tells sixteen entries apart. So a bit of a coefficient costs one of them for every
sixteen segments, unless it is the same in all of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from ...plan.lut_estimate import GRANULE
from .coefficient_sets import FeasibleSet
from .datapath_shape import DatapathShape

__all__ = ["choose"]

_MOST_ROWS = 1 << 16
"""About how many choices of neighbouring segments are told apart: a faithful unit has a few thousand of them, and one
that may be off by a part of the output's range has millions."""


def choose(shape: DatapathShape, sets: Sequence[FeasibleSet]) -> list[tuple[int, ...]]:
    """Return the tables, that of the constant coefficients first; of pairs, the highest ones of left segments first."""
    rows: list[NDArray[np.int64]] = []
    for start in range(0, len(sets), GRANULE):
        neighbours = sets[start : start + GRANULE]
        most = _MOST_ROWS // len(neighbours)
        rows += _simplest_rows([_rows_of(feasible.at_most(most)) for feasible in neighbours])
    columns = list(np.array(rows).T)
    if shape.paired:
        columns = [*columns[:-2], np.concatenate(columns[-2:])]
    return [tuple(map(int, column)) for column in columns]


def _rows_of(feasible: FeasibleSet) -> NDArray[np.int64]:
    """Return every choice as a row; none if any will do.

    The columns are the constant coefficient, the higher ones, and how far the constant one is from the middle of those
    that go with these, doubled: there results lean to neither side.
    """
    if feasible.is_unconstrained:
        return np.zeros((0, 2 + feasible.higher.shape[1]), dtype=np.int64)
    counts = feasible.high - feasible.low + 1
    higher = np.repeat(feasible.higher, counts, axis=0)
    starts = np.repeat(feasible.low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    constants = starts + np.arange(len(higher))
    lean = np.abs(2 * constants - np.repeat(feasible.low + feasible.high, counts))
    return np.column_stack([constants, higher, lean])


def _simplest_rows(tables: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Choose rows for up to sixteen segments, one for each; where any will do, that of a neighbour."""
    width = tables[0].shape[1] - 1
    constrained = [table for table in tables if len(table)]
    if not constrained:
        return [np.zeros(width, dtype=np.int64)] * len(tables)
    every, sizes = np.concatenate(constrained), np.array([len(table) for table in constrained])
    found = []
    for order in permutations(range(width)):
        left, counts = every, sizes
        for power in order:
            left, counts = _agree_on_bits(left, counts, power)
        starts = (np.cumsum(counts) - counts).tolist()
        lean = left[:, width]
        rows = [
            left[start + int(np.argmin(lean[start:stop])), :width] for start, stop in pairwise([*starts, len(left)])
        ]
        found.append((_changing_bits(np.array(rows)), rows))
    rows = min(found, key=lambda pair: pair[0])[1]
    source = np.cumsum([len(table) > 0 for table in tables]) - 1
    return [rows[max(source_index, 0)] for source_index in source]


def _changing_bits(rows: NDArray[np.int64]) -> int:
    """Return how many bits are not the same in all rows."""
    different = np.bitwise_or.reduce(rows, axis=0) ^ np.bitwise_and.reduce(rows, axis=0)
    return int(np.bitwise_count(different).sum())


def _agree_on_bits(
    rows: NDArray[np.int64], counts: NDArray[np.int64], power: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leave the rows in which as many bits of a coefficient as possible, the lowest first, are the same for all.

    The rows are those of one segment after those of another, so many of each as `counts` says; some of each are left.
    """
    for bit in range(int(np.abs(rows[:, power]).max()).bit_length() + 1):
        for value in (0, 1):
            same = (rows[:, power] >> bit & 1) == value
            left = np.add.reduceat(same, np.cumsum(counts) - counts, dtype=np.int64)
            if left.all():
                rows, counts = rows[same], left
                break
    return rows, counts
