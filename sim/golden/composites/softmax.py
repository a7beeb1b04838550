"""The golden model of a softmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from ....support.arrays import read_codes, read_values
from ..plan_evaluation import RangeError
from .base import Codes, CompositeModel

__all__ = ["SoftmaxModel"]


class SoftmaxModel(CompositeModel):
    """The softmax of vectors along the last axis.

    In units of 2^-distance_bits octaves, the distance of an element to the maximum is ``t``. Its weight is 2^-t, with
    the fraction of ``t`` read from the plan ``weight``; the weights are cut to ``sum_bits`` and summed. Of the sum, the
    place of the first one and the bits that follow it give the logarithm by the plan ``logarithm``. The share is
    2^-(t + logarithm), with the fraction read from the plan ``share``, cut to the output's bits. The share of a vector
    of one element is the code of 1, or the largest one below.
    """

    name: ClassVar[str] = "softmax"

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._input = FixedFormat.parse(arguments["input_format"])
        self._output = FixedFormat.parse(arguments["output_format"])
        self._most = int(arguments["n"])
        self._streamed = arguments["arrangement"] == "stream"
        self._one = min(1 << self._output.fraction_bits, self._output.max_code)

    def __repr__(self) -> str:
        return f"<SoftmaxModel of up to {self._most} elements, {self._input} -> {self._output}>"

    def __call__(self, codes: ArrayLike) -> Codes:
        """Return the shares of vectors.

        Parameters
        ----------
        codes
            Integers of shape (..., elements), with 1 to n elements in the last axis; in the parallel arrangement n.

        Returns
        -------
        array
            Codes of the output, of the same shape.

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
                "a softmax takes no masked codes: leave the elements out, as a vector may be shorter than n"
            )
        self._check(array)
        x = array.astype(np.int64)
        words, output = self._words, self._output
        distance = x.max(axis=-1, keepdims=True) - x
        distance = np.minimum(distance, (1 << words["reach_bits"]) - 1) * words["multiple"]
        t = distance >> words["shift"] if words["shift"] >= 0 else distance << -words["shift"]

        whole, fraction = np.divmod(t, 1 << words["distance_bits"])
        weight = self._parts["weight"](fraction) << (words["sum_bits"] - words["weight_bits"])
        total = (weight >> np.minimum(whole, 63)).sum(axis=-1, keepdims=True)
        octaves = np.zeros_like(total)
        while (above := total >> octaves >= 2 << words["sum_bits"]).any():
            octaves += above
        index = (total << words["index_bits"] >> words["sum_bits"] + octaves) - (1 << words["index_bits"])
        logarithm = (octaves << words["log_bits"]) + self._parts["logarithm"](index)

        whole, fraction = np.divmod(
            (t << words["log_bits"] - words["distance_bits"]) + logarithm, 1 << words["log_bits"]
        )
        share = self._parts["share"](fraction) << output.fraction_bits
        share = share >> np.minimum(whole + words["share_bits"], 63)
        if x.shape[-1] == 1:
            share = np.full_like(share, self._one)
        elif share.size and share.max() >= 1 << output.fraction_bits:
            raise RangeError("a share reached 1, though the logarithm is raised so that none does")
        return np.asarray(share, np.int64)

    def floats(self, values: ArrayLike) -> Any:
        """Return the shares of vectors of floats, which are rounded to the input format first, as floats."""
        array, mask = read_values(values, "values of x")
        if mask is not None:
            raise ValueError("a softmax takes no masked values: leave them out, as a vector may be shorter than n")
        return self._output.to_float(self(self._input.quantize(array)))

    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        if not self._streamed:
            shares = self(np.stack(inputs, axis=-1))
            return [shares[..., element] for element in range(self._most)]
        x, last = inputs
        ends = np.flatnonzero(last) + 1
        starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        count = int(ends[-1]) if len(ends) else 0
        shares = np.zeros(count, np.int64)
        lengths = ends - starts
        for length in np.unique(lengths):  # vectors of one length at a time
            where = starts[lengths == length][:, None] + np.arange(length)
            shares[where] = self(x[where])
        return [shares, np.asarray(last[:count], np.int64)]

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
