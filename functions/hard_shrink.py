"""Hard shrinkage: the input where it is large, and 0 where it is small."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .number_types import Arithmetic
from .properties import Line, PiecewiseLinear
from .shrinkage import Shrinkage

__all__ = ["HardShrink"]


@dataclass(frozen=True)
class HardShrink(Shrinkage):
    """``x`` where ``|x| > lambd``, else 0; at plus and minus lambd themselves it is 0.

    Source: D. Donoho, I. Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, 1994. PyTorch calls the limit lambd,
    Keras `threshold`; ONNX's Shrink is this function with its default bias of 0.
    """

    name = "hard_shrink"
    aliases = ("hardshrink",)
    summary = "x where abs(x) > lambd, else 0"

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        zero, line = Line(Fraction(0), Fraction(0)), Line(Fraction(1), Fraction(0))
        return PiecewiseLinear((line, zero, line), (-self.lambd, self.lambd), closed=(True, False))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        lambd = m.rational(self.lambd)
        return m.where(x - lambd, x, m.where(-lambd - x, x, m.rational(Fraction(0))))
