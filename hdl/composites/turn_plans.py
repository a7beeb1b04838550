"""Cells whose units take turns: their operations, and the plan of each kind of unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ...accuracy.composites.base import Words
from ...accuracy.composites.gru_cell import GRUCell
from ...accuracy.composites.lstm_cell import LSTMCell
from ...accuracy.composites.shared_units import SharedUnits
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..scheduling.modulo import Source
from .cell_plans import _aligned, _rounded, _sum
from .serial_product import SerialProduct

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
                "product": product.plan if product else self._block_plan(_joined(cell, self._tanh)),
                "state": lambda prefix: self._sum_plan(
                    prefix,
                    {"kept": (self._times(cell, half), gate + asked.cell.fraction_bits)},
                    {"added": (self._times(self._tanh), gate + candidate)},
                    asked.cell,
                    asked.limits,
                    half=half is not None,
                ),
                "hidden": lambda prefix: self._sum_plan(
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
                "product": product.plan if product else self._block_plan(_joined(z, apart)),
                "argument": lambda prefix: self._sum_plan(
                    prefix,
                    {"n_x": (z, asked.z.fraction_bits)},
                    {"reset": (self._times(z, half), gate + asked.z.fraction_bits)},
                    asked.z,
                    half=half is not None,
                ),
                "apart": lambda prefix: self._difference_plan(prefix, {"h": (state, h), "n": (self._tanh, n)}),
                "state": lambda prefix: self._sum_plan(
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

    def _functions(self) -> dict[str, Callable[[str], Plan]]:
        if self._units.is_one:
            return {"core": self._core_plan}
        return {
            "gate": lambda prefix: self._part_plan(prefix, "gate", self._asked.z, "y"),
            "tanh": lambda prefix: self._part_plan(prefix, "tanh", self._units.source, "t"),
        }

    def _part_plan(self, prefix: str, part: str, source: FixedFormat, output: str) -> Plan:
        b = PlanBuilder()
        found = inline(b, self._parts[part], b.input(f"{prefix}x", source), f"{prefix}s_")
        return b.build(**{output: (found, _format(b, found))})

    def _core_plan(self, prefix: str) -> Plan:
        """Return the plan of the unit for all: a gate ``y``, and the tanh ``t`` of half its argument."""
        b, bits = PlanBuilder(), self._asked.gate.fraction_bits
        y = inline(b, self._parts["core"], b.input(f"{prefix}x", self._units.source), f"{prefix}s_")
        low = b.let(f"{prefix}low", op.Bits(y, 0, bits - 1))
        high = b.let(f"{prefix}high", op.Bits(y, bits - 1, max(b.range(y).width - bits + 1, 1)))
        one = b.let(f"{prefix}one", op.Constant(1))
        less = b.let(f"{prefix}less", op.Subtract(high, one))
        t = b.let(f"{prefix}tanh", op.Concatenate(less, low, bits - 1, bits - 1), "2 y - 1")
        return b.build(y=(y, _format(b, y)), t=(t, _format(b, t)))

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

    def _block_plan(self, factor: Range) -> Callable[[str], Plan]:
        """Return the plan of a product in a multiplier block."""

        def plan(prefix: str) -> Plan:
            b = PlanBuilder()
            left = b.input(f"{prefix}gate", FixedFormat(False, self._gate.width, 0))
            right = b.input(f"{prefix}factor", FixedFormat(factor.signed, factor.width, 0))
            y = b.let(f"{prefix}y", op.Multiply(left, right))
            return b.build(y=(y, _format(b, y)))

        return plan

    def _sum_plan(
        self,
        prefix: str,
        left: Mapping[str, tuple[Range, int]],
        right: Mapping[str, tuple[Range, int]],
        output: FixedFormat,
        limits: tuple[int, int] | None = None,
        *,
        half: bool,
    ) -> Plan:
        """Return the plan of a sum of two terms, or of one term, that is rounded and limited to a format."""
        b = PlanBuilder()
        terms = [_input(b, f"{prefix}{name}", *held) for name, held in {**left, **right}.items()]
        exact = terms[0] if len(terms) == 1 else _sum(b, f"{prefix}total", terms[0], terms[1], "exact")
        limits = limits or (output.min_code, output.max_code)
        y = _rounded(b, f"{prefix}y", exact, output.fraction_bits, limits, "", half=half)
        return b.build(y=(y, output))

    def _difference_plan(self, prefix: str, terms: Mapping[str, tuple[Range, int]]) -> Plan:
        b = PlanBuilder()
        left, right = (_input(b, f"{prefix}{name}", *held) for name, held in terms.items())
        y = b.let(f"{prefix}y", op.Subtract(*_aligned(b, f"{prefix}aligned", left, right)))
        return b.build(y=(y, _format(b, y)))


def _product(name: str, gate: str, factor: Source, half: int | None = None) -> Operation:
    return Operation(name, "product", {"gate": Source(gate, "y"), "factor": factor}, half=half)


def _joined(*ranges: Range) -> Range:
    """Return the range that any bits have which those of codes within some ranges are joined to."""
    return Range(min(held.low for held in ranges), max(held.high for held in ranges)).block


def _input(b: PlanBuilder, name: str, held: Range, point: int) -> str:
    return b.input(name, FixedFormat(held.signed, held.width - point, point), "", held)


def _format(b: PlanBuilder, step: str) -> FixedFormat:
    """Return the smallest format of a step."""
    held, point = b.range(step), b.point(step)
    return FixedFormat(held.signed, held.width - point, point)
