"""The excess of a function over a line, which is what is left of it once its asymptote is taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..functions.base import Function
from ..functions.number_types import Arithmetic
from ..functions.properties import Asymptote, Line, PiecewiseLinear

__all__ = ["Excess", "excess"]


@dataclass(frozen=True)
class Excess(Function):
    """``f(x) - line(x)``."""

    name = "excess"
    summary = "f(x) - line(x)"

    function: Function
    line: Line

    @property
    def ends(self) -> tuple[Asymptote | None, Asymptote | None]:
        below, above = (None if end is None else _less(end, self.line) for end in self.function.ends)
        return below, above

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return self.function.kinks

    @property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        pieces = self.function.piecewise_linear
        return pieces and replace(pieces, lines=tuple(_less(line, self.line) for line in pieces.lines))

    @property
    def turning_range(self) -> tuple[Fraction | None, Fraction | None]:
        return self.function.turning_range

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        return self.function.undefined(low, high)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return self.function(x, m) - x * m.rational(self.line.slope) - m.rational(self.line.offset)

    def __str__(self) -> str:
        return f"{self.function} - ({self.line.slope} x + {self.line.offset})"


def excess(function: Function, line: Line | None) -> Function:
    """Return a function less a line, or the function itself if the line is None or level."""
    return function if line is None or not line.slope else Excess(function, Line(line.slope, line.offset))


def _less(end: Any, line: Line) -> Any:
    return replace(end, slope=end.slope - line.slope, offset=end.offset - line.offset)
