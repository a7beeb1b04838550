"""The activations and recurrent layers of a model swapped for those that return what the hardware returns."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from torch import nn

from ...plan.any_format import Format
from . import modules
from .gru import GRU
from .lstm import LSTM
from .named_activation import NamedActivation

__all__ = ["SWAPPED", "prepare"]

_RECURRENT: dict[type[nn.Module], Any] = {nn.LSTM: LSTM, nn.GRU: GRU}

_ACTIVATIONS: list[type[NamedActivation]] = [getattr(modules, name) for name in modules.__all__]

SWAPPED: dict[type[nn.Module], Any] = {cls.layer: cls for cls in _ACTIVATIONS} | _RECURRENT
"""PyTorch's layers, and what `prepare` puts in their place."""

_FORMATS = {
    LSTM: ("input", "gate", "candidate", "cell", "hidden"),
    GRU: ("input", "gate", "candidate", "hidden"),
}


def prepare(
    model: nn.Module,
    *,
    input: str | Format | None = None,
    output: str | Format | None = None,
    gate: str | Format | None = None,
    candidate: str | Format | None = None,
    cell: str | Format | None = None,
    hidden: str | Format | None = None,
    formats: Mapping[str | type[nn.Module], Mapping[str, Any] | None] | None = None,
    inplace: bool = False,
    **keywords: Any,
) -> nn.Module:
    """Return a model whose activations, LSTM and GRU layers are those of softgate, with the parameters they had.

    It is trained as it was, and loads the states of the model that it was made of. Layers are found by their class;
    functions that are called, such as ``torch.relu`` or ``F.gelu`` within ``forward``, are not seen: `report` says what
    was swapped and what was left. Formats that a layer has no use for, such as `cell` for an activation, are passed
    over.

    Parameters
    ----------
    model
        A model, which stays as it is unless `inplace`.
    input
        The format of the inputs of all activations, and of the sums of recurrent layers.
    output
        The format of the outputs of all activations.
    gate, candidate, cell, hidden
        Formats of recurrent layers, as for `LSTM`; `GRU` has no cell.
    formats
        What differs for some layers: arguments of the layer, by the name of a layer (``"encoder.act"``) or by a class
        of PyTorch's (``nn.Tanh``), and None for layers to leave as they are. A name goes before a class.
    inplace
        Whether to change the model itself.
    **keywords
        Arguments of `Activation` for all layers, such as `grad`, `saturate` or `max_error`.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong or missing for a layer, which the message names; or if `formats` names no layer that
        would be swapped.

    Examples
    --------
    >>> from torch import nn
    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2), nn.Sigmoid())
    >>> prepare(model, input="SQ4.4", output="UQ4.4", formats={nn.Sigmoid: {"output": "UQ0.8"}})[3]
    Sigmoid(logistic, SQ4.4 -> UQ0.8, rounded half_even, grad=true)

    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, not {model!r:.60}")
    if not isinstance(inplace, bool):
        raise TypeError(f"inplace must be True or False, not {inplace!r:.60}")
    shared = {"input": input, "output": output, "gate": gate, "candidate": candidate, "cell": cell, "hidden": hidden}
    differing = _read_formats(formats)
    prepared = model if inplace else copy.deepcopy(model)
    places: dict[nn.Module, str] = {}
    for name, module in prepared.named_modules():
        if type(module) in SWAPPED:
            places[module] = name
    _check_used(differing, places)
    # All are made before the first is put in its place: a model that cannot be prepared stays whole.
    swaps = {}
    for module, name in places.items():
        own = differing.get(name, differing.get(type(module), {}))
        if own is not None:
            try:
                swaps[module] = _swapped(module, shared, {**keywords, **own})
            except (TypeError, ValueError) as error:
                where = f"layer {name} ({type(module).__name__})" if name else type(module).__name__
                raise type(error)(f"{where}: {error}") from None
    for parent in list(prepared.modules()):
        for name, child in list(parent.named_children()):
            if child in swaps:
                setattr(parent, name, swaps[child])
        for name, each in list(parent._modules.items()):  # a layer that stands twice in its parent
            if each is not None and each in swaps:
                parent._modules[name] = swaps[each]
    return swaps.get(prepared, prepared)


def _swapped(module: nn.Module, shared: Mapping[str, Any], keywords: Mapping[str, Any]) -> nn.Module:
    cls = SWAPPED[type(module)]
    if issubclass(cls, NamedActivation):
        wanted = {name: shared[name] for name in ("input", "output")}
        made = cls(**cls.arguments_of(module), **_chosen(wanted, keywords))
    else:
        wanted = {name: shared[name] for name in _FORMATS[cls]}
        made = _recurrent(cls, module, _chosen(wanted, keywords))
    made.train(module.training)
    return made


def _chosen(shared: Mapping[str, Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return all arguments; formats for all layers do not contradict a unit, which has its own."""
    return {**({} if "unit" in keywords else shared), **keywords}


def _recurrent(cls: Any, module: nn.Module, keywords: Mapping[str, Any]) -> nn.Module:
    layer: Any = module
    weight = layer.weight_ih_l0
    made = cls(
        layer.input_size,
        layer.hidden_size,
        layer.num_layers,
        bias=layer.bias,
        batch_first=layer.batch_first,
        dropout=layer.dropout,
        bidirectional=layer.bidirectional,
        proj_size=layer.proj_size,
        device=weight.device,
        dtype=weight.dtype,
        **keywords,
    )
    for name, parameter in layer.named_parameters():
        setattr(made, name, parameter)
    return made


def _read_formats(formats: Any) -> dict[Any, Any]:
    if formats is None:
        return {}
    if not isinstance(formats, Mapping):
        raise TypeError(f"formats must be a mapping from layers to their arguments, not {formats!r:.60}")
    for key, own in formats.items():
        if not isinstance(key, str | type):
            raise TypeError(f"formats must have names of layers or classes of torch.nn as keys, not {key!r:.60}")
        if own is not None and not isinstance(own, Mapping):
            raise TypeError(f"formats of {_shown(key)} must be a mapping such as {{'input': 'SQ4.4'}}, not {own!r:.60}")
    return dict(formats)


def _check_used(differing: Mapping[Any, Any], places: Mapping[nn.Module, str]) -> None:
    there = {*places.values(), *map(type, places)}
    for key in differing:
        if key not in there:
            names = ", ".join(sorted(name for name in places.values() if name)) or "none"
            raise ValueError(f"formats names {_shown(key)}, which is no layer that is swapped; those are: {names}")


def _shown(key: Any) -> str:
    return key if isinstance(key, str) else f"torch.nn.{key.__name__}"
