"""Placement of a plan's steps in stages: each as early as the period allows, and the longest stage that results."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from ...plan import operations as op
from ...plan.plan import Plan, Step
from . import Target
from .delays import is_wiring
from .lut_packing import Arrival, arrival_of, unpacked

__all__ = ["Placement", "Stages", "longest_stage", "place", "separated_tables"]


@dataclass(frozen=True)
class Placement:
    """The earliest stage of every step, from 0, and the length of the longest stage in nanoseconds."""

    stages: dict[str, int]
    longest: float

    @property
    def count(self) -> int:
        """Number of stages."""
        return max(self.stages.values()) + 1


def place(
    plan: Plan, target: Target, period: float, blocks: Container[str] = (), *, compact: bool = False
) -> Placement:
    """Place every step in the earliest stage in which no stage is longer than `period` nanoseconds.

    A step that takes longer by itself gets a stage of its own. The look-ups in `blocks` are in block RAM. If `compact`,
    registers separate tables from the logic around them where a bit takes several look-up tables or a table reads
    another: otherwise synthesis merges that logic into the table, whose size doubles with every further input.
    """
    placed = Stages(plan, target, blocks)
    tables, readers = separated_tables(plan, target) if compact else (set(), {})
    for step in plan.steps:
        stage = max([placed.earliest(step), *(placed.stages[table] + 1 for table in readers.get(step.name, ()))])
        placed.place(step, stage, period, apart=step.name in tables)
    return Placement(placed.stages, placed.longest)


def separated_tables(plan: Plan, target: Target) -> tuple[set[str], dict[str, set[str]]]:
    """Return the tables that registers separate from other logic, and those of them that each step of logic reads."""
    tables: set[str] = set()
    wired: dict[str, set[str]] = {}  # the look-ups that a step of wiring reads; a look-up is its own
    read: dict[str, set[str]] = {}
    for step in plan.steps:
        name, operation = step.name, step.operation
        behind = set().union(*(wired[operand] for operand in operation.operands))
        if is_wiring(step, plan.ranges):
            wired[name] = behind
            continue
        wired[name], read[name] = set(), behind
        if isinstance(operation, op.Lookup):
            wired[name] = {name}
            if behind or plan.ranges[operation.index].width > target.lut_inputs:
                tables |= {name, *behind}
    return tables, {name: behind & tables for name, behind in read.items()}


def longest_stage(plan: Plan, stages: Mapping[str, int], target: Target, blocks: Container[str] = ()) -> float:
    """Return the length of the longest stage, in nanoseconds, of a plan whose steps are in these stages."""
    placed = Stages(plan, target, blocks)
    for step in plan.steps:
        placed.settle(step, stages[step.name], placed.at(step, stages[step.name]))
    return placed.longest


class Stages:
    """The stages and arrivals of a plan's steps, which are settled one by one, operands first."""

    def __init__(self, plan: Plan, target: Target, blocks: Container[str]) -> None:
        self._plan, self._target, self._blocks = plan, target, blocks
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
        return arrival_of(self._plan, step, operands, self._target)

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
            return unpacked(name, block.delay)
        return self._arrivals[name] if stage == self.stages[name] else unpacked(name)
