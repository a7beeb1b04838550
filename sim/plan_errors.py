"""Error metrics of a plan: the golden model walked over every input, or a proved bound where that is too many."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..accuracy.admissible import admissible
from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..accuracy.bound import bound_error, is_constant
from ..accuracy.error_measurement import half_ulp_sides, magnitude_errors, measure_errors, misses
from ..accuracy.error_metrics import ErrorMetrics
from ..accuracy.limits import EXHAUSTIVE_CODES
from ..accuracy.monotonic import is_monotonic
from ..accuracy.run_time_specification import AnySpecification, RunTimeSpecification
from ..accuracy.specification import Specification
from ..plan.input_range import show_codes
from ..plan.plan import Plan
from .golden.model import golden
from .run_time_errors import run_time_errors
from .stimulus import stimulus_codes

__all__ = ["bounded_errors", "plan_errors"]


@uses_ball_arithmetic
def plan_errors(plan: Plan, specification: AnySpecification) -> ErrorMetrics:
    """Return the error of a plan against its function, over the input codes that occur.

    Up to 2**24 of them are walked exhaustively. Beyond, `max_ulp` and `max_abs` are a proved bound over all of them,
    `exact_ends` is proved, and the other metrics are those of corner codes and a fixed sample.

    Raises
    ------
    RangeError
        If a value leaves the range of its step.
    ValueError
        If the plan was made for a smaller range of inputs than the specification's, or as by `run_time_errors`.

    """
    if isinstance(specification, RunTimeSpecification):
        return run_time_errors(plan, specification)
    ((port, fmt),) = plan.inputs
    if not plan.ranges[port].covers(specification.codes):
        made = show_codes(plan.ranges[port], fmt)
        raise ValueError(f"the plan is made for inputs from {made}, not for all of {specification.domain}")
    if specification.codes.size <= EXHAUSTIVE_CODES:
        budget, output = specification.budget, specification.output_format
        limits = () if budget is None else (budget.in_ulp(output),)
        model = golden(plan)
        errors = measure_errors(model, specification.reference, limits)
        if specification.rounding is None:
            return errors
        only, _ = admissible(specification)
        outputs = model(fmt.codes(*specification.codes))
        return replace(errors, misrounded=int((outputs != only).sum()))
    return bounded_errors(plan, specification)


def bounded_errors(plan: Plan, specification: Specification) -> ErrorMetrics:
    """Return the error of a plan with one input as a proved bound, and metrics of corner codes and a fixed sample."""
    codes = stimulus_codes(plan)[0]  # ascending
    outputs = golden(plan)(codes)
    errors, sides = [], []
    for code, output in zip(codes.tolist(), outputs.tolist(), strict=True):
        low, high = specification.reference.enclosure(code)
        errors.append(output - (low + high) / 2)
        sides.append(half_ulp_sides(specification.reference, code, output))
    worst = max(range(len(errors)), key=lambda at: abs(errors[at]))
    bound = bound_error(plan, specification, abs(errors[worst]))
    reference = specification.reference
    exact_ends = not misses(reference, codes, outputs).any() and all(
        is_constant(plan, required.codes, required.output) for required in reference.required
    )
    shown = specification.output_format.shown
    ulp = shown.ulp
    sizes = [float(abs(error)) for error in errors]
    return ErrorMetrics(
        max_ulp=float(bound),
        max_abs=float(bound * ulp),
        mean_abs=math.fsum(sizes) / len(sizes) * float(ulp),
        rms=math.sqrt(math.fsum(size * size for size in sizes) / len(sizes)) * float(ulp),
        bias=math.fsum(map(float, errors)) / len(sizes) * float(ulp),
        magnitude_bias=math.fsum(magnitude_errors(outputs - shown.code_of_zero, np.array(errors, dtype=np.float64)))
        / len(sizes)
        * float(ulp),
        correctly_rounded=sum((above or 0) >= 0 >= (below or 0) for above, below in sides) / len(sides),
        monotonic=is_monotonic(codes, outputs, reference.monotonicity),
        symmetric=None,
        exact_ends=exact_ends,
        worst_code=int(codes[worst]),
        worst_value=float(specification.input_format.shown.value(int(codes[worst]))),
        points=len(errors),
        largest=bound,
        undecided=sum(None in each for each in sides),
        proof="bounded",
    )
