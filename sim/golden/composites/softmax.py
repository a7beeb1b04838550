"""The golden model of a softmax."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ..plan_evaluation import RangeError
from .base import Codes
from .exponential_sums import ExponentialSumModel

__all__ = ["SoftmaxModel"]


class SoftmaxModel(ExponentialSumModel):
    """The softmax of vectors along the last axis (see `ExponentialSumModel`).

    The share is 2^-(t + logarithm), with the fraction read from the plan ``share``, cut to the output's bits. The share
    of a vector of one element is the code of 1, or the largest one below.
    """

    name: ClassVar[str] = "softmax"

    def _compute(self, x: Codes) -> Codes:
        words, output = self._words, self._output
        t = self._scaled(x)
        logarithm = self._logarithm(t, "2")
        whole, fraction = np.divmod(
            (t << words["log_bits"] - words["distance_bits"]) + logarithm, 1 << words["log_bits"]
        )
        share = self._parts["share"](fraction) << output.fraction_bits
        share = share >> np.minimum(whole + words["share_bits"], 63)
        if x.shape[-1] == 1:
            share = np.full_like(share, min(1 << output.fraction_bits, output.max_code))
        elif share.size and share.max() >= 1 << output.fraction_bits:
            raise RangeError("a share reached 1, though the logarithm is raised so that none does")
        return np.asarray(share)
