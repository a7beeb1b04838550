"""The steps of a polynomial: coefficients from their tables, and products with the offset as rows or as one step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ..lut_networks.build import add_network, add_word
from .datapath_shape import DatapathShape
from .folded_function import FoldedFunction
from .multiplicands import multiplicand_ranges
from .stored_tables import constant_bits, filled
from .table_network import TableNetwork

__all__ = ["Evaluation", "Tables"]

Tables = Sequence[Sequence[int]]
"""Coefficients of each power from 0 on, with one entry for each segment."""


class Evaluation:
    """Adds the polynomials of a folded function to a plan.

    Parameters
    ----------
    b
        The plan so far.
    function, shape
        What is computed, and with how many bits.
    negative
        Name of the step that is 1 for a negative input, if the function is folded.
    network
        The network that gives the coefficients; without one, each has a table.

    """

    def __init__(
        self,
        b: PlanBuilder,
        function: FoldedFunction,
        shape: DatapathShape,
        negative: str,
        network: TableNetwork | None = None,
    ) -> None:
        self.b, self.function, self.shape, self.negative, self._network = b, function, shape, negative, network
        self._coefficients: dict[int, str] = {}
        self._network_bits: list[str] = []
        self.source, self.output = function.specification.input_format, function.specification.output_format

    def polynomial(self, address: str, tables: Tables) -> str:
        """Add the polynomial at an address, with all its fraction bits."""
        b, shape = self.b, self.shape
        width = (len(tables[0]) - 1).bit_length()
        indices = self._indices(address, width)
        digits = self._digits(address) if shape.degree > shape.whole else []
        factor = self._factor(address) if shape.whole else ""
        held = multiplicand_ranges(shape, self.function.signs, tables)
        total = ""
        for power in range(shape.degree, 0, -1):
            coefficient = self._coefficient(power, indices, tables)
            if total:
                added = b.let(f"m{power}_sum", self._combined(power, coefficient, total))
                fields = op.Bits(added, 0, held[power - 1].width, b.point(added), held[power - 1].signed)
                coefficient = b.let(f"m{power}", fields, "what is multiplied by t; bits above do not occur")
            if power <= shape.whole:
                total = self._product(power, coefficient, factor)
            else:
                total = self._rows(power, coefficient, digits)
        constant = self._constant(indices, tables)
        return self._total(constant, total) if shape.degree else constant

    def _total(self, constant: str, rows: str) -> str:
        """Add the sum of the constant coefficient and the product for power 1."""
        if self.shape.minus[0]:
            return self.b.let("total", op.Subtract(constant, rows), "the polynomial")
        return self._sum("total", constant, rows, self._carries, "the polynomial")

    def _combined(self, power: int, coefficient: str, product: str) -> op.Operation:
        if self.shape.minus[power]:
            return op.Subtract(coefficient, product)
        return op.Add(coefficient, product)

    def _slope(self, power: int) -> int:
        """Return the fraction bits of a coefficient of t to a power."""
        unit = self.output.fraction_bits - self.source.fraction_bits * power
        return self.shape.points[power] + unit

    def _indices(self, address: str, width: int) -> tuple[str, str]:
        """Add the index of the segment or pair, of `width` bits, and the index of the highest coefficient."""
        b, shape = self.b, self.shape
        what = "pair" if shape.paired else "segment"
        index = b.let(what, op.Bits(address, shape.bits, width), f"number of the {what}") if width else ""
        if not shape.paired:
            return index, index
        start = shape.middle(self.function.signs)
        zeros = (start & -start).bit_length() - 1
        offset = b.let("offset", op.Bits(address, zeros, shape.bits - zeros), "bits of the place within the pair")
        table = tuple(int(code >= start >> zeros) for code in range(1 << shape.bits - zeros))
        side = b.let("side", op.Lookup(offset, table), "1 for the right segment of a pair")
        return index, b.let("segment", op.Concatenate(side, index, width, 0)) if width else side

    def _coefficient(self, power: int, indices: tuple[str, str], tables: Tables) -> str:
        """Return the name of a coefficient, which is added where it is first read: from its table, or derived."""
        if power not in self._coefficients:
            if power and self.shape.ratios:
                below = self._coefficient(power - 1, indices, tables)
                found = self._derived(power, below if power > 1 else self._counted(below))
            else:
                found = self._looked_up(power, indices, tables[power])
            self._coefficients[power] = found
        return self._coefficients[power]

    def _looked_up(self, power: int, indices: tuple[str, str], entries: Sequence[int]) -> str:
        index, top = indices
        name, shape = f"c{power}", self.shape
        if self._network is not None:
            return self._from_network(power, index, self._network)
        if not power:
            bits = constant_bits(self.function, shape)
            return self._table(name, index, [entry % (1 << bits) for entry in filled(entries)], shape.stored)
        if power < shape.degree:
            return self._table(name, index, filled(entries), self._slope(power))
        parts = [entries]
        if shape.paired:
            parts = [entries[: len(entries) // 2], entries[len(entries) // 2 :]]
        return self._table(name, top, [entry for part in parts for entry in filled(part)], self._slope(power))

    def _from_network(self, power: int, index: str, tables: TableNetwork) -> str:
        """Add a coefficient as bits of the network, which is added where the first of them is read."""
        b, column = self.b, tables.columns[power]
        if not self._network_bits:
            self._network_bits = add_network(b, tables.network, index, "segment_bit", "table")
        bits = self._network_bits[column.low : column.low + column.width]
        word = add_word(b, f"c{power}_bits", bits)
        fraction = self._slope(power) if power else self.shape.stored
        fields = op.Bits(word, 0, column.width, fraction, signed=column.signed)
        return b.let(f"c{power}", fields, f"coefficient {power} of each segment")

    def _derived(self, power: int, below: str) -> str:
        """Add the coefficient of a power as the highest bits of the one below."""
        dropped = self.shape.dropped_bits(power)
        count = max(self.b.range(below).width - dropped, 1)
        note = f"coefficient {power}: the highest bits of the one below"
        return self.b.let(f"c{power}", op.Bits(below, dropped, count, self._slope(power)), note)

    def _counted(self, constant: str) -> str:
        """Add the constant coefficient, counted from the lowest result."""
        b, results = self.b, self.function.results
        if not results.low < 0 <= results.high:  # what all results begin with is left out of the table
            return constant
        half = b.let("half_of_results", op.Constant(-(results.low << self.shape.stored), b.point(constant)))
        return b.let("c0_counted", op.Bitwise("xor", constant, half), "from the lowest result")

    def _constant(self, indices: tuple[str, str], tables: Tables) -> str:
        b, shape = self.b, self.shape
        constant = self._coefficient(0, indices, tables)
        count = shape.guard - shape.stored
        point = self.output.fraction_bits + shape.guard
        if not count:
            return b.let("c0_word", op.ShiftRight(constant, 0, point))
        fill = b.let("no_fill", op.Constant(0))
        if self.function.mirror is not None:
            ones = b.let("ones_fill", op.Constant(shape.fill))
            fill = b.let("fill", op.Select(self.negative, fill, ones), "makes up for the complement of the result")
        return b.let("c0_word", op.Concatenate(constant, fill, count, point), "the constant coefficient")

    def _table(self, name: str, index: str, entries: Sequence[int], fraction: int) -> str:
        if len(entries) == 1:
            return self.b.let(name, op.Constant(entries[0], fraction))
        return self.b.let(name, op.Lookup(index, tuple(entries), fraction), f"coefficient {name[1:]} of each segment")

    @cached_property
    def _carries(self) -> list[str]:
        """The carries that additions still have to take in, one each; none if there are too few additions."""
        shape = self.shape
        if not 0 < shape.carries <= shape.additions(self.function.signs):
            return []
        return [self._lifted_sign()] * shape.carries

    def _lifted_sign(self) -> str:
        """Add whether the input has the sign for which the sum of rows must be higher."""
        if self.shape.minus[0]:
            return self.negative
        one = self.b.let("one", op.Constant(1))
        return self.b.let("positive", op.Bitwise("xor", self.negative, one), "whether x >= 0")

    def _lifted(self, total: str) -> str:
        """Add the carries as a number, if there are too few additions to take them in."""
        b, shape, point = self.b, self.shape, self.b.point(total)
        if shape.carries <= shape.additions(self.function.signs):
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

    def _digits(self, address: str) -> list[str]:
        """Add the indices of t's digits."""
        b = self.b
        digits: list[str] = []
        for number, field in enumerate(self.shape.fields(self.function.signs)):
            index = self.negative
            if field.width:
                index = b.let(
                    f"field{number}", op.Bits(address, field.low, field.width), f"digit {number} of the place"
                )
                if field.signed:
                    index = b.let(f"digit{number}", op.Concatenate(index, self.negative, 1, 0), "and the sign")
            digits.append(index)
        return digits

    def _factor(self, address: str) -> str:
        """Add t, or t + 1 for a negative input."""
        b, shape = self.b, self.shape
        start = shape.origin(self.function.signs)
        t = b.let("within_segment", op.Bits(address, 0, shape.bits), "place within the segment")
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

    def _rows(self, power: int, multiplicand: str, digits: Sequence[str]) -> str:
        """Add the product of a multiplicand with t: a row for each digit, cut off below the sum's lowest bit."""
        total = ""
        for number in range(self.shape.lowest[power - 1], len(digits)):
            row = self._row(power, number, multiplicand, digits[number])
            if total:
                total = self._sum(f"p{power - 1}_sum{number}", total, row, self._carries if power == 1 else [])
            else:
                total = row if power > 1 else self._lifted(row)
        return total

    def _row(self, power: int, number: int, multiplicand: str, digit: str) -> str:
        """Add the row of a digit, given by its number and its index."""
        b, shape, name = self.b, self.shape, f"p{power - 1}"
        field = shape.fields(self.function.signs)[number]
        left = field.low - (shape.points[power] - shape.points[power - 1])
        if left > 0:
            multiplicand = b.let(f"{name}_shifted{number}", op.ShiftLeft(multiplicand, left))
        part = op.PartialProduct(multiplicand, digit, field.digits)
        full = b.let(f"{name}_full{number}", part, f"digit {number} times")
        cut = op.ShiftRight(full, max(-left, 0), self._slope(power - 1))
        return b.let(f"{name}_row{number}", cut, "what counts of it")
