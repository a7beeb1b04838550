"""From coefficients to a plan."""

from __future__ import annotations

from collections.abc import Sequence

from .. import operations as op
from ..plan import Plan, PlanBuilder
from .core import Core
from .evaluation import Evaluation, Tables
from .places import Places
from .saturation import Saturation
from .shape import Shape

__all__ = ["build"]


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
    total = Evaluation(builder.b, core, shape, builder.negative).polynomial(place, tables)
    result = builder.result(total)
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
