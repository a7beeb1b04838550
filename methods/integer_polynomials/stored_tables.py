"""Coefficients as tables store them: an entry for every value of the index, and no bits that all have in common."""

from __future__ import annotations

from collections.abc import Sequence

from .datapath_shape import DatapathShape
from .folded_function import FoldedFunction

__all__ = ["constant_bits", "filled", "stored_tables"]


def stored_tables(function: FoldedFunction, shape: DatapathShape, tables: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return tables with an entry for every value of the index, the constant coefficient as it is stored."""
    first, *others = map(filled, tables)
    return [[entry % (1 << constant_bits(function, shape)) for entry in first], *others]


def constant_bits(function: FoldedFunction, shape: DatapathShape) -> int:
    """Return the bits of the constant coefficient that its table has; those above come back as a prefix."""
    return function.results.size.bit_length() - 1 + shape.stored


def filled(entries: Sequence[int]) -> list[int]:
    """Return entries for every value of an index, filled so that the table depends on few index bits.

    The upper half of an index whose highest bit tells a tail is filled with the last entry as far as one bit less
    reaches, and repeats itself beyond.
    """
    size = 1 << (len(entries) - 1).bit_length()
    if len(entries) == size:
        return list(entries)
    lower, upper = list(entries[: size // 2]), list(entries[size // 2 :])
    period = 1 << (len(upper) - 1).bit_length()
    upper += upper[-1:] * (period - len(upper))
    return lower + upper * (size // 2 // period)
