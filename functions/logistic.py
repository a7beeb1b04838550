"""The logistic function, 1 / (1 + exp(-x))."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function, Identity, Symmetry
from .number_types import Arithmetic

__all__ = ["Logistic"]


@dataclass(frozen=True)
class Logistic(Function):
    """The logistic function, often just called the sigmoid."""

    name = "logistic"
    aliases = ("sigmoid",)
    summary = "1 / (1 + exp(-x))"
    limits = (Fraction(0), Fraction(1))
    identity = Identity("tanh", -1, (Fraction(1, 2), Fraction(1, 2)))

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(-1, Fraction(1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return 1 / (1 + m.exp(-x))
