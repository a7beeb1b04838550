"""Specifications with a parameter at run time, and plans for them."""

from softgate.accuracy.budget import Budget
from softgate.accuracy.run_time_specification import RunTimeSpecification
from softgate.functions.run_time import run_time_function
from softgate.methods.piecewise_linear.run_time_lines import run_time_candidates
from softgate.plan import FixedFormat


def at_run_time(source, parameter, output, budget="1ulp", **asked):
    """Return the specification of PReLU between formats, given as text."""
    formats = map(FixedFormat.parse, (source, parameter, output))
    limit = None if budget is None else Budget.parse(budget)
    return RunTimeSpecification(run_time_function("prelu", "slope"), *formats, limit, **{"saturate": True, **asked})


def plans_of(specification):
    """Return the plans of all candidates."""
    return [candidate.plan for candidate in run_time_candidates(specification)]
