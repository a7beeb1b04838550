"""The natural logarithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Domain, Scaling

__all__ = ["Log"]


@dataclass(frozen=True)
class Log(Function):
    """The natural logarithm, of inputs above 0; ``Log`` of ONNX, ``torch.log``."""

    name = "log"
    summary = "the natural logarithm of x, for x > 0"
    domain = Domain.POSITIVE
    scaling = Scaling(adds=True)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.log(x)
