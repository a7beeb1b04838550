"""The first candidate that meets the budget, found by measuring one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ...accuracy.bound import is_constant
from ...accuracy.error_metrics import ErrorMetrics
from ...accuracy.limits import EXHAUSTIVE_CODES
from ...accuracy.required import Required
from ...accuracy.specification import Specification
from ...methods import Candidate, Method
from ...methods.exact_ends import with_exact_ends
from ...sim.golden.model import golden
from ...sim.plan_errors import plan_errors
from .left_out import failing_left_out
from .result import BudgetError, Design

__all__ = ["described", "first_within_budget", "with_ends"]

_SCREENED_CODES = 1 << 14
"""With more input codes than these, a candidate is first tried on a sample, on which most bad ones fail."""

_SAMPLE = 512

_ENDS_WALKED = 1 << 15
"""The first saturated codes, at which a candidate is tried."""


class _Rejected(NamedTuple):
    """A candidate beyond the budget, with a lower bound of its error, and its metrics if it was measured."""

    error: Fraction
    candidate: Candidate
    metrics: ErrorMetrics | None = None


def first_within_budget(
    specification: Specification,
    method: type[Method],
    candidates: Iterable[Candidate],
    progress: Callable[[str], None] = lambda _: None,
) -> Design:
    """Return the first candidate whose error, measured or proved, is within the budget.

    Raises
    ------
    BudgetError
        If there is no such candidate; the message names the best one.

    """
    budget, output = specification.budget, specification.output_format
    rejected: list[_Rejected] = []
    unmet: Counter[str] = Counter()
    tried = 0
    for found in candidates:
        tried += 1
        with failing_left_out(method, specification):
            candidate = with_ends(specification, found)
            if budget is not None:
                low = _sampled_error(specification, candidate)
                if not budget.admits(low, output):
                    rejected.append(_Rejected(low, candidate))
                    progress(f"{described(candidate)}: at least {float(low):.3g} ulp")
                    continue
            errors = plan_errors(candidate.plan, specification)
            progress(f"{described(candidate)}: {errors.largest_text}")
            if budget is not None and not errors.meets(budget, output):
                rejected.append(_Rejected(errors.largest, candidate, errors))
                continue
            lacking = [demand.phrase for demand in specification.demands(errors) if not demand.met]
            if not lacking:
                return Design(specification, method.name, dict(candidate.parameters), candidate.plan, errors, tried)
            unmet[" and ".join(lacking)] += 1
    raise BudgetError(_refusal(specification, method, rejected, unmet))


def with_ends(specification: Specification, candidate: Candidate) -> Candidate:
    """Return a candidate that gives the required outputs, with constants added where it does not by itself."""
    if specification.budget is None or specification.ends != "exact":
        return candidate
    missed = [
        required for required in specification.reference.required if not _gives(specification, candidate, required)
    ]
    if not missed:
        return candidate
    return replace(candidate, plan=with_exact_ends(candidate.plan, specification, missed))


def _gives(specification: Specification, candidate: Candidate, required: Required) -> bool:
    """Return whether a candidate gives a required output: by trying many codes, and by proof if there are more."""
    low, high = required.codes
    # The codes nearest to the unsaturated range come first.
    codes = range(low, high + 1) if low > 0 else range(high, low - 1, -1)
    tried = {*codes[:_ENDS_WALKED], *codes[:: max(len(codes) // _SAMPLE, 1)], codes[-1]}
    walked = np.array(sorted(tried), dtype=specification.input_format.code_dtype)
    if (golden(candidate.plan)(walked) != required.outputs(walked)).any():
        return False
    return specification.codes.size <= EXHAUSTIVE_CODES or is_constant(candidate.plan, required.codes, required.output)


def _sampled_error(specification: Specification, candidate: Candidate) -> Fraction:
    """Return a lower bound of the candidate's error: its largest on a fixed sample of many inputs, else 0."""
    held = specification.codes
    if held.size <= _SCREENED_CODES:
        return Fraction(0)
    stride = held.size // _SAMPLE | 1  # odd, so that the sample meets every offset within the segments
    codes = [held.low + index * stride % held.size for index in range(_SAMPLE)]
    outputs = golden(candidate.plan)(np.array(codes, dtype=specification.input_format.code_dtype))
    largest = Fraction(0)
    for code, output in zip(codes, outputs.tolist(), strict=True):
        low, high = specification.reference.enclosure(code)
        largest = max(largest, low - output, output - high)
    return largest


def described(candidate: Candidate) -> str:
    """Return the parameters of a candidate as text."""
    return ", ".join(f"{name}={value}" for name, value in candidate.parameters.items()) or "the unit"


def _refusal(
    specification: Specification,
    method: type[Method],
    rejected: Sequence[_Rejected],
    unmet: Counter[str],
) -> str:
    """Return the message when there is no unit: the demand that fails most often, or the smallest error."""
    formats = f"{specification.domain} to {specification.output_format}"
    what = f"{method.name} unit of {specification.function}, {formats},"
    if unmet:
        (lacking, count), meets = unmet.most_common(1)[0], ""
        if specification.budget:
            meets = f" and meets an error of {specification.budget}"
        tried = len(rejected) + sum(unmet.values())
        return f"no {what} {lacking}{meets}: {count} of {tried} tried meet all else"
    if not rejected:
        near, function = f"no {what} comes near an error of {specification.budget or '1ulp'}", specification.function
        if function.analytic or function.piecewise_linear is not None:
            return near
        return f"{near}; closer fits need a power series, and {function} {function.no_series}, so allow a larger error"
    best = min(rejected, key=lambda each: each.error)
    errors = best.metrics
    # It may have been rejected on a sample. The message needs its error on all inputs, but no proof.
    if errors is None and specification.codes.size <= EXHAUSTIVE_CODES:
        errors = plan_errors(best.candidate.plan, specification)
    largest = errors.largest_text if errors else f"at least {float(best.error):.3g} ulp"
    return (
        f"no {what} meets an error of {specification.budget}: the best of {len(rejected)} tried has "
        f"{largest} ({described(best.candidate)})"
    )
