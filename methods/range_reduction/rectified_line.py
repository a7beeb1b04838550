"""The rectified line of a function such as SiLU: what is to be added to an even function to make it.

Where ``f(-x) = f(x) + slope x``, the function less ``max(-slope x, 0)`` is even. For softplus, SiLU and GELU, of slope
-1, that line is ``max(x, 0)``, and the even rest is f(-|x|): it tends to 0 at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...functions.properties import Line
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.operations import Add, Bits, Compare, Constant, Select, Subtract
from ...plan.operations.base import Range
from ...plan.plan import PlanBuilder

__all__ = ["RectifiedLine"]


@dataclass(frozen=True)
class RectifiedLine:
    """The line ``max(slope x, 0)``, in output codes for each input code; `slope` is an integer other than 0."""

    slope: int

    @classmethod
    def of(cls, specification: Specification) -> RectifiedLine | None:
        """Return the line of a function with inputs of both signs; None where there is none on output codes."""
        symmetry, codes = specification.function.symmetry, specification.codes
        if symmetry is None or not symmetry.slope or symmetry.sign != 1 or not codes.low < 0 < codes.high:
            return None
        slope = -symmetry.slope * specification.input_format.ulp / specification.output_format.ulp
        return cls(int(slope)) if slope.denominator == 1 else None

    def above(self, specification: Specification) -> Line:
        """Return the line at inputs above 0."""
        return Line(max(self.slope, 0) * specification.output_format.ulp / specification.input_format.ulp, Fraction(0))

    def at(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the output codes at input codes, an array of the same shape."""
        return np.maximum(self.slope * codes, 0)

    def add(self, b: PlanBuilder, x: str, value: str, output: FixedFormat, negative: str = "") -> str:
        """Add the sum of a value and the line, which must be an output code; returns its name.

        Parameters
        ----------
        b
            Where the steps go.
        x, value
            The names of the input and of the value.
        output
            The format of the sum.
        negative
            The name of the step that tells whether x < 0, if there is one.

        """
        total = self.plus(b, x, value, negative)
        if Range.of(output).covers(b.range(total)):
            return total
        return b.let("wrapped", Bits(total, 0, output.width, output.fraction_bits, output.signed), "bits above repeat")

    def plus(self, b: PlanBuilder, x: str, value: str, negative: str = "") -> str:
        """Add the sum of a value and the line, whatever it is; returns its name."""
        zero = b.let("no_line", Constant(0, b.point(x)))
        if not negative:
            negative = b.let("below_0", Compare("lt", x, zero), "whether x < 0")
        chosen = Select(negative, zero, x) if self.slope > 0 else Select(negative, x, zero)
        line = b.let("rectified", chosen, "the input on one side of 0")
        if abs(self.slope) != 1 or b.point(x) != b.point(value):
            line = multiply_by_constant(
                b, "line", line, abs(self.slope), b.point(value), "the rectified line, or less it"
            )
        total = Add(value, line) if self.slope > 0 else Subtract(value, line)
        return b.let("with_line", total, "with the part of the function that is not even")
