"""The plan of a unit from its coefficients."""

from __future__ import annotations

from collections.abc import Sequence

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.plan import Plan
from .datapath_shape import DatapathShape
from .evaluation import Evaluation, Tables
from .folded_function import FoldedFunction
from .saturation import Saturation
from .segmentation import Segmentation
from .table_network import TableNetwork

__all__ = ["build"]

_MOST_TOP_BITS = 12
"""The most bits of a code that one table compares with that at which saturation begins: more take synthesis long."""

_LOW_BITS = 8
"""Bits of the index of a table that compares the lowest of them."""

_CONSTANTS = ("constant", "opposite")
"""Names of the outputs at saturated inputs, that of negative ones last."""


def build(
    function: FoldedFunction,
    shape: DatapathShape,
    tables: Tables,
    saturations: Sequence[Saturation],
    segmentation: Segmentation | None = None,
    network: TableNetwork | None = None,
) -> Plan:
    """Return the plan of a unit: the polynomials of the folded function, the logic for the sign, and saturation.

    Parameters
    ----------
    function, shape
        The folded function, and the word lengths of its datapath.
    tables
        Coefficients of each power from 0 on, with one entry for each segment.
    saturations
        Ends of u where constants stand for the function.
    segmentation
        The address of every code of u; if None, each code is its own address.
    network
        The network that gives the coefficients; without one, each has a table.

    """
    builder = _Builder(function, shape)
    counted = builder.counted()
    address = (
        counted
        if segmentation is None or segmentation.tail is None
        else builder.tail_address(counted, segmentation.tail)
    )
    total = Evaluation(builder.b, function, shape, builder.negative, network).polynomial(address, tables)
    result = builder.result(total)
    value = builder.mirrored(result)
    for below in (False, True):
        if side := [saturation for saturation in saturations if saturation.below == below]:
            value = builder.saturated(value, counted, side)
    if function.line is not None:
        value = function.line.add(builder.b, "x", value, function.specification.output_format, builder.negative)
    return builder.b.build(y=(value, function.specification.output_format))


class _Builder:
    def __init__(self, function: FoldedFunction, shape: DatapathShape) -> None:
        self.function, self.shape, self.b = function, shape, PlanBuilder()
        specification = function.specification
        self.source, self.output = specification.input_format, specification.output_format
        self.b.input("x", self.source, f"argument of {specification.function}", specification.codes)
        self.negative = ""
        if function.folded:
            zero = self.b.let("zero", op.Constant(0, self.source.fraction_bits))
            self.negative = self.b.let("negative", op.Compare("lt", "x", zero), "whether x < 0")

    def counted(self) -> str:
        """Add u: the input counted from the origin, or complemented if it is negative and the function is folded."""
        b, width = self.b, self.function.width
        if self.negative:
            ones = b.let("ones", op.Constant(-1, self.source.fraction_bits))
            complement = b.let("complement", op.Bitwise("xor", "x", ones), "-x, one short")
            folded = b.let("folded", op.Select(self.negative, complement, "x"))
            return b.let("u", op.Bits(folded, 0, width), "the magnitude, one short for a negative input")
        if self.function.descending:
            ones = b.let("ones", op.Constant(-1, self.source.fraction_bits))
            complement = b.let("complement", op.Bitwise("xor", "x", ones), "-x, one short")
            return b.let("u", op.Bits(complement, 0, width), "counted from 0 downwards")
        address = b.let("u", op.Bits("x", 0, width), "the bits of the input that differ")
        if self.function.origin >= 0:
            return address
        half = b.let("half", op.Constant(1 << (width - 1)))
        return b.let("counted", op.Bitwise("xor", address, half), "the input counted from the lowest")

    def tail_address(self, counted: str, tail: int) -> str:
        """Add the address of u; in the tail, two codes share one."""
        b = self.b
        is_tail = b.let("tail", op.Bits(counted, tail, 1), "whether two codes have one place")
        near = b.let("near", op.Bits(counted, 0, tail))
        halved = b.let("halved", op.ShiftRight(near, 1, 0))
        below = b.let("below_tail", op.Select(is_tail, halved, near))
        return b.let("place", op.Concatenate(is_tail, below, tail, 0), "of u among the segments")

    def result(self, total: str) -> str:
        """Drop the guard bits, and replace the bits above the range of results by their constant prefix."""
        b, results, fraction = self.b, self.function.results, self.output.fraction_bits
        if results.size == 1:  # no field is as narrow
            return b.let("result", op.Constant(results.low, fraction), "the same for every input")
        bits = results.size.bit_length() - 1
        signed = results.low < 0 <= results.high
        fields = op.Bits(total, self.shape.guard, bits, fraction, signed=signed)
        result = b.let("result", fields, "in whole ulp; bits above do not occur")
        prefix = results.low >> bits
        if signed or not prefix:
            return result
        above = b.let("prefix", op.Constant(prefix))
        return b.let("prefixed", op.Concatenate(above, result, bits, fraction), "what all results begin with")

    def mirrored(self, result: str) -> str:
        """Mirror the result for a negative input: by a complement where possible, else by a subtraction."""
        b, mirror, fraction = self.b, self.function.mirror, self.output.fraction_bits
        if mirror is None:
            return result
        constant = b.let("mirror", op.Constant(mirror, fraction))
        is_complement = mirror & (mirror + 1) == 0 and (mirror == -1 or op.Range(0, mirror).covers(b.range(result)))
        operation = op.Bitwise("xor", result, constant) if is_complement else op.Subtract(constant, result)
        mirrored = b.let("mirrored", operation, f"{mirror} - result")
        return b.let("signed_value", op.Select(self.negative, mirrored, result))

    def saturated(self, value: str, address: str, saturations: Sequence[Saturation]) -> str:
        """Replace the value by constants at one end; each saturation overrides those further in."""
        b = self.b
        first, *others = saturations
        suffix = "_below" if first.below else ""
        saturated = self._is_saturated(address, first, suffix, "whether the function is as good as constant")
        limits = [self._limit(first, sign, suffix) for sign in range(len(first.results))]
        for number, other in enumerate(others):
            where = f"_beyond{number + 1 if number else ''}"
            beyond = self._is_saturated(address, other, where, "whether another constant is required", first.start)
            for sign, limit in enumerate(limits):
                if self._output(other, sign) != self._output(first, sign):
                    there = op.Select(beyond, self._limit(other, sign, where), limit)
                    limits[sign] = b.let(f"{_CONSTANTS[sign]}_there{where.removeprefix('_beyond')}", there)
        limit, *opposite = limits
        if opposite:
            limit = b.let(f"limit{suffix}", op.Select(self.negative, opposite[0], limit))
        return b.let(f"limited{suffix}", op.Select(saturated, limit, value))

    def _is_saturated(self, address: str, saturation: Saturation, suffix: str, note: str, least: int = 0) -> str:
        """Add whether u is a code of a saturation; below `least` the answer may be wrong."""
        b, start = self.b, saturation.start
        zeros = (start & -start).bit_length() - 1
        bits = (least ^ self.function.size - 1).bit_length() - zeros  # those above are the same from `least` on
        first = start >> zeros & (1 << bits) - 1
        reached = ""
        while bits > _MOST_TOP_BITS:
            taken = _LOW_BITS - bool(reached)
            part = b.let(f"low{zeros}{suffix}", op.Bits(address, zeros, taken), "its lowest bits")
            reached = self._reached(f"reached{zeros}{suffix}", part, reached, first & (1 << taken) - 1, taken)
            zeros, bits, first = zeros + taken, bits - taken, first >> taken
        top = b.let(f"top{suffix}", op.Bits(address, zeros, bits), "bits that tell")
        return self._reached(f"saturated{suffix}", top, reached, first, bits, below=saturation.below, note=note)

    def _reached(
        self, name: str, part: str, lower: str, first: int, bits: int, *, below: bool = False, note: str = ""
    ) -> str:
        """Add whether a part of a code reaches `first` (if `below`: whether not), `lower` saying so of lower bits."""
        b = self.b
        if not lower:
            table = tuple(int((code < first) == below) for code in range(1 << bits))
            return b.let(name, op.Lookup(part, table), note)
        index = b.let(f"{name}_by", op.Concatenate(part, lower, 1, 0), "and whether the bits below it do")
        table = tuple(int((code < first << 1 | 1) == below) for code in range(2 << bits))
        return b.let(name, op.Lookup(index, table), note)

    def _limit(self, saturation: Saturation, sign: int, suffix: str) -> str:
        constant = op.Constant(self._output(saturation, sign), self.output.fraction_bits)
        return self.b.let(_CONSTANTS[sign] + suffix, constant)

    def _output(self, saturation: Saturation, sign: int) -> int:
        """Return the output of a saturation at inputs of a sign."""
        result = saturation.results[sign]
        return result if self.function.mirror is None or not sign else self.function.mirror - result
