"""The golden model of a log-softmax."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from .base import Codes
from .exponential_sums import ExponentialSumModel

__all__ = ["LogSoftmaxModel"]


class LogSoftmaxModel(ExponentialSumModel):
    """The log-softmax of vectors along the last axis (see `ExponentialSumModel`).

    The exact distance to the maximum plus the logarithm of the sum is rounded half up to the output's bits; its
    negative is limited to the format. The output of a vector of one element is 0.
    """

    name: ClassVar[str] = "log_softmax"

    def _compute(self, x: Codes) -> Codes:
        words, output = self._words, self._output
        logarithm = self._logarithm(self._scaled(x), self._base)
        if x.shape[-1] == 1:
            logarithm = np.zeros_like(logarithm)
        distance = x.max(axis=-1, keepdims=True) - x
        point = max(self._input.fraction_bits, words["log_bits"], output.fraction_bits + 1)
        exact = (distance << point - self._input.fraction_bits) + (logarithm << point - words["log_bits"])
        excess = point - output.fraction_bits
        return np.asarray(np.maximum(-((exact + (1 << excess - 1)) >> excess), output.min_code))
