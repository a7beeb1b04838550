"""Translation: steps taken off an input, and the same number of factors given back to the output.

An angle less half turns has the sine of the angle or its opposite; an exponent less whole octaves has a power of e that
is shifted (`functions.properties.Translation`). How many steps are taken off is looked up by the highest bits of the
input, its *cell*, so that what is left may reach over the step by the size of a cell.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from ...accuracy.admitted import ANY
from ...accuracy.specification import Specification
from ...functions.base import Function
from ...functions.number_types import BALLS, to_fraction
from ...functions.properties import Translation
from ...plan import operations as op
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import PlanBuilder
from .reduction import Reduction

__all__ = ["Alternating", "Doubling", "Translated"]

Codes = NDArray[np.int64]

_CELL = "cell"
"""The name of the step that is the highest bits of the input."""

_MOST_CELLS = 1 << 10
import os
_GUARD = int(os.environ.get("GUARD", 1))
_CELLS = int(os.environ.get("CELLS", 4))

_FEWEST_STEPS = 3
"""The fewest different numbers of steps for which a reduction is worthwhile."""


@dataclass(frozen=True)
class Translated(Reduction):
    """An input less as many steps as leave least: what is left is u."""

    signed = False
    """Whether u is on both sides of 0, rather than above it."""

    factor = 0
    """What the function is multiplied by for each step."""

    @classmethod
    def of(cls, specification: Specification) -> Iterator[Reduction]:
        translation = specification.function.translation
        if translation is None or translation.factor != cls.factor:
            return
        reduction = cls(specification)
        codes = specification.codes
        if reduction.cell_bits < 0 or (codes.high >> reduction.cell_bits) - (codes.low >> reduction.cell_bits) >= (
            specification.codes.size if reduction.exact else _MOST_CELLS
        ):
            return
        if max(reduction.steps) - min(reduction.steps) + 1 >= _FEWEST_STEPS and reduction.serves:
            yield reduction

    @property
    def serves(self) -> bool:
        """Whether the result can be made of the reduced one."""
        return True

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
            with ctx.workprec(256):
                value = to_fraction(self._translation.step(BALLS).mid())
        return value / self.specification.input_format.ulp

    @cached_property
    def guard_bits(self) -> int:
        """Fraction bits of u beyond those of the input."""
        if self.exact:
            return 0
        return max(self.fraction_bits + _GUARD - self.specification.input_format.fraction_bits, 0)

    @property
    def cell_bits(self) -> int:
        """Bits of the input below its cell."""
        if self.exact:
            return int(self.step).bit_length() - 1 - self.signed
        return (int(self.step) // _CELLS).bit_length() - 1

    @cached_property
    def _cells(self) -> range:
        codes = self.specification.codes
        return range(codes.low >> self.cell_bits, (codes.high >> self.cell_bits) + 1)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The steps that are taken off in every cell that occurs, ascending."""
        size, half = 1 << self.cell_bits, Fraction(1, 2)
        if self.signed:
            return tuple(floor((cell + half) * size / self.step + half) for cell in self._cells)
        return tuple(floor(cell * size / self.step) for cell in self._cells)

    @cached_property
    def _taken(self) -> tuple[int, ...]:
        """What is taken off in every cell, in codes of u; not more than it is, so that u does not fall below 0."""
        scale = self.step * (1 << self.guard_bits)
        return tuple(floor(steps * scale + Fraction(int(self.signed), 2)) for steps in self.steps)

    @cached_property
    def width(self) -> int:
        """Bits of u."""
        size = 1 << self.cell_bits + self.guard_bits
        starts = [
            (cell << self.cell_bits + self.guard_bits) - taken
            for cell, taken in zip(self._cells, self._taken, strict=True)
        ]
        return Range(min(min(starts), -self.signed), max(starts) + size - 1).width

    @property
    def input_format(self) -> FixedFormat:
        point = self.specification.input_format.fraction_bits + self.guard_bits
        return FixedFormat(self.signed, max(self.width - point, int(self.signed)), point)

    @property
    def inputs(self) -> Range:
        return Range.of(FixedFormat(self.signed, self.width, 0))

    def _by_cell(self, values: Sequence[int], codes: Codes) -> Codes:
        return np.array(values)[(codes >> self.cell_bits) - self._cells.start]

    def inputs_of(self, codes: Codes) -> Codes:
        return (codes << self.guard_bits) - self._by_cell(self._taken, codes)

    def _table(self, values: Sequence[int]) -> list[int]:
        """Return the values of cells by the fewest of their low bits that tell; any where no cell occurs."""
        table: list[int | None] = [None] * (1 << Range(self._cells[0], self._cells[-1]).width)
        for cell, value in zip(self._cells, values, strict=True):
            table[cell % len(table)] = value
        while len(table) > 1 and _agree(table[: len(table) // 2], table[len(table) // 2 :]):
            half = len(table) // 2
            table = [low if low is not None else high for low, high in zip(table[:half], table[half:], strict=True)]
        return _filled(table)

    def _add_lookup(self, b: PlanBuilder, x: str, name: str, values: Sequence[int], fraction: int, note: str) -> str:
        filled = self._table(values)
        if len(set(filled)) == 1:
            return b.let(name, op.Constant(filled[0], fraction), note)
        bits = (len(filled) - 1).bit_length()
        field = f"{_CELL}{bits}"
        if field not in b:
            b.let(field, op.Bits(x, self.cell_bits, bits), "the bits of the input that tell how many steps are taken")
        return b.let(name, op.Lookup(field, tuple(filled), fraction), note)

    def reduce(self, b: PlanBuilder, x: str) -> str:
        point, bits = self.input_format.fraction_bits, self.width - self.guard_bits
        low = b.let("low_bits", op.Bits(x, 0, bits, 0), "the bits that are left whatever is taken off")
        mask = (1 << self.width) - 1
        rests = [-taken & mask for taken in self._taken]
        if any(rests):
            rest = self._add_lookup(b, x, "rest", rests, 0, "what the steps are short of a power of two")
            raised = b.let("raised", op.ShiftLeft(low, self.guard_bits, 0))
            low = b.let("left", op.Add(raised, rest))
        return b.let("reduced", op.Bits(low, 0, self.width, point, signed=self.signed), "the input less whole steps")

    @abstractmethod
    def restore(self, b: PlanBuilder, value: str) -> str: ...


@dataclass(frozen=True)
class Alternating(Translated):
    """A function that changes its sign with each step, as that of an angle does with each half turn."""

    name = "angle"
    summary = "of an angle less half turns, the result with the sign that is left"
    signed = True
    factor = -1

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits

    @cached_property
    def _odd(self) -> tuple[int, ...]:
        return tuple(steps % 2 for steps in self.steps)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        odd = self._by_cell(self._odd, codes) == 1
        if self.specification.saturate:
            outputs = self.specification.outputs
            low, high = np.where(low == outputs.low, -ANY, low), np.where(high == outputs.high, ANY, high)
        return np.where(odd, -high, low), np.where(odd, -low, high)

    def restore(self, b: PlanBuilder, value: str) -> str:
        odd = self._add_lookup(b, "x", "odd", self._odd, 0, "whether half turns taken off are odd")
        zero = b.let("nothing", op.Constant(0, self.fraction_bits))
        opposite = b.let("opposite", op.Subtract(zero, value))
        return b.let("value", op.Select(odd, opposite, value), "with the sign that half turns leave")


@dataclass(frozen=True)
class Doubling(Translated):
    """A function that is doubled with each step: the result is shifted right by as many as are missing at the top."""

    name = "octave"
    summary = "of an exponent less whole octaves, the result shifted by as many"
    factor = 2

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits + max(self.steps)

    @property
    def serves(self) -> bool:
        return self.fraction_bits >= 0

    @cached_property
    def _right(self) -> tuple[int, ...]:
        """The bits that the result is shifted right by in every cell: to 0, where there are enough."""
        everything = self.fraction_bits + 2  # the result is below 4
        return tuple(min(max(self.steps) - steps, everything) for steps in self.steps)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        right = self._by_cell(self._right, codes)
        lows, highs = low << right, ((high + 1) << right) - 1
        if self.specification.saturate:
            highs = np.where(high == self.specification.outputs.high, ANY, highs)
        return lows, highs

    def restore(self, b: PlanBuilder, value: str) -> str:
        output = self.specification.output_format
        amount = self._add_lookup(b, "x", "amount", self._right, 0, "what the result is shifted by")
        held = b.let("aligned", op.ShiftRight(value, 0, output.fraction_bits))
        return b.let("shifted_back", op.ShiftBy("right", held, amount), "by the octaves below the highest")


def _agree(low: Sequence[int | None], high: Sequence[int | None]) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(low, high, strict=True))


def _filled(table: Sequence[int | None]) -> list[int]:
    """Return a table with the value of the next index, or else of the one before, where there is none."""
    filled, last = list(table), next(value for value in reversed(table) if value is not None)
    for index in range(len(filled) - 1, -1, -1):
        value = filled[index]
        last = last if value is None else value
        filled[index] = last
    return [0 if value is None else value for value in filled]

