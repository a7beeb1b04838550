"""Sine and cosine, of angles in radians or in turns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..support.parameters import Parameter
from .base import Function
from .properties import Translation

__all__ = ["Trigonometric"]


@dataclass(frozen=True)
class Trigonometric(Function):
    """A function of an angle, the base of sine and cosine."""

    parameters = (
        Parameter(
            "unit",
            str,
            "unit of the input: radians, or turns of 2 pi radians each",
            default="radians",
            choices={"radians": (), "turns": ()},
        ),
    )

    unit: str = "radians"

    def __post_init__(self) -> None:
        if self.unit not in ("radians", "turns"):
            raise ValueError(f"unit must be radians or turns, not {self.unit!r}")

    @property
    def translation(self) -> Translation:
        if self.unit == "radians":
            return Translation(lambda m: m.pi(), -1)
        return Translation(lambda m: m.rational(Fraction(1, 2)), -1)
