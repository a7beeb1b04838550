"""Functions that fetch a word from the values of a clock: parts of other words, entries of tables, choices of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bit_patterns import Words
from .netlist_cells import Bits, UnsupportedCellError
from .word_operations import WIDEST

__all__ = ["Fetch", "Flag", "Values", "choice", "constant_word", "lookup", "mask", "masked", "part_of_word"]

Values = list[Any]
"""The values of a clock: words, each an array, and conditions, each a `Flag`."""

Fetch = Callable[[Values], Words]
"""A function of the values of a clock that returns a word."""


class Flag(NamedTuple):
    """A condition in each copy of the module, and whether it holds in all and in any of them."""

    holds: NDArray[np.bool_]
    all: bool
    any: bool

    @classmethod
    def of(cls, holds: NDArray[np.bool_]) -> Flag:
        """Return the flag of a condition."""
        return cls(holds, bool(holds.all()), bool(holds.any()))


def choice(flag: int, a: Fetch, b: Fetch) -> Fetch:
    """Fetch `b` in the copies in which a condition holds, and `a` in the others."""

    def choose(v: Values) -> Words:
        condition: Flag = v[flag]
        if condition.all:
            return b(v)
        return np.where(condition.holds, b(v), a(v)) if condition.any else a(v)

    return choose


def mask(width: int) -> Words:
    """Return a word whose lowest `width` bits are set; `UnsupportedCellError` if a word is narrower than that."""
    if width > WIDEST:
        raise UnsupportedCellError(f"a word of {width} bits, more than {WIDEST}")
    return np.array([(1 << width) - 1], np.uint64)


def constant_word(bits: Bits) -> Words:
    """Return the word of the constant bits among these; all others are 0."""
    return np.array([sum(1 << at for at, bit in enumerate(bits) if bit == "1")], np.uint64)


def part_of_word(word: int, low: int, length: int, at: int, width: int) -> Fetch:
    """Fetch `length` bits, from bit `low` on, of a word of `width` bits, and shift them to bit `at`."""
    if low == 0 and length == width:
        if at == 0:
            return lambda v: v[word]
        up = np.uint64(at)
        return lambda v: v[word] << up
    cut = mask(length) << np.uint64(low)
    if at >= low:
        up = np.uint64(at - low)
        return lambda v: (v[word] & cut) << up
    down = np.uint64(low - at)
    return lambda v: (v[word] & cut) >> down


def masked(fetch: Fetch, kept: Words) -> Fetch:
    """Fetch a word and clear the bits that are not `kept`."""
    return lambda v: fetch(v) & kept


def lookup(table: Words, address: Fetch) -> Fetch:
    """Fetch the entry of a table at an address; the last entry stands for all addresses outside."""
    outside = np.uint64(len(table) - 1)
    return lambda v: table[np.minimum(address(v), outside)]
