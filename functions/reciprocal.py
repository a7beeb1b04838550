"""The reciprocal."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Asymptote, Domain, Scaling, Symmetry

__all__ = ["Reciprocal"]


@dataclass(frozen=True)
class Reciprocal(Function):
    """``1 / x``, with a pole at 0; ``Reciprocal`` of ONNX, ``torch.reciprocal``."""

    name = "reciprocal"
    summary = "1 / x, for x != 0"
    domain = Domain.NOT_ZERO
    scaling = Scaling(Fraction(-1))

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(0, side=-1), Asymptote.limit(0, side=1)

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return 1 / x
