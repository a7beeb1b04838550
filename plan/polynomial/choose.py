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
from .core import ANY
from .fit import Choices
from .shape import Shape

__all__ = ["choose"]


def choose(shape: Shape, choices: Sequence[Choices]) -> list[tuple[int, ...]] | None:
    """Return the tables, that of the constant coefficients first, or None if no common coefficients are left."""
    kept = _shared(shape, choices)
    if kept is None:
        return None
    rows: list[NDArray[np.int64]] = []
    for start in range(0, len(kept), GRANULE):
        tables = [_expanded(choice) for choice in kept[start : start + GRANULE]]
        rows += _simplest(tables)
    return [tuple(int(row[power]) for row in rows) for power in range(shape.degree + 1)]


def _shared(shape: Shape, choices: Sequence[Choices]) -> list[Choices] | None:
    """Leave the choices that agree, where a coefficient is the same for some segments in a row."""
    kept = list(choices)
    for power in range(shape.degree, 0, -1):
        size = 1 << shape.coarse[power - 1]
        for start in range(0, len(kept) if size > 1 else 0, size):
            group = _agreed(kept[start : start + size], power - 1)
            if group is None:
                return None
            kept[start : start + size] = group
    return kept


def _agreed(group: Sequence[Choices], column: int) -> list[Choices] | None:
    """Leave the choices with one coefficient in common: the one that leaves the most."""
    real = [one for one in group if one.high[0] < ANY]
    if not real:
        return list(group)
    common = set.intersection(*(set(one.higher[:, column].tolist()) for one in real))
    if not common:
        return None
    best = max(sorted(common), key=lambda value: min(int((one.higher[:, column] == value).sum()) for one in real))
    found = []
    for one in group:
        if one.high[0] >= ANY:
            higher = one.higher.copy()
            higher[:, column] = best
            found.append(Choices(higher, one.low, one.high))
        else:
            kept = one.higher[:, column] == best
            found.append(Choices(one.higher[kept], one.low[kept], one.high[kept]))
    return found


def _expanded(choice: Choices) -> NDArray[np.int64]:
    """Return every choice as a row: the constant coefficient and the higher ones."""
    if choice.high[0] >= ANY:
        return np.concatenate([np.zeros((len(choice.higher), 1), np.int64), choice.higher], axis=1)
    counts = choice.high - choice.low + 1
    higher = np.repeat(choice.higher, counts, axis=0)
    starts = np.repeat(choice.low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return np.column_stack([starts + np.arange(len(higher)), higher])


def _simplest(tables: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Choose rows for up to sixteen segments, one for each."""
    found = []
    for order in permutations(range(tables[0].shape[1])):
        left = tables
        for power in order:
            left = _narrowed(left, power)
        rows = [table[int(np.argmin(np.bitwise_count(table).sum(axis=1)))] for table in left]
        found.append((_changing(np.array(rows)), rows))
    return min(found, key=lambda pair: pair[0])[1]


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
