"""The words that units are run on: the bit patterns of codes, one 64-bit word for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Ports

__all__ = ["Words", "as_words", "decode", "released"]

Words = NDArray[np.uint64]


def decode(raw: Words, width: int, signed: bool) -> NDArray[np.int64] | Words:
    """Return bit patterns of `width` bits as numbers: int64, or uint64 for unsigned 64-bit ones."""
    if signed:
        unused = np.uint64(64 - width)
        return (raw << unused).view(np.int64) >> unused.astype(np.int64)
    return raw if width == 64 else raw.view(np.int64)


def as_words(codes: Sequence[NDArray[np.integer[Any]]], ports: Ports) -> list[Words]:
    """Return the bit patterns of arrays of inputs, one for each field of them, once they are found to fit."""
    if len(codes) != (count := len(ports.fields("input"))):
        raise ValueError(f"expected {count} input arrays, got {len(codes)}")
    for code in codes:
        if code.dtype.kind not in "iu":
            raise TypeError(f"expected integers, got {code.dtype}")
        if code.shape != (len(codes[0]),):
            raise ValueError("input arrays must be one-dimensional and of equal length")
    wide = [np.int64 if code.dtype.kind == "i" else np.uint64 for code in codes]
    return [np.ascontiguousarray(code, kind).view(np.uint64) for code, kind in zip(codes, wide, strict=True)]


def released(words: Words, held: int) -> Words:
    """Return one word of each `held` in a row: the first, or one that differs from it if they are not the same."""
    runs = words.reshape(-1, held)
    found: Words = runs[np.arange(len(runs)), (runs != runs[:, :1]).argmax(axis=1)]
    return found
