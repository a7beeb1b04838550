"""Demands of a specification beside its error budget, and whether a unit meets them."""

from __future__ import annotations

from typing import NamedTuple

from .budget import Budget
from .error_metrics import ErrorMetrics

__all__ = ["ENDS", "Demand", "end_demand"]

ENDS = ("exact", "free")
"""Whether saturated inputs give the function's limit and 0 gives f(0), or anything within the budget."""


class Demand(NamedTuple):
    """Something asked of a unit beside its budget.

    Attributes
    ----------
    name
        What it is called in a check.
    phrase
        What is said of a unit that meets it, after its name.
    met
        Whether a unit does.

    """

    name: str
    phrase: str
    met: bool


def end_demand(budget: Budget | None, ends: str, errors: ErrorMetrics) -> list[Demand]:
    """Return what is asked of the ends, if anything is: nothing without a budget."""
    if budget is None or ends != "exact":
        return []
    return [Demand("ends", "gives the limits and f(0) exactly", errors.exact_ends)]
