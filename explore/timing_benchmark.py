"""Does a unit keep the clock that it was built for, and with no more registers than that takes?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import zip_longest
from statistics import median
from typing import Any, NamedTuple

from ..hdl.delays import longest_stage, size
from ..hdl.schedule import Schedule, even_schedule
from ..hdl.targets import Target
from ..hdl.targets import target as find_target
from ..hdl.timing import timed_schedule
from .benchmark import Row
from .calibration import delays_of, fit, route, samples
from .design import design

__all__ = ["measure_delays", "measure_timing"]

UNITS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("hard_tanh", "SQ4.4", "SQ1.7", {}),
    ("hard_tanh", "SQ4.12", "SQ1.15", {"min": "-0.3", "max": "2/3"}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "taylor"}),
    ("hard_logistic", "SQ4.6", "UQ0.10", {"variant": "keras2"}),
    ("hard_logistic", "SQ4.12", "UQ0.16", {"variant": "keras3"}),
    ("logistic", "SQ4.4", "UQ0.8", {"degree": 1, "segments": 16}),
    ("logistic", "SQ4.6", "UQ0.10", {"degree": 1, "segments": 32}),
    ("tanh", "SQ4.8", "SQ1.11", {"degree": 1, "segments": 64}),
    ("tanh", "SQ4.4", "SQ1.7", {"degree": 2, "segments": 4}),
    ("logistic", "SQ4.8", "UQ0.12", {"degree": 2, "segments": 16}),
    ("tanh", "SQ3.9", "SQ1.11", {"degree": 2, "segments": 8}),
    ("tanh", "SQ4.12", "SQ1.15", {"degree": 2, "segments": 64}),
    ("logistic", "SQ4.6", "UQ0.10", {"degree": 3, "segments": 4}),
    ("tanh", "SQ4.8", "SQ1.11", {"degree": 3, "segments": 8}),
    ("tanh", "SQ4.12", "SQ1.15", {"degree": 3, "segments": 32}),
    ("tanh", "SQ3.7", "SQ1.9", {"degree": 4, "segments": 4}),
    ("logistic", "SQ4.8", "UQ0.12", {"degree": 4, "segments": 9}),
    ("logistic", "SQ4.12", "UQ0.16", {"degree": 4, "segments": 8}),
    ("tanh", "SQ4.4", "SQ1.7", {"degree": 5, "segments": 2}),
    ("tanh", "SQ4.12", "SQ1.15", {"degree": 5, "segments": 16}),
)
"""Units that are measured; the delays are fitted to others."""

CLOCKS = (("ecp5", 150.0), ("ecp5", 200.0), ("ecp5", 250.0), ("ice40-hx8k", 100.0))

FITTED_TO = {"ecp5": (60.0, 100.0, 150.0, 200.0), "ice40-hx8k": (40.0, 70.0, 100.0), "ice40-up5k": (12.0, 24.0, 36.0)}
"""Clocks in MHz that units are built for to fit the delays."""


def measure_timing() -> Iterator[Row]:
    """Build the units for several clocks and route them, and again with a rank of registers fewer; count them.

    The rank that is dropped is the one that the model thinks is missed least, and the others stay where they are; or
    else they are spread anew. Those units are routed with one seed, the others with three.
    """
    for name, frequency in CLOCKS:
        target = find_target(name)
        units = UNITS if name == "ecp5" else UNITS[::2]
        timings = []
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            measured = threads.map(lambda unit, on=target, mhz=frequency: _timing(unit, on, mhz), units)
            for (function, source, output, parameters), timing in zip(units, measured, strict=True):
                timings.append(timing)
                asked = ", ".join(f"{key}={value}" for key, value in parameters.items())
                label = f"{function}{f' ({asked})' if asked else ''}, {source} to {output}"
                kept = "yes" if timing.reached >= frequency else "no"
                figures = [f"{timing.reached:.0f}", kept, *(f"{fewer:.0f}" for fewer in timing.fewer)]
                yield _row(label, name, frequency, timing.latency, figures)
        kept = sum(timing.reached >= frequency for timing in timings)
        figures = [f"at least {min(timing.reached for timing in timings):.0f}", f"{kept} of {len(timings)}"]
        for fewer in zip(*(timing.fewer for timing in timings if timing.fewer), strict=True):
            figures.append(f"{sum(reached < frequency for reached in fewer)} of {len(fewer)} miss")
        yield _row("in all", name, frequency, sum(timing.latency for timing in timings), figures)


class _Timing(NamedTuple):
    """A unit's latency in clocks, and the MHz that it reaches; those with a rank dropped, and then spread anew.

    There are none of the latter for a latency of one clock.
    """

    latency: int
    reached: float
    fewer: tuple[float, ...]


def _timing(unit: tuple[str, str, str, dict[str, Any]], target: Target, frequency: float) -> _Timing:
    function, source, output, parameters = unit
    plan = design(function, source, output, saturate=True, **parameters).plan
    schedule = timed_schedule(plan, target, frequency)
    fewer: list[Schedule] = []
    if schedule.latency > 1:
        on = target.spread(size(schedule.plan))
        dropped = min(_dropped(schedule), key=lambda s: longest_stage(s.plan, s.stages, on, s.blocks))
        fewer = [dropped, even_schedule(schedule.plan, schedule.latency - 1, on, schedule.blocks)]
    reached = route(target, schedule, frequency)
    return _Timing(schedule.latency, reached, tuple(route(target, each, frequency, (1,)) for each in fewer))


def _dropped(schedule: Schedule) -> Iterator[Schedule]:
    """Yield the schedule with one rank of registers dropped, for each that can be: a block RAM keeps its own."""
    for rank in range(1, schedule.latency + 1):
        stages = {name: stage - (stage >= rank) for name, stage in schedule.stages.items()}
        try:
            yield replace(schedule, stages=stages, latency=schedule.latency - 1)
        except ValueError:
            continue


def _row(label: str, target: str, frequency: float, latency: int, figures: Sequence[str]) -> Row:
    names = ("reached (MHz)", "kept", "a rank dropped (MHz)", "spread anew (MHz)")
    known = {"target": target, "asked (MHz)": f"{frequency:g}", "latency": str(latency)}
    return Row(label, known | dict(zip_longest(names, figures, fillvalue="")))


def measure_delays(target: Target) -> Iterator[Row]:
    """Fit the delays of a target to routed units; the last line tells how well they foretell these."""
    if target.name not in FITTED_TO:
        raise ValueError(f"the delays of {target.name} are not fitted: no place and route is at hand for it")
    measured = list(samples(target, FITTED_TO[target.name]))
    fitted = fit(target, measured)
    before, after = delays_of(target), delays_of(fitted)
    for name, value in before.items():
        yield Row(name, {"now (ns)": f"{value:.3f}", "fitted (ns)": f"{after[name]:.3f}"})
    errors = [[abs(s.foretold(t) / s.period - 1) for s in measured] for t in (target, fitted)]
    texts = [f"{100 * median(each):.1f} %" for each in errors]
    yield Row(f"median error of {len(measured)} periods", {"now (ns)": texts[0], "fitted (ns)": texts[1]})
