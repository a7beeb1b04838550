"""The job of a unit; only units with the same job are compared."""

from __future__ import annotations

from typing import NamedTuple

from ...accuracy.composites import find_composite, is_composite
from ...functions import find_function
from ...functions.packed_values import PackedValues, summary
from ...support.parameters import parameters_by_name
from ..sweep.arguments import argument_axes
from ..sweep.row import Row

__all__ = ["Job", "job_of"]


class Job(NamedTuple):
    """A job, as in a heading; method, parameters and clock are not part of it.

    Formats are empty for composites that have them among their parameters.
    """

    function: str
    target: str
    interface: str
    formats: str


def job_of(row: Row, *, absolute: bool = False) -> Job:
    """Return the job of a row's unit.

    Variants of a function are functions of their own: each has its own true values. An error in ulp means something
    else in every output format; with `absolute`, for errors that do not count in ulp, units of different output formats
    do the same job. The input format always matters: a coarser one asks for fewer values. Composites that differ in
    arguments which are about their hardware alone, such as the format of a cell's gates, do the same job.
    """
    if is_composite(row.function):
        declared = [axis for axis, each in argument_axes(find_composite(row.function)).items() if not each.internal]
        shown = {name: row.parameters[name] for name in declared if name in row.parameters}
    else:
        known = parameters_by_name(find_function(row.function).parameters)
        shown = {
            name: f"({summary(value)})" if isinstance(known[name], PackedValues) else value
            for name, value in row.parameters.items()
            if name in known
        }
    parameters = ", ".join(f"{name}={value}" for name, value in shown.items())
    function = f"{row.function}({parameters})" if parameters else row.function
    if (derivative := row.options.get("with_derivative")) is not None:  # a second output is work of its own
        function = f"{function} with its derivative in {derivative}"
    formats = [row.input] if absolute else [row.input, row.output]
    return Job(function, row.target, row.interface, " to ".join(filter(None, formats)))
