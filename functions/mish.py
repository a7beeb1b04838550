"""The mish function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign

__all__ = ["Mish"]


@dataclass(frozen=True)
class Mish(Function):
    """``x tanh(log(1 + exp(x)))``.

    Source: D. Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019. PyTorch, Keras and ONNX agree.
    """

    name = "mish"
    summary = "x * tanh(log(1 + exp(x)))"
    sign = Sign.OF_ARGUMENT
    exponential = True

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=-1), Asymptote(Fraction(1), Fraction(0), side=-1)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        # tanh(log(u)) = (u^2 - 1) / (u^2 + 1), and for u = 1 + exp(x) this is 1 / (1 + 2 / (exp(x) (exp(x) + 2))): no
        # difference cancels, and no float overflows to what is not a number.
        return x / (1 + m.exp(-x) / (1 + m.exp(x) / 2))
