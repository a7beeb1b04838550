"""PyTorch as a number type: the definition of a function becomes operations on tensors."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import torch
from torch.nn import functional

from ...functions.number_types import FLOATS

__all__ = ["TENSORS"]


class _Tensors:
    """Tensors, or what records operations on them; constants are Python's floats until they meet one."""

    def rational(self, value: Fraction) -> float:
        return float(value)

    def pi(self) -> float:
        return float(FLOATS.pi())

    def exp(self, x: Any) -> Any:
        return _applied("exp", torch.exp, x)

    def expm1(self, x: Any) -> Any:
        return _applied("expm1", torch.expm1, x)

    def exp2(self, x: Any) -> Any:
        return _applied("exp2", torch.exp2, x)

    def log(self, x: Any) -> Any:
        return _applied("log", torch.log, x)

    def log2(self, x: Any) -> Any:
        return _applied("log2", torch.log2, x)

    def log1p(self, x: Any) -> Any:
        return _applied("log1p", torch.log1p, x)

    def log1p_exp(self, x: Any) -> Any:
        return _applied("log1p_exp", _log1p_exp, x)

    def tanh(self, x: Any) -> Any:
        return _applied("tanh", torch.tanh, x)

    def tanhshrink(self, x: Any) -> Any:
        return _applied("tanhshrink", functional.tanhshrink, x)

    def erf(self, x: Any) -> Any:
        return _applied("erf", torch.erf, x)

    def erfc(self, x: Any) -> Any:
        return _applied("erfc", torch.erfc, x)

    def sqrt(self, x: Any) -> Any:
        return _applied("sqrt", torch.sqrt, x)

    def sin(self, x: Any) -> Any:
        return _applied("sin", torch.sin, x)

    def cos(self, x: Any) -> Any:
        return _applied("cos", torch.cos, x)

    def sin_pi(self, x: Any) -> Any:
        return self.sin(x * self.pi())

    def cos_pi(self, x: Any) -> Any:
        return self.cos(x * self.pi())

    def atan(self, x: Any) -> Any:
        return _applied("atan", torch.atan, x)

    def abs(self, x: Any) -> Any:
        return abs(x)

    def minimum(self, x: Any, y: Any) -> Any:
        return self.where(y - x, x, y)

    def maximum(self, x: Any, y: Any) -> Any:
        return self.where(x - y, x, y)

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return self.minimum(self.maximum(x, float(low)), float(high))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        if isinstance(condition, int | float):
            return positive if condition > 0 else otherwise
        # Two numbers would give a tensor of the default type.
        if isinstance(positive, int | float):
            positive = torch.full_like(condition, positive)
        if isinstance(otherwise, int | float):
            otherwise = torch.full_like(condition, otherwise)
        return torch.where(condition > 0, positive, otherwise)


def _log1p_exp(x: Any) -> Any:
    # PyTorch's softplus is x itself from 20 on, and what its logaddexp is exported as overflows.
    return functional.relu(x) + torch.log1p(torch.exp(-abs(x)))


def _applied(name: str, of_tensors: Callable[[Any], Any], x: Any) -> Any:
    return float(getattr(FLOATS, name)(x)) if isinstance(x, int | float) else of_tensors(x)


TENSORS = _Tensors()
"""PyTorch's tensors."""
