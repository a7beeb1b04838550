"""Normalisation: an input shifted left until its highest bit is 1, and the shift undone in the output.

For a function such as the square root, the reciprocal or a logarithm, the value at ``2**k x`` follows from that at x
(`Scaling`). So one octave, or two for a square root, serves all inputs above 0 (decision 044).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admitted import ANY
from ...accuracy.specification import Specification
from ...functions.base import Function
from ...functions.properties import Scaling
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from .reduction import Reduction

__all__ = ["Normalised", "NormalisedSum", "NormalisedValue"]

Codes = NDArray[np.int64]

_SHIFT = "shift"
"""The name of the step that is the number of strides that an input is shifted by."""

_GUARD_BITS = 2
"""Fraction bits of a sum beyond those of the output."""


@dataclass(frozen=True)
class Normalised(Reduction):
    """An input shifted left by whole strides of bits, until one of its first bits is 1: u, from 1 up to 2**stride.

    The shift is made in levels, each by half as many bits as the one before, if as many are 0: every level is short
    enough for a stage of its own, and tells a bit of the number of strides.
    """

    @classmethod
    def of(cls, specification: Specification) -> Iterator[Reduction]:
        scaling, codes = specification.function.scaling, specification.codes
        if scaling is None or scaling.adds is not issubclass(cls, NormalisedSum) or codes.low < 0:
            return
        reduction = cls(specification)
        if reduction.most:
            yield reduction

    @property
    def scaling(self) -> Scaling:
        """The rule by which the function's values follow from each other."""
        assert self.specification.function.scaling is not None  # or `of` would not have yielded this
        return self.specification.function.scaling

    @property
    def function(self) -> Function:
        return self.specification.function

    @property
    def stride(self) -> int:
        """The bits that inputs are shifted by, or multiples of them."""
        return self.scaling.octaves

    @property
    def width(self) -> int:
        """Bits of an input, and of u."""
        return self.specification.codes.high.bit_length()

    @property
    def most(self) -> int:
        """The most strides that an input above 0 is shifted by."""
        return (self.width - max(self.specification.codes.low, 1).bit_length()) // self.stride

    @property
    def exponent(self) -> int:
        """The power of two that an input is, divided by u, where it is not shifted."""
        source = self.specification.input_format.fraction_bits
        exponent = self.width - self.stride - source
        return exponent + exponent % self.stride

    @property
    def input_format(self) -> FixedFormat:
        point = self.specification.input_format.fraction_bits + self.exponent
        return FixedFormat(False, self.width - point, point)

    @property
    def inputs(self) -> Range:
        return Range(1 << (self.width - self.stride), (1 << self.width) - 1)

    def strides_of(self, codes: Codes) -> Codes:
        """Return how many strides input codes are shifted by, an array of the same shape; 0 for an input of 0."""
        lengths = np.frexp(codes.astype(np.float64))[1].astype(np.int64)  # codes have fewer than 53 bits
        return np.asarray(np.where(codes > 0, (self.width - lengths) // self.stride, 0))

    def inputs_of(self, codes: Codes) -> Codes:
        return np.where(codes > 0, codes << self.strides_of(codes) * self.stride, self.inputs.low)

    def reduce(self, b: PlanBuilder, x: str) -> str:
        width, stride, point = self.width, self.stride, self.input_format.fraction_bits
        value = b.let("unshifted", op.Bits(x, 0, width), "the bits of the input")
        shift = ""
        for level in range(self.most.bit_length() - 1, -1, -1):
            bits = stride << level
            first = b.let(f"first{bits}", op.Bits(value, width - bits, bits))
            nothing = b.let(f"nothing{bits}", op.Constant(0))
            empty = b.let(f"empty{bits}", op.Compare("eq", first, nothing), f"whether the first {bits} bits are 0")
            rest = b.let(f"rest{bits}", op.Bits(value, 0, width - bits))
            moved = b.let(f"moved{bits}", op.ShiftLeft(rest, bits, 0))
            value = b.let(f"shifted{bits}", op.Select(empty, moved, value))
            name = f"shift{bits}" if level else _SHIFT
            shift = b.let(name, op.Concatenate(shift, empty, 1, 0) if shift else op.Bits(empty, 0, 1))
        head = b.let("head", op.Bits(value, width - stride, stride))
        # For an input of 0, which is dealt with at the end, the head may be anything that keeps it in range.
        first_ones = tuple(max(code, 1) for code in range(1 << stride))
        leading = op.Constant(1) if stride == 1 else op.Lookup(head, first_ones)
        lead = b.let("lead", leading, "of the shifted input; not 0 unless that is")
        tail = b.let("tail", op.Bits(value, 0, width - stride))
        return b.let("normalised", op.Concatenate(lead, tail, width - stride, point), "the input, shifted")

    @abstractmethod
    def restore(self, b: PlanBuilder, value: str) -> str: ...


@dataclass(frozen=True)
class NormalisedValue(Normalised):
    """A function whose value is scaled as its input is: the result is shifted right."""

    name = "shift"
    summary = "of an input shifted until it begins with a 1, the result shifted back"

    @property
    def step(self) -> int:
        """The bits that the output is shifted right by for each stride; negative if it grows with the shift."""
        return int(self.scaling.power * self.stride)

    @property
    def lift(self) -> int:
        """The power of two that the largest output is, divided by the reduced result at the same u."""
        unshifted = int(self.scaling.power * self.exponent)
        return unshifted + max(-self.step * self.most, 0)

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits + self.lift

    def _right(self, strides: Codes) -> Codes:
        """Return the bits that reduced results are shifted right by."""
        return self.step * strides if self.step > 0 else -self.step * (self.most - strides)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        right, highest = self._right(self.strides_of(codes)), self.specification.outputs.high
        lows, highs = low << right, ((high + 1) << right) - 1
        if self.specification.saturate:
            highs = np.where(high == highest, ANY, highs)
        return np.where(codes > 0, lows, -ANY), np.where(codes > 0, highs, ANY)

    def restore(self, b: PlanBuilder, value: str) -> str:
        output, strides = self.specification.output_format, np.arange(1 << self.most.bit_length())
        amounts = self._right(np.minimum(strides, self.most))
        amount = b.let("amount", op.Lookup(_SHIFT, tuple(amounts.tolist())), "what the result is shifted by")
        held = b.let("aligned", op.ShiftRight(value, 0, output.fraction_bits))
        result = b.let("shifted_back", op.ShiftBy("right", held, amount), "for the input as it was")
        if self.specification.codes.low == 0:
            zero = b.let("zero", op.Constant(0, output.fraction_bits))
            nothing = b.let("head_of_0", op.Constant(0))
            is_zero = b.let("is_0", op.Compare("eq", "head", nothing), "whether the input is 0")
            result = b.let("value", op.Select(is_zero, zero, result))
        return result


@dataclass(frozen=True)
class NormalisedSum(Normalised):
    """A function whose value grows by a constant where its input is doubled: that many are added to the result."""

    name = "exponent"
    summary = "of an input shifted until it begins with a 1, and the shift added to the result"

    @property
    def fraction_bits(self) -> int:
        return self.specification.output_format.fraction_bits + self.guard_bits

    @cached_property
    def guard_bits(self) -> int:
        """Bits of the sum below the output's last place; none if what is added is a whole number of output codes."""
        whole = all(term.denominator == 1 for term in self._terms)
        return 0 if whole else _GUARD_BITS

    @cached_property
    def _terms(self) -> tuple[Fraction, ...]:
        """The term added for each number of strides, in ulp of the output, within 2**-90 of it."""
        doubled, output = self.specification.true_value, self.specification.output_format
        exact = self.function.exact(Fraction(2)), self.function.exact(Fraction(1))
        one = doubled(Fraction(2)) - doubled(Fraction(1))
        if None not in exact:
            one = (exact[0] - exact[1]) / output.ulp  # type: ignore[operator]
        return tuple((self.exponent - strides) * one for strides in range(self.most + 1))

    @cached_property
    def added(self) -> tuple[int, ...]:
        """The same in units of the reduced result, rounded, with half an ulp of the output if there are guard bits."""
        half = (1 << self.guard_bits) >> 1
        return tuple(round(term * (1 << self.guard_bits)) + half for term in self._terms)

    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        added, outputs = np.array(self.added)[self.strides_of(codes)], self.specification.outputs
        lows, highs = (low << self.guard_bits) - added, ((high + 1) << self.guard_bits) - 1 - added
        if self.specification.saturate:
            lows, highs = np.where(low == outputs.low, -ANY, lows), np.where(high == outputs.high, ANY, highs)
        unit = self._field
        if unit is not None:  # the last result of an octave may be that of the first of the next
            highs = np.where(lows < 1 << unit, np.minimum(highs, (1 << unit) - 1), highs)
        return lows, highs

    @property
    def _field(self) -> int | None:
        """The bits of the reduced result beside which what is added begins; None if it reaches into them."""
        bits = self.fraction_bits
        return bits if all(term % (1 << bits) == 0 for term in self.added) else None

    def restore(self, b: PlanBuilder, value: str) -> str:
        output, unit = self.specification.output_format, self._field
        padded = (*self.added, *[self.added[-1]] * ((1 << self.most.bit_length()) - len(self.added)))
        if unit is not None and Range(0, (1 << unit) - 1).covers(b.range(value)):
            whole = b.let("exponent", op.Lookup(_SHIFT, tuple(term >> unit for term in padded)), "of the input")
            return b.let("value", op.Concatenate(whole, value, unit), "the exponent, then the logarithm of the rest")
        term = b.let("added", op.Lookup(_SHIFT, padded, self.fraction_bits), "what the shift is worth")
        total = b.let("sum", op.Add(value, term))
        if not self.guard_bits:
            return total
        return b.let("value", op.ShiftRight(total, self.guard_bits, output.fraction_bits), "without its guard bits")
