"""The hardware of a softmax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Cat, Module, Signal, Value

from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from ..connection import port_shape
from ..datapath import Datapath
from ..step_signals import range_shape
from .softmax_plans import share_of, share_plan
from .vector_plans import Weighed, logarithm_plan
from .vector_sum import PLACES, Summed, VectorSumHardware, along
from .waiting import Waiting, register

__all__ = ["SoftmaxHardware"]


class SoftmaxHardware(VectorSumHardware):
    """A softmax: in a stream every vector is passed a third time, for the shares, of which each has its distance."""

    name: ClassVar[str] = "softmax"
    kept: ClassVar[str] = "octaves"
    ranks: ClassVar[int] = 11

    @property
    def _base(self) -> str:
        return "2"  # whatever the base of the powers is, since distances are in octaves

    def _answer(
        self, b: PlanBuilder, weighed: list[Weighed], maximum: str, logarithm: str
    ) -> Mapping[str, tuple[str, FixedFormat]]:
        return {
            f"y{i}": (self._answer_of(b, each, logarithm, f"x{i}_"), self.asked.output_format)
            for i, each in enumerate(weighed)
        }

    def _answer_of(self, b: PlanBuilder, element: Weighed, logarithm: str, prefix: str) -> str:
        """Add the output of an element; returns its step."""
        return share_of(b, self.asked, self.words, self.plans["share"], element.octaves, logarithm, prefix)

    def _pieces(self, kept: FixedFormat) -> tuple[Plan, ...]:
        logarithm = logarithm_plan(self.asked, self.words, self.plans["logarithm"], self._base)
        return logarithm, self._last_piece(kept, next(iter(logarithm.outputs)).format)

    def _last_piece(self, kept: FixedFormat, logarithm: FixedFormat) -> Plan:
        """Return the plan of the output of an element, from what is kept of it and the logarithm."""
        return share_plan(self.asked, self.words, self.plans["share"], kept, logarithm)

    def _finish(self, m: Module, advance: Value, summed: Summed, valid: Signal, signals: Mapping[str, Value]) -> None:
        passed = self._divide(m, advance, summed)
        inputs = {"t": passed.element, "l": passed.value[:-1], "single": passed.value[-1]}
        share = self._later[1]
        pieces = Datapath(m, share, inputs, advance, first=PLACES * 5, title="shares: ")
        ready, last = along(m, advance, "share", share.latency, PLACES * 5, passed.valid, passed.last)
        data = self.ports.of("data", "output")
        place = PLACES * 8
        y = register("share_r", port_shape(data), place=place)
        y_last = register("last_r", 1, place=place)
        with m.If(advance):
            m.d.sync += [y.eq(pieces.outputs["y"]), y_last.eq(last), valid.eq(ready)]
        m.d.comb += [signals[data.name].eq(y), signals[self.ports.of("last", "output").name].eq(y_last)]

    def _divide(self, m: Module, advance: Value, summed: Summed) -> Any:
        """Add the logarithm of the sum, and the distances that wait for it."""
        logarithm = self._later[0]
        pieces = Datapath(m, logarithm, {"total": summed.total}, advance, first=PLACES * 3, title="logarithm: ")
        shape = range_shape(logarithm.plan.ranges[logarithm.plan.outputs[0].step])
        known, alone = along(m, advance, "log", logarithm.latency, PLACES * 3, summed.complete, summed.single)
        place = PLACES * 4
        of_vector = register("of_vector", shape.width + 1, place=place, note="the logarithm, and whether it is of one")
        ready = register("of_vector_valid", 1, place=place, reset=True)
        with m.If(advance):
            m.d.sync += [of_vector.eq(Cat(pieces.outputs["l"][: shape.width], alone)), ready.eq(known)]
        waiting = Waiting(m, "share", self.asked.n, logarithm.latency + 2, place=place + 10, enable=advance)
        shapes = {"element": summed.kept.shape(), "value": of_vector.shape()}
        return waiting.connect(summed.kept, summed.last, summed.valid, of_vector, ready, shapes)
