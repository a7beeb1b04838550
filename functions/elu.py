"""The exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .exponential_unit import ExponentialUnit
from .number_types import Arithmetic

__all__ = ["Elu"]


@dataclass(frozen=True)
class Elu(ExponentialUnit):
    """``x`` above 0 and ``alpha (exp(x) - 1)`` below.

    Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear
    Units (ELUs), 2015. PyTorch, Keras and ONNX agree. With an alpha of 1 its slope has no jump at 0, but its curvature
    has.
    """

    name = "elu"
    summary = "x above 0, alpha * (exp(x) - 1) below"

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.where(x, x, m.rational(self.alpha) * m.expm1(x))
