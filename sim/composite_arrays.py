"""The golden model of a composite over arrays of any shape, its inputs and outputs by name (decision 059)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..hdl.composites.manifest import CompositeManifest
from ..hdl.interfaces import Field
from ..plan.formats import FixedFormat
from ..support.arrays import at, first_place, read_codes, read_values
from .composite_model import golden_model

__all__ = ["CompositeArrays"]

Array = NDArray[Any]


class CompositeArrays:
    """A composite as a function of arrays.

    Where its transfers are elements of vectors, the last axis of the arrays is that of the elements. Where a whole
    vector goes in at once, in fields called x0, x1 ..., it is one array x, and its last axis is that of the fields.

    Parameters
    ----------
    manifest
        The composite.

    Attributes
    ----------
    inputs, outputs : dict of str to FixedFormat
        The formats of the arrays that go in and come out, by name and in order.
    takes_vectors : bool
        Whether the last axis of the inputs is that of a vector's elements.

    """

    def __init__(self, manifest: CompositeManifest) -> None:
        self._model, self._ports = golden_model(manifest), manifest.ports
        self._streamed = manifest.asked.streams_vectors
        formats = manifest.hardware.formats
        self.inputs, self._fields_in = _arrays(self._ports.data("input"), formats)
        self.outputs, self._fields_out = _arrays(self._ports.data("output"), formats)
        self.takes_vectors = self._streamed or self._fields_in > len(self.inputs)

    def __call__(self, *codes: ArrayLike) -> Any:
        """Return the codes of the output, or a tuple of those of all outputs, for codes of each input.

        Parameters
        ----------
        *codes
            Integers for each of `inputs`, of shapes that broadcast to one.

        Raises
        ------
        TypeError
            If they are not integers.
        ValueError
            If one is not a code of its format, or shapes do not go together.

        """
        read = [_checked(name, fmt, given) for (name, fmt), given in zip(self.inputs.items(), codes, strict=True)]
        try:
            arrays = np.broadcast_arrays(*read)
        except ValueError:
            shapes = ", ".join(f"{name} {each.shape}" for name, each in zip(self.inputs, read, strict=True))
            raise ValueError(f"inputs must have shapes that broadcast to one, not {shapes}") from None
        shape = arrays[0].shape
        if self.takes_vectors and not shape:
            raise ValueError("an array needs an axis for the elements of a vector, and this is a single number")
        outputs = self._evaluated(arrays, shape)
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def floats(self, *values: ArrayLike) -> Any:
        """Return the outputs as floats, for floats that are rounded to the formats of the inputs first."""
        read = [read_values(given, f"values of {name}")[0] for name, given in zip(self.inputs, values, strict=True)]
        kind = np.result_type(np.float32, *read)
        codes = self(*(fmt.quantize(each) for fmt, each in zip(self.inputs.values(), read, strict=True)))
        outputs = codes if isinstance(codes, tuple) else (codes,)
        found = [fmt.to_float(each).astype(kind) for fmt, each in zip(self.outputs.values(), outputs, strict=True)]
        return found[0] if len(found) == 1 else tuple(found)

    def _evaluated(self, arrays: Sequence[Array], shape: tuple[int, ...]) -> list[Array]:
        """Return the outputs for arrays of one shape: transfers are in the order of their elements."""
        if self._fields_in > len(self.inputs):  # a vector in each transfer
            if shape[-1] != self._fields_in:
                raise ValueError(f"vectors must have {self._fields_in} elements along the last axis, not {shape[-1]}")
            (joined,) = arrays
            arrays, shape = list(np.moveaxis(joined, -1, 0)), shape[:-1]
        columns = [each.reshape(-1) for each in arrays]
        if self._ports.has("last"):
            last = np.zeros(shape, np.int64)
            if self._streamed:
                last[..., -1:] = 1
            columns.append(last.reshape(-1))
        received = self._model.transfers(columns)[: len(self._ports.data("output"))]
        if self._streamed and len(received[0]) != len(columns[0]):  # a transfer for each vector
            shape = shape[:-1]
        fields = [np.asarray(each, np.int64).reshape(shape) for each in received]
        return [np.stack(fields, axis=-1)] if self._fields_out > len(self.outputs) else fields


def _arrays(fields: Sequence[Field], formats: Mapping[str, FixedFormat]) -> tuple[dict[str, FixedFormat], int]:
    """Return the formats of the arrays that hold some fields, by name, and the number of the fields."""
    names = [field.name for field in fields]
    stem = names[0].removesuffix("0")
    if len(names) > 1 and names == [f"{stem}{number}" for number in range(len(names))]:
        return {stem: formats[names[0]]}, len(names)
    return {name: formats[name] for name in names}, len(names)


def _checked(name: str, fmt: FixedFormat, given: ArrayLike) -> NDArray[np.int64]:
    """Return codes as integers of 64 bits; `ValueError` if one is not of the format."""
    array, _ = read_codes(given, f"codes of {name}")
    wrong = (array < fmt.min_code) | (array > fmt.max_code)
    if wrong.any():
        place = first_place(wrong)
        raise ValueError(f"{name}{at(place)} is {array[place]}, not a code of {fmt}")
    return array.astype(np.int64)
