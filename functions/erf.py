"""The error function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Asymptote, Sign, Symmetry

__all__ = ["Erf"]


@dataclass(frozen=True)
class Erf(Function):
    """``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to x; ``Erf`` of ONNX, ``torch.erf``.

    Source: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 1964, 7.1.1.
    """

    name = "erf"
    summary = "the error function, 2 / sqrt(pi) * the integral of exp(-t^2) from 0 to x"
    sign = Sign.OF_ARGUMENT

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote.limit(-1, side=1), Asymptote.limit(1, side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.erf(x)
