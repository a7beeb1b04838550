"""The rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .number_types import Arithmetic
from .rectifier import Rectifier

__all__ = ["Relu"]


@dataclass(frozen=True)
class Relu(Rectifier):
    """``max(x, 0)``.

    Source: V. Nair, G. Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010. PyTorch, Keras (by
    its defaults) and ONNX agree.
    """

    name = "relu"
    summary = "max(x, 0)"

    @property
    def slope(self) -> Fraction:
        return Fraction(0)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.maximum(x, m.rational(Fraction(0)))
