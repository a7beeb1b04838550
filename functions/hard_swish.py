"""Hard swish: the input times its hard logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Symmetry

__all__ = ["HardSwish"]


@dataclass(frozen=True)
class HardSwish(Function):
    """``x clip(x / 6 + 1/2, 0, 1)``.

    Source: A. Howard et al., Searching for MobileNetV3, 2019. PyTorch, Keras (hard_silu, hard_swish) and ONNX agree.
    """

    name = "hard_swish"
    aliases = ("hardswish", "hard_silu", "hardsilu")
    summary = "x * clip(x / 6 + 1/2, 0, 1)"

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0), Asymptote(Fraction(1), Fraction(0))

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), Fraction(-1))

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return Fraction(-3), Fraction(3)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x * m.clip(x / 6 + m.rational(Fraction(1, 2)), Fraction(0), Fraction(1))
