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
"""About the most choices of neighbouring segments that are compared: a faithful unit has a few thousand, and one
that may be off by a part of the output's range has millions."""


def choose(shape: DatapathShape, sets: Sequence[FeasibleSet]) -> list[tuple[int, ...]]:
    """Return one table for each power from 0 on; that of the highest power of pairs has left segments first."""
    looked_up = [0] if shape.ratios else list(range(1 + shape.degree + shape.paired))
    rows: list[NDArray[np.int64]] = []
    for start in range(0, len(sets), GRANULE):
        neighbours = sets[start : start + GRANULE]
        most = _MOST_ROWS // len(neighbours)
        rows += _simplest_rows([_rows_of(feasible.at_most(most)) for feasible in neighbours], looked_up)
    columns = list(np.array(rows).T)
    if shape.paired:
        columns = [*columns[:-2], np.concatenate(columns[-2:])]
    return [tuple(map(int, column)) for column in columns]


def _rows_of(feasible: FeasibleSet) -> NDArray[np.int64]:
    """Return every feasible choice as a row of int64, (choices, degree + 2); no row if the segment is unconstrained.

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


def _simplest_rows(tables: list[NDArray[np.int64]], looked_up: list[int]) -> list[NDArray[np.int64]]:
    """Choose a row for each of up to sixteen segments; an unconstrained segment takes that of a neighbour.

    The columns `looked_up` are those that take tables.
    """
    width = tables[0].shape[1] - 1
    constrained = [table for table in tables if len(table)]
    if not constrained:
        return [np.zeros(width, dtype=np.int64)] * len(tables)
    every, sizes = np.concatenate(constrained), np.array([len(table) for table in constrained])
    found = []
    for order in permutations(looked_up):
        left, counts = every, sizes
        for power in order:
            left, counts = _agree_on_bits(left, counts, power)
        starts = (np.cumsum(counts) - counts).tolist()
        lean = left[:, width]
        rows = [
            left[start + int(np.argmin(lean[start:stop])), :width] for start, stop in pairwise([*starts, len(left)])
        ]
        found.append((_changing_bits(np.array(rows)[:, looked_up]), rows))
    rows = min(found, key=lambda pair: pair[0])[1]
    source = np.cumsum([len(table) > 0 for table in tables]) - 1
    return [rows[max(source_index, 0)] for source_index in source]


def _changing_bits(rows: NDArray[np.int64]) -> int:
    """Return the number of bits that differ between rows, (segments, degree + 1)."""
    different = np.bitwise_or.reduce(rows, axis=0) ^ np.bitwise_and.reduce(rows, axis=0)
    return int(np.bitwise_count(different).sum())


def _agree_on_bits(
    rows: NDArray[np.int64], counts: NDArray[np.int64], power: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep the rows in which as many bits of a coefficient as possible, the lowest first, agree in all segments.

    The rows, (choices, degree + 2), are grouped by segment, with `counts` rows each; every segment keeps at least one.
    """
    for bit in range(int(np.abs(rows[:, power]).max()).bit_length() + 1):
        for value in (0, 1):
            same = (rows[:, power] >> bit & 1) == value
            left = np.add.reduceat(same, np.cumsum(counts) - counts, dtype=np.int64)
            if left.all():
                rows, counts = rows[same], left
                break
    return rows, counts
