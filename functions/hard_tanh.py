"""Hard tanh: the identity between two limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Ramp

__all__ = ["HardTanh"]


@dataclass(frozen=True)
class HardTanh(Function):
    """``clip(x, min, max)``, by default from -1 to 1.

    PyTorch calls the limits `min_val` and `max_val`. Keras's hard_tanh has none; ONNX's Clip has `min` and `max`, and
    no limits by default.
    """

    name = "hard_tanh"
    aliases = ("hardtanh",)
    summary = "clip(x, min, max)"
    parameters = (
        Parameter("min", Fraction, "lower limit", default=Fraction(-1), aliases=("min_val",)),
        Parameter("max", Fraction, "upper limit", default=Fraction(1), aliases=("max_val",)),
    )

    min: Fraction = Fraction(-1)
    max: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.min >= self.max:
            raise ValueError(f"min must be below max, but {self.min} >= {self.max}")

    @property
    def ramp(self) -> Ramp:
        return Ramp(Fraction(1), Fraction(0), self.min, self.max)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.clip(x, self.min, self.max)
