"""A design made from an existing plan, whose errors are measured anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..accuracy.run_time_specification import AnySpecification
from ..hdl.approximation import Approximation
from ..plan.merging import single_output
from ..plan.plan import Plan
from ..sim.plan_errors import plan_errors
from .choose.result import Design

__all__ = ["Made", "measured"]


class Made(NamedTuple):
    """The origin of an output: its specification, method and parameters."""

    specification: AnySpecification
    method: str
    parameters: Mapping[str, Any]


def measured(plan: Plan, outputs: Sequence[Made]) -> Design:
    """Return the design of a plan, each output measured against its function.

    Parameters
    ----------
    plan
        The plan.
    outputs
        What each of its outputs is, in order.

    Raises
    ------
    RangeError, ValueError
        As by `plan_errors`.

    """
    found = {}
    for output, made in zip(plan.outputs, outputs, strict=True):
        part = plan if len(outputs) == 1 else single_output(plan, output.name)
        found[output.name] = Approximation(*made, part, plan_errors(part, made.specification))
    first, *names = found
    further = {name: found[name] for name in names}
    return Design(*outputs[0], plan, found[first].errors, further=further)
