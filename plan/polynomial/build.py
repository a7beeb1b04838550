"""From coefficients to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import operations as op
from ..plan import Plan, PlanBuilder
from .core import Core
from .fit import multiplicands
from .places import Places
from .shape import Shape

__all__ = ["Saturation", "build"]

Tables = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Saturation:
    """From the code `start` of u on (or before it, if `below`) the result is a constant, one for each sign."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def build(
    core: Core, shape: Shape, tables: Tables, saturations: Sequence[Saturation], places: Places | None = None
) -> Plan:
    """Return the plan of a unit: the core, and what deals with the sign around it.

    Parameters
    ----------
    core, shape
        What is computed, and with how many bits.
    tables
        The coefficients of each segment: the constant ones, those of t and so on.
    saturations
        Where constants stand for the function.
    places
        How u is cut into segments; every code has a place of its own unless given.

    """
    builder = _Builder(core, shape)
    counted = builder.counted()
    place = counted if places is None or places.tail is None else builder.thinned(counted, places.tail)
    result = builder.result(builder.polynomial(place, tables))
    value = builder.mirrored(result)
    for saturation in saturations:
        value = builder.saturated(value, counted, saturation)
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

    def counted(self) -> str:
        """Add u: the input counted from the origin, or complemented if it is negative and the core is folded."""
        b, width = self.b, self.core.width
        if self.negative:
            ones = b.let("ones", op.Constant(-1, self.source.fraction_bits))
            complement = b.let("complement", op.Bitwise("xor", "x", ones), "-x, one short")
            folded = b.let("folded", op.Select(self.negative, complement, "x"))
            return b.let("u", op.Bits(folded, 0, width), "the magnitude, one short for a negative input")
        place = b.let("u", op.Bits("x", 0, width), "the bits of the input that differ")
        if self.core.origin >= 0:
            return place
        half = b.let("half", op.Constant(1 << (width - 1)))
        return b.let("counted", op.Bitwise("xor", place, half), "the input counted from the lowest")

    def thinned(self, counted: str, tail: int) -> str:
        """Add the place of u: in the tail half of what it is beyond."""
        b = self.b
        is_tail = b.let("tail", op.Bits(counted, tail, 1), "whether two codes have one place")
        near = b.let("near", op.Bits(counted, 0, tail))
        halved = b.let("halved", op.ShiftRight(near, 1, 0))
        below = b.let("below_tail", op.Select(is_tail, halved, near))
        return b.let("place", op.Concatenate(is_tail, below, tail, 0), "of u among the segments")

    def polynomial(self, place: str, tables: Tables) -> str:
        """Add the polynomial of u's segment at u's place in it, with all its fraction bits."""
        b, shape = self.b, self.shape
        width = (len(tables[0]) - 1).bit_length()
        index, top = self._indices(place, width)
        digits = self._digits(place) if shape.degree > shape.whole else []
        factor = self._factor(place) if shape.whole else ""
        held = multiplicands(shape, self.core.signs, tables)
        carries = self._carries()
        total = ""
        for power in range(shape.degree, 0, -1):
            coefficient = self._coefficient(power, top if power == shape.degree else index, tables[power])
            if total:
                added = b.let(f"m{power}_sum", self._combined(power, coefficient, total))
                fields = op.Bits(added, 0, held[power - 1].width, b.point(added), held[power - 1].signed)
                coefficient = b.let(f"m{power}", fields, "what is multiplied by t; bits above do not occur")
            if power <= shape.whole:
                total = self._product(power, coefficient, factor)
            else:
                total = self._rows(power, coefficient, digits, carries if power == 1 else [])
        constant = self._constant(index, tables[0])
        if not shape.degree:
            return constant
        if shape.minus[0]:
            return b.let("total", op.Subtract(constant, total), "the polynomial")
        return self._sum("total", constant, total, carries, "the polynomial")

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

    def _indices(self, place: str, width: int) -> tuple[str, str]:
        """Add the number of the segment or pair, of so many bits, and what the highest coefficient is found by."""
        b, shape = self.b, self.shape
        what = "pair" if shape.paired else "segment"
        index = b.let(what, op.Bits(place, shape.bits, width), f"number of the {what}") if width else ""
        if not shape.paired:
            return index, index
        start = shape.middle(self.core.signs)
        zeros = (start & -start).bit_length() - 1
        offset = b.let("offset", op.Bits(place, zeros, shape.bits - zeros), "bits of the place within the pair")
        table = tuple(int(code >= start >> zeros) for code in range(1 << shape.bits - zeros))
        side = b.let("side", op.Lookup(offset, table), "1 for the right segment of a pair")
        return index, b.let("segment", op.Concatenate(side, index, width, 0)) if width else side

    def _coefficient(self, power: int, index: str, entries: Sequence[int]) -> str:
        if not self.shape.paired or power < self.shape.degree:
            return self._table(f"c{power}", index, _filled(entries), self._slope(power))
        half = len(entries) // 2
        return self._table(f"c{power}", index, [*_filled(entries[:half]), *_filled(entries[half:])], self._slope(power))

    def _constant(self, index: str, entries: Sequence[int]) -> str:
        b, shape = self.b, self.shape
        bits = self.core.results.size.bit_length() - 1 + shape.stored  # those above come back as a prefix
        constant = self._table("c0", index, [entry % (1 << bits) for entry in _filled(entries)], shape.stored)
        count = shape.guard - shape.stored
        point = self.output.fraction_bits + shape.guard
        if not count:
            return b.let("c0_word", op.ShiftRight(constant, 0, point))
        fill = b.let("no_fill", op.Constant(0))
        if self.core.mirror is not None:
            ones = b.let("ones_fill", op.Constant(shape.fill))
            fill = b.let("fill", op.Select(self.negative, fill, ones), "makes up for the complement of the result")
        return b.let("c0_word", op.Concatenate(constant, fill, count, point), "the constant coefficient")

    def _table(self, name: str, index: str, entries: Sequence[int], fraction: int) -> str:
        if len(entries) == 1:
            return self.b.let(name, op.Constant(entries[0], fraction))
        return self.b.let(name, op.Lookup(index, tuple(entries), fraction), f"coefficient {name[1:]} of each segment")

    def _carries(self) -> list[str]:
        """Add what additions take in as carries, one each, unless they are too few for that."""
        shape = self.shape
        if not 0 < shape.carries <= shape.additions(self.core.signs):
            return []
        return [self._lifted_sign()] * shape.carries

    def _lifted_sign(self) -> str:
        """Add whether the input has the sign for which the sum of rows is to be higher."""
        if self.shape.minus[0]:
            return self.negative
        one = self.b.let("one", op.Constant(1))
        return self.b.let("positive", op.Bitwise("xor", self.negative, one), "whether x >= 0")

    def _lifted(self, total: str) -> str:
        """Add what carries would, if the additions are too few for them."""
        b, shape, point = self.b, self.shape, self.b.point(total)
        if shape.carries <= shape.additions(self.core.signs):
            return total
        units = b.let("units", op.Constant(shape.carries, point))
        none = b.let("no_units", op.Constant(0, point))
        lift = b.let("lift", op.Select(self._lifted_sign(), units, none), "makes up for the complement of the result")
        return b.let("lifted", op.Add(total, lift))

    def _sum(self, name: str, left: str, right: str, carries: list[str], note: str = "") -> str:
        """Add a sum, with one of the carries if there are any left."""
        b = self.b
        if not carries:
            return b.let(name, op.Add(left, right), note)
        point = b.point(left)
        one = b.let(f"{name}_one", op.Constant(1))
        first = b.let(f"{name}_left", op.Concatenate(left, one, 1, point + 1), "with a one, which carries")
        second = b.let(f"{name}_right", op.Concatenate(right, carries.pop(), 1, point + 1), "with the carry")
        both = b.let(f"{name}_carried", op.Add(first, second), "a bit longer than the sum")
        return b.let(name, op.ShiftRight(both, 1, point), note or "the sum and the carry")

    def _digits(self, place: str) -> list[str]:
        """Add the indices of t's digits."""
        b = self.b
        digits: list[str] = []
        for number, field in enumerate(self.shape.fields(self.core.signs)):
            index = self.negative
            if field.width:
                index = b.let(f"field{number}", op.Bits(place, field.low, field.width), f"digit {number} of the place")
                if field.signed:
                    index = b.let(f"digit{number}", op.Concatenate(index, self.negative, 1, 0), "and the sign")
            digits.append(index)
        return digits

    def _factor(self, place: str) -> str:
        """Add t, or t + 1 for a negative input."""
        b, shape = self.b, self.shape
        start = shape.origin(self.core.signs)
        t = b.let("within_segment", op.Bits(place, 0, shape.bits), "place within the segment")
        if start == 1 << shape.bits >> 1:
            half = b.let("half_way", op.Constant(start))
            flipped = b.let("from_middle", op.Bitwise("xor", t, half))
            t, start = b.let("t", op.Bits(flipped, 0, shape.bits, signed=True), "counted from the middle"), 0
        if start:
            least = b.let("least", op.Constant(-start))
            if self.negative:
                less = b.let("least_if_negative", op.Constant(1 - start))
                least = b.let("start", op.Select(self.negative, less, least), "from the origin, and one if negative")
            return b.let("factor", op.Add(t, least), "counted from the origin")
        return b.let("factor", op.Add(t, self.negative), "and one for a negative input") if self.negative else t

    def _product(self, power: int, multiplicand: str, factor: str) -> str:
        """Add the product of a multiplicand with t as one step, cut off below the lowest bit of what it is added to."""
        b, name, point = self.b, f"p{power - 1}", self._slope(power - 1)
        cut = self.shape.points[power] - self.shape.points[power - 1]
        full = b.let(f"{name}_full", op.Multiply(multiplicand, factor))
        shift = op.ShiftRight(full, cut, point) if cut >= 0 else op.ShiftLeft(full, -cut, point)
        total = b.let(name, shift)
        return total if power > 1 else self._lifted(total)

    def _rows(self, power: int, multiplicand: str, digits: Sequence[str], carries: list[str]) -> str:
        """Add the product of a multiplicand with t: a row for each digit, cut off below the sum's lowest bit."""
        b, shape, name = self.b, self.shape, f"p{power - 1}"
        cut = shape.points[power] - shape.points[power - 1]
        point = self._slope(power - 1)
        total = ""
        fields = shape.fields(self.core.signs)
        for number in range(shape.lowest[power - 1], len(digits)):
            left = fields[number].low - cut
            source = multiplicand
            if left > 0:
                source = b.let(f"{name}_shifted{number}", op.ShiftLeft(multiplicand, left))
            part = op.PartialProduct(source, digits[number], fields[number].digits)
            full = b.let(f"{name}_full{number}", part, f"digit {number} times")
            row = b.let(f"{name}_row{number}", op.ShiftRight(full, max(-left, 0), point), "what counts of it")
            if total:
                total = self._sum(f"{name}_sum{number}", total, row, carries)
            else:
                total = row if power > 1 else self._lifted(row)
        return total


def _filled(entries: Sequence[int]) -> list[int]:
    """Return entries for every value of an index, so that what does not occur needs few of its bits.

    The upper half of an index whose highest bit tells a tail is filled with the last entry as far as one bit less
    reaches, and repeats itself beyond.
    """
    size = 1 << (len(entries) - 1).bit_length()
    if len(entries) == size:
        return list(entries)
    lower, upper = list(entries[: size // 2]), list(entries[size // 2 :])
    period = 1 << (len(upper) - 1).bit_length()
    upper += upper[-1:] * (period - len(upper))
    return lower + upper * (size // 2 // period)
