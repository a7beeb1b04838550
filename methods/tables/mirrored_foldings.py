"""Foldings of functions that are symmetric about a point: one table serves inputs of both signs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.operations.base import Range
from .folding import HIGHEST, LOWEST, Chain, Folding

__all__ = ["Complement", "Magnitude", "Negation", "Ripple"]

Codes = NDArray[np.int64]

_SLICE_BITS = 6
"""Inputs of the look-up tables of a slice, together with its multiplexers."""


class _Mirrored(Folding):
    """One table for both signs of a function with ``f(-x) = total - f(x)``.

    The output at a negative input is ``total - 1`` minus the entry. The total must be 0 or a power of two in units of
    the entries, so that this is a complement of their bits.
    """

    @classmethod
    def serves(cls, specification: Specification, kept_bits: int) -> bool:
        codes, output, symmetry = specification.codes, specification.output_format, specification.function.reflection
        if symmetry is None or symmetry.sign > 0 or not codes.low < 0 < codes.high:
            return False
        total = symmetry.total / output.ulp / (1 << kept_bits)
        if total.denominator != 1 or total < 0 or int(total) & (int(total) - 1):
            return False
        if total > output.max_code + 1 >> kept_bits:  # complements would be codes that the output has not
            return False
        return bool(total) or output.signed

    @cached_property
    def total(self) -> int:
        """The sum of the outputs at x and -x, in units of the entries."""
        symmetry = self.specification.function.reflection
        if symmetry is None:
            raise ValueError(f"{self.specification.function} has no symmetry")
        return int(symmetry.total / self.specification.output_format.ulp / (1 << self.kept_bits))

    @property
    def mirror(self) -> int:
        """The sum of the entry and the output at a negative input."""
        return self.total - 1

    @property
    def addresses(self) -> Range:
        codes = self.specification.codes
        return Range(0, int(self.addresses_of(np.array(codes)).max()))

    def outputs_of(self, codes: Codes, entries: Codes) -> Codes:
        return np.where(codes < 0, entries ^ (self.total - 1), entries)

    def intervals(self, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        rows, zero = self._rows, -self.specification.codes.low
        lows, highs = np.full(self.addresses.size, LOWEST), np.full(self.addresses.size, HIGHEST)
        lows[rows[zero:]], highs[rows[zero:]] = low[zero:], high[zero:]
        entry_low, entry_high = self.mirror - high[:zero], self.mirror - low[:zero]
        if self.total:  # only the bits below the total are complemented
            entry_low, entry_high = np.maximum(entry_low, 0), np.minimum(entry_high, self.total - 1)
        lows[rows[:zero]] = np.maximum(lows[rows[:zero]], entry_low)
        highs[rows[:zero]] = np.minimum(highs[rows[:zero]], entry_high)
        return lows, highs

    def output(self, b: PlanBuilder, x: str, value: str) -> str:
        point = b.point(value)
        flips = b.let("mask", op.ShiftRight(x, b.range(x).width - 1, point), "all ones for a negative input")
        if self.total:
            bits = b.let("symmetry", op.Constant(self.total - 1, point))
            flips = b.let("flips", op.Bitwise("and", flips, bits), "the bits that a negative input changes")
        return b.let("mirrored", op.Bitwise("xor", value, flips), "for a negative input the ones' complement")

    def chains(self, neighbours: Sequence[Codes]) -> list[Chain]:
        rows, zero = self._rows, -self.specification.codes.low
        positive = [Chain(1, rows[chain[chain >= zero]]) for chain in neighbours]
        return positive + [Chain(-1, rows[chain[chain < zero][::-1]]) for chain in neighbours]

    @property
    def _rows(self) -> Codes:
        """The address of each input that occurs, of shape (inputs,)."""
        codes = self.specification.codes
        return self.addresses_of(np.arange(codes.low, codes.high + 1))


class Complement(_Mirrored):
    """The input's ones' complement if it is negative, with the sign as lowest bit: no two inputs share an address."""

    name = "complement"
    step = 2

    def addresses_of(self, codes: Codes) -> Codes:
        return np.where(codes < 0, 2 * ~codes + 1, 2 * codes)

    def address(self, b: PlanBuilder, x: str) -> str:
        width = b.range(x).width
        sign = _sign(b, x)
        flipped = b.let("flipped", op.Bitwise("xor", x, sign), "negative inputs as their ones' complement, -x - 1")
        negative = b.let("negative", op.Bits(x, width - 1, 1), "whether x < 0")
        below = b.let("folded", op.Bits(flipped, 0, width - 1))
        return b.let("position", op.Concatenate(below, negative, 1, 0), "with the sign as its lowest bit")


class Magnitude(_Mirrored):
    """The input's magnitude, which x and -x share; the outputs are ones' complements of each other."""

    name = "magnitude"

    def addresses_of(self, codes: Codes) -> Codes:
        return np.abs(codes)

    def intervals(self, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        lows, highs = super().intervals(low, high)
        if self.total:  # the entry at 0 has no more bits than the others, either
            highs[0] = min(highs[0], self.total - 1)
        return lows, highs

    def address(self, b: PlanBuilder, x: str) -> str:
        return b.let("magnitude", op.Absolute(x))


class Ripple(Magnitude):
    """The magnitude made by a ripple of logic instead of an adder."""

    name = "ripple"

    def address(self, b: PlanBuilder, x: str) -> str:
        width, sign = b.range(x).width, _sign(b, x)
        ones = b.let("ones1", op.Bits(x, 0, width - 1, b.point(x)), "the bits that tell whether higher ones flip")
        reach = 1
        while reach < width - 1:
            moved = b.let(f"moved{reach}", op.ShiftLeft(ones, reach, b.point(x)))
            more = b.let(f"more{reach}", op.Bitwise("or", ones, moved))
            reach *= 2
            ones = b.let(f"ones{reach}", op.Bits(more, 0, width - 1, b.point(x)), f"with a one up to {reach - 1} below")
        above = b.let("above_one", op.ShiftLeft(ones, 1, b.point(x)), "the bits above the lowest one")
        flips = b.let("flips_in", op.Bitwise("and", above, sign))
        flipped = b.let("flipped", op.Bitwise("xor", x, flips))
        return b.let("magnitude", op.Bits(flipped, 0, width, b.point(x)))

    @property
    def estimated_as(self) -> Folding:
        return Magnitude(self.specification, self.kept_bits)

    def estimate_correction(self, index_bits: int) -> int:
        # Synthesis makes less of the ripple than of its steps, unless it is in one stage with a table whose index has
        # more bits than the look-up tables of a slice.
        return -1 if index_bits <= _SLICE_BITS else 1


class Negation(Magnitude):
    """The magnitude as address, with an output that is negated exactly."""

    name = "negation"

    @property
    def mirror(self) -> int:
        return self.total

    def outputs_of(self, codes: Codes, entries: Codes) -> Codes:
        return super().outputs_of(codes, entries) + (codes < 0)

    def output(self, b: PlanBuilder, x: str, value: str) -> str:
        output, point = self.specification.output_format, b.point(value)
        value = super().output(b, x, value)
        one = b.let("one", op.Bits(x, b.range(x).width - 1, 1, point), "makes it the negative")
        negated = b.let("negated", op.Add(value, one))
        field = op.Bits(negated, 0, output.width - self.kept_bits, point, output.signed)
        return b.let("wrapped", field, "without the carry out of it")


def _sign(b: PlanBuilder, x: str) -> str:
    return b.let("sign", op.ShiftRight(x, b.range(x).width - 1, b.point(x)), "all ones for a negative input")
