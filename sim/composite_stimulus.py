"""Stimulus of composites: transfers with codes at random and at the corners, in vectors where they go in vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..hdl.composites.manifest import CompositeManifest
from ..plan.formats import FixedFormat

__all__ = ["stimulus"]

_SPREADS = (1.0, 0.1, 0.01)
"""Spreads of random codes, as shares of the format's range."""


def stimulus(manifest: CompositeManifest, transfers: int, seed: int = 1) -> list[NDArray[np.int64]]:
    """Return transfers into a composite, one array for each field of its inputs.

    A third each of the codes, or vectors, are spread over all, a tenth and a hundredth of the format; among them are
    the corners (both ends and 0), vectors with all elements equal, with several largest ones, and with a largest one by
    one code. Vectors have lengths from 1 to the longest, and begin with single elements beside the longest ones. Those
    that the composite has for the limits of its arithmetic come last.

    Parameters
    ----------
    manifest
        The composite.
    transfers
        How many, at least; vectors are complete.
    seed
        Seed of all that is random.

    """
    random = np.random.default_rng(seed)
    fields = manifest.ports.data("input")
    formats = [manifest.hardware.formats[field.name] for field in fields]
    most = getattr(manifest.asked, "n", 1) if manifest.asked.streams_vectors else 1
    lengths = _lengths(random, most, transfers)
    columns = [_codes(random, fmt, lengths) for fmt in formats]
    if len(columns) == 1:
        _tie(random, columns[0], lengths, formats[0])
    elif len({str(fmt) for fmt in formats}) == 1:  # a vector goes in at once, an element in each field
        first = np.cumsum(lengths) - lengths
        elements = np.stack([column[first] for column in columns], axis=1)
        _tie(random, elements.reshape(-1), np.full(len(lengths), len(columns)), formats[0])
        for column, one in zip(columns, elements.T, strict=True):
            column[first] = one
    extreme = manifest.asked.extreme_vectors()
    columns = [np.concatenate(parts) for parts in zip(columns, *extreme, strict=True)]
    if not manifest.ports.has("last"):
        return columns
    last = np.zeros(len(columns[0]), np.int64)
    last[np.cumsum([*lengths, *(len(vector[0]) for vector in extreme)]) - 1] = 1
    return [*columns, last]


def _lengths(random: np.random.Generator, most: int, transfers: int) -> NDArray[np.int64]:
    """Return lengths of vectors, enough for so many transfers."""
    first = [1, most, 1, 1, most, most, min(2, most)]
    more = random.integers(1, most + 1, max(transfers - sum(first), 0))
    return np.array([*first, *more[: np.searchsorted(np.cumsum(more), transfers - sum(first)) + 1]])


def _codes(random: np.random.Generator, fmt: FixedFormat, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the codes of all vectors, one behind the other; in one vector of ten there is a corner."""
    size = fmt.max_code - fmt.min_code + 1
    spreads = np.resize(_SPREADS, len(lengths)) * (size / 4)
    codes = np.rint(random.normal(0, np.repeat(spreads, lengths))).astype(np.int64) + (0 if fmt.signed else size // 2)
    places = _places(random, lengths)[random.random(len(lengths)) < 0.1]
    codes[places] = random.choice([fmt.min_code, 0, fmt.max_code], len(places))
    return np.clip(codes, fmt.min_code, fmt.max_code)


def _places(random: np.random.Generator, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of an element at random of every vector."""
    return np.cumsum(lengths) - 1 - random.integers(lengths)


def _tie(random: np.random.Generator, codes: NDArray[np.int64], lengths: NDArray[np.int64], fmt: FixedFormat) -> None:
    """Put what is likely to go wrong into every other vector, of vectors one behind the other."""
    at = _places(random, lengths)
    largest = np.maximum.reduceat(codes, np.cumsum(lengths) - lengths)
    kinds = np.arange(len(lengths)) % 8
    equal, lowest = (np.repeat(kinds == kind, lengths) for kind in (0, 6))
    codes[equal] = np.repeat(codes[at], lengths)[equal]
    codes[at[kinds == 2]] = largest[kinds == 2]
    codes[at[kinds == 4]] = np.minimum(largest[kinds == 4] + 1, fmt.max_code)
    codes[lowest] = fmt.min_code
    codes[at[kinds == 6]] = fmt.max_code
