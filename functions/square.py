"""The square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import EVEN, Symmetry

__all__ = ["Square"]


@dataclass(frozen=True)
class Square(Function):
    """``x**2``; ``torch.square``, ``square`` of Keras; in ONNX it is a Mul."""

    name = "square"
    summary = "x^2"

    @property
    def symmetry(self) -> Symmetry:
        return EVEN

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x * x
