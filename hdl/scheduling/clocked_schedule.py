"""Schedules for a clock: the fewest stages that a target's delays allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from ...plan.plan import Plan
from ...support.exceptions import SoftgateError
from ..lowering import join_tables, lower
from ..targets import Target
from ..targets.blocks import block_tables
from ..targets.delays import longest_step, size
from ..targets.placement import longest_stage, place
from .schedule import MAX_FREQUENCY, MAX_STAGES, Schedule, even_schedule

__all__ = ["TimingError", "clock_for_ranks", "fastest_schedule", "predicted_clock", "timed_schedule"]

_GAIN_OF_A_RANK = 0.01
"""By what share of the clock a rank of registers has to raise it, to be spent for the clock alone (decision 020)."""

_FINENESS = 0.98
"""Ratio between one clock that is tried and the next."""


class TimingError(SoftgateError, ValueError):
    """A clock or a latency that a target cannot keep."""

    exit_code = 1


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
        If an argument that must be a number is not.
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
    """Return a schedule for the highest clock for its ranks that the target keeps, with at most `latency` stages.

    Which clock that is `clock_for_ranks` says.

    Raises
    ------
    TimingError
        If so few stages keep no clock.

    """
    frequency, found = _highest(plan, target, MAX_FREQUENCY, latency)
    if found is None:
        raise TimingError(f"{target.name} keeps no clock with a latency of at most {latency}")
    best = found.latency, frequency
    # A lower clock takes a stage less at best, down to one: below some clock, that cannot make up for it any more.
    while clock_for_ranks(frequency, 1) > clock_for_ranks(best[1], best[0]):
        frequency *= _FINENESS
        tried = _stages(plan, target, frequency, latency)
        if tried is not None and clock_for_ranks(frequency, tried.count) > clock_for_ranks(best[1], best[0]):
            best = tried.count, frequency
    count, frequency = best
    return _highest(plan, target, frequency / _FINENESS, count, above=frequency)[1] or found


def clock_for_ranks(frequency: float, ranks: int) -> float:
    """Return a clock in MHz, reduced by what each rank of registers must gain: the higher result is the better."""
    return frequency / (1 + _GAIN_OF_A_RANK) ** ranks


def predicted_clock(schedule: Schedule, target: Target) -> float:
    """Return the clock in MHz that a target keeps with a schedule of a plan in steps lowered for it."""
    on = target.spread(size(schedule.plan))
    period = longest_stage(schedule.plan, schedule.stages, on, schedule.blocks)
    return 1000 / ((1 + target.margin) * (target.delays.register + period))


@dataclass(frozen=True)
class _Stages:
    """The fewest stages that a clock allows, what is in them and in block RAM, and where."""

    plan: Plan
    target: Target
    blocks: frozenset[str]
    count: int


@lru_cache(maxsize=64)
def _stages(
    plan: Plan, target: Target, frequency: float, latency: int | None = None, *, compact: bool = False
) -> _Stages | None:
    """Return the fewest stages, compact ones aside; None where a step cannot be cut to fit, or they are too many."""
    period = 1000 / frequency / (1 + target.margin) - target.delays.register
    if period < 0:
        return None
    plan = join_tables(plan, target, period)
    on = target.spread(size(lower(plan, target, period)))
    lowered = lower(plan, on, period)
    blocks = frozenset(block_tables(plan, on, period))
    if longest_step(lowered, on, blocks) > period:
        return None
    count = place(lowered, on, period, blocks, compact=compact).count
    if compact and target.compact_stage is not None and target.compact_stage < period:
        wanted = place(lowered, on, target.compact_stage, blocks, compact=True).count
        count = max(count, wanted if latency is None else min(wanted, latency))
    if count > MAX_STAGES:
        return None
    return _Stages(lowered, on, blocks, count)


@lru_cache(maxsize=16)
def _schedule(
    plan: Plan, target: Target, frequency: float, latency: int | None = None, *, compact: bool = False
) -> Schedule | None:
    """Return the schedule with the fewest stages, compact ones aside; None where a step cannot be cut to fit."""
    found = _stages(plan, target, frequency, latency, compact=compact)
    if found is None:
        return None
    return even_schedule(found.plan, found.count, found.target, found.blocks, compact=compact)


def _highest(
    plan: Plan,
    target: Target,
    frequency: float,
    latency: int | None,
    *,
    above: float = 0.0,
    compact: bool = False,
) -> tuple[float, Schedule | None]:
    """Return about the highest clock in MHz, from `above` to `frequency`, that the target keeps, with its schedule."""
    low, high = above, frequency
    while high - low > max(0.5, 0.005 * high):
        middle = (low + high) / 2
        tried = _stages(plan, target, middle, latency, compact=compact) if middle > 1 else None
        if tried is not None and (latency is None or tried.count <= latency):
            low = middle
        else:
            high = middle
    return low, _schedule(plan, target, low, latency, compact=compact) if low else None


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
