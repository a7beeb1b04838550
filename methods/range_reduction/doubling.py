"""Whole octaves taken off an exponent, and the result shifted by as many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admitted import ANY
from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .reduction import Reduction
from .translated import NUMBER, Translated

__all__ = ["Doubling"]

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Doubling(Translated):
    """A function that is doubled with each step: the result is shifted right by as many as are missing at the top.

    Only steps of whole codes are taken off. With others, such as those of exp, the look-up and the addition that take
    them off cost as many look-up tables as are saved.
    """

    name = "octave"
    summary = "of an exponent less whole octaves, the result shifted by as many"
    factor = 2

    @classmethod
    def of(cls, specification: Specification) -> Iterator[Reduction]:
        return (each for each in super().of(specification) if isinstance(each, Doubling) and each.exact)

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits + max(self.steps)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The bits that the result, which is below 4, is shifted right by in every slot."""
        return tuple(min(max(self.steps) - steps, self.fraction_bits + 2) for steps in self.steps)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        right = self.by_slot(self.numbers, codes)
        lows, highs = low << right, ((high + 1) << right) - 1
        if self.specification.saturate:
            highs = np.where(high == self.specification.outputs.high, ANY, highs)
        return lows, highs

    def restore(self, b: PlanBuilder, value: str) -> str:
        held = b.let("aligned", op.ShiftRight(value, 0, self.specification.output_format.fraction_bits))
        return b.let("shifted_back", op.ShiftBy("right", held, NUMBER), "by the octaves below the highest")
