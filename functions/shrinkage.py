"""Shrinkage: functions that are 0 up to a magnitude of the input."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..support.parameters import Parameter
from .base import Function
from .properties import ODD, Symmetry

__all__ = ["Shrinkage"]


@dataclass(frozen=True)
class Shrinkage(Function):
    """An odd function that is 0 from ``-lambd`` to ``lambd``, the base of hard and soft shrinkage."""

    parameters = (
        Parameter(
            "lambd",
            Fraction,
            "magnitude up to which the output is 0",
            default=Fraction(1, 2),
            minimum=0,
            aliases=("lambda", "threshold"),
        ),
    )

    lambd: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if self.lambd < 0:
            raise ValueError(f"lambd must be 0 or more, not {self.lambd}")

    @property
    def symmetry(self) -> Symmetry:
        return ODD
