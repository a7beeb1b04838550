"""Recurrent layers with PyTorch's parameters, gone through step by step, whose activations are units."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence

from ...plan.any_format import Format
from .activation import Activation
from .named_activation import NamedActivation
from .quantize import Quantize

__all__ = ["Recurrent", "RoleFormats", "rounding"]

Weights = tuple[Tensor, Tensor, Tensor | None, Tensor | None]
"""Of one layer and direction: for the input and the hidden state, then their biases."""

RoleFormats = Mapping[str, tuple[type[NamedActivation], str | Format | None, str | Format | None]]
"""The activations of a cell by role: the function, and its input and output formats."""


class Recurrent(nn.RNNBase):
    """Layers of PyTorch's parameters whose steps a subclass computes: the base of `LSTM` and `GRU`.

    Parameters
    ----------
    mode
        The name of PyTorch's layer.
    arguments, keywords
        Those of PyTorch's layer, and further keywords, which are those of all activations.
    activations
        The activations by role, each an attribute of that name.
    units
        Manifests or designs that stand for some of them, by role.
    hidden
        The format of the hidden state; None if it is not rounded.

    """

    gate: Activation
    candidate: Activation
    hidden: Quantize | nn.Identity

    def __init__(
        self,
        mode: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        *,
        activations: RoleFormats,
        units: Mapping[str, Any] | None,
        hidden: str | Format | None,
    ) -> None:
        of_layer = {name: keywords.pop(name) for name in _OF_LAYER if name in keywords}
        super().__init__(mode, *arguments, **of_layer)
        self._make_units(units, activations, keywords)
        self.hidden = rounding(hidden)

    def _make_units(self, units: Mapping[str, Any] | None, formats: RoleFormats, keywords: Mapping[str, Any]) -> None:
        """Make the activations, each a function between two formats, or a unit."""
        if self.proj_size:
            raise ValueError(f"proj_size must be 0, not {self.proj_size}: projections are not possible here")
        if units is not None and not isinstance(units, Mapping):
            raise TypeError(f"units must be a mapping such as {{'gate': 'build/logistic.json'}}, not {units!r:.60}")
        given = dict(units or {})
        if unknown := [name for name in given if name not in formats]:
            raise ValueError(f"units names {unknown[0]!r:.40}; choose among {', '.join(formats)}")
        for role, (function, source, output) in formats.items():
            asked = {} if role in given else dict(keywords)
            asked = {"grad": keywords["grad"]} if role in given and "grad" in keywords else asked
            try:
                made = _activation(function, given.get(role), input=source, output=output, **asked)
            except (TypeError, ValueError) as error:
                raise type(error)(f"{_ROLES[role]} of {type(self).__name__}: {error}") from None
            setattr(self, role, made)

    def forward(self, input: Tensor, hx: Any = None) -> Any:
        """Return the outputs of every step and the last states, as PyTorch's layer does.

        Raises
        ------
        TypeError
            If `input` is a packed sequence, or not a tensor.
        ValueError
            If the shapes of `input` or of the states do not fit the layer.

        """
        steps, states, batched = self._read(input, hx)
        directions = 2 if self.bidirectional else 1
        last: list[tuple[Tensor, ...]] = []
        for layer in range(self.num_layers):
            found = []
            for direction in range(directions):
                index = layer * directions + direction
                here = steps.flip(0) if direction else steps
                outputs, final = self._direction(here, tuple(s[index] for s in states), self._weights(layer, direction))
                found.append(outputs.flip(0) if direction else outputs)
                last.append(final)
            steps = torch.cat(found, -1) if directions > 1 else found[0]
            if self.dropout and self.training and layer + 1 < self.num_layers:
                steps = functional.dropout(steps, self.dropout, True)
        finals = [torch.stack(parts) for parts in zip(*last, strict=True)]
        if not batched:
            steps, finals = steps.squeeze(1), [final.squeeze(1) for final in finals]
        elif self.batch_first:
            steps = steps.transpose(0, 1)
        return steps, finals[0] if len(finals) == 1 else tuple(finals)

    def _direction(self, steps: Tensor, states: tuple[Tensor, ...], weights: Weights) -> tuple[Tensor, Any]:
        w_input, w_hidden, b_input, b_hidden = weights
        # All steps at once: only what depends on the state before waits for it.
        sums = functional.linear(steps, w_input, b_input)
        outputs = []
        for at in sums.unbind(0):
            states = self._step(at, functional.linear(states[0], w_hidden, b_hidden), states)
            outputs.append(states[0])
        return torch.stack(outputs), states

    @abstractmethod
    def _step(self, of_input: Tensor, of_hidden: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the next states from the two sums, (batch, gates * hidden_size), and the states, each (batch, ...)."""

    def _weights(self, layer: int, direction: int) -> Weights:
        suffix = f"_l{layer}{'_reverse' * direction}"
        kinds = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if self.bias else [])]
        found = [getattr(self, kind + suffix) for kind in kinds]
        return cast(Weights, tuple(found) if self.bias else (*found, None, None))

    def _read(self, given: Any, hx: Any) -> tuple[Tensor, tuple[Tensor, ...], bool]:
        """Return the input, (steps, batch, input_size), the states, each (layers, batch, hidden_size), if batched."""
        if isinstance(given, PackedSequence):
            raise TypeError(
                "input must be a padded tensor, not a packed sequence: torch.nn.utils.rnn.pad_packed_sequence makes one"
            )
        if not isinstance(given, Tensor):
            raise TypeError(f"input must be a tensor, not {type(given).__name__}")
        if given.dim() not in (2, 3):
            raise ValueError(f"input must have 2 axes, or 3 with a batch, not {given.dim()}")
        if given.shape[-1] != self.input_size:
            raise ValueError(f"input must have {self.input_size} features along its last axis, not {given.shape[-1]}")
        batched = given.dim() == 3
        steps = given.unsqueeze(1) if not batched else given.transpose(0, 1) if self.batch_first else given
        if not len(steps):
            raise ValueError("input must have at least one step, not 0")
        size = (self.num_layers * (2 if self.bidirectional else 1), steps.shape[1], self.hidden_size)
        names = self._states
        if hx is None:
            return steps, tuple(steps.new_zeros(size) for _ in names), batched
        parts = (hx,) if len(names) == 1 else hx
        if (
            not isinstance(parts, tuple | list)
            or len(parts) != len(names)
            or not all(isinstance(part, Tensor) for part in parts)
        ):
            wanted = "a tensor" if len(names) == 1 else f"a tuple of {' and '.join(names)}"
            raise TypeError(f"hx must be {wanted}, not {type(hx).__name__}")
        whole = tuple(part if batched else part.unsqueeze(1) for part in parts)
        for name, part in zip(names, whole, strict=True):
            if part.shape != size:
                shape = size if batched else (size[0], size[2])
                raise ValueError(f"{name} must have the shape {shape}, not {tuple(part.squeeze(1).shape)}")
        return steps, whole, batched

    _states: tuple[str, ...] = ("h_0",)


_OF_LAYER = (
    "input_size",
    "hidden_size",
    "num_layers",
    "bias",
    "batch_first",
    "dropout",
    "bidirectional",
    "proj_size",
    "device",
    "dtype",
)
"""Arguments of PyTorch's layers."""

_ROLES = {"gate": "the gates", "candidate": "the candidate", "cell_tanh": "the tanh of the cell"}


def _activation(function: type[NamedActivation], unit: Any, **keywords: Any) -> Activation:
    """Return the activation of a role; a unit may be of the hard form of the function, too."""
    if unit is not None:
        made = Activation(unit=unit, **keywords)
        if made._unit.function.name == f"hard_{function.definition().name}":
            return made
    return function(unit=unit, **keywords)


def rounding(fmt: str | Format | None) -> Quantize | nn.Identity:
    """Return the layer that rounds a state to a format; without one it leaves the state as it is."""
    return nn.Identity() if fmt is None else Quantize(fmt)
