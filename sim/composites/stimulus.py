"""Stimulus of composites: transfers with codes at random and at the corners, in vectors where they go in vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...hdl.composites.manifest import CompositeManifest
from ...plan.formats import FixedFormat

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
    lengths = [1, most, 1, 1, most, most, min(2, most)]
    while sum(lengths) < transfers:
        lengths.append(int(random.integers(1, most + 1)))
    rows: list[list[NDArray[np.int64]]] = []
    for number, length in enumerate(lengths):
        row = [_codes(random, fmt, length, _SPREADS[number % len(_SPREADS)]) for fmt in formats]
        if len(row) > 1:
            _tie(random, row, number, formats)
        else:
            row[0] = _tied(random, row[0], number, formats[0])
        rows.append(row)
    for vector in manifest.asked.extreme_vectors():
        rows.append(vector)
        lengths.append(len(vector[0]))
    columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
    if not manifest.ports.has("last"):
        return columns
    last = np.zeros(len(columns[0]), np.int64)
    last[np.cumsum(lengths) - 1] = 1
    return [*columns, last]


def _codes(random: np.random.Generator, fmt: FixedFormat, count: int, spread: float) -> NDArray[np.int64]:
    size = fmt.max_code - fmt.min_code + 1
    codes = np.rint(random.normal(0, spread * size / 4, count)).astype(np.int64) + (0 if fmt.signed else size // 2)
    if random.random() < 0.1:
        codes[random.integers(count)] = random.choice([fmt.min_code, 0, fmt.max_code])
    return np.clip(codes, fmt.min_code, fmt.max_code)


def _tied(random: np.random.Generator, codes: NDArray[np.int64], number: int, fmt: FixedFormat) -> NDArray[np.int64]:
    """Return the elements of a vector, with what is likely to go wrong in every other one."""
    at = int(random.integers(len(codes)))
    match number % 8:
        case 0:
            codes[:] = codes[at]
        case 2:
            codes[at] = codes.max()
        case 4:
            codes[at] = min(int(codes.max()) + 1, fmt.max_code)
        case 6:
            codes[:] = fmt.min_code
            codes[at] = fmt.max_code
    return codes


def _tie(random: np.random.Generator, row: list[NDArray[np.int64]], number: int, formats: list[FixedFormat]) -> None:
    """Do the same across the fields of a transfer, where a vector goes in at once."""
    joined = _tied(random, np.array([codes[0] for codes in row]), number, formats[0])
    if len({str(fmt) for fmt in formats}) == 1:
        for codes, code in zip(row, joined, strict=True):
            codes[:1] = code
