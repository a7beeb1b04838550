"""The rectified linear unit limited to 6."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import PiecewiseLinear, Ramp

__all__ = ["Relu6"]


@dataclass(frozen=True)
class Relu6(Function):
    """``clip(x, 0, 6)``.

    Source: A. Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010. PyTorch and Keras agree; in ONNX it is
    a Clip. Other limits: `hard_tanh`.
    """

    name = "relu6"
    summary = "clip(x, 0, 6)"

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        return Ramp(Fraction(1), Fraction(0), Fraction(0), Fraction(6)).piecewise_linear

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.clip(x, Fraction(0), Fraction(6))
