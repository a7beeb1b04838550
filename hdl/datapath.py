"""The datapath: a plan and a schedule as Amaranth statements.

Written from the definition of each operation alone; it shares no code with the golden model. Every step becomes one
signal of its name and exact width, its note and its place in the plan attached for whoever prints the module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce, singledispatchmethod
from operator import or_
from typing import Any

from amaranth.hdl import (
    Cat,
    Const,
    MemoryData,
    MemoryInstance,
    Module,
    Mux,
    Shape,
    Signal,
    Value,
    signed,
    unsigned,
)

from ..plan import operations as op
from ..plan.operations import Range
from .scheduling.schedule import Schedule

__all__ = ["Datapath", "range_shape"]


def range_shape(held: Range) -> Shape:
    """Return the Amaranth shape with just the bits that a range needs."""
    return signed(held.width) if held.signed else unsigned(held.width)


_LARGE_TABLE = 1024
"""Bits from which on a table might be put into block RAM by synthesis."""

_SMALL_TABLE = 16
"""Entries of a table whose every bit is one look-up table, however many of the entries there are."""


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

    Attributes
    ----------
    outputs : dict
        For each output port, the value that it carries ``schedule.latency`` clocks after its inputs.

    """

    def __init__(self, m: Module, schedule: Schedule, inputs: Mapping[str, Value], enable: Signal | None) -> None:
        self._m = m
        self._plan = schedule.plan
        self._schedule = schedule
        self._values: dict[tuple[str, int], Value] = {}  # by step and stage
        self._moves: list[Any] = []  # of the registers
        self._headed: set[int] = set()  # stages whose heading is in a note
        self._addresses = self._registered_addresses()
        self._positions = {step.name: position for position, step in enumerate(self._plan.steps)}
        for step in self._plan.steps:
            if isinstance(step.operation, op.Input):
                self._values[step.name, 0] = self._input(step.name, inputs[step.name])
                continue
            stage = schedule.stages[step.name]
            operands = [self._at(name, stage) for name in step.operation.operands]
            value = self._make(step.operation, step.name, operands)
            # A number needs no name, nor does a value at another binary point one more; and the entry of a table may
            # have the step's name already.
            named = not (isinstance(step.operation, op.Constant) or _is_alias(step.operation))
            if named and getattr(value, "name", "") != step.name:
                signal = self._signal(step.name, "", range_shape(self._plan.ranges[step.name]), step.note)
                m.d.comb += signal.eq(value)
                value = signal
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
        return (2 * rank) * len(self._plan.steps) - 1

    def _at(self, name: str, stage: int) -> Value:
        """Return the value of a step in a stage: behind as many registers as lie between."""
        made = self._schedule.stages[name]
        if name in self._schedule.constants:
            return self._values[name, made]
        for rank in range(made + 1, stage + 1):
            if (name, rank) in self._values:
                continue
            before = self._values[name, rank - 1]
            register = Signal(
                before.shape(),
                name=f"{name}_r{rank}",
                reset_less=True,
                attrs={"order": str(self._order(name, rank - 1, register=True))}
                | ({"initial": "0"} if (name, rank) in self._addresses else {}),
            )
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
        """Return an input in the bits that its range needs: its port, unless codes that do not occur have more."""
        held = self._plan.ranges[name]
        if held.width == len(port):
            return port
        signal = self._signal(name, "_used", range_shape(held), f"the bits of {name} that a code within {held} needs")
        self._m.d.comb += signal.eq(port)
        return signal

    def _order(self, name: str, stage: int, register: bool = False) -> int:
        """Return the place of a declaration: by stage, in a stage the wires first, then the registers behind it."""
        steps = len(self._plan.steps)
        return (2 * stage + register) * steps + self._positions[name]

    def _signal(self, name: str, suffix: str, shape: Shape, note: str = "") -> Signal:
        """Return a new signal for a step or a part of it; the first of a stage has the stage's heading in its note."""
        stage = self._schedule.stages[name]
        if self._schedule.latency and stage not in self._headed and name not in self._schedule.constants:
            self._headed.add(stage)
            note = f"---- stage {stage} of {self._schedule.latency} ----\n{note}".strip()
        attrs = {"order": str(self._order(name, stage))}
        if note:
            attrs["note"] = note
        return Signal(shape, name=name + suffix, attrs=attrs)

    def _let(self, name: str, suffix: str, value: Value, note: str = "") -> Signal:
        """Return a named signal for a part of a step."""
        signal = self._signal(name, suffix, value.shape(), note)
        self._m.d.comb += signal.eq(value)
        return signal

    @singledispatchmethod
    def _make(self, operation: op.Operation, name: str, operands: list[Value]) -> Value:
        raise op.unknown_operation(operation, "datapath")

    @_make.register
    def _(self, operation: op.Constant, name: str, operands: list[Value]) -> Value:
        return Const(operation.value, range_shape(Range(operation.value, operation.value)))

    @_make.register
    def _(self, operation: op.Bits, name: str, operands: list[Value]) -> Value:
        field = _field(operands[0], operation.low, operation.low + operation.count)
        return field.as_signed() if operation.signed else field

    @_make.register
    def _(self, operation: op.Lookup, name: str, operands: list[Value]) -> Value:
        reached = operation.table[: self._plan.ranges[operation.index].high + 1]
        held = Range(min(reached), max(reached))
        if len(reached) == 1:
            return Const(reached[0], range_shape(held))
        if self._schedule.latency and len(reached) <= _SMALL_TABLE and name not in self._schedule.blocks:
            reached += _unread(reached)
        table = MemoryData(shape=range_shape(held), depth=len(reached), init=list(reached))
        # An instance, and not `lib.memory.Memory`: its port signals would give the index and the entry second names.
        memory = MemoryInstance(data=table, attrs=self._table_attributes(name, len(reached) * held.width))
        if held == self._plan.ranges[name]:  # no second signal: a unit has many tables, and every signal costs time
            entry = self._signal(name, "", table.shape, self._plan.by_name[name].note)
        else:
            entry = Signal(range_shape(held), name=f"{name}_entry")
        index = _field(operands[0], 0, (len(reached) - 1).bit_length())
        memory.read_port(domain="comb", addr=index, data=entry, en=Const(1), transparent_for=())
        self._m.submodules[f"{name}_table"] = memory
        return entry

    def _table_attributes(self, name: str, size: int) -> dict[str, str]:
        """Return where synthesis is to put a table, if it is so large that it would choose by itself."""
        if name in self._schedule.blocks:
            return {"rom_style": "block"}
        return {"rom_style": "logic"} if self._schedule.latency and size >= _LARGE_TABLE else {}

    @_make.register
    def _(self, operation: op.Add, name: str, operands: list[Value]) -> Value:
        return operands[0] + operands[1]

    @_make.register
    def _(self, operation: op.Subtract, name: str, operands: list[Value]) -> Value:
        return operands[0] - operands[1]

    @_make.register
    def _(self, operation: op.Multiply, name: str, operands: list[Value]) -> Value:
        return operands[0] * operands[1]

    @_make.register
    def _(self, operation: op.PartialProduct, name: str, operands: list[Value]) -> Value:
        source, digit = operands
        if not source.shape().signed:  # its complement is negative
            source = Cat(source, Const(0, 1)).as_signed()
        multiples = {0: Const(0), 1: source, 2: source << 1, -1: ~source, -2: ~(source << 1)}
        factors = [*operation.factors, *operation.factors[-1:] * (1 << len(digit))]

        def chosen(codes: Sequence[int], bits: Sequence[Value]) -> Value:
            held = [factors[code] for code in codes]
            if len(set(held)) == 1:
                return multiples[held[0]]
            half = len(codes) // 2
            if len(codes) > 4:
                return Mux(bits[-1], chosen(codes[half:], bits[:-1]), chosen(codes[:half], bits[:-1]))
            return Mux(bits[0], chosen(codes[1::2], bits[1:]), chosen(codes[::2], bits[1:]))

        return chosen(range(1 << len(digit)), list(digit))

    @_make.register
    def _(self, operation: op.Absolute, name: str, operands: list[Value]) -> Value:
        source = operands[0]
        if not source.shape().signed:
            return source
        # One adder: the ones' complement of a negative value, plus one.
        flipped = self._let(name, "_flipped", source.as_unsigned() ^ source[-1].replicate(len(source)))
        return flipped + source[-1]

    @_make.register
    def _(self, operation: op.Bitwise, name: str, operands: list[Value]) -> Value:
        width = max(len(operand) + (not operand.shape().signed) for operand in operands)
        left, right = (_field(operand, 0, width) for operand in operands)
        combined = {"and": left & right, "or": left | right, "xor": left ^ right}[operation.function]
        return combined.as_signed()

    @_make.register
    def _(self, operation: op.ShiftLeft, name: str, operands: list[Value]) -> Value:
        return _like(operands[0], Cat(Const(0, operation.bits), operands[0]))

    @_make.register
    def _(self, operation: op.ShiftRight, name: str, operands: list[Value]) -> Value:
        return _without_low_bits(operands[0], operation.bits)

    @_make.register
    def _(self, operation: op.ShiftBy, name: str, operands: list[Value]) -> Value:
        source, amount = operands
        return source << amount if operation.direction == "left" else source >> amount

    @_make.register
    def _(self, operation: op.Concatenate, name: str, operands: list[Value]) -> Value:
        high, low = operands
        return _like(high, Cat(_field(low, 0, operation.bits), high))

    @_make.register
    def _(self, operation: op.LeadingZeros, name: str, operands: list[Value]) -> Value:
        # Normalised by halving steps; ones below the source end the count at its width.
        levels = operation.width.bit_length()
        padding = (1 << levels) - operation.width
        value: Value = Cat(Const(-1, signed(padding)).as_unsigned(), _field(operands[0], 0, operation.width))
        digits: list[Value] = []
        for level in reversed(range(levels)):
            span = 1 << level
            empty = self._let(name, f"_empty{span}", ~value[-span:].any(), f"whether the top {span} bits are zero")
            shifted = Cat(Const(0, span), value[:-span]) if len(value) > span else Const(0, span)
            value = self._let(name, f"_shifted{span}", Mux(empty, shifted, value))
            digits.insert(0, empty)
        return Cat(*digits)

    @_make.register
    def _(self, operation: op.Round, name: str, operands: list[Value]) -> Value:
        source, bits = operands[0], operation.bits
        floor = self._let(name, "_floor", _without_low_bits(source, bits))
        half = _field(source, bits - 1, bits)
        if operation.mode == "half_up":
            return floor + half
        if operation.mode == "half_even":
            rest = _field(source, 0, bits - 1).any() if bits > 1 else Const(0, 1)
            return floor + (half & (floor[0] | rest))
        return floor + (_field(source, len(source), len(source) + 1) & _field(source, 0, bits).any())

    @_make.register
    def _(self, operation: op.Clamp, name: str, operands: list[Value]) -> Value:
        source = operands[0]
        held = self._plan.ranges[operation.source]
        value: Value = source
        if held.low < operation.low:
            value = Mux(source < operation.low, operation.low, value)
        if held.high > operation.high:
            if held.low < operation.low:
                value = self._let(name, "_below", value, "limited from below")
            value = Mux(source > operation.high, operation.high, value)
        return value

    @_make.register
    def _(self, operation: op.Compare, name: str, operands: list[Value]) -> Value:
        left, right = operands
        relations: dict[str, Callable[[], Value]] = {
            "lt": lambda: left < right,
            "le": lambda: left <= right,
            "eq": lambda: left == right,
            "ne": lambda: left != right,
            "ge": lambda: left >= right,
            "gt": lambda: left > right,
        }
        return relations[operation.relation]()

    @_make.register
    def _(self, operation: op.Select, name: str, operands: list[Value]) -> Value:
        condition, yes, no = operands
        if not self._schedule.latency or not (isinstance(yes, Const) or isinstance(no, Const)):
            return Mux(condition, yes, no)
        # Masks instead of a multiplexer: in front of a register synthesis would take one with a constant for a
        # synchronous reset, and spend a level of logic to hold that back while the clock enable is low.
        width = len(Mux(condition, yes, no))
        chosen = condition[0].replicate(width)
        value = (_field(yes, 0, width) & chosen) | (_field(no, 0, width) & ~chosen)
        return value.as_signed() if yes.shape().signed or no.shape().signed else value

    @_make.register
    def _(self, operation: op.Narrow, name: str, operands: list[Value]) -> Value:
        return operands[0]


def _is_alias(operation: op.Operation) -> bool:
    """Whether the result has the code of the operand, at another binary point."""
    return isinstance(operation, op.ShiftLeft) and operation.bits == 0


def _like(source: Value, value: Value) -> Value:
    return value.as_signed() if source.shape().signed else value


def _unread(entries: tuple[int, ...]) -> tuple[int, ...]:
    """Return entries for the indices of a table that do not occur: unlike its last one in every bit that varies.

    Without them the upper half of a table may be a constant, such as the value where a function saturates. Yosys makes
    a register behind that one with a synchronous reset, whose routing and set-up time are longer than a look-up
    table's.
    """
    last = entries[-1]
    varying = reduce(or_, (entry ^ last for entry in entries))
    return ((last ^ varying),) * ((1 << (len(entries) - 1).bit_length()) - len(entries))


def _field(source: Value, start: int, stop: int) -> Value:
    """Return bits ``start .. stop - 1`` of a value continued to the left by its sign; unsigned."""
    width = len(source)
    kept = source.as_unsigned()[start : min(stop, width)] if start < width else Const(0, 0)
    beyond = stop - max(start, width)
    if beyond <= 0:
        return kept
    top = source[-1] if source.shape().signed else Const(0, 1)
    return Cat(kept, top.replicate(beyond))


def _without_low_bits(source: Value, bits: int) -> Value:
    """Return ``floor(source / 2**bits)``."""
    return _like(source, _field(source, bits, max(len(source), bits + 1)))
