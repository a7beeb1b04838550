"""The Gaussian error linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign, Symmetry

__all__ = ["Gelu"]


@dataclass(frozen=True)
class Gelu(Function):
    """The Gaussian error linear unit, ``x P(x)`` for the normal distribution's cumulative P.

    ``approximate=tanh`` is ``x / 2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))``, which differs by up to 0.00048. Source:
    D. Hendrycks, K. Gimpel, Gaussian Error Linear Units, 2016. PyTorch and ONNX take ``none`` for the default, and so
    does Keras 3 (``approximate=False``).
    """

    name = "gelu"
    summary = "x P(x), with P(x) = (1 + erf(x / sqrt(2))) / 2"
    sign = Sign.OF_ARGUMENT
    exponential = True
    parameters = (
        Parameter(
            "approximate",
            str,
            "none: by the error function; tanh: by a hyperbolic tangent that is close to it",
            default="none",
            choices={"none": (), "tanh": ()},
        ),
    )

    approximate: str = "none"

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=-1), Asymptote(Fraction(1), Fraction(0), side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), Fraction(-1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        if self.approximate == "none":
            return x * m.erfc(-x / m.sqrt(m.rational(Fraction(2)))) / 2
        # x / 2 (1 + tanh(u)) = x / (1 + exp(-2 u)), in which nothing cancels
        cubic = x + m.rational(Fraction(44715, 1_000_000)) * x * x * x
        return x / (1 + m.exp(-2 * m.sqrt(2 / m.pi()) * cubic))
