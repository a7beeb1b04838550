"""The hardware of a logsumexp."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from amaranth.hdl import Module, Signal, Value

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from ..connection import port_shape
from ..datapath import Datapath
from .vector_plans import Weighed, logarithm_of, rounded_sum, total_of
from .vector_sum import PLACES, Summed, VectorSumHardware, along
from .waiting import register

__all__ = ["LogSumExpHardware"]


class LogSumExpHardware(VectorSumHardware):
    """A logsumexp: one output for each vector, the maximum plus the logarithm of the sum."""

    name: ClassVar[str] = "logsumexp"
    kept: ClassVar[str] = "maximum"
    ranks: ClassVar[int] = 7

    def _answer(
        self, b: PlanBuilder, weighed: list[Weighed], maximum: str, logarithm: str
    ) -> Mapping[str, tuple[str, FixedFormat]]:
        output = self.asked.output_format
        limits = (output.min_code, output.max_code)
        found = rounded_sum(b, maximum, logarithm, output.fraction_bits, limits, "the logarithm of all", "result_")
        return {"y": (found, output)}

    def _pieces(self, kept: FixedFormat) -> tuple[Plan, ...]:
        b = PlanBuilder()
        total = total_of(b, self.asked, self.words)
        maximum = b.input("maximum", kept, "the largest element of the vector")
        single = b.input("single", FixedFormat(False, 1, 0), "whether the vector has but one element")
        found = logarithm_of(b, self.words, self.plans["logarithm"], total, self._base)
        none = b.let("logarithm_of_one", op.Constant(0, self.words["log_bits"]))
        selected = b.let("logarithm_or_0", op.Select(single, none, found), "0 for one element, whose sum is 1")
        return (b.build(**self._answer(b, [], maximum, selected)),)

    def _finish(self, m: Module, advance: Value, summed: Summed, valid: Signal, signals: Mapping[str, Value]) -> None:
        place = PLACES * 3
        maximum = register("of_sum", summed.kept.shape(), place=place, note="the maximum of the vector of that sum")
        with m.If(advance):
            m.d.sync += maximum.eq(summed.kept)
        (schedule,) = self._later
        inputs = {"total": summed.total, "maximum": maximum, "single": summed.single}
        pieces = Datapath(m, schedule, inputs, advance, first=PLACES * 4, title="result: ")
        ready, _ = along(m, advance, "result", schedule.latency, PLACES * 4, summed.complete)
        data = self.ports.of("data", "output")
        y = register("result_r", port_shape(data), place=PLACES * 8)
        with m.If(advance):
            m.d.sync += [y.eq(pieces.outputs["y"]), valid.eq(ready)]
        # One transfer for each vector is also the last of it.
        m.d.comb += [signals[data.name].eq(y), signals[self.ports.of("last", "output").name].eq(1)]
