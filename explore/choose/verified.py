"""The clock that was asked for, verified by place and route where the target's delays leave it in doubt."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace

from ...hdl.build_options import BuildOptions
from ...hdl.scheduling.clocked_schedule import TimingError, predicted_clock
from ...hdl.scheduling.schedule import Schedule
from ..flows import find_flow
from ..flows.measure import SEEDS, measure
from .result import Design

__all__ = ["is_in_doubt", "verified"]

_DOUBT = 0.05
"""A clock predicted to be higher than what was asked for by more than this share is taken to be kept."""

_LEAST_MARGIN = 0.01
_ATTEMPTS = 3
"""Finer pipelines that are routed before the fastest is taken."""


def verified(found: Design, progress: Callable[[str], None] = lambda _: None) -> Design:
    """Return a design that keeps the clock that was asked for, with more ranks of registers if that takes them.

    It is placed and routed if that has not been done and its predicted clock is at most 5 % above the one asked for.
    If the clock is missed, registers are placed for a higher one, by the share that was missing, and routed again.
    Nothing is started for a design that no clock was named for, that is predicted to be faster than that, or for which
    nothing places and routes here; it is returned as it was.

    Parameters
    ----------
    found
        The design.
    progress
        Called with a short text for each step.

    Returns
    -------
    Design
        The same, with what was `reached`, or with a `margin` among its options. If no pipeline that was tried keeps the
        clock, the fastest of them.

    """
    options = found.options
    if found.reached is None and not is_in_doubt(found):
        return found
    asked = options.frequency
    if asked is None or options.clock is None or not _can_route(options):
        return found
    best = found if found.reached is not None else _routed(found, progress)
    margin, schedule = 0.0, best.schedule()
    reached = best.reached
    for _ in range(_ATTEMPTS):
        if not best.misses or reached is None:
            break
        margin = (1 + margin) * max(asked / reached, 1 + _LEAST_MARGIN) - 1
        finer = _finer(best, margin, schedule)
        if finer is None:
            break
        tried = _routed(finer, progress)
        margin, schedule, reached = tried.options.margin or 0.0, tried.schedule(), tried.reached
        if reached is not None and best.reached is not None and reached > best.reached:
            best = tried
    return best


def is_in_doubt(found: Design) -> bool:
    """Return whether a clock was named and the one predicted is not more than 5 % above it."""
    asked, clock = found.options.frequency, found.options.clock
    if asked is None or clock is None:
        return False
    return predicted_clock(found.schedule(), found.options.device) <= (1 + _DOUBT) * asked


def _can_route(options: BuildOptions) -> bool:
    """Return whether what synthesises, places and routes for the target is installed."""
    if options.device.flow is None:
        return False
    router = find_flow(options.device).place_and_route
    return router is not None and all(importlib.util.find_spec(name) for name in (router.package, "pyosys"))


def _routed(found: Design, progress: Callable[[str], None]) -> Design:
    """Return a design with the clock that place and route reaches."""
    options = found.built()
    progress(f"routing, {found.schedule().latency} ranks of registers")
    result = measure(
        options.device,
        found.schedule(),
        options.interface,
        seeds=SEEDS,
        frequency=options.clock,
        dsp=options.dsp != 0,
        bram=options.bram != 0,
    )
    return replace(found, reached=result.fmax)


def _finer(found: Design, margin: float, schedule: Schedule) -> Design | None:
    """Return the design with another schedule than the last one, for a margin as small as possible; None if none is.

    Many margins leave the ranks where they are.
    """
    while margin <= 0.5:
        finer = replace(found, options=replace(found.options, margin=round(margin, 4)), reached=None)
        try:
            if finer.schedule() != schedule:
                return finer
        except TimingError:
            return None
        margin += _LEAST_MARGIN
    return None
