"""Slopes for the way back: the derivative of a function as operations on tensors, and the slopes of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import fx

from ...functions import derivative_of
from ...functions.base import Function
from ...functions.number_types import FLOATS, Dual, Duals
from ...plan.any_format import Format
from .arithmetic import TENSORS

__all__ = ["GRADIENTS", "slopes_of_table", "traced"]

GRADIENTS = ("true", "surrogate")
"""Whose slope the gradient is: that of the function, or of the table."""


def traced(function: Function) -> fx.GraphModule:
    """Return a module that maps a tensor to the function's values and slopes there, in the tensor's type.

    The function is evaluated once, with what records operations in the place of a tensor, so that neither fractions
    nor dual numbers are left. At kinks the slope is that of `functions.derivative.Derivative`.
    """
    graph = fx.Graph()
    x = fx.Proxy(graph.placeholder("x"), fx.proxy.GraphAppendingTracer(graph))
    found = function(Dual(x, 1.0), Duals(TENSORS))
    parts = (found.value, found.slope) if isinstance(found, Dual) else (found, 0.0)
    whole = tuple(part if isinstance(part, fx.Proxy) else torch.full_like(x, part) for part in parts)
    graph.output(tuple(part.node for part in whole))
    graph.eliminate_dead_code()
    return fx.GraphModule(torch.nn.Module(), graph)


def end_slopes(function: Function, low: float, high: float) -> tuple[float, float]:
    """Return the slopes at the ends of the input's range, which stand for those that overflow on the way there."""
    below, above = derivative_of(function)(np.array([low, high]), FLOATS)
    return float(below), float(above)


def slopes_of_table(outputs: NDArray[Any], source: Format, output: Format) -> NDArray[np.float64]:
    """Return the slope of a table at each of its codes: that of the line through the outputs at the two codes beside.

    Parameters
    ----------
    outputs
        Output codes, in ascending order of the input's code, shape (codes,).
    source, output
        The formats of the codes.

    Returns
    -------
    array
        Slopes of shape (codes,); at the first and the last code through that code itself and its one neighbour.

    """
    if len(outputs) == 1:
        return np.zeros(1)
    steps = np.gradient(outputs.astype(np.float64))
    return np.asarray(steps * float(output.ulp / source.ulp))
