"""The hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Asymptote, Identity, Sign, Symmetry

__all__ = ["Tanh"]


@dataclass(frozen=True)
class Tanh(Function):
    """The hyperbolic tangent, ``2 s(2x) - 1`` for the logistic function s."""

    name = "tanh"
    summary = "(exp(x) - exp(-x)) / (exp(x) + exp(-x))"
    sign = Sign.OF_ARGUMENT
    exponential = True
    identity = Identity("logistic", 1, (Fraction(-1), Fraction(2)))

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(-1, side=1), Asymptote.limit(1, side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return 2 / (1 + m.exp(-2 * x)) - 1
