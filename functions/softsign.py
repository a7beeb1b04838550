"""The softsign function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Asymptote, Sign, Symmetry

__all__ = ["Softsign"]


@dataclass(frozen=True)
class Softsign(Function):
    """``x / (1 + |x|)``.

    Source: J. Bergstra, G. Desjardins, P. Lamblin, Y. Bengio, Quadratic Polynomials Learn Better Image Features, 2009.
    PyTorch, Keras and ONNX agree. At 0 its slope has no jump, but its curvature has.
    """

    name = "softsign"
    summary = "x / (1 + abs(x))"
    sign = Sign.OF_ARGUMENT

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(-1, side=1), Asymptote.limit(1, side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return (Fraction(0),)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x / (1 + m.abs(x))
