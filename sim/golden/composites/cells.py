"""The common part of golden models of recurrent cells: inputs by name, and results rounded once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from ....support.arrays import at, first_place, read_codes, read_values
from .base import Codes, CompositeModel

__all__ = ["CellModel", "blended", "rounded"]


class CellModel(CompositeModel):
    """A cell that computes each element by itself.

    Attributes
    ----------
    outputs : tuple of str
        The names of its outputs, in the order of its ports.

    """

    outputs: ClassVar[tuple[str, ...]]

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._inputs = self._input_formats(arguments)
        self._functions: dict[str, Callable[[Codes], Codes]] = dict(self._parts)  # of gates and tanh, by name

    def __repr__(self) -> str:
        takes = ", ".join(f"{name} {fmt}" for name, fmt in self._inputs.items())
        return f"<{type(self).__name__} of {takes}>"

    @abstractmethod
    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        """Return the formats of the inputs by name, in the order of the ports."""

    @abstractmethod
    def _compute(self, **codes: Codes) -> Any:
        """Return the named results for codes that are checked and of one shape."""

    @abstractmethod
    def _output_formats(self) -> tuple[FixedFormat, ...]:
        """Return the formats of the outputs, in their order."""

    def __call__(self, **codes: ArrayLike) -> Any:
        """Return the codes of the outputs by name.

        Parameters
        ----------
        **codes
            Integers for each input, by its name, of shapes that broadcast to one.

        Returns
        -------
        named tuple of arrays
            Codes of each output, of that shape.

        Raises
        ------
        TypeError
            If an input is missing or unknown, or codes are not integers.
        ValueError
            If a code is not one of its format, or shapes do not go together.

        """
        self._check_names(codes)
        found = {}
        for name, fmt in self._inputs.items():
            array, mask = read_codes(codes[name], f"codes of {name}")
            if mask is not None:
                raise ValueError(f"codes of {name} must not be masked: a cell computes each element by itself")
            wrong = (array < fmt.min_code) | (array > fmt.max_code)
            if wrong.any():
                place = first_place(wrong)
                raise ValueError(f"{name}{at(place)} is {array[place]}, not a code of {fmt}")
            found[name] = array.astype(np.int64)
        return self._compute(**dict(zip(found, _as_one_shape(found), strict=True)))

    def floats(self, **values: ArrayLike) -> Any:
        """Return the outputs by name as floats, for floats that are rounded to the formats of the inputs first."""
        self._check_names(values)
        codes = {}
        for name, fmt in self._inputs.items():
            array, mask = read_values(values[name], f"values of {name}")
            if mask is not None:
                raise ValueError(f"values of {name} must not be masked: a cell computes each element by itself")
            codes[name] = fmt.quantize(array)
        found = self(**codes)
        return type(found)(*(fmt.to_float(each) for fmt, each in zip(self._output_formats(), found, strict=True)))

    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        count = len(self._inputs)
        codes = {name: np.asarray(each, np.int64) for name, each in zip(self._inputs, inputs[:count], strict=True)}
        return [*self._compute(**codes), *inputs[count:]]  # last comes out with the transfer that it went in with

    def _check_names(self, given: Mapping[str, Any]) -> None:
        if set(given) != set(self._inputs):
            raise TypeError(f"the cell takes {', '.join(self._inputs)} by name, not {', '.join(given) or 'nothing'}")


def rounded(exact: Codes, excess: int, low: int, high: int) -> Codes:
    """Return integers without their `excess` lowest bits, rounded half up and limited to codes from `low` to `high`.

    A negative excess is that of bits which the integers lack.
    """
    codes = (exact + (1 << (excess - 1))) >> excess if excess > 0 else exact << -excess
    limited: Codes = np.clip(codes, low, high)
    return limited


def blended(n: Codes, bits: int, u: Codes, gate: FixedFormat, h: Codes, hidden: FixedFormat) -> Codes:
    """Return the codes of ``n + u (h - n)`` in the format of h, for a candidate n with so many fraction bits."""
    finer = max(hidden.fraction_bits, bits)
    n = n << finer - bits
    exact = (n << gate.fraction_bits) + u * ((h << finer - hidden.fraction_bits) - n)
    return rounded(exact, gate.fraction_bits + finer - hidden.fraction_bits, hidden.min_code, hidden.max_code)


def _as_one_shape(codes: Mapping[str, Codes]) -> Sequence[NDArray[np.int64]]:
    try:
        return np.broadcast_arrays(*codes.values())
    except ValueError:
        shapes = ", ".join(f"{name} {each.shape}" for name, each in codes.items())
        raise ValueError(f"inputs must have shapes that broadcast to one, not {shapes}") from None
