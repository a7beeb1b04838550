"""The square root."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Domain, Scaling

__all__ = ["Sqrt"]


@dataclass(frozen=True)
class Sqrt(Function):
    """The square root, of inputs that are not negative; ``Sqrt`` of ONNX, ``torch.sqrt``.

    It has a value at 0, but no power series there: its slope has no bound.
    """

    name = "sqrt"
    summary = "the square root of x, for x >= 0"
    domain = Domain.NOT_NEGATIVE
    scaling = Scaling(Fraction(1, 2))

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return (Fraction(0),)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.sqrt(x)
