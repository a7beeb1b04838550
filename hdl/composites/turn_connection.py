"""The statements of cells whose units take turns.

The clocks of an interval are its turns. Operands that arrive in the same port of a unit in different turns wait in
registers that are 0 in the turns of others, so that their bits are joined by OR: an operand takes one input of a
look-up table, and no selection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from amaranth.hdl import Module, Mux, Shape, Signal, Value

from ...plan.formats import FixedFormat
from ..connection import connect_fields, port_shape
from ..datapath import Datapath
from ..interfaces import Ports
from ..scheduling.modulo import ModuloSchedule, Tap
from ..scheduling.schedule import Schedule
from ..step_signals import range_shape
from ..turn_ring import turn_ring
from .serial_product import SerialProduct
from .turn_recipes import Recipe
from .waiting import register

__all__ = ["OPERAND_RANKS", "TurnConnection"]

OPERAND_RANKS = 2
"""Registers before a unit that is shared: of each operand by itself, and of the one whose turn it is."""

_PLACES = 100_000
"""Places of declarations between one unit and the next."""


class TurnConnection:
    """Adds the statements of a cell whose units take turns to a module.

    Parameters
    ----------
    m, signals
        The module, and the signals that are called as its ports are.
    ports, inputs
        The ports, and the formats of the inputs by name.
    recipe, turns
        What is computed, and when.
    unit
        Returns the schedule of a unit, given its name and its kind.

    """

    def __init__(
        self,
        m: Module,
        signals: Mapping[str, Value],
        ports: Ports,
        inputs: Mapping[str, FixedFormat],
        recipe: Recipe,
        turns: ModuloSchedule,
        unit: Callable[[str, str], Schedule],
    ) -> None:
        self._m, self._signals, self._ports, self._recipe = m, signals, ports, recipe
        self._turns, self._unit = turns, unit
        self._inputs = self._codes(inputs)
        self._turn = turn_ring(turns.interval, place=1)
        note = "everything moves unless an output waits that is not taken"
        self._advance = Signal(name="advance", attrs={"order": "0", "note": note})
        self._outputs: dict[str, dict[str, Value]] = {}  # of units, by name
        self._taps: dict[Tap, Value] = {}
        self._moves: dict[int | None, list[Any]] = {None: []}  # of registers, by the turn in which they move

    def build(self) -> None:
        """Add everything."""
        m, turns = self._m, self._turns
        valid = self._signals[self._ports.of("valid", "input").name] & self._turn[0]
        for rank in range(1, turns.latency + 1):
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

    def _codes(self, inputs: Mapping[str, FixedFormat]) -> dict[str, Value]:
        """Return the inputs by name."""
        found: dict[str, Value] = {}
        for field, (name, fmt) in zip(self._ports.data("input"), inputs.items(), strict=True):
            code = self._signals[field.port][field.low : field.low + fmt.width]
            found[name] = code.as_signed() if fmt.signed else code
        return found

    def _shared_units(self) -> dict[tuple[str, str], Signal]:
        """Add the units that are shared; returns the signal of each of their ports."""
        kinds = {self._turns.unit(task.name): task.kind for task in self._turns.tasks if task.kind}
        found: dict[tuple[str, str], Signal] = {}
        for unit, kind in sorted(kinds.items()):
            product = self._recipe.product if kind == "product" else None
            shapes = {
                name.removeprefix(f"{unit}_"): Shape(fmt.width, fmt.signed)
                for name, fmt in self._unit(unit, kind).plan.inputs
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
            self._turns.starts[each.name] + OPERAND_RANKS: () if each.half is None else (each.half,)
            for each in self._recipe.operations
            if each.kind and self._turns.unit(each.name) == unit
        }
        schedule = self._unit(unit, "product")
        y = product.connect(
            self._m, schedule, inputs, self._turn, starts, self._advance, first=self._place(), unit=unit
        )
        self._outputs[unit] = {"y": y}

    def _add_unit(self, unit: str, kind: str, inputs: Mapping[str, Value]) -> None:
        schedule = self._unit(unit, kind)
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
            for each in self._recipe.operations
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
        signals, ports = self._signals, self._ports
        values: dict[str, list[Value]] = {}
        for field, (name, source) in zip(ports.data("output"), self._recipe.outputs.items(), strict=True):
            code = self._at(self._turns.tap(source, self._turns.latency))
            value = Signal(port_shape(field), name=f"{name}_out", attrs={"order": str(self._place())})
            self._m.d.comb += value.eq(code)
            values.setdefault(field.port, []).append(value)
        connect_fields(self._m, signals, values)
        self._m.d.comb += [
            self._advance.eq(signals[ports.of("ready", "input").name] | ~valid),
            signals[ports.of("valid", "output").name].eq(valid),
            signals[ports.of("ready", "output").name].eq(self._advance & self._turn[0]),
        ]
