"""The derivative of the hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import EVEN, Asymptote, Identity, Sign, Symmetry

__all__ = ["TanhDerivative"]


@dataclass(frozen=True)
class TanhDerivative(Function):
    """``1 - tanh(x)**2``, which is ``1 / cosh(x)**2``: at most 1, at 0."""

    name = "tanh_derivative"
    summary = "1 - tanh(x)^2"
    sign = Sign.POSITIVE
    exponential = True
    identity = Identity("tanh", 0, (Fraction(1), Fraction(0), Fraction(-1)))

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=1), Asymptote.limit(0, side=1)

    @property
    def symmetry(self) -> Symmetry:
        return EVEN

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        # No other form is enclosed as tightly where x is a wide ball: none has a sum that cancels.
        secant = 2 / (m.exp(x) + m.exp(-x))
        return secant * secant
