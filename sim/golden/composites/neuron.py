"""The golden model of a neuron, and of a layer of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from ....support.arrays import at, first_place, read_codes, read_values
from ....support.packed_integers import unpack_integers
from ..plan_evaluation import RangeError
from .base import Codes, CompositeModel, vector_bounds

__all__ = ["NeuronModel"]


class NeuronModel(CompositeModel):
    """The weighted sum of a vector along the last axis, a bias, and a function of that.

    Products and sums are exact. A sum is rounded half up to the fraction bits of the argument, and limited to its
    format; of that the plan ``function`` gives the output. Without such a plan the argument is the output.
    """

    name: ClassVar[str] = "neuron"

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._inputs, self._parallel = int(arguments["inputs"]), int(arguments["parallel"])
        self._x, self._output = (FixedFormat.parse(arguments[name]) for name in ("x", "output_format"))
        packed = arguments["weights"]
        self._weights: Codes | None = None if isinstance(packed, str) else unpack_integers("weights", packed)
        self._weight = FixedFormat.parse(packed if isinstance(packed, str) else arguments["weight_format"])
        count = 1 if self._weights is None or self._weights.ndim == 1 else len(self._weights)
        given = arguments["bias"]
        self._bias = np.zeros(count, np.int64) if given is None else unpack_integers("bias", given)

    def __repr__(self) -> str:
        weights = f"{self._weight} weights" if self._weights is None else f"constants of shape {self._weights.shape}"
        return f"<NeuronModel of {self._inputs} inputs {self._x} and {weights}, to {self._output}>"

    def __call__(self, x: ArrayLike, w: ArrayLike | None = None) -> Codes:
        """Return the outputs for vectors.

        Parameters
        ----------
        x
            Codes of shape (..., inputs).
        w
            Codes of the weights, if they are streamed, of shape (..., inputs); the shapes broadcast.

        Returns
        -------
        array
            Codes of the output: of shape (...,), of a layer (..., neurons).

        Raises
        ------
        TypeError
            If codes are not integers, or weights are missing, or given though they are constant.
        ValueError
            If a code is not one of its format, or the last axis has not as many elements as there are inputs.

        """
        given = {"x": (x, self._x)} | self._with_weights(w)
        codes = {name: self._checked(name, *each) for name, each in given.items()}
        if self._weights is not None:
            rows = self._weights.reshape(-1, self._inputs)
            found = self._finished(codes["x"] @ rows.T + self._bias)
            return found if self._weights.ndim == 2 else found[..., 0]
        try:
            products = codes["x"] * codes["w"]
        except ValueError:
            shapes = f"{codes['x'].shape} and {codes['w'].shape}"
            raise ValueError(f"x and w must have shapes that broadcast to one, not {shapes}") from None
        return self._finished(products.sum(axis=-1) + self._bias[0])

    def floats(self, x: ArrayLike, w: ArrayLike | None = None) -> Any:
        """Return the outputs for vectors of floats, which are rounded to their formats first, as floats."""
        codes = {}
        for name, (values, fmt) in ({"x": (x, self._x)} | self._with_weights(w)).items():
            array, mask = read_values(values, f"values of {name}")
            if mask is not None:
                raise ValueError(f"values of {name} must not be masked: all of them count")
            codes[name] = fmt.quantize(array)
        return self._output.to_float(self(**codes))

    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        *lanes, last = (np.asarray(column, np.int64) for column in inputs)
        x = np.stack(lanes[: self._parallel], axis=-1)
        starts, ends = vector_bounds(last)
        count = int(ends[-1]) if len(ends) else 0
        places = np.arange(count) - np.repeat(starts, ends - starts)
        most = -(-self._inputs // self._parallel)
        if count and int(places.max()) >= most:
            raise ValueError(f"vectors must have at most {most} transfers, not {int(places.max()) + 1}")
        if self._weights is None:
            sums = (x * np.stack(lanes[self._parallel :], axis=-1)).sum(axis=-1)[:count, None]
        else:
            sums = np.einsum("tp,ntp->tn", x[:count], self._rows(most)[:, places])
        totals = np.add.reduceat(sums, starts, axis=0) if count else sums
        outputs = self._finished(totals + self._bias)
        is_last = np.zeros(outputs.shape, np.int64)
        is_last[:, -1:] = 1
        return [outputs.reshape(-1), is_last.reshape(-1)]

    def answered(self, inputs: Sequence[Codes]) -> Codes:
        return np.concatenate([[0], np.cumsum(np.asarray(inputs[-1], np.int64))]) * len(self._bias)

    def _rows(self, most: int) -> Codes:
        """Return constant weights of shape (neurons, transfers, lanes), with 0 beyond the inputs."""
        assert self._weights is not None
        rows = self._weights.reshape(-1, self._inputs)
        padded = np.pad(rows, ((0, 0), (0, most * self._parallel - self._inputs)))
        return padded.reshape(len(rows), most, self._parallel)

    def _finished(self, sums: Any) -> Codes:
        """Return the outputs for exact sums."""
        sums = np.asarray(sums, np.int64)
        half = 1 << (self._words["sum_bits"] - 1)
        if sums.size and not -half <= int(sums.min()) <= int(sums.max()) < half:
            raise RangeError(f"a sum exceeded the {self._words['sum_bits']} bits of the accumulator")
        words = self._words
        excess = self._x.fraction_bits + self._weight.fraction_bits - words["argument_bits"]
        rounded = (sums + (1 << excess - 1)) >> excess if excess > 0 else sums << -excess
        bits = words["argument_integer_bits"] + words["argument_bits"]
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if words["argument_signed"] else (0, (1 << bits) - 1)
        argument = np.clip(rounded, low, high)
        found = self._parts["function"](argument) if "function" in self._parts else argument
        return np.asarray(found, np.int64)

    def _with_weights(self, w: Any) -> dict[str, tuple[Any, FixedFormat]]:
        if (w is None) is (self._weights is None):
            missing = "w is missing: the weights are streamed"
            raise TypeError(missing if w is None else "w must be left out: the weights are constant")
        return {} if w is None else {"w": (w, self._weight)}

    def _checked(self, name: str, given: Any, fmt: FixedFormat) -> NDArray[np.int64]:
        array, mask = read_codes(given, f"codes of {name}")
        if mask is not None:
            raise ValueError(f"codes of {name} must not be masked: all of them count")
        if not array.ndim or array.shape[-1] != self._inputs:
            raise ValueError(f"{name} must have {self._inputs} elements along its last axis, not shape {array.shape}")
        wrong = (array < fmt.min_code) | (array > fmt.max_code)
        if wrong.any():
            place = first_place(wrong)
            raise ValueError(f"{name}{at(place)} is {array[place]}, not a code of {fmt}")
        return array.astype(np.int64)
