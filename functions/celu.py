"""The continuously differentiable exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .exponential_unit import ExponentialUnit
from .number_types import Arithmetic

__all__ = ["Celu"]


@dataclass(frozen=True)
class Celu(ExponentialUnit):
    """``x`` above 0 and ``alpha (exp(x / alpha) - 1)`` below, whose slope at 0 is 1 for every alpha.

    Source: J. Barron, Continuously Differentiable Exponential Linear Units, 2017. PyTorch, Keras and ONNX agree.
    """

    name = "celu"
    summary = "x above 0, alpha * (exp(x / alpha) - 1) below"

    @property
    def turning_range(self) -> tuple[Fraction, Fraction]:
        far = 64 * max(self.alpha, Fraction(1))
        return -far, far

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        alpha = m.rational(self.alpha)
        return m.where(x, x, alpha * m.expm1(x / alpha))
