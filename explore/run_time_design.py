"""Design of a unit whose function has a parameter at run time, as an input beside x (decision 040)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..accuracy.budget import Budget
from ..accuracy.run_time_specification import RunTimeSpecification
from ..functions import find_function
from ..functions.run_time import RunTimeFunction, run_time_function, run_time_functions
from ..plan.any_format import Format, read_format
from ..plan.formats import FixedFormat

__all__ = ["function_with_port", "run_time_specification"]


def function_with_port(function: Any, ports: Any) -> tuple[RunTimeFunction, Format]:
    """Return the function of x and the parameter that is to be a port, and the format of that port.

    Raises
    ------
    TypeError, ValueError
        If `ports` is not the name of one parameter with a format, or the function has no parameter that can be a port.

    """
    if not isinstance(ports, Mapping):
        raise TypeError(f"ports must be a dict of a parameter and its format, such as slope: SQ1.7, not {ports!r:.60}")
    if len(ports) != 1:
        raise ValueError(f"ports takes one parameter and its format, not {len(ports)}")
    ((name, fmt),) = ports.items()
    if isinstance(function, str) and function.strip().lower() not in run_time_functions():
        find_function(function)  # raises an error for an unknown name
    return run_time_function(function, name), read_format(str(name), fmt)


def run_time_specification(
    function: Any,
    source: Format,
    output: Format | None,
    ports: Any,
    max_error: str | Budget | None,
    saturate: bool,
    ends: str,
    refused: Mapping[str, Any],
) -> RunTimeSpecification:
    """Return the specification of a unit with a parameter at run time.

    Parameters
    ----------
    function, source, output, ports, max_error, saturate, ends
        As `softgate.design` takes them, with formats read.
    refused
        What else it was given, by name; nothing of it may be set.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or does not go together with ports.

    """
    made, parameter = function_with_port(function, ports)
    for name, value in refused.items():
        if value is not None and value is not False:
            raise ValueError(f"ports goes with max_error, saturate and ends, but not with {name} {value!s:.60}")
    if output is None:
        raise ValueError("output format is missing: give one such as SQ1.7 (-o)")
    budget = Budget(Fraction(1), True) if max_error is None else Budget.parse(max_error)
    return RunTimeSpecification(
        made, _fixed("x", source), _fixed(made.parameter, parameter), _fixed("y", output), budget, saturate, ends
    )


def _fixed(name: str, fmt: Format) -> FixedFormat:
    """Return a format; raise `ValueError` if it is affine."""
    if not isinstance(fmt, FixedFormat):
        raise ValueError(f"{name} must have a fixed-point format such as SQ4.12 where there are ports, not {fmt}")
    return fmt
