"""Soft shrinkage: the input moved towards 0."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Line, PiecewiseLinear, Symmetry

__all__ = ["SoftShrink"]


@dataclass(frozen=True)
class SoftShrink(Function):
    """``x - lambd`` above lambd, ``x + lambd`` below -lambd, and 0 between.

    Source: D. Donoho, I. Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, 1994. PyTorch calls the limit lambd,
    Keras `threshold`; ONNX's Shrink is this function where its bias equals its lambd.
    """

    name = "soft_shrink"
    aliases = ("softshrink",)
    summary = "x less clip(x, -lambd, lambd)"
    parameters = (
        Parameter(
            "lambd",
            Fraction,
            "magnitude up to which the output is 0",
            default=Fraction(1, 2),
            minimum=0,
            aliases=("lambda", "threshold"),
        ),
    )

    lambd: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if self.lambd < 0:
            raise ValueError(f"lambd must be 0 or more, not {self.lambd}")

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        one = Fraction(1)
        lines = Line(one, self.lambd), Line(Fraction(0), Fraction(0)), Line(one, -self.lambd)
        return PiecewiseLinear(lines, (-self.lambd, self.lambd))

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x - m.clip(x, -self.lambd, self.lambd)
