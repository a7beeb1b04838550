"""The exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote

__all__ = ["Elu"]


@dataclass(frozen=True)
class Elu(Function):
    """``x`` above 0 and ``alpha (exp(x) - 1)`` below.

    Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear
    Units (ELUs), 2015. PyTorch, Keras and ONNX agree. With an alpha of 1 its slope has no jump at 0, but its curvature
    has.
    """

    name = "elu"
    summary = "x above 0, alpha * (exp(x) - 1) below"
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

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.where(x, x, m.rational(self.alpha) * m.expm1(x))
