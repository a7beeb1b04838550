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
from .saturation_steps import SaturationSteps
from .segmentation import Segmentation
from .sign_free_evaluation import SignFreeEvaluation
from .table_network import TableNetwork

__all__ = ["build"]

_RAW_BITS = 2
"""The most bits of the lowest digit."""


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
    b, negative = builder.b, builder.negative
    counted = builder.counted()
    tail = None if segmentation is None else segmentation.tail
    address = counted if tail is None else builder.tail_address(counted, tail)
    ends = [
        SaturationSteps(b, function.size, counted, negative, side)
        for below in (False, True)
        if (side := [saturation for saturation in saturations if saturation.below == below])
    ]
    if shape.sign_free:
        raw = "x" if tail is None else builder.raw_tail(tail)
        evaluation = SignFreeEvaluation(b, function, shape, negative, raw, ends[0] if ends else None, network)
        total = evaluation.polynomial(address, tables)
        value = builder.result(total, mirrored=function.mirror is not None)
        ends = [] if evaluation.saturated else ends
    else:
        total = Evaluation(b, function, shape, negative, network).polynomial(address, tables)
        value = builder.mirrored(builder.result(total))
    for end in ends:
        value = builder.saturated(value, end)
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

    def raw_tail(self, tail: int) -> str:
        """Add the lowest bits of the address before a negative input is complemented, for two codes to a place."""
        b = self.b
        lowest = b.let("raw_near", op.Bits("x", 0, _RAW_BITS))
        halved = b.let("raw_far", op.Bits("x", 1, _RAW_BITS))
        return b.let("raw_place", op.Select("tail", halved, lowest), "the lowest bits, not complemented")

    def result(self, total: str, *, mirrored: bool = False) -> str:
        """Drop the guard bits, and replace the bits above the range of results by their constant prefix.

        With `mirrored`, the total is complemented for a negative input, and so is the prefix.
        """
        b, results, fraction = self.b, self.function.results, self.output.fraction_bits
        if results.size == 1:  # no field is as narrow
            return b.let("result", op.Constant(results.low, fraction), "the same for every input")
        bits = results.size.bit_length() - 1
        signed = results.low < 0 <= results.high
        fields = op.Bits(total, self.shape.guard, bits, fraction, signed=signed)
        result = b.let("result", fields, "in whole ulp; bits above do not occur")
        prefix, mirror = results.low >> bits, self.function.mirror
        opposite = prefix if mirror is None or not mirrored else prefix ^ mirror >> bits
        if signed or not (prefix or opposite):
            return result
        above = b.let("prefix", op.Constant(prefix))
        if opposite != prefix:
            above = b.let("sign", op.Select(self.negative, b.let("opposite_prefix", op.Constant(opposite)), above))
        return b.let("prefixed", op.Concatenate(above, result, bits, fraction), "what all results begin with")

    def mirrored(self, result: str) -> str:
        """Mirror the result for a negative input: by a complement where possible, else by a subtraction."""
        b, mirror, fraction = self.b, self.function.mirror, self.output.fraction_bits
        if mirror is None:
            return result
        constant = b.let("mirror", op.Constant(mirror, fraction))
        complement = op.Bitwise("xor", result, constant)
        operation = complement if self.function.is_complemented else op.Subtract(constant, result)
        mirrored = b.let("mirrored", operation, f"{mirror} - result")
        return b.let("signed_value", op.Select(self.negative, mirrored, result))

    def saturated(self, value: str, steps: SaturationSteps) -> str:
        """Replace the value by constants at one end."""
        fraction = self.output.fraction_bits
        signs = range(len(steps.saturations[0].results))
        constants = [[op.Constant(self._output(each, sign), fraction) for sign in signs] for each in steps.saturations]
        return steps.limited(value, constants)

    def _output(self, saturation: Saturation, sign: int) -> int:
        """Return the output of a saturation at inputs of a sign."""
        result = saturation.results[sign]
        return result if self.function.mirror is None or not sign else self.function.mirror - result
