"""The logarithm to the base 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Function
from .number_types import Arithmetic
from .properties import Domain, Scaling

__all__ = ["Log2"]


@dataclass(frozen=True)
class Log2(Function):
    """The logarithm to the base 2, of inputs above 0; ``torch.log2``."""

    name = "log2"
    summary = "the logarithm of x to the base 2, for x > 0"
    domain = Domain.POSITIVE
    scaling = Scaling(adds=True)

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        return m.log2(x)
