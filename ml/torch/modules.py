"""Activations under the names of PyTorch's layers and with their arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import nn

from ...support.parameters import parse_number
from .named_activation import NamedActivation

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "Mish",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]


class Sigmoid(NamedActivation):
    """``torch.nn.Sigmoid`` as an `Activation`: the logistic function."""

    layer = nn.Sigmoid


class Tanh(NamedActivation):
    """``torch.nn.Tanh`` as an `Activation`: the hyperbolic tangent."""

    layer = nn.Tanh


class ReLU(NamedActivation):
    """``torch.nn.ReLU`` as an `Activation`: the rectifier."""

    layer = nn.ReLU


class ReLU6(NamedActivation):
    """``torch.nn.ReLU6`` as an `Activation`: the rectifier, limited to 6."""

    layer = nn.ReLU6


class LeakyReLU(NamedActivation):
    """``torch.nn.LeakyReLU`` as an `Activation`: the rectifier with a slope below 0."""

    layer = nn.LeakyReLU


class RReLU(NamedActivation):
    """``torch.nn.RReLU`` as an `Activation`: with the mean slope, as in evaluation, in training too."""

    layer = nn.RReLU


class ELU(NamedActivation):
    """``torch.nn.ELU`` as an `Activation`: the exponential linear unit."""

    layer = nn.ELU


class CELU(NamedActivation):
    """``torch.nn.CELU`` as an `Activation`: the continuously differentiable ELU."""

    layer = nn.CELU


class SELU(NamedActivation):
    """``torch.nn.SELU`` as an `Activation`: the self-normalizing ELU."""

    layer = nn.SELU


class GELU(NamedActivation):
    """``torch.nn.GELU`` as an `Activation`: the Gaussian error linear unit."""

    layer = nn.GELU


class SiLU(NamedActivation):
    """``torch.nn.SiLU`` as an `Activation`: the sigmoid linear unit."""

    layer = nn.SiLU


class Mish(NamedActivation):
    """``torch.nn.Mish`` as an `Activation`: x tanh(softplus(x))."""

    layer = nn.Mish


class Hardtanh(NamedActivation):
    """``torch.nn.Hardtanh`` as an `Activation`: the identity between two limits."""

    layer = nn.Hardtanh


class Hardsigmoid(NamedActivation):
    """``torch.nn.Hardsigmoid`` as an `Activation`: clip(x/6 + 1/2, 0, 1)."""

    layer = nn.Hardsigmoid
    fixed: ClassVar[Mapping[str, str]] = {"variant": "torch"}


class Hardswish(NamedActivation):
    """``torch.nn.Hardswish`` as an `Activation`: x clip(x + 3, 0, 6)/6."""

    layer = nn.Hardswish


class Hardshrink(NamedActivation):
    """``torch.nn.Hardshrink`` as an `Activation`: 0 between two limits, x beyond."""

    layer = nn.Hardshrink


class Softshrink(NamedActivation):
    """``torch.nn.Softshrink`` as an `Activation`: 0 between two limits, x less the limit beyond."""

    layer = nn.Softshrink


class Tanhshrink(NamedActivation):
    """``torch.nn.Tanhshrink`` as an `Activation`: x - tanh(x)."""

    layer = nn.Tanhshrink


class Threshold(NamedActivation):
    """``torch.nn.Threshold`` as an `Activation`: x above a threshold, a constant up to it."""

    layer = nn.Threshold


class Softplus(NamedActivation):
    """``torch.nn.Softplus`` as an `Activation`.

    With the `threshold` of 20, the default, it is the function itself, from which PyTorch's is off by up to 2.1e-9 over
    beta; with another one it is x where ``beta x`` is above that.
    """

    layer = nn.Softplus

    @classmethod
    def function_of(cls, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        parameters = dict(given)
        threshold = parameters.pop("threshold", 20)
        if threshold == 20:
            return "softplus", parameters
        beta = cls.definition().create(parameters).as_dict()["beta"]
        limit = parse_threshold(threshold)
        return f"where(({beta})*x > ({limit}), x, softplus(x, beta={beta}))", {}


class Softsign(NamedActivation):
    """``torch.nn.Softsign`` as an `Activation`: x/(1 + abs(x))."""

    layer = nn.Softsign


class LogSigmoid(NamedActivation):
    """``torch.nn.LogSigmoid`` as an `Activation`: the logarithm of the logistic function."""

    layer = nn.LogSigmoid


def parse_threshold(threshold: Any) -> str:
    """Return the threshold of softplus as text of an expression."""
    try:
        return str(parse_number(threshold))
    except (TypeError, ValueError):
        raise ValueError(f"threshold must be a number, not {threshold!r:.60}") from None
