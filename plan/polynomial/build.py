"""From coefficients to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import operations as op
from ..plan import Plan, PlanBuilder
from .core import Core
from .fit import multiplicands
from .shape import Shape

__all__ = ["Saturation", "build"]

Tables = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Saturation:
    """From the code `start` of u on (or before it, if `below`) the result is a constant, one for each sign."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def build(core: Core, shape: Shape, tables: Tables, saturations: Sequence[Saturation]) -> Plan:
    """Return the plan of a unit: the core, and what deals with the sign around it.

    Parameters
    ----------
    core, shape
        What is computed, and with how many bits.
    tables
        The coefficients of each segment: the constant ones, those of t and so on.
    saturations
        Where constants stand for the function.

    """
    builder = _Builder(core, shape)
    place = builder.place()
    result = builder.result(builder.polynomial(place, tables))
    value = builder.mirrored(result)
    for saturation in saturations:
        value = builder.saturated(value, place, saturation)
    return builder.b.build(y=(value, core.specification.output_format))


class _Builder:
    def __init__(self, core: Core, shape: Shape) -> None:
        self.core, self.shape, self.b = core, shape, PlanBuilder()
        specification = core.specification
        self.source, self.output = specification.input_format, specification.output_format
        self.b.input("x", self.source, f"argument of {specification.function}", specification.codes)
        self.negative = ""
        if core.folded:
            zero = self.b.let("zero", op.Constant(0, self.source.fraction_bits))
            self.negative = self.b.let("negative", op.Compare("lt", "x", zero), "whether x < 0")

    def place(self) -> str:
        """Add u: the input counted from the origin, or complemented if it is negative and the core is folded."""
        b, width = self.b, self.core.width
        if self.negative:
            ones = b.let("ones", op.Constant(-1, self.source.fraction_bits))
            complement = b.let("complement", op.Bitwise("xor", "x", ones), "-x, one short")
            folded = b.let("folded", op.Select(self.negative, complement, "x"))
            return b.let("place", op.Bits(folded, 0, width), "the magnitude, one short for a negative input")
        place = b.let("place", op.Bits("x", 0, width), "the bits of the input that differ")
        if self.core.origin >= 0:
            return place
        half = b.let("half", op.Constant(1 << (width - 1)))
        return b.let("counted", op.Bitwise("xor", place, half), "the input counted from the lowest")

    def polynomial(self, place: str, tables: Tables) -> str:
        """Add the polynomial of u's segment at u's place in it, with all its fraction bits."""
        b, shape = self.b, self.shape
        width = (len(tables[0]) - 1).bit_length()
        index = b.let("segment", op.Bits(place, shape.shift, width), "number of the segment") if width else ""
        digits = self._digits(place) if shape.degree > shape.whole else []
        factor = self._factor(place) if shape.whole else ""
        held = multiplicands(shape, self.core.signs, tables)
        total = ""
        for power in range(shape.degree, 0, -1):
            coefficient = self._coefficient(power, index, width, tables[power])
            if total:
                added = b.let(f"m{power}_sum", self._combined(power, coefficient, total))
                fields = op.Bits(added, 0, held[power - 1].width, b.point(added), held[power - 1].signed)
                coefficient = b.let(f"m{power}", fields, "what is multiplied by t; bits above do not occur")
            if power <= shape.whole:
                total = self._product(power, coefficient, factor)
            else:
                total = self._rows(power, coefficient, digits)
        constant = self._constant(index, tables[0])
        if not shape.degree:
            return self._with_unit(constant)
        return b.let("total", self._combined(0, constant, total), "the polynomial")

    def result(self, total: str) -> str:
        """Cut off the guard bits; what is above the results that there are is left out, and a prefix put there."""
        b, results, fraction = self.b, self.core.results, self.output.fraction_bits
        bits = max(results.size.bit_length() - 1, 1)
        signed = results.low < 0 <= results.high
        fields = op.Bits(total, self.shape.guard, bits, fraction, signed=signed)
        result = b.let("result", fields, "in whole ulp; bits above do not occur")
        prefix = results.low >> bits
        if signed or not prefix:
            return result
        above = b.let("prefix", op.Constant(prefix))
        return b.let("prefixed", op.Concatenate(above, result, bits, fraction), "what all results begin with")

    def mirrored(self, result: str) -> str:
        """Mirror the result for a negative input: a complement, where that does it."""
        b, mirror, fraction = self.b, self.core.mirror, self.output.fraction_bits
        if mirror is None:
            return result
        constant = b.let("mirror", op.Constant(mirror, fraction))
        is_complement = mirror & (mirror + 1) == 0 and (mirror == -1 or op.Range(0, mirror).covers(b.range(result)))
        operation = op.Bitwise("xor", result, constant) if is_complement else op.Subtract(constant, result)
        mirrored = b.let("mirrored", operation, f"{mirror} - result")
        return b.let("signed_value", op.Select(self.negative, mirrored, result))

    def saturated(self, value: str, place: str, saturation: Saturation) -> str:
        """Replace the value by constants where they will do."""
        b, fraction, start = self.b, self.output.fraction_bits, saturation.start
        suffix = "_below" if saturation.below else ""
        zeros = (start & -start).bit_length() - 1
        top = b.let(f"top{suffix}", op.Bits(place, zeros, self.core.width - zeros), "bits that tell")
        table = tuple(int((code < start >> zeros) == saturation.below) for code in range(self.core.size >> zeros))
        saturated = b.let(f"saturated{suffix}", op.Lookup(top, table), "whether the function is as good as constant")
        limit = b.let(f"constant{suffix}", op.Constant(saturation.results[0], fraction))
        if len(saturation.results) > 1:
            opposite = saturation.results[1]
            if self.core.mirror is not None:
                opposite = self.core.mirror - opposite
            other = b.let(f"opposite{suffix}", op.Constant(opposite, fraction))
            limit = b.let(f"limit{suffix}", op.Select(self.negative, other, limit))
        return b.let(f"limited{suffix}", op.Select(saturated, limit, value))

    def _combined(self, power: int, coefficient: str, product: str) -> op.Operation:
        if self.shape.minus[power]:
            return op.Subtract(coefficient, product)
        return op.Add(coefficient, product)

    def _slope(self, power: int) -> int:
        """Return the fraction bits of a coefficient of t to a power."""
        unit = self.output.fraction_bits - self.source.fraction_bits * power
        return self.shape.points[power] + unit

    def _coefficient(self, power: int, index: str, width: int, entries: Sequence[int]) -> str:
        coarse = self.shape.coarse[power - 1]
        if 0 < coarse < width:
            index = self.b.let(f"segment{power}", op.ShiftRight(index, coarse, 0), "number of a few segments in a row")
        stored = entries[:: 1 << coarse]
        return self._table(f"c{power}", index, stored, self._slope(power))

    def _constant(self, index: str, entries: Sequence[int]) -> str:
        b, shape = self.b, self.shape
        bits = self.core.results.size.bit_length() - 1 + shape.stored  # those above come back as a prefix
        constant = self._table("c0", index, [entry % (1 << bits) for entry in entries], shape.stored)
        count = shape.guard - shape.stored
        point = self.output.fraction_bits + shape.guard
        if not count:
            return b.let("c0_word", op.ShiftRight(constant, 0, point))
        fill = self._if_positive("fill", 0 if shape.stored else (1 << count) - 1, 0)
        return b.let("c0_word", op.Concatenate(constant, fill, count, point), "the constant coefficient")

    def _table(self, name: str, index: str, entries: Sequence[int], fraction: int) -> str:
        if len(entries) == 1:
            return self.b.let(name, op.Constant(entries[0], fraction))
        missing = (1 << (len(entries) - 1).bit_length()) - len(entries)
        table = (*entries, *(entries[-1] for _ in range(missing)))
        return self.b.let(name, op.Lookup(index, table, fraction), f"coefficient {name[1:]} of each segment")

    def _if_positive(self, name: str, value: int, point: int) -> str:
        """Add a value that is there for an input that is not negative, if the core mirrors its result."""
        b = self.b
        none = b.let(f"{name}_none", op.Constant(0, point))
        if self.core.mirror is None or not value:
            return none
        there = b.let(f"{name}_value", op.Constant(value, point))
        return b.let(name, op.Select(self.negative, none, there), "makes up for the complement of the result")

    def _with_unit(self, step: str) -> str:
        """Add one ulp for an input that is not negative, if the core mirrors its result and nothing else does."""
        if self.core.mirror is None or not self.shape.stored:
            return step
        unit = self._if_positive("one_ulp", 1 << self.shape.guard, self.b.point(step))
        return self.b.let("with_one_ulp", op.Add(step, unit))

    def _digits(self, place: str) -> list[str]:
        """Add the radix-4 digits of t, or of t + 1 for a negative input: 0, 1, 2, and 3 for -1."""
        b, shift = self.b, self.shape.shift
        digits: list[str] = []
        carry = self.negative
        for number in range((shift + 1) // 2):
            count = min(2, shift - 2 * number)
            index = b.let(f"field{number}", op.Bits(place, 2 * number, count), f"digit {number} of t without a carry")
            if carry:
                index = b.let(f"field{number}_carry", op.Concatenate(index, carry, 1, 0))
            sums = [(code >> 1) + (code & 1) if carry else code for code in range((2 if carry else 1) << count)]
            digits.append(
                b.let(f"digit{number}", op.Lookup(index, tuple(total & 3 for total in sums)), "0, 1, 2, or 3 for -1")
            )
            if count == 2:
                table = tuple(int(total >= 3) for total in sums)
                carry = b.let(f"carry{number}", op.Lookup(index, table), "into the next digit")
        return digits if shift % 2 else [*digits, carry]

    def _factor(self, place: str) -> str:
        """Add t, or t + 1 for a negative input."""
        t = self.b.let("t", op.Bits(place, 0, self.shape.shift), "place within the segment")
        return self.b.let("factor", op.Add(t, self.negative), "and one for a negative input") if self.negative else t

    def _product(self, power: int, multiplicand: str, factor: str) -> str:
        """Add the product of a multiplicand with t as one step, cut off below the lowest bit of what it is added to."""
        b, name, point = self.b, f"p{power - 1}", self._slope(power - 1)
        cut = self.shape.points[power] - self.shape.points[power - 1]
        full = b.let(f"{name}_full", op.Multiply(multiplicand, factor))
        shift = op.ShiftRight(full, cut, point) if cut >= 0 else op.ShiftLeft(full, -cut, point)
        total = b.let(name, shift)
        return total if power > 1 else self._with_unit(total)

    def _rows(self, power: int, multiplicand: str, digits: Sequence[str]) -> str:
        """Add the product of a multiplicand with t: a row for each digit, cut off below the sum's lowest bit."""
        b, shape, name = self.b, self.shape, f"p{power - 1}"
        cut = shape.points[power] - shape.points[power - 1]
        point = self._slope(power - 1)
        total = ""
        for number in range(shape.lowest[power - 1], len(digits)):
            left = 2 * number - cut
            source = multiplicand
            if left > 0:
                source = b.let(f"{name}_shifted{number}", op.ShiftLeft(multiplicand, left))
            full = b.let(f"{name}_full{number}", op.PartialProduct(source, digits[number]), f"digit {number} times")
            row = b.let(f"{name}_row{number}", op.ShiftRight(full, max(-left, 0), point))
            if total:
                total = b.let(f"{name}_sum{number}", op.Add(total, row))
            else:
                total = row if power > 1 else self._with_unit(row)
        return total
