"""The hardware of recurrent cells: units of one plan each (decision 051)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Module, Value

from ...accuracy.composites.base import Words
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import connect
from ..initial_codes import initial_codes
from ..interfaces import ports
from ..scheduling.schedule import Schedule
from ..targets.blocks import products
from ..unit import schedule_for
from .base import CompositeHardware
from .cell_plans import gru_gates_plan, gru_plan, gru_update_plan, lstm_plan

__all__ = ["GRUCellHardware", "GRUGatesHardware", "GRUUpdateHardware", "LSTMCellHardware"]


_MARGIN = 1.04
"""Ratio of the clock that a cell in logic is built for to the one asked for, if the target keeps that.

Its values are read in many places, and the enable reaches all of them: the longest of so many paths is longer than one
path is likely to be.
"""


class _CellHardware(CompositeHardware):
    """A cell as the unit of a plan: an element a clock, all its inputs in one transfer, all its outputs in another.

    Tables are registered, which saves look-up tables (see `choose_schedule`); there are no block RAMs.
    """

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        self._built = self.schedule = self._schedule(plans)
        plan = self._built.plan
        self.ports = ports(plan, options.interface, tlast=options.tlast)
        fields = (*self.ports.data("input"), *self.ports.data("output"))
        formats = (*asked.inputs.values(), *asked.outputs.values())
        self.formats = {field.name: fmt for field, fmt in zip(fields, formats, strict=True)}
        self.latency = self._built.latency
        self.timing = f"an element a clock, latency {self.latency}"

    def _schedule(self, plans: Mapping[str, Plan]) -> Schedule:
        """Return the schedule with products in multiplier blocks, where asked for and fast enough, or in logic."""
        options = self.options.changed(bram=0, compact=True)
        if self.asked.products == "dsp" and options.device.multiplier is not None:
            plan = self._plan(plans, "dsp")
            found = schedule_for(plan, options)
            if products(plan) <= products(found.plan):
                return found
        plan, options = self._plan(plans, "logic"), options.changed(dsp=0)
        if options.frequency is None:
            return schedule_for(plan, options)
        try:
            return schedule_for(plan, options.changed(frequency=_MARGIN * options.frequency))
        except ValueError:  # such as a TimingError
            return schedule_for(plan, options)

    @abstractmethod
    def _plan(self, plans: Mapping[str, Plan], products: str) -> Plan:
        """Return the plan, with `products` for ``dsp`` or ``logic``."""

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        initial = initial_codes(self._built.plan) if self.options.device.resets_over_enable else None
        connect(m, self._built, self.ports, signals, initial=initial)


class LSTMCellHardware(_CellHardware):
    """An LSTM cell."""

    name: ClassVar[str] = "lstm_cell"

    def _plan(self, plans: Mapping[str, Plan], products: str) -> Plan:
        return lstm_plan(self.asked, self.words, plans, products)


class GRUCellHardware(_CellHardware):
    """A GRU cell."""

    name: ClassVar[str] = "gru_cell"

    def _plan(self, plans: Mapping[str, Plan], products: str) -> Plan:
        return gru_plan(self.asked, self.words, plans, products)


class GRUGatesHardware(_CellHardware):
    """The gates of a GRU with the reset before the product."""

    name: ClassVar[str] = "gru_gates"

    def _plan(self, plans: Mapping[str, Plan], products: str) -> Plan:
        return gru_gates_plan(self.asked, self.words, plans, products)


class GRUUpdateHardware(_CellHardware):
    """The update of a GRU with the reset before the product."""

    name: ClassVar[str] = "gru_update"

    def _plan(self, plans: Mapping[str, Plan], products: str) -> Plan:
        return gru_update_plan(self.asked, self.words, plans, products)
