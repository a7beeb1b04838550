"""The hardware of recurrent cells with an initiation interval: units that operations take turns in (decision 053).

The clocks of an interval are its turns. Operands that arrive in the same port of a unit in different turns wait in
registers that are 0 in the turns of others, so that their bits are joined by OR: an operand takes one input of a
look-up table, and no selection.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from amaranth.hdl import Cat, Module, Mux, Shape, Signal, Value

from ...accuracy.composites.base import Words
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import port_shape
from ..datapath import Datapath
from ..interfaces import interface_ports
from ..scheduling.clocked_schedule import timed_schedule
from ..scheduling.modulo import ModuloSchedule, Tap, Task, modulo_schedules
from ..scheduling.schedule import Schedule, even_schedule
from ..step_signals import range_shape
from ..targets.blocks import products
from .base import CompositeHardware
from .serial_product import SerialProduct
from .turn_plans import Recipe, recipe_of
from .waiting import register

__all__ = ["GRUCellInTurns", "LSTMCellInTurns"]

_OPERAND_RANKS = 2
"""Registers before a unit that is shared: of each operand by itself, and of the one whose turn it is."""

_PLACES = 100_000
"""Places of declarations between one unit and the next."""


class _CellInTurns(CompositeHardware):
    """A cell that takes an element every `interval` clocks.

    It takes one in the first turn of an interval only. All registers hold while an output is not taken (decision 004),
    the turn among them.
    """

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        asked.check_interface(options.interface)
        self.interval = asked.interval
        self.ports = interface_ports(options.interface, asked.inputs, asked.outputs, tlast=options.tlast)
        fields = (*self.ports.data("input"), *self.ports.data("output"))
        formats = (*asked.inputs.values(), *asked.outputs.values())
        self.formats = {field.name: fmt for field, fmt in zip(fields, formats, strict=True)}
        self._recipe = self._choose_recipe()
        self._pieces = {name: self._piece(self._recipe, name) for name in self._recipe.plans}
        tasks = [
            Task(
                operation.name,
                operation.kind,
                self._latency(operation.kind or operation.name) + _OPERAND_RANKS * bool(operation.kind),
                tuple(operation.operands.items()),
                self._recipe.product.busy if self._recipe.product and operation.kind == "product" else 1,
            )
            for operation in self._recipe.operations
        ]
        self.turns = min(modulo_schedules(tasks, self.interval), key=lambda found: found.cost)
        self.latency = self.turns.latency
        self.timing = f"an element every {self.interval} clocks, latency {self.latency}"

    def _latency(self, name: str) -> int:
        """Return the clocks from the operands of a unit to its result."""
        piece, product = self._pieces[name], self._recipe.product
        return product.latency(piece) if product is not None and name == "product" else piece.latency

    def _choose_recipe(self) -> Recipe:
        """Return the recipe with products in multiplier blocks, where asked for and fast enough, or in logic."""
        if self.asked.products == "dsp" and self.options.device.multiplier is not None:
            found = recipe_of(self.asked, self.words, self.plans, "dsp")
            plan = found.plans["product"]("product_")
            if products(plan) <= products(self._piece(found, "product").plan):
                return found
        return recipe_of(self.asked, self.words, self.plans, "logic")

    def _piece(self, recipe: Recipe, name: str, prefix: str = "") -> Schedule:
        """Return the schedule of a unit, which has a register at its outputs."""
        plan, options = recipe.plans[name](prefix or f"{name}_"), self.options
        found = timed_schedule(plan, options.device.limited(None, 0), options.clock, compact=True)
        return found if found.latency else even_schedule(found.plan, 1, options.device)

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        _Connection(m, self, signals).build()

    @property
    def recipe(self) -> Recipe:
        """What it computes."""
        return self._recipe

    def unit(self, name: str, kind: str) -> Schedule:
        """Return the schedule of one of the units of a kind, by its own name."""
        return self._piece(self._recipe, kind, f"{name}_")


class LSTMCellInTurns(_CellInTurns):
    """An LSTM cell."""

    name: ClassVar[str] = "lstm_cell_in_turns"


class GRUCellInTurns(_CellInTurns):
    """A GRU cell."""

    name: ClassVar[str] = "gru_cell_in_turns"


class _Connection:
    """The statements of a cell that takes turns."""

    def __init__(self, m: Module, cell: _CellInTurns, signals: Mapping[str, Value]) -> None:
        self._m, self._cell, self._signals = m, cell, signals
        self._turns: ModuloSchedule = cell.turns
        self._turn = register(
            "turn", cell.interval, place=1, reset=True, init=1, note="one bit for each clock of an interval"
        )
        note = "everything moves unless an output waits that is not taken"
        self._advance = Signal(name="advance", attrs={"order": "0", "note": note})
        self._outputs: dict[str, dict[str, Value]] = {}  # of units, by name
        self._taps: dict[Tap, Value] = {}
        self._moves: dict[int | None, list[Any]] = {None: []}  # of registers, by the turn in which they move

    def build(self) -> None:
        """Add everything."""
        m, cell, turns = self._m, self._cell, self._turns
        self._inputs = self._codes()
        valid = self._signals[cell.ports.of("valid", "input").name] & self._turn[0]
        for rank in range(1, cell.latency + 1):
            valid_next = register(f"valid_r{rank}", 1, place=2, reset=True)
            self._moves[None].append(valid_next.eq(valid))
            valid = valid_next
        self._moves[None].append(self._turn.eq(self._turn.rotate_left(1)))
        operands = self._shared_units()
        for task in turns.tasks:
            if not task.kind:
                inputs = {
                    f"{task.name}_{port}": self._at(turns.tap(source, turns.starts[task.name]))
                    for port, source in task.operands
                }
                self._add_unit(task.name, task.name, inputs)
        self._connect_operands(operands)
        self._connect_outputs(valid)
        for turn, moves in self._moves.items():
            with m.If(self._advance if turn is None else self._advance & self._turn[turn]):
                m.d.sync += moves

    def _codes(self) -> dict[str, Value]:
        """Return the inputs by name."""
        found: dict[str, Value] = {}
        for field, (name, fmt) in zip(self._cell.ports.data("input"), self._cell.asked.inputs.items(), strict=True):
            code = self._signals[field.port][field.low : field.low + fmt.width]
            found[name] = code.as_signed() if fmt.signed else code
        return found

    def _shared_units(self) -> dict[tuple[str, str], Signal]:
        """Add the units that are shared; returns the signal of each of their ports."""
        kinds = {self._turns.unit(task.name): task.kind for task in self._turns.tasks if task.kind}
        found: dict[tuple[str, str], Signal] = {}
        for unit, kind in sorted(kinds.items()):
            product = self._cell.recipe.product if kind == "product" else None
            shapes = {
                name.removeprefix(f"{unit}_"): Shape(fmt.width, fmt.signed)
                for name, fmt in self._cell.unit(unit, kind).plan.inputs
            }
            if product is not None:
                shapes = {"gate": range_shape(product.gate), "factor": range_shape(product.factor)}
            note = f"the operand of {unit} whose turn it is"
            for port, shape in shapes.items():
                found[unit, port] = register(f"{unit}_{port}", shape, place=self._place(), note=note)
            if product is None:
                self._add_unit(unit, kind, {f"{unit}_{port}": found[unit, port] for port in shapes})
            else:
                self._add_product(unit, product, {port: found[unit, port] for port in shapes})
        return found

    def _add_product(self, unit: str, product: SerialProduct, inputs: Mapping[str, Value]) -> None:
        starts = {
            self._turns.starts[each.name] + _OPERAND_RANKS: () if each.half is None else (each.half,)
            for each in self._cell.recipe.operations
            if each.kind and self._turns.unit(each.name) == unit
        }
        schedule = self._cell.unit(unit, "product")
        y = product.connect(
            self._m, schedule, inputs, self._turn, starts, self._advance, first=self._place(), unit=unit
        )
        self._outputs[unit] = {"y": y}

    def _add_unit(self, unit: str, kind: str, inputs: Mapping[str, Value]) -> None:
        schedule = self._cell.unit(unit, kind)
        title = f"{unit}: "
        self._outputs[unit] = Datapath(
            self._m, schedule, inputs, self._advance, first=self._place(), title=title
        ).outputs

    def _place(self) -> int:
        return _PLACES * (len(self._outputs) + 1)

    def _connect_operands(self, operands: Mapping[tuple[str, str], Signal]) -> None:
        """Add the registers before the ports of shared units."""
        interval = self._turns.interval
        raised = {
            (self._turns.unit(each.name), port, self._turns.starts[each.name] % interval): bits
            for each in self._cell.recipe.operations
            for port, bits in each.raised.items()
        }
        for (unit, port), sources in self._turns.sources().items():
            if (unit, port) not in operands:
                continue
            terms: list[Value] = []
            for number, (tap, starts) in enumerate(sources.items()):
                value = self._at(tap)
                slots = sorted(start % interval for start in starts)
                (bits,) = {raised.get((unit, port, slot), 0) for slot in slots}
                operand = register(f"{unit}_{port}_operand{number}", value.shape(), place=self._place())
                active = reduce(or_, (self._turn[slot] for slot in slots))
                kept = value if len(sources) == 1 else Mux(active, value, 0)
                self._moves[None].append(operand.eq(kept))
                terms.append(operand << bits if bits else operand)
            self._moves[None].append(operands[unit, port].eq(reduce(or_, terms)))

    def _at(self, tap: Tap) -> Value:
        """Return an operand behind its registers."""
        if tap in self._taps:
            return self._taps[tap]
        if not tap.registers:
            if not tap.output:
                return self._inputs[tap.owner]
            unit = self._turns.unit(tap.owner) if tap.held else tap.owner
            return self._outputs[unit][tap.output]
        before = self._at(tap._replace(registers=tap.registers - 1))
        name = "_".join(filter(None, (tap.owner, tap.output, "waits" if tap.held else "late")))
        found = self._taps[tap] = register(f"{name}{tap.registers}", before.shape(), place=self._place())
        turn = None
        if tap.held:
            turn = self._turns.ready(tap.owner) % self._turns.interval if tap.output else 0
        self._moves.setdefault(turn, []).append(found.eq(before))
        return found

    def _connect_outputs(self, valid: Value) -> None:
        cell, signals, ports = self._cell, self._signals, self._cell.ports
        values: dict[str, list[Value]] = {}
        for field, (name, source) in zip(ports.data("output"), cell.recipe.outputs.items(), strict=True):
            code = self._at(self._turns.tap(source, cell.latency))
            value = Signal(port_shape(field), name=f"{name}_out", attrs={"order": str(self._place())})
            self._m.d.comb += value.eq(code)
            values.setdefault(field.port, []).append(value)
        for port, parts in values.items():
            self._m.d.comb += signals[port].eq(parts[0] if len(parts) == 1 else Cat(*parts))
        self._m.d.comb += [
            self._advance.eq(signals[ports.of("ready", "input").name] | ~valid),
            signals[ports.of("valid", "output").name].eq(valid),
            signals[ports.of("ready", "output").name].eq(self._advance & self._turn[0]),
        ]
