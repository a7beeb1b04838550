"""The sigmoid linear unit, also called swish."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign, Symmetry

__all__ = ["Silu"]


@dataclass(frozen=True)
class Silu(Function):
    """``x / (1 + exp(-beta x))``, the input times its logistic function.

    Sources: S. Elfwing, E. Uchibe, K. Doya, Sigmoid-Weighted Linear Units, 2017; with a `beta`: P. Ramachandran,
    B. Zoph, Q. Le, Searching for Activation Functions, 2017. PyTorch's SiLU and Keras's silu and swish have a beta of
    1; ONNX's Swish calls it alpha.
    """

    name = "silu"
    aliases = ("swish",)
    summary = "x / (1 + exp(-beta * x))"
    sign = Sign.OF_ARGUMENT
    exponential = True
    parameters = (
        Parameter(
            "beta",
            Fraction,
            "factor of the input within the logistic function, above 0",
            default=Fraction(1),
            aliases=("alpha",),
        ),
    )

    beta: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.beta <= 0:
            raise ValueError(f"beta must be above 0, not {self.beta}")

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=-1), Asymptote(Fraction(1), Fraction(0), side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), Fraction(-1))

    @property
    def turning_range(self) -> tuple[Fraction, Fraction]:
        return -64 / self.beta, 64 / self.beta

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return x / (1 + m.exp(-m.rational(self.beta) * x))
