"""Whether units that are built for a target, and for nothing else, keep its ordinary clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from softgate.explore.flows.measure import SEEDS
from softgate.hdl.scheduling.clocked_schedule import predicted_clock
from softgate.hdl.targets import Target
from softgate.support.rows import Row

from .built import build, method_text

__all__ = ["UNITS", "measure_clocks"]

_FUNCTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("tanh", "SQ1", {}),
    ("logistic", "UQ0", {}),
    ("tanh_derivative", "UQ1", {}),
    ("logistic_derivative", "UQ0", {}),
    ("hard_tanh", "SQ1", {"min": "-1/3", "max": "0.8"}),
    ("hard_logistic", "UQ0", {"variant": "keras3"}),
    ("tanh", "SQ1", {"method": "taylor", "degree": 2, "segments": 16}),
)
"""Functions, the outputs' integer bits, and parameters."""

_WIDTHS = (8, 12, 16)
"""Bits of the inputs, which go over [-8, 8), and of the outputs."""

UNITS = tuple(
    (function, f"SQ4.{width - 4}", f"{output}.{width - int(output[2:])}", parameters)
    for function, output, parameters in _FUNCTIONS
    for width in _WIDTHS
)
"""Units that are built: function, formats and parameters."""


class _Clock(NamedTuple):
    """The MHz that the delay model predicts for a unit, and those that it reaches; None where nothing tells."""

    predicted: float
    reached: float | None


def measure_clocks(target: Target) -> Iterator[Row]:
    """Build units as they are by default, for a target's ordinary clock, and route them; then count what misses it.

    A unit with a multiplier block whose delay place and route does not know counts for nothing.
    """
    clocks: list[_Clock] = []
    for function, source, output, parameters in UNITS:
        found, latency, result = build(function, source, output, {"target": target.name}, seeds=SEEDS, **parameters)
        schedule = found.schedule()
        clocks.append(_Clock(predicted_clock(schedule, target), result.fmax))
        asked = ", ".join(f"{key}={value}" for key, value in parameters.items())
        label = f"{function}{f' ({asked})' if asked else ''}, {source} to {output}"
        yield _row(label, target, method_text(found), str(latency), str(result.luts), *_figures(clocks[-1], target))
    known = [(predicted, reached) for predicted, reached in clocks if reached is not None]
    kept = f"{sum(reached >= target.frequency for _, reached in known)} of {len(known)}"
    early = f"not above what is reached: {sum(predicted <= reached for predicted, reached in known)} of {len(known)}"
    least = f"at least {min((reached for _, reached in known), default=0.0):.1f}"
    yield _row("in all", target, "", "", "", early, least, kept)


def _figures(clock: _Clock, target: Target) -> tuple[str, str, str]:
    predicted = f"{clock.predicted:.1f}"
    if clock.reached is None:
        return predicted, "not known", ""
    return predicted, f"{clock.reached:.1f}", "yes" if clock.reached >= target.frequency else "no"


def _row(label: str, target: Target, *cells: str) -> Row:
    columns = ("method", "latency", "look-up tables", "predicted (MHz)", "reached (MHz)", "kept")
    return Row(label, {"target": target.name, **dict(zip(columns, cells, strict=True))})
