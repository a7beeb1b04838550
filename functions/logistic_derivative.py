"""The derivative of the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import EVEN, Asymptote, Identity, Sign, Symmetry

__all__ = ["LogisticDerivative"]


@dataclass(frozen=True)
class LogisticDerivative(Function):
    """``s(x) (1 - s(x))`` for the logistic function s, which is ``1 / (2 cosh(x/2))**2``: at most 1/4, at 0."""

    name = "logistic_derivative"
    aliases = ("sigmoid_derivative",)
    summary = "s(x) * (1 - s(x)) with s(x) = 1 / (1 + exp(-x))"
    sign = Sign.POSITIVE
    exponential = True
    identity = Identity("logistic", 0, (Fraction(0), Fraction(1), Fraction(-1)))

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=1), Asymptote.limit(0, side=1)

    @property
    def symmetry(self) -> Symmetry:
        return EVEN

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        # No other form is enclosed as tightly where x is a wide ball: none has a sum that cancels.
        secant = 1 / (m.exp(x / 2) + m.exp(-x / 2))
        return secant * secant
