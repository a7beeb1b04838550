"""Schedules for a clock: the fewest stages that a target's delays allow."""

from __future__ import annotations

import math
from functools import lru_cache

from ..plan.plan import Plan
from .blocks import block_tables
from .delays import longest_step, place, size
from .lowering import join_tables, lower
from .schedule import Schedule, even_schedule
from .targets import Target

__all__ = ["TimingError", "fastest_schedule", "timed_schedule"]

_HIGHEST = 2000.0
"""MHz that nothing here is clocked at."""


class TimingError(ValueError):
    """A clock or a latency that a target cannot keep."""


def timed_schedule(
    plan: Plan, target: Target, frequency: float | None = None, latency: int | None = None, *, compact: bool = False
) -> Schedule:
    """Return a schedule of the plan, lowered for the target, with as few stages as the clock allows.

    Parameters
    ----------
    plan
        What is to be computed; the schedule's own plan computes the same in smaller steps.
    target
        Where.
    frequency
        Clock in MHz; the target's ordinary one by default.
    latency
        The most stages there may be.
    compact
        Whether stages may be spent on logic, as many as the latency allows: tables are then read at registers (see
        `place`), and stages are no longer than the target's `compact_stage`.

    Raises
    ------
    TypeError
        If a number is none.
    ValueError
        If a number makes no sense.
    TimingError
        If the target cannot keep the clock, or not with so few stages; the message tells what it can.

    """
    frequency = target.frequency if frequency is None else frequency
    found = _schedule(plan, target, frequency, latency, compact=compact)
    if found is None or (latency is not None and found.latency > latency):
        raise TimingError(_refusal(plan, target, frequency, found, latency, compact=compact))
    return found


def fastest_schedule(plan: Plan, target: Target, latency: int | None = None) -> Schedule:
    """Return a schedule for the highest clock that the target keeps, with at most `latency` stages.

    Raises
    ------
    TypeError, ValueError
        If the latency is no number that makes sense.
    TimingError
        If so few stages keep no clock.

    """
    _, found = _highest(plan, target, _HIGHEST, latency)
    if found is None:
        raise TimingError(f"{target.name} keeps no clock with a latency of at most {latency}")
    return found


@lru_cache(maxsize=16)
def _schedule(
    plan: Plan, target: Target, frequency: float, latency: int | None = None, *, compact: bool = False
) -> Schedule | None:
    """Return the schedule with the fewest stages, compact ones aside; None where a step cannot be cut to fit."""
    stage = 1000 / frequency - target.delays.register
    if stage < 0:
        return None
    plan = join_tables(plan, target, stage)
    on = target.spread(size(lower(plan, target, stage)))
    lowered = lower(plan, on, stage)
    blocks = block_tables(plan, on, stage)
    if longest_step(lowered, on, blocks) > stage:
        return None
    count = place(lowered, on, stage, blocks, compact=compact).count
    if compact and target.compact_stage is not None and target.compact_stage < stage:
        wanted = place(lowered, on, target.compact_stage, blocks, compact=True).count
        count = max(count, wanted if latency is None else min(wanted, latency))
    return even_schedule(lowered, count, on, blocks, compact=compact)


def _highest(
    plan: Plan, target: Target, frequency: float, latency: int | None, *, compact: bool = False
) -> tuple[float, Schedule | None]:
    """Return about the highest clock in MHz, up to `frequency`, that the target keeps, with its schedule if any."""
    low, high, best = 0.0, frequency, None
    while high - low > max(0.5, 0.005 * high):
        middle = (low + high) / 2
        tried = _schedule(plan, target, middle, latency, compact=compact) if middle > 1 else None
        if tried is not None and (latency is None or tried.latency <= latency):
            low, best = middle, tried
        else:
            high = middle
    return low, best


def _refusal(
    plan: Plan, target: Target, frequency: float, found: Schedule | None, latency: int | None, *, compact: bool
) -> str:
    """Return what can be had instead."""
    low, _ = _highest(plan, target, frequency, latency, compact=compact)
    within = "" if latency is None else f" with a latency of at most {latency}"
    best = f"{target.name} reaches about {math.floor(low)} MHz{within}"
    if found is None:
        return f"frequency {frequency:g} MHz is too high: {best}"
    return f"latency {latency} is too short for {frequency:g} MHz, which takes {found.latency}: {best}"
