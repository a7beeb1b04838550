"""Neurons and layers of them in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["Neuron", "neuron"]

_Format = str | FixedFormat


def neuron(
    inputs: int,
    x: _Format,
    weights: _Format | ArrayLike,
    function: str,
    output_format: _Format,
    *,
    weight_format: _Format | None = None,
    bias: ArrayLike | str | None = None,
    parallel: int = 1,
    max_error: str | Budget = "1ulp",
    memory: str = "auto",
    products: str = "dsp",
    **options: Any,
) -> CompositeDesign:
    """Find a neuron ``z = f(w1 x1 + ... + wn xn + b)`` that keeps its contract, or a layer that shares one core.

    The sum is exact, rounded half up once to the format of the function unit's input, and limited to it. A neuron takes
    `parallel` elements a clock; a layer takes a vector, keeps it, and gives the outputs of its neurons one by one.

    Parameters
    ----------
    inputs
        The most elements of a vector, n; one that is shorter in transfers counts as if the rest were 0.
    x
        Fixed-point format of an element, such as ``SQ1.7``.
    weights
        The format of weights that are streamed beside x; or an array of constants, of shape (inputs,), or of shape
        (neurons, inputs) for a layer. Floats are values, rounded half to even to `weight_format`; integers are codes.
    function
        A function or an expression, such as ``tanh`` or ``leaky_relu(x, slope=1/8)``; ``linear`` for the sum itself.
    output_format
        Fixed-point format of the output, to which values beyond it are limited.
    weight_format
        Fixed-point format of constant weights.
    bias
        A number, or an array with one for each neuron. Floats and texts are values, rounded to the fraction bits of a
        product (those of x and of a weight together); integers are codes with so many fraction bits.
    parallel
        Products a clock. If it does not divide `inputs`, the last transfer has elements that do not count: constant
        weights are 0 there, and those that are streamed have to be.
    max_error
        Error budget of an output, against the function of the exact sum, limited to the output's format.
    memory
        Where constant weights are: ``logic``, ``bram`` (block RAM), or ``auto``: where they are smaller.
    products
        ``dsp``: in multiplier blocks, if the target has some that keep the clock; or ``logic``.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bound of the error, and its ``golden`` takes codes ``x`` of shape (..., inputs), and
        ``w`` if weights are streamed.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no function unit keeps the budget.
    BudgetError, TimingError
        If the function unit cannot be found, or the target cannot keep the clock.

    Examples
    --------
    >>> import numpy as np
    >>> weights = np.array([[0.5, -1.0, 0.25], [1.0, 1.0, 1.0]])
    >>> unit = neuron(3, "SQ2.4", weights, "tanh", "SQ1.7", weight_format="SQ2.4", bias=[0.25, 1.0])
    >>> unit.golden([[16, 0, 0], [31, 31, 31]])
    array([[ 81, 124],
           [-30, 127]])

    """
    return design_composite(
        "neuron",
        inputs=inputs,
        x=x,
        weights=weights,
        function=function,
        output_format=output_format,
        weight_format=weight_format,
        bias=bias,
        parallel=parallel,
        max_error=max_error,
        memory=memory,
        products=products,
        **options,
    )


class Neuron(DesignedComponent):
    """A neuron, or a layer, as an Amaranth component, with streams ``x`` and ``z`` of structs with ``last``.

    The payload of ``x`` has ``x``, and ``w`` if weights are streamed; with several elements a clock the stream is
    called ``x0``, and its payload has ``x0``, ``x1`` and so on. That of ``z`` has ``z``. On AXI4-Stream they are
    ``s_axis`` and ``m_axis``.

    Parameters
    ----------
    inputs, x, weights, function, output_format
        As for `neuron`.
    **asked
        All else that `neuron` takes.

    Attributes
    ----------
    latency : int
        Clocks from the first transfer of a vector of n elements to its first output, unless stalled.

    Raises
    ------
    TypeError, ValueError, BudgetError, TimingError
        As by `neuron`.

    """

    def __init__(
        self,
        inputs: int,
        x: _Format,
        weights: _Format | ArrayLike,
        function: str,
        output_format: _Format,
        **asked: Any,
    ) -> None:
        super().__init__(neuron(inputs, x, weights, function, output_format, **asked))
