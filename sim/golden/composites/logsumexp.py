"""The golden model of a logsumexp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from .base import Codes
from .exponential_sums import ExponentialSumModel

__all__ = ["LogSumExpModel"]


class LogSumExpModel(ExponentialSumModel):
    """The logsumexp of vectors along the last axis (see `ExponentialSumModel`), which the result does not have.

    The maximum plus the logarithm of the sum, which is 0 for a vector of one element, is rounded half up to the
    output's bits and limited to the format.
    """

    name: ClassVar[str] = "logsumexp"

    def answered(self, inputs: Sequence[Codes]) -> Codes:
        if not self._streamed:
            return super().answered(inputs)
        return np.concatenate([[0], np.cumsum(inputs[-1])])  # one for each last

    def _compute(self, x: Codes) -> Codes:
        words, output = self._words, self._output
        logarithm = self._logarithm(self._scaled(x), self._base)[..., 0]
        if x.shape[-1] == 1:
            logarithm = np.zeros_like(logarithm)
        point = max(self._input.fraction_bits, words["log_bits"], output.fraction_bits + 1)
        exact = (x.max(axis=-1) << point - self._input.fraction_bits) + (logarithm << point - words["log_bits"])
        excess = point - output.fraction_bits
        return np.asarray(np.clip((exact + (1 << excess - 1)) >> excess, output.min_code, output.max_code))
