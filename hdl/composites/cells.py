"""The hardware of recurrent cells: units of one plan each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from amaranth.hdl import Module, Value

from ...accuracy.composites.base import Words
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import connect
from ..interfaces import ports
from ..unit import schedule_for
from .base import CompositeHardware
from .cell_plans import gru_plan, lstm_plan

__all__ = ["GRUCellHardware", "LSTMCellHardware"]


class _CellHardware(CompositeHardware):
    """A cell as the unit of a plan: an element a clock, all its inputs in one transfer, all its outputs in another.

    Tables are registered, which saves look-up tables (see `choose_schedule`); there are no block RAMs.
    """

    make: ClassVar[Callable[[Any, Words, Mapping[str, Plan]], Plan]]

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        plan = type(self).make(asked, words, plans)
        dsp = 0 if asked.products == "logic" or options.device.multiplier is None else None
        self._built = self.schedule = schedule_for(plan, options.changed(dsp=dsp, bram=0, compact=True))
        self.ports = ports(plan, options.interface, tlast=options.tlast)
        self.formats = asked.inputs | asked.outputs
        self.latency = self._built.latency
        self.timing = f"an element a clock, latency {self.latency}"

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        connect(m, self._built, self.ports, signals)


class LSTMCellHardware(_CellHardware):
    """An LSTM cell."""

    name: ClassVar[str] = "lstm_cell"
    make = staticmethod(lstm_plan)


class GRUCellHardware(_CellHardware):
    """A GRU cell."""

    name: ClassVar[str] = "gru_cell"
    make = staticmethod(gru_plan)
