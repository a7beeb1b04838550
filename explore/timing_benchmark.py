"""Does a unit keep the clock that it was built for, and with no more registers than that takes?"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from ..hdl.schedule import even_schedule
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
"""Units that are measured, none of those that the delays are fitted to with the same formats and parameters."""

CLOCKS = (("ecp5", 150.0), ("ecp5", 200.0), ("ecp5", 250.0), ("ice40-hx8k", 100.0))

FITTED_TO = {"ecp5": (60.0, 100.0, 150.0, 200.0), "ice40-hx8k": (40.0, 70.0, 100.0), "ice40-up5k": (12.0, 24.0, 36.0)}
"""Clocks in MHz that units are built for to fit the delays."""


def measure_timing() -> Iterator[Row]:
    """Build the units for several clocks, route them (median of three seeds), and again with one stage fewer (one)."""
    for name, frequency in CLOCKS:
        target = find_target(name)
        for function, source, output, parameters in UNITS if name == "ecp5" else UNITS[::2]:
            plan = design(function, source, output, saturate=True, **parameters).plan
            schedule = timed_schedule(plan, target, frequency)
            reached = route(target, schedule, frequency)
            shorter = None
            if schedule.latency > 1:
                fewer = even_schedule(schedule.plan, schedule.latency - 1, target, schedule.blocks)
                shorter = route(target, fewer, frequency, (1,))
            asked = ", ".join(f"{key}={value}" for key, value in parameters.items())
            yield Row(
                f"{function}{f' ({asked})' if asked else ''}, {source} to {output}",
                {
                    "target": name,
                    "asked (MHz)": f"{frequency:g}",
                    "latency": str(schedule.latency),
                    "reached (MHz)": f"{reached:.0f}",
                    "kept": "yes" if reached >= frequency else "no",
                    "one stage fewer (MHz)": "" if shorter is None else f"{shorter:.0f}",
                },
            )


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
