"""Rounding to a format as a layer."""

from __future__ import annotations

import torch
from torch import Tensor

from ...plan.any_format import Format, read_format
from ...plan.operations.base import Range
from .elementwise import ElementwiseModule
from .grid import Grid, read_floats

__all__ = ["Quantize"]

_WIDEST = 32
"""Bits of a format whose codes and values a float64 holds with room to spare."""


class Quantize(ElementwiseModule):
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
        return self._elementwise(x)

    def extra_repr(self) -> str:
        """Return what is printed of the module between parentheses."""
        return str(self.format)

    def _outputs(self, x: Tensor) -> Tensor:
        return self._grid.value(self._grid.places(x, self._steps)).to(x.dtype)

    def _passed_back(self, x: Tensor, gradient: Tensor) -> Tensor:
        return torch.where(self._grid.holds(x.to(torch.float64)), gradient, 0.0)
