"""The arctangent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import ODD, Sign, Symmetry

__all__ = ["Atan"]


@dataclass(frozen=True)
class Atan(Function):
    """The arctangent, in radians; ``Atan`` of ONNX, ``torch.atan`` and ``torch.arctan``, ``arctan`` of Keras.

    Its limits are plus and minus half of pi, which are not rational, so none are stated.
    """

    name = "atan"
    aliases = ("arctan",)
    summary = "the arctangent of x, in radians"
    sign = Sign.OF_ARGUMENT

    @property
    def symmetry(self) -> Symmetry:
        return ODD

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.atan(x)
