"""The hardware of a log-softmax."""

from __future__ import annotations

from typing import ClassVar

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from .softmax import SoftmaxHardware
from .vector_plans import Weighed, rounded_sum

__all__ = ["LogSoftmaxHardware"]


class LogSoftmaxHardware(SoftmaxHardware):
    """A log-softmax: a softmax whose last pass adds the logarithm to the exact distance, in place of a power."""

    name: ClassVar[str] = "log_softmax"
    kept: ClassVar[str] = "distance"

    @property
    def _base(self) -> str:
        return str(self.asked.base)

    def _answer_of(self, b: PlanBuilder, element: Weighed, logarithm: str, prefix: str) -> str:
        output = self.asked.output_format
        limits = (0, -output.min_code)
        below = rounded_sum(b, element.distance, logarithm, output.fraction_bits, limits, "how far below 0", prefix)
        nothing = b.let(f"{prefix}nothing", op.Constant(0, output.fraction_bits))
        return b.let(f"{prefix}log_share", op.Subtract(nothing, below), "the logarithm of the share")

    def _last_piece(self, kept: FixedFormat, logarithm: FixedFormat) -> Plan:
        b = PlanBuilder()
        t = b.input("t", kept, "the distance to the maximum")
        found = b.input("l", logarithm, "the logarithm of the sum")
        single = b.input("single", FixedFormat(False, 1, 0), "whether the vector has but one element")
        none = b.let("logarithm_of_one", op.Constant(0, logarithm.fraction_bits))
        selected = b.let("logarithm_or_0", op.Select(single, none, found), "0 for one element, whose sum is 1")
        return b.build(y=(self._answer_of(b, Weighed(t, t, t), selected, ""), self.asked.output_format))
