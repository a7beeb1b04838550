"""Schedules: the positions of registers among the steps of a plan.

A schedule gives every step a stage. A value made in stage i and used in stage j passes j - i registers, so whatever the
stages are, all paths from the inputs to an output hold equally many: the pipeline is balanced by construction.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...plan import operations as op
from ...plan.plan import Plan
from ...support.parameters import nearest
from ..targets import Target, target
from ..targets.delays import longest_step
from ..targets.placement import Arrivals, place

__all__ = [
    "MAX_FREQUENCY",
    "MAX_INTERVAL",
    "MAX_STAGES",
    "Schedule",
    "even_schedule",
    "operand_ranks",
    "postponed",
    "register_after",
]

MAX_STAGES = 256
"""The most register ranks of a pipeline."""

MAX_INTERVAL = 32
"""The longest interval in clocks, that of cells: units have nothing left to share long before."""

MAX_FREQUENCY = 2000.0
"""The highest clock in MHz that can be asked for, beyond that of any FPGA."""

_EVEN_TO = 1e-3
"""Nanoseconds that the longest stage of an even schedule may be longer than the shortest possible."""


@dataclass(frozen=True)
class Schedule:
    """The stage of every step of `plan`, and the number of register ranks from inputs to outputs.

    Rank k (from 1) of the registers lies between stage k - 1 and stage k. Constants have no stage. The look-ups in
    `blocks` are meant for block RAM: they are read in a later stage than they are made in. The selections in `resets`
    are left to the registers behind them (see `resets`).

    With an `interval` of more than one clock, inputs come every so many clocks, and stage k is that of the k-th clock
    after them. Steps may then take turns in a unit, which `units` names for each of them: they are of one operation, in
    stages that differ modulo the interval, and what they read is made in an earlier stage or in the same unit's turn.

    Raises
    ------
    TypeError
        If a stage is not an integer.
    ValueError
        If a step has no stage, or one before that of a step that it reads; an input has another than 0; or two steps
        take the same turn in a unit.

    """

    plan: Plan
    stages: Mapping[str, int]
    latency: int
    blocks: frozenset[str] = frozenset()
    interval: int = 1
    units: Mapping[str, str] = field(default_factory=dict)
    resets: frozenset[str] = frozenset()

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
                if self.stages[name] + (name in self.blocks) > stage:
                    raise ValueError(f"step {step.name!r} in stage {stage} reads {name!r} of stage {self.stages[name]}")
        turns: dict[tuple[str, int], str] = {}
        for name, unit in self.units.items():
            other = turns.setdefault((unit, self.turn(self.stages[name])), name)
            if other != name:
                raise ValueError(f"steps {other!r} and {name!r} take the same turn in unit {unit!r}")

    def turn(self, stage: int) -> int:
        """Return the clock of an interval, from 0, that a stage is in."""
        return stage % self.interval

    @cached_property
    def constants(self) -> frozenset[str]:
        """Steps that are the same for every input: they pass no registers."""
        found: set[str] = set()
        for step in self.plan.steps:
            operands = step.operation.operands
            if not isinstance(step.operation, op.Input) and all(name in found for name in operands):
                found.add(step.name)
        return frozenset(found)

    def seen_from(self, plan: Plan) -> Schedule:
        """Return this schedule in the steps of the plan that its own was lowered from.

        A step that the lowered plan does without is in the first stage in which it could be.
        """
        stages: dict[str, int] = {}
        for step in plan.steps:
            earliest = max((stages[name] for name in step.operation.operands), default=0)
            stages[step.name] = max(earliest, self.stages.get(step.name, 0))
        return Schedule(plan, stages, self.latency, interval=self.interval)

    @cached_property
    def readers(self) -> Mapping[str, int]:
        """Number of steps and outputs that read each step."""
        found = Counter(name for step in self.plan.steps for name in step.operation.operands)
        return found + Counter(output.step for output in self.plan.outputs)

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Steps that take no logic of their own: of those that take turns in a unit, all but the widest."""
        widest: dict[str, str] = {}
        for name, unit in self.units.items():
            if unit not in widest or self.plan.ranges[name].width > self.plan.ranges[widest[unit]].width:
                widest[unit] = name
        return frozenset(self.units.keys() - set(widest.values()))

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
            -(-(last[name] - self.stages[name]) // self.interval) * self.plan.ranges[name].width
            for name in last
            if name not in self.constants
        )


def even_schedule(
    plan: Plan,
    stages: int,
    on: Target | None = None,
    blocks: Collection[str] = frozenset(),
    *,
    compact: bool = False,
) -> Schedule:
    """Spread `stages` register ranks evenly by the delays of a target; the last rank holds the outputs.

    The longest stage is as short as whole steps allow. The look-ups in `blocks` are in block RAM. To be `compact`, the
    others are read at registers, if there are ranks enough (see `place`).

    Raises
    ------
    TypeError
        If `stages` is not an integer.
    ValueError
        If it is not within 0 to 256.

    """
    if not isinstance(stages, int) or isinstance(stages, bool):
        raise TypeError(f"stages must be an integer, not {stages!r}")
    if not 0 <= stages <= MAX_STAGES:
        raise ValueError(f"stages must be from 0 to {MAX_STAGES}, not {stages}")
    if stages == 0:
        return Schedule(plan, dict.fromkeys(plan.ranges, 0), 0)
    on = on or target("generic")
    arrivals = Arrivals(plan, on)
    low, high = longest_step(plan, on, blocks), place(plan, on, math.inf, blocks, arrivals=arrivals).longest
    compact = compact and place(plan, on, math.inf, blocks, compact=True, arrivals=arrivals).count <= stages
    if compact and on.compact_stage is not None:  # the other stages may be shorter than that step is
        low = min(low, on.compact_stage)
    while high - low > _EVEN_TO:  # there are fewer stages the longer they may be: bisect
        middle = (low + high) / 2
        if place(plan, on, middle, blocks, compact=compact, arrivals=arrivals).count <= stages:
            high = middle
        else:
            low = middle
    placed = place(plan, on, high, blocks, compact=compact, arrivals=arrivals).stages
    return Schedule(plan, postponed(plan, placed, stages, blocks), stages, frozenset(blocks))


def operand_ranks(operation: op.Operation) -> int:
    """Return the ranks of registers before the operands of a step that takes turns: they come from several others.

    What each of them gives is in a register. These are joined before the unit, and before a product, which takes long,
    there is one more.
    """
    return 2 if isinstance(operation, op.Multiply) else 1


def register_after(plan: Plan, names: Iterable[str]) -> Schedule:
    """Put a register rank after each of the named steps, on every path that runs beside it too.

    Raises
    ------
    TypeError
        If `names` is a text.
    ValueError
        If a name is not a step of the plan.

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


def postponed(
    plan: Plan, stages: dict[str, int], latency: int, blocks: Collection[str], fixed: Collection[str] = frozenset()
) -> dict[str, int]:
    """Move steps to later stages where that saves register bits: a table's index is narrower than its entry.

    A step is moved to the stage before its first user at the latest, and never out of the stage that it shares with
    one. So it is alone on its path there, and no stage becomes longer than the longest single step. Steps that are
    `fixed` stay, and what they read is made before them by their `operand_ranks` at the latest.
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
        if later > now and operands and name not in blocks and name not in fixed:
            # The users of an operand that come before this step in the plan are not known yet: what they need is
            # counted as if this step alone kept the operand alive, so that a saving is never overrated.
            carried = sum(max(later - max([now, *users[operand]]), 0) * widths[operand] for operand in operands)
            if carried < (later - now) * widths[name]:
                stages[name] = later
        for operand in operands:
            early = operand_ranks(step.operation) if name in fixed and operand not in fixed else 0
            users[operand].append(stages[name] - early)
    return stages
