"""Which of the coefficients that will do: those whose tables are the simplest logic.

A look-up table of four inputs tells sixteen entries apart. So a bit of a coefficient costs one of them for every
sixteen segments, unless it is the same in all of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ..logic_size import GRANULE
from .choices import Choices
from .shape import Shape

__all__ = ["choose"]


def choose(shape: Shape, choices: Sequence[Choices]) -> list[tuple[int, ...]]:
    """Return the tables, that of the constant coefficients first; of pairs, the highest ones of left segments first."""
    rows: list[NDArray[np.int64]] = []
    for start in range(0, len(choices), GRANULE):
        rows += _simplest([_expanded(choice) for choice in choices[start : start + GRANULE]])
    columns = list(np.array(rows).T)
    if shape.paired:
        columns = [*columns[:-2], np.concatenate(columns[-2:])]
    return [tuple(map(int, column)) for column in columns]


def _expanded(choice: Choices) -> NDArray[np.int64]:
    """Return every choice as a row: the constant coefficient and the higher ones; none if any will do."""
    if choice.free:
        return np.zeros((0, 1 + choice.higher.shape[1]), dtype=np.int64)
    counts = choice.high - choice.low + 1
    higher = np.repeat(choice.higher, counts, axis=0)
    starts = np.repeat(choice.low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return np.column_stack([starts + np.arange(len(higher)), higher])


def _simplest(tables: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Choose rows for up to sixteen segments, one for each; where any will do, that of a neighbour."""
    width = tables[0].shape[1]
    asked = [table for table in tables if len(table)]
    if not asked:
        return [np.zeros(width, dtype=np.int64)] * len(tables)
    found = []
    for order in permutations(range(width)):
        left = asked
        for power in order:
            left = _narrowed(left, power)
        rows = [table[int(np.argmin(np.bitwise_count(table).sum(axis=1)))] for table in left]
        found.append((_changing(np.array(rows)), rows))
    rows = min(found, key=lambda pair: pair[0])[1]
    number = np.cumsum([len(table) > 0 for table in tables]) - 1
    return [rows[max(place, 0)] for place in number]


def _changing(rows: NDArray[np.int64]) -> int:
    """Return how many bits are not the same in all rows."""
    different = np.bitwise_or.reduce(rows, axis=0) ^ np.bitwise_and.reduce(rows, axis=0)
    return int(np.bitwise_count(different).sum())


def _narrowed(tables: list[NDArray[np.int64]], power: int) -> list[NDArray[np.int64]]:
    """Leave the rows in which as many bits of a coefficient as possible, the lowest first, are the same for all."""
    width = max(int(np.abs(table[:, power]).max()) for table in tables).bit_length() + 1
    for bit in range(width):
        for value in (0, 1):
            left = [table[(table[:, power] >> bit & 1) == value] for table in tables]
            if all(len(table) for table in left):
                tables = left
                break
    return tables
