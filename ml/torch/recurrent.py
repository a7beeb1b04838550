"""LSTM and GRU with the parameters of PyTorch's, whose gates are units and whose states have formats."""

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
from .modules import Sigmoid, Tanh
from .quantize import Quantize

__all__ = ["GRU", "LSTM", "Recurrent"]

Weights = tuple[Tensor, Tensor, Tensor | None, Tensor | None]
"""Of one layer and direction: for the input and the hidden state, then their biases."""


class Recurrent(nn.RNNBase):
    """What `LSTM` and `GRU` share: PyTorch's layers of parameters, gone through step by step."""

    gate: Activation
    candidate: Activation
    hidden: Quantize | nn.Identity

    def _make_units(
        self,
        units: Mapping[str, Any] | None,
        formats: Mapping[str, tuple[type[Activation], str | Format | None, str | Format | None]],
        keywords: Mapping[str, Any],
    ) -> None:
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


_ROLES = {"gate": "the gates", "candidate": "the candidate", "cell_tanh": "the tanh of the cell"}


def _activation(function: type[Activation], unit: Any, **keywords: Any) -> Activation:
    """Return the activation of a role; a unit may be of the hard form of the function, too."""
    if unit is not None:
        made = Activation(unit=unit, **keywords)
        if made._unit.function.name == f"hard_{function.definition().name}":
            return made
    return function(unit=unit, **keywords)


class LSTM(Recurrent):
    """``torch.nn.LSTM`` whose gates are looked up, as an accelerator of softgate's units has them.

    Parameters, their names and the order of the gates are PyTorch's, so that it loads the state of PyTorch's layer, and
    PyTorch's layer its state with ``strict=False``. The sums of the gates are computed in floats and rounded to
    `input`; then i, f, o = logistic, g = tanh, and the states ``c' = f c + i g`` and ``h' = o tanh(c')`` are computed
    in floats and rounded to `cell` and `hidden`. Packed sequences and projections are refused.

    Parameters
    ----------
    *arguments, **keywords
        Those of ``torch.nn.LSTM``, and those of `Activation` that hold for all units, such as `grad` or `max_error`.
    input
        The format of the gates' sums.
    gate
        The format of the outputs of the logistic gates.
    candidate
        The format of the outputs of both tanh; that of `hidden` unless given.
    cell
        The format of the cell state, and of the input of its tanh. Unless given the state is not rounded, and the input
        of its tanh has the format `input`.
    hidden
        The format of the hidden state, which is the output; unless given it is not rounded.
    units
        Manifests or designs of the units, by role: ``gate``, ``candidate`` and ``cell_tanh``; the formats that a unit
        has may then be left out. A unit may also be of the hard form, hard_logistic or hard_tanh.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong or missing, or contradicts a unit.

    Examples
    --------
    >>> import torch
    >>> lstm = LSTM(4, 3, input="SQ4.4", gate="UQ0.8", cell="SQ3.5", hidden="SQ1.7")
    >>> lstm.load_state_dict(torch.nn.LSTM(4, 3).state_dict())
    <All keys matched successfully>
    >>> lstm(torch.zeros(5, 2, 4))[0].shape
    torch.Size([5, 2, 3])

    """

    cell_tanh: Activation
    cell: Quantize | nn.Identity
    _states = ("h_0", "c_0")

    def __init__(
        self,
        *arguments: Any,
        input: str | Format | None = None,
        gate: str | Format | None = None,
        candidate: str | Format | None = None,
        cell: str | Format | None = None,
        hidden: str | Format | None = None,
        units: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__("LSTM", *arguments, **_of_torch(keywords))
        tanh = hidden if candidate is None else candidate
        formats = {
            "gate": (Sigmoid, input, gate),
            "candidate": (Tanh, input, tanh),
            "cell_tanh": (Tanh, input if cell is None else cell, tanh),
        }
        self._make_units(units, formats, keywords)
        self.cell = nn.Identity() if cell is None else Quantize(cell)
        self.hidden = nn.Identity() if hidden is None else Quantize(hidden)

    def _step(self, of_input: Tensor, of_hidden: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        i, f, g, o = (of_input + of_hidden).chunk(4, -1)
        i, f, o = self.gate(torch.cat((i, f, o), -1)).chunk(3, -1)
        cell = self.cell(f * states[1] + i * self.candidate(g))
        return self.hidden(o * self.cell_tanh(cell)), cell


class GRU(Recurrent):
    """``torch.nn.GRU`` whose gates are looked up, as an accelerator of softgate's units has them.

    Parameters, their names and the order of the gates are PyTorch's, so that it loads the state of PyTorch's layer, and
    PyTorch's layer its state with ``strict=False``. The sums are computed in floats and rounded to `input`; then
    r, z = logistic, n = tanh of the sum with ``r`` times the part of the hidden state, and ``h' = (1 - z) n + z h`` is
    computed in floats and rounded to `hidden`. Packed sequences are refused.

    Parameters
    ----------
    *arguments, **keywords
        Those of ``torch.nn.GRU``, and those of `Activation` that hold for all units, such as `grad` or `max_error`.
    input, gate, candidate, hidden
        As for `LSTM`.
    units
        Manifests or designs of the units, by role: ``gate`` and ``candidate``; hard ones, too.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong or missing, or contradicts a unit.

    Examples
    --------
    >>> import torch
    >>> gru = GRU(4, 3, batch_first=True, input="SQ4.4", gate="UQ0.8", hidden="SQ1.7")
    >>> gru(torch.zeros(2, 5, 4))[0].shape
    torch.Size([2, 5, 3])

    """

    def __init__(
        self,
        *arguments: Any,
        input: str | Format | None = None,
        gate: str | Format | None = None,
        candidate: str | Format | None = None,
        hidden: str | Format | None = None,
        units: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__("GRU", *arguments, **_of_torch(keywords))
        tanh = hidden if candidate is None else candidate
        self._make_units(units, {"gate": (Sigmoid, input, gate), "candidate": (Tanh, input, tanh)}, keywords)
        self.hidden = nn.Identity() if hidden is None else Quantize(hidden)

    def _step(self, of_input: Tensor, of_hidden: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        size = self.hidden_size
        r, z = self.gate(of_input[..., : 2 * size] + of_hidden[..., : 2 * size]).chunk(2, -1)
        n = self.candidate(of_input[..., 2 * size :] + r * of_hidden[..., 2 * size :])
        return (self.hidden((1 - z) * n + z * states[0]),)


_LAYER = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional", "proj_size")


def _of_torch(keywords: dict[str, Any]) -> dict[str, Any]:
    """Take the arguments of PyTorch's layer out of all keywords."""
    return {name: keywords.pop(name) for name in (*_LAYER, "device", "dtype") if name in keywords}
