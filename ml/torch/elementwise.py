"""Modules that map every element of a tensor by a rule of their own, with a gradient of their own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Self

import torch
from torch import Tensor, nn

__all__ = ["ElementwiseModule"]


class _Elementwise(torch.autograd.Function):
    """The outputs of an `ElementwiseModule`, and its gradient on the way back."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, module: ElementwiseModule) -> Tensor:
        return module._outputs(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ElementwiseModule], output: Tensor) -> None:
        x, ctx.module = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return ctx.module._passed_back(x, gradient), None


class ElementwiseModule(nn.Module):
    """A module whose outputs and gradient are computed element by element, and whose buffers keep their types."""

    def _elementwise(self, x: Tensor) -> Tensor:
        """Return the outputs at `x`, and record the gradient."""
        found: Tensor = _Elementwise.apply(x, self)
        return found

    @abstractmethod
    def _outputs(self, x: Tensor) -> Tensor:
        """Return the output at each element, in the shape and type of `x`."""

    @abstractmethod
    def _passed_back(self, x: Tensor, gradient: Tensor) -> Tensor:
        """Return the gradient with respect to `x` from that with respect to the outputs; shapes are the same."""

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Move buffers to another device, but keep the types without which they would lose bits."""
        before = dict(self._buffers)
        super()._apply(fn, recurse)
        for name, kept in before.items():
            moved = self._buffers[name]
            if kept is not None and moved is not None and moved.dtype != kept.dtype:
                self._buffers[name] = kept.to(moved.device)
        return self
