"""The randomized leaky rectified linear unit, as it is at inference."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..support.parameters import Parameter
from .rectifier import Rectifier

__all__ = ["RRelu"]


@dataclass(frozen=True)
class RRelu(Rectifier):
    """``x`` above 0 and ``(lower + upper) / 2 * x`` below: the mean of the slopes that training draws from.

    The composite ``rrelu_training`` is the unit for training.

    Source: B. Xu, N. Wang, T. Chen, M. Li, Empirical Evaluation of Rectified Activations in Convolutional Network,
    2015. Defaults are those of PyTorch; Keras and ONNX have no such function.
    """

    name = "rrelu"
    summary = "x above 0, (lower + upper) / 2 * x below"
    parameters = (
        Parameter("lower", Fraction, "least slope below 0", default=Fraction(1, 8)),
        Parameter("upper", Fraction, "greatest slope below 0", default=Fraction(1, 3)),
    )

    lower: Fraction = Fraction(1, 8)
    upper: Fraction = Fraction(1, 3)

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(f"lower must be at most upper, but {self.lower} > {self.upper}")

    @property
    def slope(self) -> Fraction:
        return (self.lower + self.upper) / 2
