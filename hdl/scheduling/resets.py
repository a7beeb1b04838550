"""Selections that the registers behind them make, by synchronous sets and resets (decision 061)."""

from __future__ import annotations

from ...plan import operations as op
from ..targets.delays import is_wiring
from .schedule import Schedule

__all__ = ["selections_by_reset"]

_SUMS = op.Add | op.AddComplemented | op.Subtract


def selections_by_reset(schedule: Schedule) -> frozenset[str]:
    """Return the selections between a constant and what no look-up table makes, if only registers read the result.

    Behind a register or a sum, a selection would take a look-up table for each bit. A flip-flop's synchronous set or
    reset does it with one for all of them, which holds it back while the clock enable is low.
    """
    readers: dict[str, list[str]] = {step.name: [] for step in schedule.plan.steps}
    for step in schedule.plan.steps:
        for name in step.operation.operands:
            readers[name].append(step.name)
    found = set()
    for step in schedule.plan.steps:
        match step.operation:
            case op.Select(when_true=yes, when_false=no) if (yes in schedule.constants) != (no in schedule.constants):
                other = no if yes in schedule.constants else yes
                if not _is_logic(schedule, other, step.name) and _is_registered(schedule, step.name, readers):
                    found.add(step.name)
    return frozenset(found)


def _is_logic(schedule: Schedule, name: str, reader: str) -> bool:
    """Whether look-up tables make a bit of a step in the stage of a reader."""
    plan, stages = schedule.plan, schedule.stages
    step = plan.by_name[name]
    if name in schedule.constants or stages[name] < stages[reader] or isinstance(step.operation, _SUMS):
        return False
    if is_wiring(step, plan.ranges):
        return any(_is_logic(schedule, source, reader) for source in step.operation.operands)
    return True


def _is_registered(schedule: Schedule, name: str, readers: dict[str, list[str]]) -> bool:
    """Whether all that is read of a step is read behind registers."""
    plan, stages = schedule.plan, schedule.stages
    if stages[name] == schedule.latency:
        return False
    return all(
        stages[reader] > stages[name]
        or (is_wiring(plan.by_name[reader], plan.ranges) and _is_registered(schedule, reader, readers))
        for reader in readers[name]
    )
