"""Operations of Yosys's word-wide cells on numpy arrays of 64-bit words, by the definitions of its cell library.

The bits above a word's width are 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .bit_patterns import Words

__all__ = ["ARITHMETIC", "COMPARISONS", "SHIFTS", "TESTS", "WIDEST", "ZERO"]

WIDEST = 64
"""Bits of the widest word."""


def _shift_left(a: Words, amount: Words) -> Words:
    return np.where(amount < WIDEST, a << np.minimum(amount, _LONGEST_SHIFT), ZERO)


def _shift_right(a: Words, amount: Words) -> Words:
    return np.where(amount < WIDEST, a >> np.minimum(amount, _LONGEST_SHIFT), ZERO)


def _shift_right_signed(a: Words, amount: Words) -> Words:
    return (a.view(np.int64) >> np.minimum(amount, _LONGEST_SHIFT).view(np.int64)).view(np.uint64)


ZERO = np.zeros(1, np.uint64)
_LONGEST_SHIFT = np.uint64(WIDEST - 1)

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "$pos": np.positive,
    "$not": np.invert,
    "$neg": np.negative,
    "$add": np.add,
    "$sub": np.subtract,
    "$mul": np.multiply,
    "$and": np.bitwise_and,
    "$or": np.bitwise_or,
    "$xor": np.bitwise_xor,
}
"""Operations modulo 2**64; the caller takes the low bits."""

COMPARISONS: dict[str, Callable[..., Any]] = {
    "$eq": np.equal,
    "$ne": np.not_equal,
    "$lt": np.less,
    "$le": np.less_equal,
    "$gt": np.greater,
    "$ge": np.greater_equal,
}

TESTS: dict[str, Callable[..., Any]] = {
    "$reduce_and": lambda full, a: a == full,
    "$reduce_or": lambda _, a: a != 0,
    "$reduce_bool": lambda _, a: a != 0,
    "$logic_not": lambda _, a: a == 0,
    "$logic_and": lambda _, a, b: (a != 0) & (b != 0),
    "$logic_or": lambda _, a, b: (a != 0) | (b != 0),
}
"""Tests of whole operands, with a result of one bit; `full` is the first operand with all bits set."""

SHIFTS: dict[str, Callable[[Words, Words], Words]] = {
    "$shl": _shift_left,
    "$sshl": _shift_left,
    "$shr": _shift_right,
    "$sshr": _shift_right_signed,
}
