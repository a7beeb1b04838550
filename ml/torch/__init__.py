"""Softgate's units as layers of PyTorch: the outputs of the hardware, bit for bit, in models that can be trained.

It needs PyTorch, which no other part of softgate does: ``pip install 'softgate[torch]'``.
"""

try:
    import torch as _torch  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    raise ModuleNotFoundError(
        "softgate.ml.torch needs PyTorch, which is not installed: pip install 'softgate[torch]'", name="torch"
    ) from None

from .activation import Activation
from .gru import GRU
from .lstm import LSTM
from .modules import (
    CELU,
    ELU,
    GELU,
    SELU,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    Mish,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from .prepare import prepare
from .quantize import Quantize
from .report import Report, report

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "SELU",
    "Activation",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "Mish",
    "Quantize",
    "RReLU",
    "ReLU",
    "ReLU6",
    "Report",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
    "prepare",
    "report",
]
