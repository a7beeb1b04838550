"""Placement of a plan's steps in stages: each as early as the period allows, and the longest stage that results."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from ...plan import operations as op
from ...plan.plan import Plan, Step
from . import Target
from .delays import is_wiring
from .lut_packing import Arrival, arrival_of, unpacked

__all__ = ["Arrivals", "Placement", "Stages", "longest_stage", "place", "separated_steps"]


@dataclass(frozen=True)
class Placement:
    """The earliest stage of every step, from 0, and the length of the longest stage in nanoseconds."""

    stages: dict[str, int]
    longest: float

    @property
    def count(self) -> int:
        """Number of stages."""
        return max(self.stages.values()) + 1


class Arrivals:
    """The arrivals of a plan's steps, each worked out once however often the plan is placed.

    Behind a register it does not matter what comes before it, so most placements share most of their arrivals.
    """

    def __init__(self, plan: Plan, target: Target) -> None:
        self._plan, self._target = plan, target
        self._read: dict[tuple[str, float], Arrival] = {}
        self._found: dict[tuple[object, ...], tuple[Arrival, Sequence[Arrival]]] = {}

    def read(self, name: str, time: float = 0.0) -> Arrival:
        """Return the arrival of a value that is read from a register or a block RAM, at this time."""
        key = name, time
        if key not in self._read:
            self._read[key] = unpacked(name, time)
        return self._read[key]

    def of(self, step: Step, operands: Sequence[Arrival]) -> Arrival:
        """Return the arrival of a step, given those of its operands in the same stage."""
        # The operands are kept as well: nothing else can get the identity of one.
        key = step.name, *(id(each) for each in operands)
        if key not in self._found:
            self._found[key] = arrival_of(self._plan, step, operands, self._target), operands
        return self._found[key][0]


def place(
    plan: Plan,
    target: Target,
    period: float,
    blocks: Container[str] = (),
    *,
    compact: bool = False,
    arrivals: Arrivals | None = None,
) -> Placement:
    """Place every step in the earliest stage in which no stage is longer than `period` nanoseconds.

    A step that takes longer by itself gets a stage of its own. The look-ups in `blocks` are in block RAM. If `compact`,
    registers separate tables from the logic around them where a bit takes several look-up tables or a table reads
    another: otherwise synthesis merges that logic into the table, whose size doubles with every further input.
    A caller that places a plan on a target several times passes the same `arrivals` each time.
    """
    placed = Stages(target, blocks, arrivals or Arrivals(plan, target))
    tables, readers = separated_steps(plan, target) if compact else (set(), {})
    for step in plan.steps:
        stage = max([placed.earliest(step), *(placed.stages[name] + 1 for name in readers.get(step.name, ()))])
        placed.place(step, stage, period, apart=step.name in tables)
    return Placement(placed.stages, placed.longest)


def separated_steps(plan: Plan, target: Target) -> tuple[set[str], dict[str, set[str]]]:
    """Return the tables that registers separate from other logic, and what each step reads that is to be registered.

    That is those tables and, if the target selects by reset, selections with a constant that registers can make (see
    `hdl.scheduling.resets`).
    """
    tables: set[str] = set()
    selections: set[str] = set()
    wired: dict[str, set[str]] = {}  # the steps of logic that a step of wiring reads; a step of logic is its own
    read: dict[str, set[str]] = {}
    for step in plan.steps:
        name, operation = step.name, step.operation
        behind = set().union(*(wired[operand] for operand in operation.operands))
        if is_wiring(step, plan.ranges):
            wired[name] = behind
            continue
        wired[name], read[name] = {name}, behind
        if isinstance(operation, op.Lookup):
            before = {each for each in behind if isinstance(plan.by_name[each].operation, op.Lookup)}
            if before or plan.ranges[operation.index].width > target.lut_inputs:
                tables |= {name, *before}
        elif target.selects_by_reset and isinstance(operation, op.Select):
            values = [wired[value] for value in (operation.when_true, operation.when_false)]
            if not all(values) and all(_is_registered_or_sum(plan, each, tables) for each in set().union(*values)):
                selections.add(name)
    return tables, {name: behind & (tables | selections) for name, behind in read.items()}


def _is_registered_or_sum(plan: Plan, name: str, tables: Container[str]) -> bool:
    """Whether registers separate a step from what reads it, or it is a sum."""
    return name in tables or isinstance(plan.by_name[name].operation, op.Add | op.AddComplemented | op.Subtract)


def longest_stage(plan: Plan, stages: Mapping[str, int], target: Target, blocks: Container[str] = ()) -> float:
    """Return the length of the longest stage, in nanoseconds, of a plan whose steps are in these stages."""
    placed = Stages(target, blocks, Arrivals(plan, target))
    for step in plan.steps:
        placed.settle(step, stages[step.name], placed.at(step, stages[step.name]))
    return placed.longest


class Stages:
    """The stages and arrivals of a plan's steps, which are settled one by one, operands first."""

    def __init__(self, target: Target, blocks: Container[str], known: Arrivals) -> None:
        self._target, self._blocks, self._known = target, blocks, known
        self._arrivals: dict[str, Arrival] = {}
        self.stages: dict[str, int] = {}
        self.longest = 0.0

    def earliest(self, step: Step) -> int:
        """Return the first stage in which all operands can be read."""
        return max((self.stages[name] + (name in self._blocks) for name in step.operation.operands), default=0)

    def at(self, step: Step, stage: int) -> Arrival:
        """Return the arrival of a step in a stage."""
        operands = [self._read(name, stage) for name in step.operation.operands]
        if step.name in self._blocks:
            return unpacked(step.name, max(operand.time for operand in operands))
        return self._known.of(step, operands)

    def gains(self, step: Step, stage: int) -> bool:
        """Whether an operand arrives earlier in the next stage."""
        return any(self._read(name, stage).time for name in step.operation.operands)

    def place(self, step: Step, stage: int, period: float, *, apart: bool = False) -> None:
        """Put a step in a stage, or in the next if it is late there or is to be `apart` from what it reads."""
        arrival = self.at(step, stage)
        late = arrival.time > period * (1 + 1e-9)
        if (late or apart) and self.gains(step, stage):
            stage += 1
            arrival = self.at(step, stage)
        self.settle(step, stage, arrival)

    def settle(self, step: Step, stage: int, arrival: Arrival) -> None:
        """Put a step in a stage, with its arrival there."""
        self.stages[step.name], self._arrivals[step.name] = stage, arrival
        block = self._target.block_ram
        if step.name in self._blocks and block is not None:
            self.longest = max(self.longest, block.delay)
        self.longest = max(self.longest, arrival.time)

    def _read(self, name: str, stage: int) -> Arrival:
        """Return the arrival of a value in a stage: at the clock, unless it is computed in that stage too."""
        if not self._arrivals[name].bits:
            return self._arrivals[name]
        block = self._target.block_ram
        if name in self._blocks and block is not None and stage == self.stages[name] + 1:
            return self._known.read(name, block.delay)
        return self._arrivals[name] if stage == self.stages[name] else self._known.read(name)
