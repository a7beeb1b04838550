"""The plan of a unit with what it answers to: the specification, the method that made it, and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..accuracy.error_metrics import ErrorMetrics
from ..accuracy.run_time_specification import AnySpecification
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
    further
        Of a plan of several outputs: what is promised of all but the first, by name, each as the approximation that it
        is by itself, with a plan of its own that is a part of this one. What is above is then that of the first.

    """

    specification: AnySpecification
    method: str
    parameters: Mapping[str, Any]
    plan: Plan
    errors: ErrorMetrics
    further: Mapping[str, Approximation] = field(default_factory=dict, kw_only=True)

    @property
    def outputs(self) -> Mapping[str, Approximation]:
        """The promise made of every output, by name and in order: of the first, this approximation itself."""
        return {self.plan.outputs[0].name: self, **self.further}
