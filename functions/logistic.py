"""The logistic function, 1 / (1 + exp(-x))."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Identity, Sign, Symmetry

__all__ = ["Logistic"]


@dataclass(frozen=True)
class Logistic(Function):
    """The logistic function, often just called the sigmoid."""

    name = "logistic"
    aliases = ("sigmoid",)
    summary = "1 / (1 + exp(-x))"
    sign = Sign.POSITIVE
    exponential = True
    identity = Identity("tanh", -1, (Fraction(1, 2), Fraction(1, 2)))

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=1), Asymptote.limit(1, side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(-1, Fraction(1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return 1 / (1 + m.exp(-x))
