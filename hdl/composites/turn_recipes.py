"""Cells whose units take turns: their operations, and the units that these take turns in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ...accuracy.composites.base import Words
from ...accuracy.composites.gru_cell import GRUCell
from ...accuracy.composites.lstm_cell import LSTMCell
from ...accuracy.composites.shared_units import SharedUnits
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..scheduling.modulo import Source
from .serial_product import SerialProduct
from .turn_plans import block_plan, core_plan, difference_plan, part_plan, sum_plan

__all__ = ["Operation", "Recipe", "recipe_of"]


@dataclass(frozen=True)
class Operation:
    """An operation of a cell.

    Parameters
    ----------
    name
        Its name.
    kind
        The kind of unit that it takes a turn in; empty if it has one of its own.
    operands
        What it reads, by the port of its unit.
    raised
        Bits by which the operand of a port is shifted to the left.
    half
        The place of a bit that is added to a product in logic, if one is.

    """

    name: str
    kind: str
    operands: Mapping[str, Source]
    raised: Mapping[str, int] = field(default_factory=dict)
    half: int | None = None


@dataclass(frozen=True)
class Recipe:
    """The operations of a cell.

    Parameters
    ----------
    operations
        Its operations, each after those that it reads.
    outputs
        Its outputs by name.
    plans
        Functions that return the plan of a kind of unit, or of an operation that has its own, by its name. The inputs
        are called as the ports of the operands, and all names begin with a prefix, which is their argument.
    product
        The unit of products in logic, of whose rows ``plans["product"]`` is then; None if they are in blocks.

    """

    operations: tuple[Operation, ...]
    outputs: Mapping[str, Source]
    plans: Mapping[str, Callable[[str], Plan]]
    product: SerialProduct | None = None


def recipe_of(asked: LSTMCell | GRUCell, words: Words, parts: Mapping[str, Plan], products: str) -> Recipe:
    """Return the recipe of a cell, with `products` for ``dsp`` or ``logic``."""
    made = _Maker(asked, words, parts, products)
    return made.lstm(asked) if isinstance(asked, LSTMCell) else made.gru(asked)


class _Maker:
    def __init__(self, asked: LSTMCell | GRUCell, words: Words, parts: Mapping[str, Plan], products: str) -> None:
        assert asked.shared is not None
        self._asked, self._words, self._parts, self._products = asked, words, parts, products
        self._units: SharedUnits = asked.shared
        gate = parts["core" if self._units.is_one else "gate"]
        self._gate = gate.ranges[gate.outputs[0].step]
        half = 1 << (asked.gate.fraction_bits - 1)
        tanh = self._gate if self._units.is_one else parts["tanh"].ranges[parts["tanh"].outputs[0].step]
        self._tanh = Range(self._gate.low - half, self._gate.high - half) if self._units.is_one else tanh

    def lstm(self, asked: LSTMCell) -> Recipe:
        cell, candidate, squash = Range.of(asked.cell), self._words["candidate_bits"], self._words["squash_bits"]
        gate = asked.gate.fraction_bits
        product, (half, hidden_half) = self._serial(
            3, _joined(cell, self._tanh), (gate - 1, gate + squash - asked.hidden.fraction_bits - 1)
        )
        return Recipe(
            (
                *(self._use_gate(name) for name in "fi"),
                self._use_tanh("g", Source("g"), asked.z),
                self._use_gate("o"),
                _product("kept", "gate_f", Source("c"), half),
                _product("added", "gate_i", Source("tanh_g", "t")),
                Operation("state", "", {"kept": Source("kept", "y"), "added": Source("added", "y")}),
                self._use_tanh("state", Source("state", "y"), asked.cell),
                _product("shown", "gate_o", Source("tanh_state", "t"), hidden_half),
                Operation("hidden", "", {"shown": Source("shown", "y")}),
            ),
            {"h": Source("hidden", "y"), "c_next": Source("state", "y")},
            self._functions()
            | {
                "product": product.plan
                if product
                else partial(block_plan, gate=self._gate, factor=_joined(cell, self._tanh)),
                "state": lambda prefix: sum_plan(
                    prefix,
                    {"kept": (self._times(cell, half), gate + asked.cell.fraction_bits)},
                    {"added": (self._times(self._tanh), gate + candidate)},
                    asked.cell,
                    asked.limits,
                    half=half is not None,
                ),
                "hidden": lambda prefix: sum_plan(
                    prefix,
                    {"shown": (self._times(self._tanh, hidden_half), gate + squash)},
                    {},
                    asked.hidden,
                    half=hidden_half is not None,
                ),
            },
            product,
        )

    def gru(self, asked: GRUCell) -> Recipe:
        z, n, h = Range.of(asked.z), self._words["candidate_bits"], asked.hidden.fraction_bits
        gate, finer = asked.gate.fraction_bits, max(self._words["candidate_bits"], asked.hidden.fraction_bits)
        state = Range.of(asked.hidden)
        apart = Range(
            (state.low << finer - h) - (self._tanh.high << finer - n),
            (state.high << finer - h) - (self._tanh.low << finer - n),
        )
        product, (half, state_half) = self._serial(2, _joined(z, apart), (gate - 1, gate + finer - h - 1))
        return Recipe(
            (
                self._use_gate("r"),
                _product("reset", "gate_r", Source("n_h"), half),
                Operation("argument", "", {"n_x": Source("n_x"), "reset": Source("reset", "y")}),
                self._use_tanh("argument", Source("argument", "y"), asked.z),
                self._use_gate("u"),
                Operation("apart", "", {"h": Source("h"), "n": Source("tanh_argument", "t")}),
                _product("moved", "gate_u", Source("apart", "y"), state_half),
                Operation("state", "", {"n": Source("tanh_argument", "t"), "moved": Source("moved", "y")}),
            ),
            {"h_next": Source("state", "y")},
            self._functions()
            | {
                "product": self._product_plan(product, _joined(z, apart)),
                "argument": lambda prefix: sum_plan(
                    prefix,
                    {"n_x": (z, asked.z.fraction_bits)},
                    {"reset": (self._times(z, half), gate + asked.z.fraction_bits)},
                    asked.z,
                    half=half is not None,
                ),
                "apart": lambda prefix: difference_plan(prefix, {"h": (state, h), "n": (self._tanh, n)}),
                "state": lambda prefix: sum_plan(
                    prefix,
                    {"n": (self._tanh, n)},
                    {"moved": (self._times(apart, state_half), gate + finer)},
                    asked.hidden,
                    half=state_half is not None,
                ),
            },
            product,
        )

    def _use_gate(self, name: str) -> Operation:
        units = self._units
        kind = "core" if units.is_one else "gate"
        raised = units.source.fraction_bits - units.z.fraction_bits if units.is_one else 0
        return Operation(f"gate_{name}", kind, {"x": Source(name)}, {"x": raised})

    def _use_tanh(self, name: str, source: Source, fmt: FixedFormat) -> Operation:
        units = self._units
        raised = units.source.fraction_bits - fmt.fraction_bits + int(units.is_one)  # of twice the argument
        return Operation(f"tanh_{name}", "core" if units.is_one else "tanh", {"x": source}, {"x": raised})

    def _product_plan(self, product: SerialProduct | None, factor: Range) -> Callable[[str], Plan]:
        """Return the plan of a product: of the rows of one in logic, or of one in a multiplier block."""
        return product.plan if product else partial(block_plan, gate=self._gate, factor=factor)

    def _functions(self) -> dict[str, Callable[[str], Plan]]:
        """Return the plans of the units of functions, by kind."""
        bits = self._asked.gate.fraction_bits
        if self._units.is_one:
            return {"core": lambda prefix: core_plan(prefix, self._parts["core"], self._units.source, bits)}
        return {
            "gate": lambda prefix: part_plan(prefix, self._parts["gate"], self._asked.z, "y"),
            "tanh": lambda prefix: part_plan(prefix, self._parts["tanh"], self._units.source, "t"),
        }

    def _times(self, factor: Range, half: int | None = None) -> Range:
        """Return the range of a product with a gate, with a bit that may be added."""
        ends = [gate * end for gate in self._gate for end in factor]
        return Range(min(ends), max(ends) + (0 if half is None else 1 << half))

    def _serial(
        self, count: int, factor: Range, places: tuple[int, ...]
    ) -> tuple[SerialProduct | None, list[int | None]]:
        """Return the unit of `count` products in logic, and the places of the bits that it can add.

        A product takes its digits in as many clocks as an interval has for it.
        """
        if self._products == "dsp":
            return None, [None] * len(places)
        interval = self._asked.interval
        in_turn = -(-count // -(-count // interval))  # products of one of as few units as the interval allows
        unit = SerialProduct(self._gate, factor, interval // in_turn)
        halves = [place if unit.holds(place) else None for place in places]
        held = tuple(sorted({place for place in halves if place is not None}))
        return replace(unit, places=held), halves


def _product(name: str, gate: str, factor: Source, half: int | None = None) -> Operation:
    return Operation(name, "product", {"gate": Source(gate, "y"), "factor": factor}, half=half)


def _joined(*ranges: Range) -> Range:
    """Return the smallest block of codes that covers some ranges: bits of their codes joined by OR stay in it."""
    return Range(min(held.low for held in ranges), max(held.high for held in ranges)).block
