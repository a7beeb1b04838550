"""The arrays that a golden model is called with: codes checked against their formats, and shapes joined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ...plan import operations as op
from ...plan.formats import FixedFormat
from ...plan.input_range import show_codes
from ...support.arrays import at, first_place, read_codes
from .rules import Array

__all__ = ["FOR_FLOATS", "as_codes", "broadcast", "unmasked", "unmasked_values"]

FOR_FLOATS = "call floats() for values"
"""Advice for floats where codes are wanted."""


def as_codes(name: str, fmt: FixedFormat, held: op.Range, codes: ArrayLike) -> tuple[Array, Array | None]:
    """Return codes that the input may have, and their mask, under which they are any such codes."""
    array, mask = read_codes(codes, f"codes of {name}", FOR_FLOATS)
    array = unmasked(array, mask, held)
    if array.size and (int(array.min()) < held.low or int(array.max()) > held.high):
        wrong = np.array([not held.low <= code <= held.high for code in array.ravel().tolist()]).reshape(array.shape)
        place = first_place(wrong)
        code = int(array[place])
        which = f"the one{at(place)}" if place else "it"
        if held == op.Range.of(fmt):
            raise ValueError(f"codes of {name} must be within {held}, the codes of {fmt}, but {which} is {code}")
        raise ValueError(
            f"input {name} is promised to stay within {show_codes(held, fmt)}, "
            f"but {which} is {float(fmt.shown.value(code)):.10g} (code {code})"
        )
    return array.astype(object, copy=False) if fmt.max_code >= 1 << 63 else array, mask


def unmasked(codes: Array, mask: Array | None, held: op.Range) -> Array:
    """Return codes with one that the input may have wherever they are masked."""
    if mask is None:
        return codes
    there = min(max(0, held.low), held.high)
    dtype = np.result_type(codes.dtype, np.min_scalar_type(there))
    return np.where(mask, np.asarray(there, dtype=object if dtype.kind == "f" else dtype), codes)


def unmasked_values(values: Array, mask: Array | None, fmt: FixedFormat, held: op.Range) -> Array:
    """Return values with one that the input may have wherever they are masked."""
    if mask is None:
        return values
    return np.where(mask, values.dtype.type(fmt.shown.value(min(max(0, held.low), held.high))), values)


def broadcast(arrays: list[Array]) -> tuple[tuple[int, ...], list[Array]]:
    """Return the shape that arrays have together, and their elements in a row."""
    if len(arrays) == 1:
        return arrays[0].shape, [arrays[0].reshape(-1)]
    try:
        together = np.broadcast_arrays(*arrays)
    except ValueError:
        raise ValueError(f"inputs must have shapes that broadcast, not {_shapes(arrays)}") from None
    return together[0].shape, [array.reshape(-1) for array in together]


def _shapes(arrays: list[Array]) -> str:
    return " and ".join(str(array.shape) for array in arrays)
