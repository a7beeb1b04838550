"""Half turns taken off an angle, and the sign that is left given to the result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admitted import ANY
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .translated import NUMBER, Translated

__all__ = ["Alternating"]

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Alternating(Translated):
    """A function that changes its sign with each step, as that of an angle does with each half turn."""

    name = "angle"
    summary = "of an angle less half turns, the result with the sign that is left"
    signed = True
    factor = -1

    @property
    def most_slots(self) -> int:
        # Of whole half turns only the lowest bit is told.
        return self.specification.codes.size if self.exact else super().most_slots

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        if self.exact:
            return tuple(steps % 2 for steps in self.steps)
        least = min(self.steps) & ~1
        return tuple(steps - least for steps in self.steps)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        odd = self.by_slot(self.numbers, codes) % 2 == 1
        if self.specification.saturate:
            outputs = self.specification.outputs
            low, high = np.where(low == outputs.low, -ANY, low), np.where(high == outputs.high, ANY, high)
        return np.where(odd, -high, low), np.where(odd, -low, high)

    def restore(self, b: PlanBuilder, value: str) -> str:
        odd = b.let("odd", op.Bits(NUMBER, 0, 1), "whether the half turns taken off are")
        zero = b.let("nothing", op.Constant(0, self.fraction_bits))
        opposite = b.let("opposite", op.Subtract(zero, value))
        return b.let("value", op.Select(odd, opposite, value), "with the sign that half turns leave")
