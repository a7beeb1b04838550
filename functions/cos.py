"""The cosine of an angle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .number_types import Arithmetic
from .properties import EVEN, Symmetry
from .trigonometric import Trigonometric

__all__ = ["Cos"]


@dataclass(frozen=True)
class Cos(Trigonometric):
    """The cosine of an angle in radians, or in turns; ``Cos`` of ONNX and ``torch.cos`` take radians.

    In turns its values at multiples of 1/12 that are rational are known exactly.
    """

    name = "cos"
    summary = "the cosine of x, an angle in radians or turns"

    @property
    def symmetry(self) -> Symmetry:
        return EVEN

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.cos(x) if self.unit == "radians" else m.cos_pi(2 * x)
