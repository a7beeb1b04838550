"""The datapath: a plan and a schedule as Amaranth statements.

Every step becomes one signal of its name and exact width, behind which the schedule's registers carry its value to the
stages that read it. `operation_values` has the value of each operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from amaranth.hdl import Module, Signal, Value

from ..plan import operations as op
from .digit_streams import DigitStreams
from .operation_values import operation_value
from .scheduling.schedule import Schedule
from .step_signals import StepSignals, range_shape
from .unit_in_turns import UnitInTurns, units_in_turns

__all__ = ["Datapath"]

_OUTPUT = -1
"""Stands for the stage in which the values of outputs are that stay for an interval."""


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
    turn
        With an interval of the schedule, a bit for each clock of it.
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
        turn: Value | None = None,
    ) -> None:
        self._plan = schedule.plan
        self._schedule = schedule
        self._signals = StepSignals(m, schedule, first, title)
        self._values: dict[tuple[str, int], Value] = {}  # by step and stage
        self._moves: dict[int | None, list[Any]] = {None: []}  # of the registers, by the turn in which they move
        self._late: dict[tuple[str, int], Value] = {}  # by what makes it, a step or a unit, and clocks since
        self._initial = {(name, schedule.stages[name] + 1): code for name, code in (initial or {}).items()}
        # An address that is initialised already serves as it is.
        self._initial = dict.fromkeys(self._registered_addresses(), 0) | self._initial
        units = units_in_turns(schedule, self._signals)
        digits = DigitStreams(
            schedule, self._signals, {name: unit.digits for name, unit in units.items() if unit.takes_digits}
        )
        self._last_read = self._last_reads([*units.values(), digits])
        for step in self._plan.steps:
            if isinstance(step.operation, op.Input):
                self._values[step.name, 0] = self._input(step.name, inputs[step.name])
                continue
            stage = schedule.stages[step.name]
            if step.name in schedule.units:
                self._values[step.name, stage] = units[schedule.units[step.name]].value
                continue
            operands = [self._at(name, stage) for name in step.operation.operands]
            value = operation_value(step.operation, step.name, self._signals, *operands)
            # Constants and values that only change their binary point need no signal of their own, and the entry of a
            # table may have the step's name already.
            named = not (isinstance(step.operation, op.Constant) or _is_alias(step.operation))
            if named and getattr(value, "name", "") != step.name:
                shape = range_shape(self._plan.ranges[step.name])
                value = self._signals.let(step.name, "", value, step.note, shape)
            self._values[step.name, stage] = value
        self.outputs = {output.name: self._output(output.step) for output in self._plan.outputs}
        if turn is not None:
            move = self._moves[None].append
            digits.connect(turn, self._at, move)
            for name, unit in units.items():
                unit.connect(m, turn, self._at, move, digits.port(name, turn, move) if name in digits else None)
        # One condition around all registers: with one around each, Amaranth takes longer.
        for when, moves in self._moves.items():
            now = enable if when is None or turn is None else turn[when] if enable is None else enable & turn[when]
            if now is None:
                m.d.sync += moves
            else:
                with m.If(now):
                    m.d.sync += moves

    def order_after_rank(self, rank: int) -> int:
        """Return the place of a declaration after the registers of a rank."""
        return self._signals.order_after_rank(rank)

    def _at(self, name: str, stage: int) -> Value:
        """Return the value of a step in a stage: behind as many registers as lie between."""
        schedule = self._schedule
        made = schedule.stages[name]
        if name in schedule.constants or stage == made:
            return self._values[name, made]
        if schedule.interval > 1 and self._last_read[name] > made + 1:
            return self._kept(name, -(-(stage - made) // schedule.interval))
        unit = schedule.units.get(name, name)  # whose result passes the register
        for rank in range(made + 1, stage + 1):
            if (name, rank) in self._values:
                continue
            before = self._values[name, rank - 1]
            if (unit, rank - made) not in self._late:
                self._late[unit, rank - made] = self._register(name, rank, before, None)
            self._values[name, rank] = self._late[unit, rank - made]
        return self._values[name, stage]

    def _kept(self, name: str, intervals: int) -> Value:
        """Return the value of a step up to so many intervals later: in registers that move in the turn of the step."""
        schedule = self._schedule
        made = schedule.stages[name]
        rank = made + 1 + (intervals - 1) * schedule.interval
        if (name, rank) not in self._values:
            before = self._kept(name, intervals - 1) if intervals > 1 else self._values[name, made]
            self._values[name, rank] = self._register(name, rank, before, schedule.turn(made))
        return self._values[name, rank]

    def _register(self, name: str, rank: int, before: Value, turn: int | None) -> Value:
        """Add a register that serves from a rank on until it moves again, in its turn or, without one, always."""
        served = range(rank, rank + (1 if turn is None else self._schedule.interval))
        initial = next((self._initial[name, each] for each in served if (name, each) in self._initial), None)
        register = self._signals.register(name, rank, before.shape(), initial=initial)
        self._moves.setdefault(turn, []).append(register.eq(before))
        return register

    def _output(self, name: str) -> Value:
        """Return the value of a step in the last stage; with an interval, one that stays for all of it."""
        schedule = self._schedule
        before = schedule.latency - 1
        if schedule.interval == 1 or name in schedule.constants or schedule.stages[name] == before:
            return self._at(name, schedule.latency)
        if (name, _OUTPUT) not in self._values:
            value = self._at(name, before)
            self._values[name, _OUTPUT] = self._register(name, schedule.latency, value, schedule.turn(before))
        return self._values[name, _OUTPUT]

    def _last_reads(self, sharing: Iterable[UnitInTurns | DigitStreams]) -> dict[str, int]:
        """Return the last stage in which each step is read."""
        schedule = self._schedule
        found = dict(schedule.stages)
        for step in self._plan.steps:
            if step.name not in schedule.units:
                for name in step.operation.operands:
                    found[name] = max(found[name], schedule.stages[step.name])
        for each in sharing:
            for name, stage in each.reads():
                found[name] = max(found[name], stage)
        for output in self._plan.outputs:
            found[output.step] = max(found[output.step], schedule.latency + schedule.interval - 1)
        return found

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
