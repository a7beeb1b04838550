"""The common part of golden models over the sum of a vector's powers: vectors, distances to the maximum, the sum."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from ....support.arrays import read_codes, read_values
from .base import Codes, CompositeModel, vector_bounds

__all__ = ["ExponentialSumModel"]


class ExponentialSumModel(CompositeModel):
    """A function of vectors along the last axis.

    In units of 2^-distance_bits octaves, the distance of an element to the maximum is ``t``. Its weight is 2^-t, with
    the fraction of ``t`` read from the plan ``weight``; the weights are cut to ``sum_bits`` and summed. Of the sum, the
    place of the first one and the bits that follow it give the logarithm: octaves, and what the plan ``logarithm`` has
    for the bits.
    """

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._input = FixedFormat.parse(arguments["input_format"])
        self._output = FixedFormat.parse(arguments["output_format"])
        self._most = int(arguments["n"])
        self._base = str(arguments["base"])
        self._streamed = arguments["arrangement"] == "stream"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of up to {self._most} elements, {self._input} -> {self._output}>"

    def __call__(self, codes: ArrayLike) -> Codes:
        """Return the codes of the outputs.

        Parameters
        ----------
        codes
            Integers of shape (..., elements), with 1 to n elements in the last axis; in the parallel arrangement n.

        Returns
        -------
        array
            Codes of the output: of the same shape, or without the last axis where a vector has one output.

        Raises
        ------
        TypeError
            If codes are not integers.
        ValueError
            If a code is not one of the input format, or vectors have a length that the unit does not take.

        """
        array, mask = read_codes(codes, "codes of x")
        if mask is not None:
            raise ValueError(
                f"a {self.name} takes no masked codes: leave the elements out, as a vector may be shorter than n"
            )
        self._check(array)
        return np.asarray(self._compute(array.astype(np.int64)), np.int64)

    def floats(self, values: ArrayLike) -> Any:
        """Return the outputs for vectors of floats, which are rounded to the input format first, as floats."""
        array, mask = read_values(values, "values of x")
        if mask is not None:
            raise ValueError(f"a {self.name} takes no masked values: leave them out, as a vector may be shorter than n")
        return self._output.to_float(self(self._input.quantize(array)))

    @abstractmethod
    def _compute(self, x: Codes) -> Codes:
        """Return the outputs of vectors whose codes are checked."""

    def _scaled(self, x: Codes) -> Codes:
        """Return the scaled distances to the maximum, limited."""
        words = self._words
        distance = x.max(axis=-1, keepdims=True) - x
        distance = np.minimum(distance, (1 << words["reach_bits"]) - 1) * words["multiple"]
        scaled: Codes = distance >> words["shift"] if words["shift"] >= 0 else distance << -words["shift"]
        return scaled

    def _logarithm(self, t: Codes, base: str) -> Codes:
        """Return the logarithm of the sum of the weights at distances `t`, with ``log_bits``; the axis is kept."""
        words = self._words
        whole, fraction = np.divmod(t, 1 << words["distance_bits"])
        weight = self._parts["weight"](fraction) << (words["sum_bits"] - words["weight_bits"])
        total = (weight >> np.minimum(whole, 63)).sum(axis=-1, keepdims=True)
        octaves = np.zeros_like(total)
        while (above := total >> octaves >= 2 << words["sum_bits"]).any():
            octaves += above
        index = (total << words["index_bits"] >> words["sum_bits"] + octaves) - (1 << words["index_bits"])
        octave = np.log(2) if base == "e" else 1
        whole_octaves = np.rint(octaves * octave * (1 << words["log_bits"])).astype(np.int64)
        logarithm: Codes = whole_octaves + self._parts["logarithm"](index)
        return logarithm

    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        if not self._streamed:
            found = self(np.stack(inputs, axis=-1))
            return [found] if found.ndim == 1 else [found[..., element] for element in range(self._most)]
        x, last = inputs
        starts, ends = vector_bounds(last)
        lengths = ends - starts
        results: list[Codes] = [np.empty(0, np.int64)] * len(ends)
        for length in np.unique(lengths):  # vectors of one length at a time
            which = np.flatnonzero(lengths == length)
            for number, result in zip(which, self(x[starts[which][:, None] + np.arange(length)]), strict=True):
                results[number] = np.atleast_1d(result)
        lasts = [np.arange(len(result)) == len(result) - 1 for result in results]
        empty = np.empty(0, np.int64)
        return [np.concatenate([empty, *results]), np.concatenate([empty, *lasts]).astype(np.int64)]

    def _check(self, codes: Any) -> None:
        fmt = self._input
        length = codes.shape[-1] if codes.ndim else 0
        if self._streamed and not 1 <= length <= self._most:
            raise ValueError(f"vectors must have 1 to {self._most} elements along the last axis, not {length}")
        if not self._streamed and length != self._most:
            raise ValueError(f"vectors must have {self._most} elements along the last axis, not {length}")
        wrong = (codes < fmt.min_code) | (codes > fmt.max_code)
        if wrong.any():
            where = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise ValueError(f"x[{', '.join(map(str, where))}] is {codes[where]}, not a code of {fmt}")
