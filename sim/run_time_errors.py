"""Error metrics of a plan whose function has a parameter at run time: every combination, or a proved bound."""

from __future__ import annotations

import numpy as np

from ..accuracy.error_metrics import ErrorMetrics
from ..accuracy.limits import EXHAUSTIVE_CODES
from ..accuracy.rounded_once import rounding_error
from ..accuracy.run_time_metrics import RunTimeTotals
from ..accuracy.run_time_specification import RunTimeSpecification
from ..accuracy.run_time_truth import RunTimeTruth
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .golden.model import golden
from .stimulus import stimulus_codes

__all__ = ["run_time_errors"]

_CHUNK = 1 << 20
"""Combinations walked at a time."""


def run_time_errors(plan: Plan, specification: RunTimeSpecification) -> ErrorMetrics:
    """Return the error of a plan over all combinations of codes of x and of the parameter.

    Up to 2**24 of them are walked. Beyond, the largest error is proved (see `rounding_error`), and so is `exact_ends`,
    since rounding once leaves a value that is a code as it is; the other metrics are those of corners and a stratified
    sample.

    Raises
    ------
    RangeError
        If a value leaves the range of its step.
    ValueError
        If the plan has other inputs than x and the parameter, or the combinations are too many and nothing proves a
        bound.

    """
    given = [(port, str(fmt)) for port, fmt in plan.inputs]
    wanted = [("x", specification.input_format), *specification.ports.items()]
    if given != [(port, str(fmt)) for port, fmt in wanted] or any(
        plan.ranges[port] != Range.of(fmt) for port, fmt in plan.inputs
    ):
        listed = " and ".join(f"{port} in {fmt}" for port, fmt in wanted)
        raise ValueError(f"{specification.function} needs a plan of {listed}, with all codes of both")
    truth = RunTimeTruth(specification)
    if specification.combinations > EXHAUSTIVE_CODES:
        return _bounded(plan, truth)
    return _walked(plan, truth)


def _walked(plan: Plan, truth: RunTimeTruth) -> ErrorMetrics:
    (_, source), (_, parameter) = plan.inputs
    model, totals = golden(plan), RunTimeTotals(truth)
    kind = np.int64 if truth.fits else object
    parameters = parameter.codes().astype(kind)
    rows = max(_CHUNK // len(parameters), 1)
    low, high = truth.specification.codes
    last = None
    for start in range(low, high + 1, rows):
        codes = source.codes(start, min(start + rows - 1, high)).astype(kind)[:, np.newaxis]
        outputs = model(codes, parameters).astype(kind)
        totals.add(codes, parameters, outputs)
        if last is not None:
            totals.follow(codes[:1] - 1, parameters, last, outputs[:1])
        totals.follow(codes[:-1], parameters, outputs[:-1], outputs[1:])
        last = outputs[-1:]
    return totals.metrics()


def _bounded(plan: Plan, truth: RunTimeTruth) -> ErrorMetrics:
    bound = rounding_error(plan, truth)
    if bound is None:
        raise ValueError(
            f"no bound of the error is proved for {truth.specification.combinations} combinations of inputs: the plan "
            "does not round its exact value once; choose formats of at most 24 bits in all"
        )
    model, totals = golden(plan), RunTimeTotals(truth)
    codes, parameters = stimulus_codes(plan).astype(object)
    outputs = model(codes, parameters)
    totals.add(codes, parameters, outputs.astype(object))
    within = codes < truth.specification.codes.high
    codes, parameters = codes[within], parameters[within]
    totals.follow(codes, parameters, outputs[within], model(codes + 1, parameters))
    return totals.metrics(bound)
