"""The datapath: a plan and a schedule as Amaranth statements.

Every step becomes one signal of its name and exact width, behind which the schedule's registers carry its value to the
stages that read it. `operation_values` has the value of each operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amaranth.hdl import Module, Signal, Value

from ..plan import operations as op
from .operation_values import operation_value
from .scheduling.schedule import Schedule
from .step_signals import StepSignals, range_shape

__all__ = ["Datapath"]


class Datapath:
    """Adds the hardware of a plan to a module.

    Registers are in the ``sync`` domain, have no reset, and all hold while `enable` is low.

    Parameters
    ----------
    m
        The module to add to.
    schedule
        The plan and the stages of its steps.
    inputs
        The signal of each input port, by name.
    enable
        Clock enable of every register; None where registers always move.
    first, title
        The place of the first declaration in the printed module, and what the headings of stages begin with: for one of
        several datapaths in a module.
    initial
        Codes that the first registers behind steps start with, as unsigned numbers, by step (see `initial_codes`).

    Attributes
    ----------
    outputs : dict
        For each output port, the value that it carries ``schedule.latency`` clocks after its inputs.

    """

    def __init__(
        self,
        m: Module,
        schedule: Schedule,
        inputs: Mapping[str, Value],
        enable: Signal | None,
        *,
        first: int = 0,
        title: str = "",
        initial: Mapping[str, int] | None = None,
    ) -> None:
        self._plan = schedule.plan
        self._schedule = schedule
        self._signals = StepSignals(m, schedule, first, title)
        self._values: dict[tuple[str, int], Value] = {}  # by step and stage
        self._moves: list[Any] = []  # of the registers
        self._initial = {(name, schedule.stages[name] + 1): code for name, code in (initial or {}).items()}
        # An address that is initialised already serves as it is.
        self._initial = dict.fromkeys(self._registered_addresses(), 0) | self._initial
        for step in self._plan.steps:
            if isinstance(step.operation, op.Input):
                self._values[step.name, 0] = self._input(step.name, inputs[step.name])
                continue
            stage = schedule.stages[step.name]
            operands = [self._at(name, stage) for name in step.operation.operands]
            value = operation_value(step.operation, step.name, self._signals, *operands)
            # Constants and values that only change their binary point need no signal of their own, and the entry of a
            # table may have the step's name already.
            named = not (isinstance(step.operation, op.Constant) or _is_alias(step.operation))
            if named and getattr(value, "name", "") != step.name:
                shape = range_shape(self._plan.ranges[step.name])
                value = self._signals.let(step.name, "", value, step.note, shape)
            self._values[step.name, stage] = value
        self.outputs = {output.name: self._at(output.step, schedule.latency) for output in self._plan.outputs}
        # One condition around all registers: with one around each, Amaranth takes longer.
        if enable is None:
            m.d.sync += self._moves
        else:
            with m.If(enable):
                m.d.sync += self._moves

    def order_after_rank(self, rank: int) -> int:
        """Return the place of a declaration after the registers of a rank."""
        return self._signals.order_after_rank(rank)

    def _at(self, name: str, stage: int) -> Value:
        """Return the value of a step in a stage: behind as many registers as lie between."""
        made = self._schedule.stages[name]
        if name in self._schedule.constants:
            return self._values[name, made]
        for rank in range(made + 1, stage + 1):
            if (name, rank) in self._values:
                continue
            before = self._values[name, rank - 1]
            register = self._signals.register(name, rank, before.shape(), initial=self._initial.get((name, rank)))
            self._moves.append(register.eq(before))
            self._values[name, rank] = register
        return self._values[name, stage]

    def _registered_addresses(self) -> set[tuple[str, int]]:
        """Return the registers, by step and rank, that tables may be read at.

        They are given an initial value, which has a use beyond its own: synthesis takes a register for that of a block
        RAM's address only if it has none, and then, for a table in logic, moves it behind the table (decision 008).
        """
        stages, found = self._schedule.stages, set()
        for step in self._plan.steps:
            if isinstance(step.operation, op.Lookup):
                stage, names = stages[step.name], {step.operation.index}
                while names:
                    name = names.pop()
                    if stages[name] < stage:
                        found.add((name, stage))
                    else:
                        names.update(self._plan.by_name[name].operation.operands)
        return found

    def _input(self, name: str, port: Value) -> Value:
        """Return an input in the bits that its range needs; its port has more if some of its codes do not occur."""
        held = self._plan.ranges[name]
        if held.width == len(port):
            return port
        note = f"the bits of {name} that a code within {held} needs"
        return self._signals.let(name, "_used", port, note, range_shape(held))


def _is_alias(operation: op.Operation) -> bool:
    """Whether the result has the code of the operand, at another binary point."""
    return isinstance(operation, op.ShiftLeft) and operation.bits == 0
