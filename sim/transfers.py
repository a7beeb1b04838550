"""Transfers: codes, and the ``last`` that travels with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hdl.interfaces import Port, Ports

__all__ = ["add_last", "input_words", "output_words"]

Column = NDArray[Any]
"""One value for each transfer."""


def add_last(
    ports: Ports, codes: Sequence[Column], answers: Sequence[Column], seed: int = 1
) -> tuple[list[Column], list[Column]]:
    """Return what goes over `ports.inputs` and comes over `ports.outputs`, a column for each.

    These are the codes and their answers, and where the ports carry ``last``, the same random bits on both sides.
    """
    if not ports.has("last"):
        return list(codes), list(answers)
    lasts = np.random.default_rng((seed, 1)).integers(0, 2, len(codes[0]))
    return [*codes, lasts], [*answers, lasts]


def input_words(ports: Ports, columns: Sequence[Column], seed: int = 1) -> Iterator[tuple[int, ...]]:
    """Yield the bit patterns of the inputs, transfer by transfer; padding holds rubbish."""
    random = np.random.default_rng((seed, 2))
    words = [_padded(port, column, random) for port, column in zip(ports.inputs, columns, strict=True)]
    return zip(*words, strict=True)


def output_words(ports: Ports, columns: Sequence[Column]) -> Iterator[tuple[int, ...]]:
    """Yield the bit patterns of the outputs, transfer by transfer; codes are extended by their sign."""
    masks = [(1 << port.width) - 1 for port in ports.outputs]
    words = [[code & mask for code in column.tolist()] for mask, column in zip(masks, columns, strict=True)]
    return zip(*words, strict=True)


def _padded(port: Port, column: Column, random: np.random.Generator) -> list[int]:
    width = port.width - port.padding
    rubbish = random.integers(0, 1 << port.padding, len(column)).tolist()
    return [code & (1 << width) - 1 | above << width for code, above in zip(column.tolist(), rubbish, strict=True)]
