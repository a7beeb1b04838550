"""Whether the units that a target gets by default keep its ordinary clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..hdl.delays import longest_stage, size
from ..hdl.targets import Target
from .benchmark import Row
from .built import build, method_text
from .measure import SEEDS

__all__ = ["measure_clocks"]

_UNITS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("tanh", "SQ1.{}", {}),
    ("logistic", "UQ0.{}", {}),
    ("tanh_derivative", "UQ1.{}", {}),
    ("logistic_derivative", "UQ0.{}", {}),
    ("hard_tanh", "SQ1.{}", {"min": "-1/3", "max": "0.8"}),
    ("hard_logistic", "UQ0.{}", {"variant": "keras3"}),
    ("tanh", "SQ1.{}", {"degree": 3, "segments": 16}),
)
"""Functions, the output's format for as many bits as the input has, and parameters."""

_WIDTHS = (8, 12, 16)
"""Bits of the inputs, which go over [-8, 8)."""


def measure_clocks(target: Target) -> Iterator[Row]:
    """Build units for a target and nothing else, route them, and count those that miss its ordinary clock."""
    reached: list[float] = []
    missed = early = 0
    for function, output, options in _UNITS:
        for width in _WIDTHS:
            to = output.format(width - (not output.startswith("UQ0")))
            source = f"SQ4.{width - 4}"
            found, latency, result = build(function, source, to, {"target": target.name}, seeds=SEEDS, **options)
            schedule = found.schedule("pipeline", target=target.name)
            on = target.spread(size(schedule.plan))
            period = target.delays.register + longest_stage(schedule.plan, schedule.stages, on, schedule.blocks)
            asked = ", ".join(f"{key}={value}" for key, value in options.items())
            label = f"{function}{f' ({asked})' if asked else ''}, {source} to {to}"
            if result.fmax is not None:
                reached.append(result.fmax)
                missed += result.fmax < target.frequency
                early += result.fmax < 1000 / period
            yield Row(
                label,
                {
                    "method": method_text(found),
                    "latency": str(latency),
                    "luts": str(result.luts),
                    "predicted (MHz)": f"{1000 / period:.1f}",
                    "reached (MHz)": "" if result.fmax is None else f"{result.fmax:.1f}",
                    "kept": "" if result.fmax is None else "yes" if result.fmax >= target.frequency else "no",
                },
            )
    print(min(reached), missed, early)
