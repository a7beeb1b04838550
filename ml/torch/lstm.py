"""LSTM with the parameters of PyTorch's, whose gates are units and whose states have formats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...plan.any_format import Format
from .activation import Activation
from .modules import Sigmoid, Tanh
from .quantize import Quantize
from .recurrent import Recurrent, rounding

__all__ = ["LSTM"]


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
        tanh = hidden if candidate is None else candidate
        activations = {
            "gate": (Sigmoid, input, gate),
            "candidate": (Tanh, input, tanh),
            "cell_tanh": (Tanh, input if cell is None else cell, tanh),
        }
        super().__init__("LSTM", arguments, keywords, activations=activations, units=units, hidden=hidden)
        self.cell = rounding(cell)

    def _step(self, of_input: Tensor, of_hidden: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        i, f, g, o = (of_input + of_hidden).chunk(4, -1)
        i, f, o = self.gate(torch.cat((i, f, o), -1)).chunk(3, -1)
        cell = self.cell(f * states[1] + i * self.candidate(g))
        return self.hidden(o * self.cell_tanh(cell)), cell
