"""Exponential linear units: the input above 0, and an exponential function with a limit below."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..support.parameters import Parameter
from .base import Function
from .properties import Asymptote

__all__ = ["ExponentialUnit"]


@dataclass(frozen=True)
class ExponentialUnit(Function):
    """``x`` above 0, and from there down to the limit ``-alpha``, the base of the functions that differ in how."""

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
