"""The input above a threshold, and a constant up to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Line, PiecewiseLinear, Symmetry

__all__ = ["Threshold"]


@dataclass(frozen=True)
class Threshold(Function):
    """``x`` where ``x > threshold``, else ``value``; at the threshold itself it is the value.

    Sources: `Threshold` of PyTorch, which has no defaults, and Keras, which calls the value `default_value`. ONNX's
    ThresholdedRelu (K. Konda, R. Memisevic, D. Krueger, Zero-Bias Autoencoders and the Benefits of Co-Adapting
    Features, 2014) has a value of 0 and a threshold of 1 unless its alpha says otherwise.
    """

    name = "threshold"
    summary = "x where x > threshold, else value"
    parameters = (
        Parameter("threshold", Fraction, "greatest input that gives the value", default=Fraction(0)),
        Parameter("value", Fraction, "output up to the threshold", default=Fraction(0), aliases=("default_value",)),
    )

    threshold: Fraction = Fraction(0)
    value: Fraction = Fraction(0)

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        lines = Line(Fraction(0), self.value), Line(Fraction(1), Fraction(0))
        return PiecewiseLinear(lines, (self.threshold,))

    @property
    def symmetry(self) -> Symmetry | None:
        return None if self.threshold or self.value else Symmetry(1, Fraction(0), Fraction(-1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.where(x - m.rational(self.threshold), x, m.rational(self.value))
