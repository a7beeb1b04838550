"""The plan of a unit with what it answers to: the specification, the method that made it, and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..accuracy.error_metrics import ErrorMetrics
from ..accuracy.specification import Specification
from ..plan.plan import Plan

__all__ = ["Approximation"]


@dataclass(frozen=True)
class Approximation:
    """A plan that approximates a function, as the Verilog's header describes it.

    Parameters
    ----------
    specification
        The function, formats and budget asked for.
    method, parameters
        The method and the parameters that the plan was made with.
    plan
        The computation.
    errors
        Its error against the true function.

    """

    specification: Specification
    method: str
    parameters: Mapping[str, Any]
    plan: Plan
    errors: ErrorMetrics
