"""A Gaussian error linear unit by the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign, Symmetry

__all__ = ["QuickGelu"]


@dataclass(frozen=True)
class QuickGelu(Function):
    """``x / (1 + exp(-1.702 x))``, which is within 0.0204 of `gelu`.

    Source: D. Hendrycks, K. Gimpel, Gaussian Error Linear Units, 2016. It is `silu` with a beta of 1.702, and the
    QuickGelu of ONNX Runtime, whose alpha is that beta; PyTorch and Keras have no function of the name.
    """

    name = "quick_gelu"
    aliases = ("quickgelu",)
    summary = "x / (1 + exp(-1.702 * x))"
    sign = Sign.OF_ARGUMENT

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=-1), Asymptote(Fraction(1), Fraction(0), side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), Fraction(-1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x / (1 + m.exp(-m.rational(Fraction(1702, 1000)) * x))
