"""A target's delays, fitted to routed units.

The clock period that the model predicts for a unit is the largest of many sums of delays, one for each path. Near
given delays it is linear: the coefficient of each delay is the number of times that the longest path passes it. So the
fit alternates: with the paths fixed, the delays are a linear program's solution (quantile regression: Koenker and
Bassett, Regression Quantiles, 1978); with new delays, other paths are the longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from ...hdl.scheduling.clocked_schedule import TimingError, timed_schedule
from ...hdl.scheduling.schedule import Schedule
from ...hdl.targets import Delays, Target
from ...hdl.targets.delays import size
from ...hdl.targets.placement import longest_stage
from ..design import design
from ..flows import find_flow
from ..flows.measure import SEEDS, measure

__all__ = ["Sample", "delays_of", "fit", "route", "samples"]

UNITS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("hard_tanh", "SQ4.12", "SQ1.15", {}),
    ("hard_tanh", "SQ4.10", "SQ1.13", {"min": "-1/3", "max": "0.8"}),
    ("hard_logistic", "SQ4.10", "UQ0.14", {"variant": "keras3"}),
    ("hard_logistic", "SQ4.8", "UQ0.12", {"variant": "keras2"}),
    ("logistic", "SQ4.5", "UQ0.9", {"method": "taylor", "degree": 1, "segments": 8}),
    ("tanh", "SQ4.6", "SQ1.9", {"method": "taylor", "degree": 1, "segments": 64}),
    ("logistic", "SQ4.7", "UQ0.11", {"method": "taylor", "degree": 2, "segments": 32}),
    ("tanh", "SQ3.8", "SQ1.10", {"method": "taylor", "degree": 2, "segments": 16}),
    ("tanh", "SQ4.12", "SQ1.15", {"method": "taylor", "degree": 3, "segments": 16}),
    ("logistic", "SQ4.12", "UQ0.16", {"method": "taylor", "degree": 4, "segments": 16}),
    ("tanh", "SQ4.9", "SQ1.12", {"method": "taylor", "degree": 5, "segments": 8}),
    ("tanh", "SQ3.6", "SQ1.8", {"method": "table"}),
    ("logistic", "SQ4.7", "UQ0.10", {"method": "bipartite"}),
    ("logistic", "SQ4.6", "UQ0.9", {"method": "polynomial"}),
    ("tanh", "SQ4.7", "SQ1.10", {"method": "polynomial", "degree": 1}),
    ("logistic", "SQ4.9", "UQ0.13", {"method": "polynomial", "degree": 2}),
    ("tanh", "SQ3.10", "SQ1.12", {"method": "polynomial", "degree": 2}),
    ("logistic_derivative", "SQ4.7", "UQ0.11", {"method": "polynomial", "degree": 2}),
    ("tanh_derivative", "SQ3.9", "UQ1.12", {"method": "polynomial"}),
    ("logistic", "SQ4.11", "UQ0.15", {"method": "polynomial", "degree": 1}),
    ("tanh", "SQ4.11", "SQ1.14", {"method": "polynomial", "degree": 2}),
    ("logistic", "SQ3.12", "UQ0.15", {"method": "polynomial", "degree": 2}),
)
"""Units that are built for the fit: function, formats and parameters."""

QUANTILE = 0.75
"""Share of the samples that should be no slower than predicted."""

_ROUNDS = 12


@dataclass(frozen=True)
class Sample:
    """A routed unit.

    Attributes
    ----------
    number
        Its place in `UNITS`.
    frequency
        The clock in MHz that it was built for.
    schedule
        Its schedule for the target.
    period
        The clock period in ns that it reached.

    """

    number: int
    frequency: float
    schedule: Schedule
    period: float

    @property
    def label(self) -> str:
        """The unit in words, and its clock."""
        function, source, output, parameters = UNITS[self.number]
        asked = ", ".join(f"{key}={value}" for key, value in parameters.items())
        return f"{function}{f' ({asked})' if asked else ''}, {source} to {output}, for {self.frequency:g} MHz"

    def predicted(self, target: Target) -> float:
        """Return the period that the delays predict, without the target's margin."""
        plan, within = self.schedule.plan, target.spread(size(self.schedule.plan))
        return target.delays.register + longest_stage(plan, self.schedule.stages, within, self.schedule.blocks)


def samples(target: Target, frequencies: Iterable[float]) -> Iterator[Sample]:
    """Build the units for each frequency in MHz, as pipelines, and route them; the median of three seeds counts.

    Each is built with block RAM, where its tables are large enough, and without. Identical results count once.
    """
    if target.multiplier is not None and target.multiplier.name in _untimed(target):
        target = target.limited(dsp=0)
    ways = (target, target.limited(bram=0))
    for number, (function, source, output, parameters) in enumerate(UNITS):
        unit = design(function, source, output, **parameters)
        known: list[Schedule] = []
        for on, frequency in product(ways, frequencies):
            try:
                schedule = timed_schedule(unit.plan, on, frequency)
            except TimingError:
                continue
            if schedule not in known:
                known.append(schedule)
                yield Sample(number, frequency, schedule, 1000 / route(on, schedule, frequency))


def _untimed(target: Target) -> Sequence[str]:
    """Return the cells whose delays are unknown to place and route."""
    tool = find_flow(target).place_and_route
    return () if tool is None else tool.untimed


def route(target: Target, schedule: Schedule, frequency: float, seeds: Sequence[int] = SEEDS) -> float:
    """Return the clock frequency in MHz that the pipeline of a schedule reaches when `frequency` is asked for.

    If the target has no block RAM, synthesis does not infer any either.
    """
    bram = target.block_ram is not None and target.block_ram.most != 0
    result = measure(target, schedule, "pipeline", seeds=seeds, frequency=frequency, bram=bram)
    if result.fmax is None:
        raise ValueError(f"target {target.name} has no place and route to measure a clock with")
    return result.fmax


def fit(target: Target, measured: Sequence[Sample]) -> Target:
    """Return the target with delays for which the share `QUANTILE` of the samples is no slower than predicted.

    Delays that no longest path distinguishes stay near their former values.
    """
    from scipy.optimize import linprog

    for _ in range(_ROUNDS):
        start = _values(target)
        counts = np.array([_counts(target, sample) for sample in measured])
        delays, count = len(start), len(measured)
        # Variables: the delays, how much too fast and too slow each sample is predicted, and how far each delay moves.
        pull = 0.02 * count
        costs = ((0, delays), (QUANTILE, count), (1 - QUANTILE, count), (pull, delays))
        cost = np.concatenate([np.full(number, float(each)) for each, number in costs])
        periods = np.array([sample.period for sample in measured])
        equal = np.hstack([counts, np.eye(count), -np.eye(count), np.zeros((count, delays))])
        moves = np.vstack(
            [np.hstack([sign * np.eye(delays), np.zeros((delays, 2 * count)), -np.diag(start)]) for sign in (1.0, -1.0)]
        )
        limits = np.concatenate([start, -start])
        bounds = [(0.5 * value, 1.5 * value) for value in start] + [(0, None)] * (2 * count + delays)
        found = linprog(cost, moves, limits, equal, periods, bounds, method="highs")
        # Only half of the way, since other paths become the longest.
        target = _with_values(target, start + (found.x[:delays] - start) / 2)
    return target


def delays_of(target: Target) -> dict[str, float]:
    """Return the fitted delays by name; a table's are the increments of every bit beyond one look-up table."""
    bits = range(target.lut_inputs + 1, len(target.delays.table) + 1)
    names = ["register", "level", "carry", "carry_bit", "growth", *(f"table bit {bit}" for bit in bits)]
    names += ["multiplier"] * (target.multiplier is not None) + ["block RAM"] * (target.block_ram is not None)
    return dict(zip(names, map(float, _values(target)), strict=True))


def _values(target: Target) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the delays of a target as a vector, a table's as increments per bit."""
    delays = target.delays
    table = np.diff(delays.table, prepend=0.0)[target.lut_inputs :]
    blocks = [block.delay for block in (target.multiplier, target.block_ram) if block is not None]
    return np.array([delays.register, delays.level, delays.carry, delays.carry_bit, delays.growth, *table, *blocks])


def _with_values(target: Target, values: Sequence[float] | np.ndarray[Any, np.dtype[np.float64]]) -> Target:
    register, level, carry, carry_bit, growth, *rest = (float(value) for value in values)
    ram, multiplier = target.block_ram, target.multiplier
    if ram is not None:
        ram = replace(ram, delay=rest.pop())
    if multiplier is not None:
        multiplier = replace(multiplier, delay=rest.pop())
    table = [level] * target.lut_inputs
    for step in rest:
        table.append(table[-1] + step)
    delays = Delays(register, level, carry, carry_bit, tuple(table), growth)
    return replace(target, delays=delays, multiplier=multiplier, block_ram=ram)


def _counts(target: Target, sample: Sample) -> list[float]:
    """Return how often the longest path passes each delay: the slope of the period."""
    values = _values(target)
    here = sample.predicted(target)
    slopes = []
    for position, value in enumerate(values):
        moved = values.copy()
        moved[position] = value * (1 + 1e-6)
        slopes.append((sample.predicted(_with_values(target, moved)) - here) / (value * 1e-6))
    return slopes
