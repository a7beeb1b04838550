"""Translation: steps taken off an input, and the same number of factors given back to the output.

The sine of an angle less half turns is that of the angle or its opposite; a power of 2 whose exponent lacks whole
octaves is shifted (`functions.properties.Translation`). How many steps are taken off is looked up by the highest bits
of the input, its *slot*, so that what is left may reach beyond a step by the size of a slot (decision 044).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import ClassVar

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...functions.base import Function
from ...functions.number_types import BALLS, to_fraction
from ...functions.number_types.working_precision import PROPERTY_BITS
from ...functions.properties import Translation
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from .reduction import Reduction

__all__ = ["NUMBER", "Translated"]

Codes = NDArray[np.int64]

NUMBER = "number"
"""The name of the step that tells how many steps are taken off."""

_MOST_CELLS = 1 << 10
"""The most slots for each of which something is looked up."""

_CELLS_OF_STEP = 2
"""The fewest slots of a step: more make the look-up larger, and what is left smaller."""

_GUARD_BITS = 1
"""Fraction bits of what is left beyond those of the result: steps are known to so many."""

_LEAST_GAIN = 2
"""Least ratio of the inputs' range to that of the reduced inputs for which a reduction is worthwhile."""


@dataclass(frozen=True)
class Translated(Reduction):
    """An input less as many steps as leave least: what is left is u."""

    signed: ClassVar[bool] = False
    """Whether u is on both sides of 0, rather than above it."""

    factor: ClassVar[int]
    """The factor that the function is multiplied by for each step."""

    @classmethod
    def of(cls, specification: Specification) -> Iterator[Reduction]:
        translation = specification.function.translation
        if translation is None or translation.factor != cls.factor:
            return
        reduction = cls(specification)
        if reduction.slot_bits < 0 or len(reduction._slots) > reduction.most_slots or reduction.fraction_bits < 0:
            return
        if _LEAST_GAIN * reduction.inputs.size <= specification.codes.size << reduction.guard_bits:
            yield reduction

    @property
    def most_slots(self) -> int:
        """The most slots that steps are looked up for."""
        return _MOST_CELLS

    @property
    def function(self) -> Function:
        return self.specification.function

    @property
    def _translation(self) -> Translation:
        assert self.specification.function.translation is not None  # or `of` would not have yielded this
        return self.specification.function.translation

    @cached_property
    def exact(self) -> bool:
        """Whether a step is a number of input codes that is a power of two: taking it off is wiring."""
        step = self._translation.rational_step
        codes = None if step is None else step / self.specification.input_format.ulp
        return codes is not None and codes.denominator == 1 and codes.numerator & (codes.numerator - 1) == 0

    @cached_property
    def step(self) -> Fraction:
        """A step in input codes, within 2**-90 of it."""
        value = self._translation.rational_step
        if value is None:
            with ctx.workprec(PROPERTY_BITS):
                value = to_fraction(self._translation.step(BALLS).mid())
        return value / self.specification.input_format.ulp

    @cached_property
    def guard_bits(self) -> int:
        """Fraction bits of u beyond those of the input."""
        if self.exact:
            return 0
        return max(self.fraction_bits + _GUARD_BITS - self.specification.input_format.fraction_bits, 0)

    @property
    def slot_bits(self) -> int:
        """Bits of the input below its slot."""
        if self.exact:
            return int(self.step).bit_length() - 1 - self.signed
        return (int(self.step) // _CELLS_OF_STEP).bit_length() - 1

    @cached_property
    def _slots(self) -> range:
        codes = self.specification.codes
        return range(codes.low >> self.slot_bits, (codes.high >> self.slot_bits) + 1)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The steps that are taken off in every slot that occurs, ascending."""
        if self.exact:  # slots are steps, or halves of them
            return tuple((slot + 1) >> 1 if self.signed else slot for slot in self._slots)
        size, half = 1 << self.slot_bits, Fraction(1, 2)
        if self.signed:
            return tuple(floor((slot + half) * size / self.step + half) for slot in self._slots)
        return tuple(floor(slot * size / self.step) for slot in self._slots)

    @property
    @abstractmethod
    def numbers(self) -> tuple[int, ...]:
        """The entries looked up in every slot that occurs, which tell the steps as far as they matter."""

    @cached_property
    def _taken(self) -> tuple[int, ...]:
        """The whole steps taken off in every slot, to the nearest code of u."""
        scale = self.step * (1 << self.guard_bits)
        return tuple(round(steps * scale) for steps in self.steps)

    @cached_property
    def width(self) -> int:
        """Bits of u."""
        size = 1 << self.slot_bits + self.guard_bits
        starts = [
            (slot << self.slot_bits + self.guard_bits) - taken
            for slot, taken in zip(self._slots, self._taken, strict=True)
        ]
        return Range(min(*starts, -self.signed), max(starts) + size - 1).width

    @property
    def input_format(self) -> FixedFormat:
        point = self.specification.input_format.fraction_bits + self.guard_bits
        return FixedFormat(self.signed, max(self.width - point, int(self.signed)), point)

    @property
    def inputs(self) -> Range:
        return Range.of(FixedFormat(self.signed, self.width, 0))

    def by_slot(self, values: Sequence[int], codes: Codes) -> Codes:
        by_slot = np.array(values, dtype=np.int64)
        return np.asarray(by_slot[(codes >> self.slot_bits) - self._slots.start])

    def inputs_of(self, codes: Codes) -> Codes:
        return (codes << self.guard_bits) - self.by_slot(self._taken, codes)

    def reduce(self, b: PlanBuilder, x: str) -> str:
        table = _by_low_bits(dict(zip(self._slots, self.numbers, strict=True)))
        slot = b.let("high_bits", op.Bits(x, self.slot_bits, (len(table) - 1).bit_length()), "bits that tell the steps")
        b.let(NUMBER, op.Lookup(slot, table), "of the steps that are taken off")
        mask, point = (1 << self.width) - 1, self.input_format.fraction_bits
        rests = {number: -taken & mask for number, taken in zip(self.numbers, self._taken, strict=True)}
        left = b.let(
            "low_bits",
            op.Bits(x, 0, self.width - self.guard_bits),
            "the input modulo a power of two, before the correction",
        )
        if any(rests.values()):
            table = tuple(rests.get(number, 0) for number in range(max(rests) + 1))
            rest = b.let("rest", op.Lookup(NUMBER, table), "what the steps are short of a power of two")
            left = b.let("left", op.Add(b.let("raised", op.ShiftLeft(left, self.guard_bits, 0)), rest))
        return b.let("reduced", op.Bits(left, 0, self.width, point, signed=self.signed), "the input less whole steps")

    @abstractmethod
    def restore(self, b: PlanBuilder, value: str) -> str: ...


def _by_low_bits(values: Mapping[int, int]) -> tuple[int, ...]:
    """Return the table of values by integers, indexed by the fewest of their low bits that tell the values apart.

    At an index of which nothing is known it has the value of the next one, or else of the last.
    """
    table: list[int | None] = [None] * (1 << Range(min(values), max(values)).width)
    for index, value in values.items():
        table[index % len(table)] = value
    while len(table) > 2:
        low, high = table[: len(table) // 2], table[len(table) // 2 :]
        if any(None not in pair and pair[0] != pair[1] for pair in zip(low, high, strict=True)):
            break
        table = [second if first is None else first for first, second in zip(low, high, strict=True)]
    filled = [next(value for value in reversed(table) if value is not None)]
    for entry in reversed(table):
        filled.append(filled[-1] if entry is None else entry)
    return tuple(filled[:0:-1])
