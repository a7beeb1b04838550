"""The hardware of recurrent cells with an initiation interval: units that operations take turns in (decision 053)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Module, Value

from ...accuracy.composites.base import Words
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..interfaces import interface_ports
from ..scheduling.clocked_schedule import timed_schedule
from ..scheduling.modulo import Task, cheapest_schedule
from ..scheduling.schedule import Schedule, even_schedule
from ..targets.blocks import products
from .base import CompositeHardware
from .turn_connection import OPERAND_RANKS, TurnConnection
from .turn_recipes import Recipe, recipe_of

__all__ = ["GRUCellInTurns", "LSTMCellInTurns"]


class _CellInTurns(CompositeHardware):
    """A cell that takes an element every `interval` clocks.

    It takes one in the first turn of an interval only. All registers hold while an output is not taken (decision 004),
    the turn among them.
    """

    holds_back: bool = True

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
        tasks = tuple(
            Task(
                operation.name,
                operation.kind,
                self._latency(operation.kind or operation.name) + OPERAND_RANKS * bool(operation.kind),
                tuple(operation.operands.items()),
                self._recipe.product.busy if self._recipe.product and operation.kind == "product" else 1,
            )
            for operation in self._recipe.operations
        )
        self.turns = cheapest_schedule(tasks, self.interval)
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
        blocks = None if name == "product" and recipe.product is None else 0
        found = timed_schedule(plan, options.device.limited(blocks, 0), options.clock, compact=True)
        return found if found.latency else even_schedule(found.plan, 1, options.device)

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        def unit(name: str, kind: str) -> Schedule:
            return self._piece(self._recipe, kind, f"{name}_")

        TurnConnection(m, signals, self.ports, self.asked.inputs, self._recipe, self.turns, unit).build()


class LSTMCellInTurns(_CellInTurns):
    """An LSTM cell."""

    name: ClassVar[str] = "lstm_cell_in_turns"


class GRUCellInTurns(_CellInTurns):
    """A GRU cell."""

    name: ClassVar[str] = "gru_cell_in_turns"
