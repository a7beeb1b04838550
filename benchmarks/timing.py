"""Does a unit keep the clock that it was built for, and with no more registers than that takes?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

from softgate.explore.calibration.delays import route
from softgate.explore.design import design
from softgate.hdl.scheduling.clocked_schedule import timed_schedule
from softgate.hdl.scheduling.schedule import Schedule
from softgate.hdl.targets import Target
from softgate.hdl.targets import target as find_target
from softgate.hdl.targets.delays import size
from softgate.hdl.targets.placement import longest_stage
from softgate.support.rows import Row

__all__ = ["measure_timing"]

UNITS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("hard_tanh", "SQ4.4", "SQ1.7", {}),
    ("hard_tanh", "SQ4.12", "SQ1.15", {"min": "-0.3", "max": "2/3"}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "taylor"}),
    ("hard_logistic", "SQ4.6", "UQ0.10", {"variant": "keras2"}),
    ("hard_logistic", "SQ4.12", "UQ0.16", {"variant": "keras3"}),
    ("logistic", "SQ4.4", "UQ0.8", {"method": "taylor", "degree": 1, "segments": 16}),
    ("logistic", "SQ4.6", "UQ0.10", {"method": "taylor", "degree": 1, "segments": 32}),
    ("tanh", "SQ4.8", "SQ1.11", {"method": "taylor", "degree": 1, "segments": 64}),
    ("tanh", "SQ4.4", "SQ1.7", {"method": "taylor", "degree": 2, "segments": 4}),
    ("logistic", "SQ4.8", "UQ0.12", {"method": "taylor", "degree": 2, "segments": 16}),
    ("tanh", "SQ3.9", "SQ1.11", {"method": "taylor", "degree": 2, "segments": 8}),
    ("tanh", "SQ4.12", "SQ1.15", {"method": "taylor", "degree": 2, "segments": 64}),
    ("logistic", "SQ4.6", "UQ0.10", {"method": "taylor", "degree": 3, "segments": 4}),
    ("tanh", "SQ4.8", "SQ1.11", {"method": "taylor", "degree": 3, "segments": 8}),
    ("tanh", "SQ4.12", "SQ1.15", {"method": "taylor", "degree": 3, "segments": 32}),
    ("tanh", "SQ3.7", "SQ1.9", {"method": "taylor", "degree": 4, "segments": 4}),
    ("logistic", "SQ4.8", "UQ0.12", {"method": "taylor", "degree": 4, "segments": 9}),
    ("logistic", "SQ4.12", "UQ0.16", {"method": "taylor", "degree": 4, "segments": 8}),
    ("tanh", "SQ4.4", "SQ1.7", {"method": "taylor", "degree": 5, "segments": 2}),
    ("tanh", "SQ4.12", "SQ1.15", {"method": "taylor", "degree": 5, "segments": 16}),
)
"""Units that are measured; the delays are fitted to others."""

CLOCKS = (
    ("ecp5", 150.0, UNITS),
    ("ecp5", 200.0, UNITS),
    ("ecp5", 250.0, UNITS[::2]),
    ("ice40-hx8k", 100.0, UNITS[::2]),
)
"""Targets, clocks in MHz, and what is built for them."""


def measure_timing() -> Iterator[Row]:
    """Build the units for several clocks, route them, and again with a rank of registers fewer; then count them.

    The rank that is dropped is the one that the delay model thinks is missed least. Without it a unit is routed with
    one seed, else with three, whose median counts.
    """
    for name, frequency, units in CLOCKS:
        target = find_target(name)
        timings = []
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            measured = threads.map(lambda unit, on=target, mhz=frequency: _timing(unit, on, mhz), units)
            for (function, source, output, parameters), timing in zip(units, measured, strict=True):
                timings.append(timing)
                asked = ", ".join(f"{key}={value}" for key, value in parameters.items())
                label = f"{function}{f' ({asked})' if asked else ''}, {source} to {output}"
                kept = "yes" if timing.reached >= frequency else "no"
                fewer = "" if timing.fewer is None else f"{timing.fewer:.0f}"
                yield _row(label, name, frequency, timing.latency, f"{timing.reached:.0f}", kept, fewer)
        kept = f"{sum(timing.reached >= frequency for timing in timings)} of {len(timings)}"
        dropped = [timing.fewer for timing in timings if timing.fewer is not None]
        missed = f"{sum(reached < frequency for reached in dropped)} of {len(dropped)} miss"
        latency, least = sum(timing.latency for timing in timings), min(timing.reached for timing in timings)
        yield _row("in all", name, frequency, latency, f"at least {least:.0f}", kept, missed)


class _Timing(NamedTuple):
    """A unit's latency in clocks, the MHz that it reaches, and those without one of its ranks, where that can be."""

    latency: int
    reached: float
    fewer: float | None


def _timing(unit: tuple[str, str, str, dict[str, Any]], target: Target, frequency: float) -> _Timing:
    function, source, output, parameters = unit
    schedule = timed_schedule(design(function, source, output, saturate=True, **parameters).plan, target, frequency)
    reached = route(target, schedule, frequency)
    on = target.spread(size(schedule.plan))
    dropped = sorted(_dropped(schedule), key=lambda each: longest_stage(each.plan, each.stages, on, each.blocks))
    fewer = route(target, dropped[0], frequency, (1,)) if dropped else None
    return _Timing(schedule.latency, reached, fewer)


def _dropped(schedule: Schedule) -> Iterator[Schedule]:
    """Yield the schedule with one rank of registers dropped, for each that can be.

    The last one stays, since outputs come from registers, and so does that of a block RAM.
    """
    for rank in range(1, schedule.latency):
        stages = {name: stage - (stage >= rank) for name, stage in schedule.stages.items()}
        try:
            yield replace(schedule, stages=stages, latency=schedule.latency - 1)
        except ValueError:
            continue


def _row(label: str, target: str, frequency: float, latency: int, reached: str, kept: str, fewer: str) -> Row:
    cells = {
        "target": target,
        "asked (MHz)": f"{frequency:g}",
        "latency": str(latency),
        "reached (MHz)": reached,
        "kept": kept,
        "a rank fewer (MHz)": fewer,
    }
    return Row(label, cells)
