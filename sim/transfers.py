"""Transfers: codes, and the ``last`` that travels with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hdl.interfaces import Field, Port, Ports

__all__ = ["add_last", "input_words", "output_words"]

Column = NDArray[Any]
"""One value for each transfer."""


def add_last(
    ports: Ports, codes: Sequence[Column], answers: Sequence[Column], seed: int = 1
) -> tuple[list[Column], list[Column]]:
    """Return what goes into a unit and what comes out of it, a column for each of `Ports.fields`.

    These are the codes and their answers, and where the ports carry ``last``, the same random bits on both sides.
    """
    if not ports.has("last"):
        return list(codes), list(answers)
    lasts = np.random.default_rng((seed, 1)).integers(0, 2, len(codes[0]))
    return [*codes, lasts], [*answers, lasts]


def input_words(ports: Ports, columns: Sequence[Column], seed: int = 1) -> Iterator[tuple[int, ...]]:
    """Yield the bit patterns of the inputs, transfer by transfer; padding holds rubbish."""
    random = np.random.default_rng((seed, 2))
    fields = ports.fields("input")
    words = [_padded(field, column, random) for field, column in zip(fields, columns, strict=True)]
    return zip(*_joined(ports.inputs, words), strict=True)


def output_words(ports: Ports, columns: Sequence[Column]) -> Iterator[tuple[int, ...]]:
    """Yield the bit patterns of the outputs, transfer by transfer; codes are extended by their sign."""
    masks = [(1 << field.width) - 1 for field in ports.fields("output")]
    words = [[code & mask for code in column.tolist()] for mask, column in zip(masks, columns, strict=True)]
    return zip(*_joined(ports.outputs, words), strict=True)


def _joined(ports: Sequence[Port], words: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield the words of each port, made of those of its fields."""
    rest = iter(words)
    for port in ports:
        first, *others = (
            ([word << field.low for word in next(rest)] if field.low else next(rest)) for field in port.fields
        )
        yield [sum(parts) for parts in zip(first, *others, strict=True)] if others else first


def _padded(field: Field, column: Column, random: np.random.Generator) -> list[int]:
    width = field.width - field.padding
    rubbish = random.integers(0, 1 << field.padding, len(column)).tolist()
    return [code & (1 << width) - 1 | above << width for code, above in zip(column.tolist(), rubbish, strict=True)]
