"""The leaky rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..support.parameters import Parameter
from .rectifier import Rectifier

__all__ = ["LeakyRelu"]


@dataclass(frozen=True)
class LeakyRelu(Rectifier):
    """``x`` above 0 and ``negative_slope * x`` below.

    Source: A. Maas, A. Hannun, A. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013. PyTorch's
    slope is 0.01, and so is that of ONNX, which calls it alpha; that of Keras 3 is 0.2 (0.3 in its layer).
    """

    name = "leaky_relu"
    aliases = ("leakyrelu",)
    summary = "x above 0, negative_slope * x below"
    parameters = (Parameter("negative_slope", Fraction, "slope below 0", default=Fraction(1, 100), aliases=("alpha",)),)

    negative_slope: Fraction = Fraction(1, 100)

    @property
    def slope(self) -> Fraction:
        return self.negative_slope
