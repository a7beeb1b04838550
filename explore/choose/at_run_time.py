"""Choosing of a unit whose function has a parameter at run time (decision 040)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...accuracy.run_time_specification import RunTimeSpecification
from ...hdl.build_options import BuildOptions
from ...methods import Candidate, find_method
from ...methods.piecewise_linear.run_time_lines import run_time_candidates
from ...sim.plan_errors import plan_errors
from .chooser import best_of
from .result import BudgetError, Design
from .weighing import Entry, require_tools, weigh

__all__ = ["design_at_run_time"]

_METHOD = "hard"


def design_at_run_time(
    specification: RunTimeSpecification, options: BuildOptions, effort: str, progress: Callable[[str], None]
) -> Design:
    """Return the best unit that meets a specification.

    Parameters
    ----------
    specification
        What the unit is to meet.
    options, effort
        What to build the candidates for, and how far to look (see `EFFORTS`).
    progress
        Called with a short text for each step.

    Raises
    ------
    ValueError
        If method `hard` refuses, or no candidate can be built with these options.
    BudgetError
        If no unit meets the specification.

    """
    require_tools(options, effort)
    candidates = list(run_time_candidates(specification))
    method = find_method(_METHOD)
    entries = [entry for each in candidates for entry in weigh(method, each, options)]

    def proved(entry: Entry) -> Design:
        return _proved(specification, entry.candidate, progress)

    found = best_of(entries, proved, options, effort, progress)
    if found is None:
        raise BudgetError(
            f"no {_METHOD} unit of {specification.function}, {specification.domain} to {specification.output_format}, "
            f"meets an error of {specification.budget}"
        )
    return replace(found, options=options)


def _proved(specification: RunTimeSpecification, candidate: Candidate, progress: Callable[[str], None]) -> Design:
    """Return a candidate as a design, measured; raise `BudgetError` if it does not meet the specification."""
    errors = plan_errors(candidate.plan, specification)
    progress(f"the unit: {errors.largest_text}")
    budget, output = specification.budget, specification.output_format
    if budget is not None and not errors.meets(budget, output):
        raise BudgetError(f"{errors.largest_text} does not meet {budget}")
    for demand in specification.demands(errors):
        if not demand.met:
            raise BudgetError(f"it is not one that {demand.phrase}")
    return Design(specification, _METHOD, dict(candidate.parameters), candidate.plan, errors)
