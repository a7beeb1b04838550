"""The specification of a unit in its manifest; none if no function is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..accuracy.budget import BiasLimit, Budget
from ..accuracy.run_time_specification import AnySpecification, RunTimeSpecification
from ..accuracy.specification import Specification
from ..functions import create_function
from ..functions.run_time import run_time_function
from ..plan.any_format import parse_format
from ..plan.formats import FixedFormat
from ..plan.plan import Plan
from ..plan.requantize import ROUNDINGS
from ..support.parameters import read_name
from .claims import ASKS_NOTHING
from .manifest_fields import read_range

__all__ = ["read_specification", "specification_as_dict"]


def specification_as_dict(specification: AnySpecification | None) -> dict[str, Any]:
    """Return the fields of the specification; if no function is claimed, those that ask for nothing."""
    if specification is None:
        return {"function": None, "function_parameters": {}, **ASKS_NOTHING}
    return {
        "function": specification.function.spelling,
        "function_parameters": specification.function.as_dict(),
        "budget": str(specification.budget) if specification.budget else None,
        "saturate": specification.saturate,
        "monotonic": specification.monotonic,
        "ends": specification.ends,
        "symmetric": specification.symmetric,
        "max_bias": str(specification.max_bias) if specification.max_bias else None,
        "rounding": specification.rounding,
    }


def read_specification(data: Mapping[str, Any], plan: Plan) -> AnySpecification | None:
    """Return what a manifest says was asked for, or None if it claims no function.

    Raises
    ------
    TypeError, ValueError
        If a field is wrong, or contradicts the others or the plan.

    """
    if data["function"] is None:
        for key in ("method", "error", "choice"):
            if data[key] is not None:
                raise ValueError(f"function is null, so {key} must be, too")
        return None
    for key in ("method", "error"):
        if data[key] is None:
            raise ValueError(f"{key} cannot be null, since a function is claimed")
    budget = None if data["budget"] is None else Budget.parse(data["budget"])
    if any(isinstance(each, dict) and "parameter" in each for each in data["inputs"]):
        return _read_at_run_time(data, plan, budget)
    if (count := len(plan.inputs)) != 1:
        raise ValueError(f"a function has one input, but the plan has {count}")
    return Specification.between(
        create_function(data["function"], **data["function_parameters"]),
        parse_format(data["input"]["format"]),
        parse_format(data["output"]["format"]),
        budget,
        data["saturate"],
        read_range(data["range"]),
        data["monotonic"],
        data["ends"],
        data["symmetric"],
        None if data["max_bias"] is None else BiasLimit.parse(data["max_bias"]),
        None if data["rounding"] is None else read_name("rounding", data["rounding"], ROUNDINGS),
    )


def _read_at_run_time(data: Mapping[str, Any], plan: Plan, budget: Budget | None) -> RunTimeSpecification:
    """Return the specification of a function with a parameter at run time; other fields must agree with it."""
    if len(plan.inputs) != 2 or len(data["inputs"]) != 2 or len(plan.outputs) != 1:
        raise ValueError("a function with a parameter at run time has the inputs x and the parameter, and one output")
    first, second = data["inputs"]
    return RunTimeSpecification(
        run_time_function(data["function"], second["parameter"]),
        FixedFormat.parse(first["format"]),
        FixedFormat.parse(second["format"]),
        FixedFormat.parse(data["output"]["format"]),
        budget,
        data["saturate"],
        data["ends"],
    )
