"""The reciprocal of the square root."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Domain, Scaling

__all__ = ["Rsqrt"]


@dataclass(frozen=True)
class Rsqrt(Function):
    """``1 / sqrt(x)``, for inputs above 0; ``torch.rsqrt``."""

    name = "rsqrt"
    summary = "1 / sqrt(x), for x > 0"
    domain = Domain.POSITIVE
    scaling = Scaling(Fraction(-1, 2))

    @property
    def ends(self) -> tuple[None, Asymptote]:
        return None, Asymptote.limit(0, side=1)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return 1 / m.sqrt(x)
