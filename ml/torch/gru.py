"""GRU with the parameters of PyTorch's, whose gates are units and whose state has a format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ...plan.any_format import Format
from .modules import Sigmoid, Tanh
from .recurrent import Recurrent

__all__ = ["GRU"]


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
        activations = {
            "gate": (Sigmoid, input, gate),
            "candidate": (Tanh, input, hidden if candidate is None else candidate),
        }
        super().__init__("GRU", arguments, keywords, activations=activations, units=units, hidden=hidden)

    def _step(self, of_input: Tensor, of_hidden: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        size = self.hidden_size
        r, z = self.gate(of_input[..., : 2 * size] + of_hidden[..., : 2 * size]).chunk(2, -1)
        n = self.candidate(of_input[..., 2 * size :] + r * of_hidden[..., 2 * size :])
        return (self.hidden((1 - z) * n + z * states[0]),)
