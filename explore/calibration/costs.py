"""The weights of a target's cost model, fitted to synthesised units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...accuracy.budget import Budget
from ...accuracy.specification import Specification
from ...functions import create_function
from ...hdl.scheduling.clocked_schedule import TimingError
from ...hdl.scheduling.costs import FEATURES, features
from ...hdl.scheduling.schedule import Schedule
from ...hdl.targets import Target
from ...hdl.unit import choose_schedule
from ...methods import find_method
from ...plan.formats import FixedFormat
from ...plan.lut_estimate import logic_size
from ..flows.measure import measure

__all__ = ["CostSample", "cost_samples", "fit_costs", "median_error"]

SPECIFICATIONS = (
    ("tanh", "SQ3.5", "SQ1.7"),
    ("logistic", "SQ3.5", "UQ0.8"),
    ("tanh", "SQ4.6", "SQ1.9"),
    ("logistic", "SQ4.6", "UQ0.10"),
    ("logistic", "SQ3.7", "UQ0.9"),
    ("tanh_derivative", "SQ4.6", "UQ0.9"),
    ("tanh", "SQ3.9", "SQ1.11"),
    ("logistic", "SQ3.8", "UQ0.12"),
    ("tanh", "SQ4.10", "SQ1.13"),
    ("logistic", "SQ4.10", "UQ0.14"),
    ("logistic", "SQ4.12", "UQ0.16"),
    ("tanh", "SQ4.12", "SQ1.14"),
)
"""Functions and formats whose candidates are synthesised; no benchmark of softgate uses them."""

_METHODS = ("table", "bipartite", "polynomial")
"""Methods whose candidates are synthesised, as far as they are weighed if no method is named."""

_WORTH = 2
"""Candidates larger than the method's smallest by more than this factor are left out."""

_SCHEDULES = (("luts", 2.0), ("latency", 1.0))
"""Objectives, and clocks as multiples of the target's default."""


@dataclass(frozen=True)
class CostSample:
    """A synthesised unit: the number of its specification, its schedule without block RAM, and its look-up tables.

    `complements` as for `features`.
    """

    number: int
    schedule: Schedule
    luts: int
    complements: bool = False


def cost_samples(target: Target) -> Iterator[CostSample]:
    """Synthesise candidates of every method, large and small, each for few look-up tables and for few clocks."""
    for place, (function, source, output) in enumerate(SPECIFICATIONS):
        parse = FixedFormat.parse
        budget = Budget.parse("1ulp")
        specification = Specification(create_function(function), parse(source), parse(output), budget)
        for method in map(find_method, _METHODS):
            if not method.searches(specification):
                continue
            found = sorted(method.candidates(specification, method.read({})), key=lambda each: logic_size(each.plan))
            found = [each for each in found if logic_size(each.plan) <= _WORTH * logic_size(found[0].plan)]
            last = len(found) - 1
            for number in sorted({0, last // 3, 2 * last // 3, last} if found else ()):
                for objective, factor in _SCHEDULES:
                    try:
                        schedule = choose_schedule(
                            found[number].plan,
                            "pipeline",
                            target=target.name,
                            frequency=factor * target.frequency,
                            objective=objective,
                        )
                    except TimingError:
                        continue
                    schedule = replace(schedule, blocks=frozenset())
                    result = measure(target, schedule, "pipeline", dsp=False, bram=False)
                    yield CostSample(place, schedule, result.luts, target.complements_addends)


def fit_costs(samples: Sequence[CostSample]) -> dict[str, float]:
    """Return the weights of the `FEATURES` with the smallest sum of relative errors, by linear programming."""
    from scipy.optimize import linprog

    shares = _matrix(samples) / _luts(samples)[:, None]
    count, weights = shares.shape
    cost = np.concatenate([np.zeros(weights), np.ones(2 * count)])
    equal = np.hstack([shares, np.eye(count), -np.eye(count)])
    found = linprog(cost, A_eq=equal, b_eq=np.ones(count), bounds=(0, None), method="highs")
    return dict(zip(FEATURES, map(float, found.x[:weights]), strict=True))


def median_error(samples: Sequence[CostSample], costs: Mapping[str, float]) -> float:
    """Return the median relative error of the predictions by these weights."""
    predicted = _matrix(samples) @ np.array([costs[name] for name in FEATURES])
    return float(np.median(np.abs(predicted / _luts(samples) - 1)))


def _matrix(samples: Sequence[CostSample]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found = [features(sample.schedule, complements=sample.complements) for sample in samples]
    return np.array([[each[name] for name in FEATURES] for each in found])


def _luts(samples: Sequence[CostSample]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(sample.luts) for sample in samples])
