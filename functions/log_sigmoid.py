"""The logarithm of the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Asymptote, Symmetry

__all__ = ["LogSigmoid"]


@dataclass(frozen=True)
class LogSigmoid(Function):
    """``log(1 / (1 + exp(-x)))``, which is ``-softplus(-x)``.

    Sources: `LogSigmoid` of PyTorch, `log_sigmoid` of Keras; in ONNX it is a Sigmoid and a Log.
    """

    name = "log_sigmoid"
    aliases = ("logsigmoid",)
    summary = "log(1 / (1 + exp(-x)))"

    @property
    def ends(self) -> tuple[Asymptote, Asymptote]:
        return Asymptote(Fraction(1), Fraction(0), side=-1), Asymptote.limit(0, side=-1)

    @property
    def symmetry(self) -> Symmetry:
        return Symmetry(1, Fraction(0), Fraction(-1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return -m.log1p_exp(-x)
