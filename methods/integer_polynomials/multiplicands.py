"""Ranges of the multiplicands of Horner's rule, once the coefficients of every segment are known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ...plan.operations.base import Range
from .datapath_shape import DatapathShape, Factor

__all__ = ["multiplicand_ranges"]


def multiplicand_ranges(shape: DatapathShape, signs: int, tables: Sequence[Sequence[int]]) -> list[Range]:
    """Return the range of the value that is multiplied by t in each product, that for power 1 first.

    Parameters
    ----------
    shape
        Word lengths of the datapath.
    signs
        Number of signs of the input.
    tables
        Coefficients of each power from 0 on, with one entry for each segment or pair. The table of the highest power
        of pairs has the entries of all left segments, then those of all right segments.

    """
    factor = Factor.of(shape, signs)
    sides = [factor]
    if shape.paired:
        in_right = np.arange(len(factor.t)) % (1 << shape.bits) >= shape.middle(signs)
        sides = [factor.at(np.flatnonzero(inputs)) for inputs in (~in_right, in_right)]
    ranges: list[list[Range]] = [[] for _ in range(shape.degree)]
    for highest, side in zip(np.split(np.array(tables[-1], dtype=np.int64), len(sides)), sides, strict=True):
        coefficients = [*(np.array(table, dtype=np.int64) for table in tables[1:-1]), highest]
        total: NDArray[np.int64] = np.zeros((len(highest), 1), dtype=np.int64)  # (segments, inputs)
        for power in range(shape.degree, 0, -1):
            multiplicand = coefficients[power - 1][:, None] + total
            ranges[power - 1].append(Range(int(multiplicand.min()), int(multiplicand.max())))
            total = side.product(shape, power, multiplicand)
    return [reduce(Range.union, of_sides) for of_sides in ranges]
