"""The exponential function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Sign, Translation

__all__ = ["Exp"]


@dataclass(frozen=True)
class Exp(Function):
    """The natural exponential function; ``Exp`` of ONNX, ``torch.exp``, ``exponential`` of Keras."""

    name = "exp"
    aliases = ("exponential",)
    summary = "e^x"
    sign = Sign.POSITIVE

    @property
    def ends(self) -> tuple[Asymptote, None]:
        return Asymptote.limit(0, side=1), None

    @property
    def translation(self) -> Translation:
        return Translation(lambda m: m.log(m.rational(Fraction(2))), 2)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.exp(x)
