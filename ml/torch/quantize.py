"""Rounding to a format as a layer."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ...plan.any_format import Format, read_format
from ...plan.operations.base import Range
from .grid import Grid, read_floats

__all__ = ["Quantize"]

_WIDEST = 32
"""Bits of a format whose codes and values a float64 holds with room to spare."""


class _Round(torch.autograd.Function):
    """The nearest values of a `Quantize`; on the way back 1 within its format, 0 outside."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, module: Quantize) -> Tensor:
        return module._nearest(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Quantize], output: Tensor) -> None:
        x, ctx.module = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return torch.where(ctx.module._grid.holds(x.to(torch.float64)), gradient, 0.0), None


class Quantize(nn.Module):
    """Values rounded to a format, half to even, and saturated: what a register of that format holds.

    NaN stays NaN. The gradient is that of the straight-through estimator: it passes where x lies from the least to the
    greatest value of the format, both included, and is 0 elsewhere.

    Parameters
    ----------
    format
        Such as ``SQ1.7`` or ``int8:0.047:-3``, of at most 32 bits.

    Raises
    ------
    TypeError, ValueError
        If it is not a format, or has more bits.

    Examples
    --------
    >>> import torch
    >>> Quantize("SQ1.2")(torch.tensor([-3.0, 0.125, 0.375, 0.9]))
    tensor([-1.0000,  0.0000,  0.5000,  0.7500])

    """

    _steps: Tensor | None

    def __init__(self, format: str | Format) -> None:
        super().__init__()
        self.format = read_format("format", format)
        if self.format.width > _WIDEST:
            raise ValueError(f"format {self.format} has {self.format.width} bits; at most {_WIDEST} are possible here")
        self._grid = Grid(self.format, Range.of(self.format))
        self.register_buffer("_steps", self._grid.steps, False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the nearest values of the format, in the shape and type of `x`.

        Raises
        ------
        TypeError
            If `x` is not a tensor of floats.

        """
        read_floats(x, "they need no rounding")
        found: Tensor = _Round.apply(x, self)
        return found

    def extra_repr(self) -> str:
        """Return what is printed of the module between parentheses."""
        return str(self.format)

    def _nearest(self, x: Tensor) -> Tensor:
        return self._grid.value(self._grid.places(x, self._steps)).to(x.dtype)

    def _apply(self, fn: Any, recurse: bool = True) -> Quantize:
        """Move the limits between codes to another device, in float64 as they are."""
        kept = self._steps
        super()._apply(fn, recurse)
        if kept is not None and self._steps is not None:
            self._steps = kept.to(self._steps.device)
        return self
