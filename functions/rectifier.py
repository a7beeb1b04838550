"""Rectifiers: the input above 0, and a multiple of it below."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Line, PiecewiseLinear, Symmetry

__all__ = ["Rectifier"]


@dataclass(frozen=True)
class Rectifier(Function):
    """``x`` above 0 and ``slope * x`` below, the base of the functions that differ in where the slope comes from."""

    @property
    @abstractmethod
    def slope(self) -> Fraction:
        """The slope below 0."""

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        zero = Fraction(0)
        return PiecewiseLinear((Line(self.slope, zero), Line(Fraction(1), zero)), (zero,))

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), -1 - self.slope)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.where(x, x, m.rational(self.slope) * x)
