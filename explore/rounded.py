"""The correctly rounded function as a golden model, without a search for hardware."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..accuracy.admissible import admissible
from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..accuracy.budget import Budget
from ..accuracy.specification import Specification
from ..functions.base import Function
from ..functions.expressions.clipped import clipped
from ..plan import operations as op
from ..plan.any_format import Format, read_format
from ..plan.builder import PlanBuilder
from ..plan.input_range import read_clip, read_input_range
from ..sim.golden.model import GoldenModel, golden
from .given_function import given_definition

__all__ = ["rounded"]

_MOST_CODES = 1 << 20
"""The most input codes of a plan that is one table."""


@uses_ball_arithmetic
def rounded(
    function: str | Function | Callable[..., Any] | ArrayLike,
    input_format: str | Format,
    output_format: str | Format,
    *,
    saturate: bool = False,
    input_range: str | Sequence[Any] | None = None,
    clip: str | Sequence[Any] | None = None,
    **parameters: Any,
) -> GoldenModel:
    """Return the model of a function's values, each rounded to the nearest output code, ties to even.

    That is what a unit of 0.5 ulp computes, but for ties: what to train or to compare with before a unit is chosen. Its
    plan is one table.

    Parameters
    ----------
    function, input_format, output_format, saturate, input_range, clip, **parameters
        As for `softgate.design`; the parameters are those of the function.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or more than ``2**20`` input codes occur.

    Examples
    --------
    >>> model = rounded("tanh", "SQ4.4", "SQ1.7")
    >>> model.floats([-0.5, 0.0, 8.0])
    array([-0.4609375,  0.       ,  0.9921875])

    """
    source, output = read_format("input", input_format), read_format("output", output_format)
    made = given_definition(function, source).create(parameters)
    if clip is not None:
        made = clipped(made, *read_clip(clip, source))
    codes = None if input_range is None else read_input_range(input_range, source)
    nearest = Budget(Fraction(1, 2), True)
    # With free ends, the limit is given where it is nearest, as anything else is.
    specification = Specification.between(made, source, output, nearest, saturate, codes, ends="free")
    held = specification.codes
    if held.size > _MOST_CODES:
        raise ValueError(
            f"input_format {source} has {held.size} codes, and a rounded function is tabled for at most {_MOST_CODES}; "
            "give a range that holds fewer (input_range)"
        )
    low, high = admissible(specification)
    # They differ at ties alone; even is what lies an even number of units from 0.
    entries = np.where((low - output.code_of_zero) % 2 == 0, low, high)
    b = PlanBuilder()
    x = b.input("x", source, f"argument of {made}", held)
    index = b.let("index", op.Subtract(x, b.let("first", op.Constant(held.low, b.point(x)))))
    looked_up = op.Lookup(index, tuple(entries.tolist()), specification.output_format.fraction_bits)
    return golden(b.build(y=(b.let("value", looked_up, "correctly rounded"), output)))
