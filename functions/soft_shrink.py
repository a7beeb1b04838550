"""Soft shrinkage: the input moved towards 0."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .number_types import Arithmetic
from .properties import Line, PiecewiseLinear
from .shrinkage import Shrinkage

__all__ = ["SoftShrink"]


@dataclass(frozen=True)
class SoftShrink(Shrinkage):
    """``x - lambd`` above lambd, ``x + lambd`` below -lambd, and 0 between.

    Source: D. Donoho, I. Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, 1994. PyTorch calls the limit lambd,
    Keras `threshold`; ONNX's Shrink is this function where its bias equals its lambd.
    """

    name = "soft_shrink"
    aliases = ("softshrink",)
    summary = "x less clip(x, -lambd, lambd)"

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        one = Fraction(1)
        lines = Line(one, self.lambd), Line(Fraction(0), Fraction(0)), Line(one, -self.lambd)
        return PiecewiseLinear(lines, (-self.lambd, self.lambd))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        lambd = m.rational(self.lambd)
        return m.where(x - lambd, x - lambd, m.where(-lambd - x, x + lambd, m.rational(Fraction(0))))
