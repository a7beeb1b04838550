"""The square of the rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote

__all__ = ["ReluSquared"]


@dataclass(frozen=True)
class ReluSquared(Function):
    """``max(x, 0)**2``.

    Source: D. So et al., Primer: Searching for Efficient Transformers for Language Modeling, 2021. PyTorch, Keras and
    ONNX have no function of the name; language models call it relu2, too. At 0 its slope has no jump, but its curvature
    has.
    """

    name = "relu_squared"
    aliases = ("relu2",)
    summary = "max(x, 0)^2"

    @property
    def ends(self) -> tuple[Asymptote, None]:
        return Asymptote.limit(0), None

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return (Fraction(0),)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        positive = m.maximum(x, m.rational(Fraction(0)))
        return positive * positive
