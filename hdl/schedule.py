"""Schedules: after which step of a plan the registers go.

A schedule gives every step a stage. A value made in stage i and used in stage j passes j - i registers, so whatever the
stages are, all paths from the inputs to an output hold equally many: the pipeline is balanced by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..plan import operations as op
from ..plan.parameters import nearest
from ..plan.plan import Plan, Step

__all__ = ["MAX_STAGES", "Schedule", "even_schedule", "natural_stages", "register_after", "step_delay"]

MAX_STAGES = 256
"""The most register ranks of a pipeline."""


@dataclass(frozen=True)
class Schedule:
    """The stage of every step of `plan`, and the number of register ranks from inputs to outputs.

    Rank k (from 1) of the registers lies between stage k - 1 and stage k. Constants have no stage.

    Raises
    ------
    TypeError
        If a stage is no integer.
    ValueError
        If a step has no stage, or one before that of a step that it reads; or an input has another than 0.

    """

    plan: Plan
    stages: Mapping[str, int]
    latency: int

    def __post_init__(self) -> None:
        names = {step.name for step in self.plan.steps}
        for name in sorted(names ^ set(self.stages)):
            raise ValueError(f"step {name!r} has no stage" if name in names else f"there is no step {name!r} to stage")
        for step in self.plan.steps:
            stage = self.stages[step.name]
            if not isinstance(stage, int) or isinstance(stage, bool):
                raise TypeError(f"the stage of step {step.name!r} must be an integer, not {stage!r}")
            if stage and isinstance(step.operation, op.Input):
                raise ValueError(f"input {step.name!r} is in stage {stage}; inputs are in stage 0")
            if not 0 <= stage <= self.latency:
                raise ValueError(f"step {step.name!r} is in stage {stage}, outside 0 to {self.latency}")
            for name in step.operation.operands:
                if self.stages[name] > stage:
                    raise ValueError(f"step {step.name!r} in stage {stage} reads {name!r} of stage {self.stages[name]}")

    @cached_property
    def constants(self) -> frozenset[str]:
        """Steps that are the same for every input: they pass no registers."""
        found: set[str] = set()
        for step in self.plan.steps:
            operands = step.operation.operands
            if not isinstance(step.operation, op.Input) and all(name in found for name in operands):
                found.add(step.name)
        return frozenset(found)

    @cached_property
    def register_bits(self) -> int:
        """Bits of all registers that the schedule asks for."""
        last = dict(self.stages)
        for step in self.plan.steps:
            for name in step.operation.operands:
                last[name] = max(last[name], self.stages[step.name])
        for output in self.plan.outputs:
            last[output.step] = self.latency
        return sum(
            (last[name] - self.stages[name]) * self.plan.ranges[name].width
            for name in last
            if name not in self.constants
        )


def even_schedule(plan: Plan, stages: int) -> Schedule:
    """Spread `stages` register ranks evenly by estimated delay; the last rank holds the outputs.

    The longest stage is as short as whole steps allow.

    Raises
    ------
    TypeError
        If `stages` is no integer.
    ValueError
        If it is not within 0 to 256.

    """
    if not isinstance(stages, int) or isinstance(stages, bool):
        raise TypeError(f"stages must be an integer, not {stages!r}")
    if not 0 <= stages <= MAX_STAGES:
        raise ValueError(f"stages must be from 0 to {MAX_STAGES}, not {stages}")
    if stages == 0:
        return Schedule(plan, dict.fromkeys(plan.ranges, 0), 0)
    delays = {step.name: step_delay(plan, step) for step in plan.steps}
    low, high = max(delays.values()), sum(delays.values())  # arrivals grow as the period shrinks: bisect
    for _ in range(24):
        middle = (low + high) / 2
        if max(_place(plan, delays, middle).values()) < stages:
            high = middle
        else:
            low = middle
    return Schedule(plan, _postponed(plan, _place(plan, delays, high), stages), stages)


def natural_stages(plan: Plan) -> int:
    """Return the fewest stages with which no stage is longer than the longest single step."""
    delays = {step.name: step_delay(plan, step) for step in plan.steps}
    return max(_place(plan, delays, max(delays.values(), default=0.0)).values()) + 1


def register_after(plan: Plan, names: Iterable[str]) -> Schedule:
    """Put a register rank after each of the named steps, on every path that runs beside it too.

    Raises
    ------
    TypeError
        If `names` is a text.
    ValueError
        If a name is no step of the plan.

    """
    if isinstance(names, str):
        raise TypeError(f"registers must be names of steps in a list or the like, not the text {names!r}")
    after = set(names)
    known = [step.name for step in plan.steps]
    for name in sorted(after):
        if name not in known:
            raise ValueError(f"the plan has no step {name!r} to put a register after; {nearest(name, known)}")
    stages: dict[str, int] = {}
    for step in plan.steps:
        operands = step.operation.operands
        stages[step.name] = max((stages[name] + (name in after) for name in operands), default=0)
    latency = max(stages[output.step] + (output.step in after) for output in plan.outputs)
    return Schedule(plan, stages, latency)


def _place(plan: Plan, delays: Mapping[str, float], period: float) -> dict[str, int]:
    """Return the earliest stage of every step if no stage may be longer than `period`."""
    stages: dict[str, int] = {}
    arrivals: dict[str, float] = {}
    for step in plan.steps:
        operands = step.operation.operands
        stage = max((stages[name] for name in operands), default=0)
        arrival = max((arrivals[name] for name in operands if stages[name] == stage), default=0.0)
        delay = delays[step.name]
        if arrival and arrival + delay > period * (1 + 1e-9):
            stage, arrival = stage + 1, 0.0
        stages[step.name], arrivals[step.name] = stage, arrival + delay
    return stages


def _postponed(plan: Plan, stages: dict[str, int], latency: int) -> dict[str, int]:
    """Move steps to later stages where that saves register bits: a table's index is narrower than its entry.

    A step is moved to the stage before its first user at the latest, and never out of the stage that it shares with
    one. So it is alone on its path there, and no stage becomes longer than the longest single step.
    """
    widths = {name: held.width for name, held in plan.ranges.items()}
    users: dict[str, list[int]] = {name: [] for name in stages}
    for output in plan.outputs:
        users[output.step].append(latency)
    stages = dict(stages)
    for step in reversed(plan.steps):
        now, name = stages[step.name], step.name
        later = min(users[name], default=now) - 1
        operands = set(step.operation.operands)
        if later > now and operands:
            # The users of an operand that come before this step in the plan are not known yet: what they need is
            # counted as if this step alone kept the operand alive, so that a saving is never overrated.
            carried = sum(max(later - max([now, *users[operand]]), 0) * widths[operand] for operand in operands)
            if carried < (later - now) * widths[name]:
                stages[name] = later
        for operand in operands:
            users[operand].append(stages[name])
    return stages


def step_delay(plan: Plan, step: Step) -> float:
    """Estimate the delay of a step in levels of four-input lookup tables, a carry bit counting as a twentieth."""
    width = plan.ranges[step.name].width
    widths = [plan.ranges[name].width for name in step.operation.operands]
    match step.operation:
        case op.Add() | op.Subtract():
            return 1 + width / 20
        case op.Multiply():
            rows = min(widths)
            return 1 + (rows.bit_length() - 1) * (1 + width / 20)
        case op.Absolute() | op.Round():
            return 1 + max(widths) / 20
        case op.Compare() | op.Clamp():
            return 2 + max(widths) / 20
        case op.Lookup(table=table):
            return max(1.0, ((len(table) - 1).bit_length() - 2) / 2)
        case op.Select() | op.Bitwise():
            return 1.0
        case op.ShiftBy() | op.LeadingZeros():
            return float(max(widths).bit_length())
        case _:
            return 0.0  # wiring
