"""A report of the layers that `prepare` swapped in a model, and of those that it left."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn
from torch.nn.modules import activation

from .activation import Activation
from .prepare import SWAPPED
from .quantize import Quantize
from .recurrent import Recurrent

__all__ = ["Report", "report"]

_LEFT: tuple[type[nn.Module], ...] = (
    *(getattr(activation, name) for name in activation.__all__),
    nn.Softmax2d,
    nn.RNNBase,
    nn.RNNCellBase,
    nn.Transformer,
    nn.TransformerEncoderLayer,
    nn.TransformerDecoderLayer,
)
"""Layers of PyTorch that have a function which is not linear within them."""


@dataclass(frozen=True)
class Report:
    """The layers of a model that softgate has a part in, and those that it might have one in.

    Attributes
    ----------
    swapped
        Layers of softgate by their name in the model, each with its function, formats and table.
    left
        Layers of PyTorch that are not linear, by name, each with the reason why it stays.

    """

    swapped: dict[str, str]
    left: dict[str, str]

    def __str__(self) -> str:
        rows = [f"{name or 'the model'}: {said}" for name, said in self.swapped.items()] or ["no layer is softgate's"]
        rows += [f"{name or 'the model'}: left, {reason}" for name, reason in self.left.items()]
        return "\n".join([*rows, "Functions that are called in forward, such as torch.relu, are not seen."])


def report(model: nn.Module) -> Report:
    """Return which layers of a model are softgate's, with their formats, and which others are not linear.

    Raises
    ------
    TypeError
        If `model` is not a ``torch.nn.Module``.

    Examples
    --------
    >>> from torch import nn
    >>> from softgate.ml.torch import Tanh
    >>> print(report(nn.Sequential(Tanh(input="SQ4.4", output="SQ1.7"), nn.Softmax(-1))))
    0: tanh, SQ4.4 -> SQ1.7, rounded half_even, grad=true
    1: left, softgate has no unit for Softmax
    Functions that are called in forward, such as torch.relu, are not seen.

    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, not {model!r:.60}")
    swapped, left = {}, {}
    for name, module in model.named_modules():
        if isinstance(module, Activation | Quantize):
            swapped[name] = module.extra_repr()
        elif isinstance(module, _LEFT) and not isinstance(module, Recurrent):
            left[name] = _reason(module)
    return Report(swapped, left)


def _reason(module: nn.Module) -> str:
    kind = type(module).__name__
    if type(module) in SWAPPED:
        return f"{kind} is PyTorch's: prepare swaps it"
    if isinstance(module, tuple(SWAPPED)):
        return f"{kind} is a class of its own, whose forward may be another"
    return f"softgate has no unit for {kind}"
