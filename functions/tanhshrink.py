"""The input less its hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Asymptote, Sign, Symmetry

__all__ = ["Tanhshrink"]


@dataclass(frozen=True)
class Tanhshrink(Function):
    """``x - tanh(x)``.

    Sources: `Tanhshrink` of PyTorch, `tanh_shrink` of Keras; in ONNX it is a Tanh and a Sub.
    """

    name = "tanhshrink"
    aliases = ("tanh_shrink",)
    summary = "x - tanh(x)"
    sign = Sign.OF_ARGUMENT

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote(Fraction(1), Fraction(1), side=-1), Asymptote(Fraction(1), Fraction(-1), side=1)

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.tanhshrink(x)
