"""Units chosen and measured in one go, as the tables of the documentation are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from softgate.explore.design import Design, design
from softgate.explore.flows import SynthesisResult
from softgate.explore.flows.measure import measure
from softgate.hdl.build_options import BuildKeywords
from softgate.hdl.targets import target

__all__ = ["Built", "build", "fmax_text", "method_text"]


class Built(NamedTuple):
    """A unit, its latency in clocks, and what synthesis, place and route make of it."""

    found: Design
    latency: int
    result: SynthesisResult


def build(
    function: str,
    source: str,
    output: str,
    how: BuildKeywords,
    *,
    interface: str = "pipeline",
    seeds: Sequence[int] = (),
    **options: Any,
) -> Built:
    """Choose a unit, and measure it for the target and the clock that it was chosen for.

    Parameters
    ----------
    function, source, output, options
        As for `design`.
    how
        Target, clock, objective and blocks; those that are forbidden are kept out of synthesis, too.
    interface
        What the unit is built with.
    seeds
        Seeds of place and route; if empty, the unit is only synthesised.

    """
    found = design(function, source, output, **{"interface": interface, **how, **options})
    schedule = found.schedule()
    result = measure(
        target(how.get("target") or "generic"),
        schedule,
        interface,
        seeds=seeds,
        frequency=how.get("frequency"),
        dsp=how.get("dsp") != 0,
        bram=how.get("bram") != 0,
    )
    return Built(found, schedule.latency, result)


def fmax_text(result: SynthesisResult, asked: float) -> str:
    """Return the MHz that a unit reaches, and whether that misses what was asked; nothing where it was not routed."""
    if result.fmax is None:
        return ""
    return f"{result.fmax:.0f}{', missed' if result.fmax < asked else ''}"


def method_text(found: Design) -> str:
    """Return method and parameters of a unit in words."""
    used = ", ".join(f"{key} {value}" for key, value in found.parameters.items())
    return f"{found.method}{f' ({used})' if used else ''}"
