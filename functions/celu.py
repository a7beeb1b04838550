"""The continuously differentiable exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote

__all__ = ["Celu"]


@dataclass(frozen=True)
class Celu(Function):
    """``x`` above 0 and ``alpha (exp(x / alpha) - 1)`` below, whose slope at 0 is 1 for every alpha.

    Source: J. Barron, Continuously Differentiable Exponential Linear Units, 2017. PyTorch, Keras and ONNX agree.
    """

    name = "celu"
    summary = "x above 0, alpha * (exp(x / alpha) - 1) below"
    parameters = (Parameter("alpha", Fraction, "distance of the limit from 0, above 0", default=Fraction(1)),)

    alpha: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.alpha <= 0:
            raise ValueError(f"alpha must be above 0, not {self.alpha}")

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(-self.alpha, side=1), Asymptote(Fraction(1), Fraction(0))

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return (Fraction(0),)

    @property
    def turning_range(self) -> tuple[Fraction, Fraction]:
        far = 64 * max(self.alpha, Fraction(1))
        return -far, far

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        alpha = m.rational(self.alpha)
        return m.where(x, x, alpha * m.expm1(x / alpha))
