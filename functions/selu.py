"""The scaled exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote

__all__ = ["Selu"]

_ALPHA = Fraction("1.6732632423543772848170429916717")

_SCALE = Fraction("1.0507009873554804934193349852946")


@dataclass(frozen=True)
class Selu(Function):
    """``scale x`` above 0 and ``scale alpha (exp(x) - 1)`` below.

    Source: G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, Self-Normalizing Neural Networks, 2017. The constants
    keep a mean of 0 and a variance of 1; their defaults are PyTorch's and Keras's, to all digits. ONNX, which calls the
    scale gamma, rounds them to float32: alpha = 1.67326319217681884765625 and gamma = 1.05070102214813232421875.
    """

    name = "selu"
    summary = "scale * x above 0, scale * alpha * (exp(x) - 1) below"
    parameters = (
        Parameter("alpha", Fraction, "factor below 0, above 0", default=_ALPHA),
        Parameter("scale", Fraction, "factor of all outputs, above 0", default=_SCALE, aliases=("gamma",)),
    )

    alpha: Fraction = _ALPHA
    scale: Fraction = _SCALE

    def __post_init__(self) -> None:
        for name, value in (("alpha", self.alpha), ("scale", self.scale)):
            if value <= 0:
                raise ValueError(f"{name} must be above 0, not {value}")

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(-self.scale * self.alpha, side=1), Asymptote(self.scale, Fraction(0))

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return (Fraction(0),)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        below = m.rational(self.scale * self.alpha) * m.expm1(x)
        return m.where(x, m.rational(self.scale) * x, below)
