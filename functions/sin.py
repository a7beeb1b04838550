"""The sine of an angle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .number_types import Arithmetic
from .properties import ODD, Symmetry
from .trigonometric import Trigonometric

__all__ = ["Sin"]


@dataclass(frozen=True)
class Sin(Trigonometric):
    """The sine of an angle in radians, or in turns; ``Sin`` of ONNX and ``torch.sin`` take radians.

    In turns its values at multiples of 1/12 that are rational are known exactly.
    """

    name = "sin"
    summary = "the sine of x, an angle in radians or turns"

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.sin(x) if self.unit == "radians" else m.sin_pi(2 * x)
