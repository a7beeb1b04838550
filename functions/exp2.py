"""The exponential function to the base 2."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign, Translation

__all__ = ["Exp2"]


@dataclass(frozen=True)
class Exp2(Function):
    """``2**x``; ``torch.exp2``."""

    name = "exp2"
    summary = "2^x"
    sign = Sign.POSITIVE

    @property
    def ends(self) -> tuple[Asymptote, None]:
        return Asymptote.limit(0, side=1), None

    @property
    def translation(self) -> Translation:
        return Translation(lambda m: m.rational(Fraction(1)), 2)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.exp2(x)
