"""The search for the unit of one function: by the chooser, or by the first candidate that meets the specification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ...accuracy.budget import Budget
from ...accuracy.limits import EXHAUSTIVE_CODES
from ...accuracy.specification import Specification
from ...functions.base import Function
from ...hdl.build_options import BuildOptions
from ...methods import Method, find_method, method_classes
from .chooser import choose, choose_of
from .first_within_budget import first_within_budget
from .left_out import candidates_of
from .result import BudgetError, Design
from .weighing import require_tools

__all__ = ["Search", "check_decidable"]

_LEAST_BUDGET = Fraction(1, 2)
"""The smallest budget that correct rounding meets, in ulp."""


@dataclass(frozen=True)
class Search:
    """The settings of a search for a unit, whatever its specification.

    Parameters
    ----------
    method, given
        The method that is named, None for the best of all, and its parameters.
    options, effort
        What to build the candidates for, and how far to look.
    progress
        Called with a short text for each step.
    wait
        Whether slow searches are made, too, if few look-up tables are the only objective.

    """

    method: type[Method] | None
    given: Mapping[str, Any]
    options: BuildOptions
    effort: str
    progress: Callable[[str], None]
    wait: bool = True

    def design(self, specification: Specification) -> Design:
        """Return the unit that is found for a specification.

        Raises
        ------
        ValueError
            If the method refuses, no candidate can be built with these options, or the function has more critical
            points than can be isolated.
        BudgetError
            If no unit meets the specification.

        """
        check_decidable(specification)
        _ = specification.turns  # if they cannot be found, no method is at fault
        try:
            return replace(self._found(specification), options=self.options)
        except BudgetError:
            # A smaller error also limits the bias.
            for tighter in _tighter(specification):
                try:
                    return replace(self._found(tighter), specification=specification, options=self.options)
                except BudgetError:
                    continue
            raise

    def _found(self, specification: Specification) -> Design:
        last_resort = _last_resort(specification.function)
        methods: list[type[Method]] = []
        if self.method is None:
            require_tools(self.options, self.effort)
            methods = _searched(specification)
            found = choose(specification, methods, self.options, self.effort, self.progress, wait=self.wait)
            if found is not None:
                return found
        elif (self.method.searched or self.method.efforts) and not (self.given and self.method is last_resort):
            require_tools(self.options, self.effort)
            return choose_of(specification, self.method, self.given, self.options, self.effort, self.progress)
        # Methods with little choice give the first unit that meets the specification.
        used = self.method or last_resort
        made = candidates_of(used, specification, self.given)
        try:
            return first_within_budget(specification, used, made, self.progress)
        except BudgetError as error:
            others = ", ".join(method.name for method in methods if method is not used)
            if not others:
                raise
            raise BudgetError(f"{error}; nor does any unit of the other methods tried ({others})") from None


def check_decidable(specification: Specification) -> None:
    """Raise `BudgetError` for correct rounding of a curve with too many unsaturated inputs for an exhaustive proof.

    A bound, however tight, leaves inputs next to a rounding boundary undecided: a search would fail after a minute.
    """
    budget, function = specification.budget, specification.function
    if (
        budget is None
        or function.piecewise_linear is not None
        or budget.in_ulp(specification.output_format) > _LEAST_BUDGET
    ):
        return
    if specification.codes.size <= EXHAUSTIVE_CODES:
        return
    curved = specification.codes.size - sum(each.codes.size for each in specification.reference.required)
    if curved > EXHAUSTIVE_CODES:
        raise BudgetError(
            f"max_error {budget} is correct rounding, which takes at most {EXHAUSTIVE_CODES} input codes that are not "
            f"saturated; {specification.domain} has {curved} for {function}: ask for a little more, such as 0.51ulp, "
            "or give a range that holds fewer"
        )


def _tighter(specification: Specification) -> Iterator[Specification]:
    """Yield the specification with smaller budgets down to correct rounding, if the bias is limited."""
    if specification.budget is None or specification.max_bias is None:
        return
    limit = specification.budget.in_ulp(specification.output_format)
    while limit > _LEAST_BUDGET:
        limit = max(limit / 2 if limit > 1 else (limit + _LEAST_BUDGET) / 2, _LEAST_BUDGET)
        if limit < _LEAST_BUDGET + Fraction(1, 16):
            limit = _LEAST_BUDGET
        yield replace(specification, budget=Budget(limit, ulp=True))


def _searched(specification: Specification) -> list[type[Method]]:
    """Return the methods whose candidates are weighed against each other for a specification."""
    methods = [method for method in method_classes() if method.searches(specification)]
    return [method for method in methods if method.refusal(specification) is None]


def _last_resort(function: Function) -> type[Method]:
    """Return the method to use when no candidate of any method could be weighed."""
    if function.rounded:
        return find_method("table")
    if function.piecewise_linear is not None:
        return find_method("hard")
    return find_method("taylor" if function.analytic else "polynomial")
