"""Exactly symmetric plans: a plan for magnitudes, its mirror image for negative inputs, and the rectified line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from ..accuracy.excess import excess
from ..accuracy.specification import Specification
from ..functions.base import Function
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .composition import inline
from .range_reduction.rectified_line import RectifiedLine
from .range_reduction.symmetry import fold, unfold

__all__ = ["Mirrored"]


@dataclass(frozen=True)
class Mirrored:
    """A symmetric function by its values at magnitudes.

    Parameters
    ----------
    specification
        The specification of a symmetric unit.
    half
        The specification of the unit for magnitudes. It includes outputs of which only the mirror image is an output
        code, such as 1 for a logistic function in UQ0.8, whose mirror image is 0.
    line
        What is added to the unit for magnitudes, if the function is even but for it.

    """

    specification: Specification
    half: Specification
    line: RectifiedLine | None = None

    @classmethod
    def of(cls, specification: Specification) -> Mirrored:
        """Return a specification with that of its unit for magnitudes.

        Raises
        ------
        ValueError
            If magnitudes have more bits than a format can have.

        """
        source = specification.input_format
        codes = Range(0, max(-specification.codes.low, specification.codes.high))
        magnitude = FixedFormat(False, max(codes.width - source.fraction_bits, 0), source.fraction_bits)
        function = specification.function
        line = RectifiedLine.of(specification) if function.reflection is None else None
        if line is not None:
            function = excess(function, line.line_above(specification))
        half = replace(
            specification,
            function=function,
            input_format=magnitude,
            output_format=_values(specification, function, magnitude, codes),
            saturate=True,
            input_range=None if codes == Range.of(magnitude) else codes,
            symmetric=False,
        )
        return cls(specification, half, line)

    def plan(self, half: Plan) -> Plan:
        """Return the plan for both signs, made from one for magnitudes."""
        specification, output = self.specification, self.specification.output_format
        symmetry = specification.function.symmetry
        assert symmetry is not None  # or the specification would not be symmetric
        b = PlanBuilder()
        x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
        magnitude = fold(b, x)
        value = unfold(b, symmetry, x, inline(b, half, magnitude, "half_"))
        if self.line is not None:
            value = self.line.plus(b, x, value)
        if not specification.outputs.covers(b.range(value)):
            limited = op.Clamp(value, *specification.outputs)
            value = b.let("limited", limited, f"limited to {output}")
        return b.build(y=(value, output))


def _values(specification: Specification, function: Function, magnitude: FixedFormat, codes: Range) -> FixedFormat:
    """Return the smallest format of the values at magnitudes that are output codes or have such a mirror image."""
    output, symmetry = specification.output_format, specification.function.symmetry
    assert symmetry is not None
    if symmetry.slope:
        wide = FixedFormat(True, output.integer_bits + 2, output.fraction_bits)
        rest = Specification(function, magnitude, wide, saturate=True).extremes(*codes)
        held = Range(*(floor(value + Fraction(1, 2)) for value in rest))
        return FixedFormat(held.signed, max(held.width - output.fraction_bits, int(held.signed)), output.fraction_bits)
    if symmetry.sign == 1:
        return output
    lowest, highest = (floor(value + Fraction(1, 2)) for value in specification.extremes(*codes))
    total = int(symmetry.total / output.ulp)
    held = Range(
        max(lowest, min(specification.outputs.low, total - specification.outputs.high)),
        min(highest, max(specification.outputs.high, total - specification.outputs.low)),
    )
    integer_bits = max(held.width - output.fraction_bits, int(held.signed))
    return FixedFormat(held.signed, integer_bits, output.fraction_bits)
