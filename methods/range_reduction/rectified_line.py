"""The rectified line of a function: the slopes of its asymptotes, so that what is left saturates at both ends.

SiLU, GELU, softplus and ELU tend to x above; less ``max(x, 0)`` they tend to constants at either end. Where
``f(-x) = f(x) + slope x`` the rest is even, too: it is f(-|x|) for SiLU, GELU and softplus (decision 038).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...functions.base import Function
from ...functions.properties import Line, Symmetry
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.operations import Add, Bits, Compare, Constant, Select, Subtract
from ...plan.operations.base import Range

__all__ = ["RectifiedLine"]


@dataclass(frozen=True)
class RectifiedLine:
    """The line ``below x`` for negative x and ``above x`` for others, in output codes for each input code.

    Parameters
    ----------
    below, above
        Integers, of which one at least is not 0 and none has the other sign than the other.

    """

    below: int
    above: int

    @classmethod
    def of(cls, specification: Specification) -> RectifiedLine | None:
        """Return the line of a function, or None if its slopes are not output codes or no input that occurs has one."""
        codes = specification.codes
        unit = specification.input_format.ulp / specification.output_format.ulp
        slopes = [slope * unit for slope in _slopes(specification.function)]
        if any(slope.denominator > 1 for slope in slopes):
            return None
        below, above = (int(slope) for slope in slopes)
        occurs = bool(below and codes.low < 0) or bool(above and codes.high > 0)
        return cls(below, above) if occurs and below * above >= 0 else None

    def rest(self, specification: Specification) -> Symmetry | None:
        """Return the symmetry of the function less the line, if it has one; it is not linear."""
        symmetry = specification.function.symmetry
        if symmetry is None:
            return None
        unit = specification.input_format.ulp / specification.output_format.ulp
        linear = symmetry.sign * self.above + self.below + symmetry.slope * unit
        return None if linear else Symmetry(symmetry.sign, symmetry.total)

    def line_above(self, specification: Specification) -> Line:
        """Return the line at inputs above 0."""
        return Line(self.above * specification.output_format.ulp / specification.input_format.ulp, Fraction(0))

    def at(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the output codes at input codes, an array of the same shape."""
        return np.where(codes < 0, self.below, self.above) * codes

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
        slope = max(abs(self.below), abs(self.above))
        line = self._rectified(b, x, negative)
        if slope != 1 or b.point(x) != b.point(value):
            line = multiply_by_constant(b, "line", line, slope, b.point(value), "the rectified line, or less it")
        total = Add(value, line) if self.below + self.above > 0 else Subtract(value, line)
        return b.let("with_line", total, "with the asymptotes' slopes")

    def _rectified(self, b: PlanBuilder, x: str, negative: str) -> str:
        """Add the input where the line has a slope, and 0 elsewhere; returns its name."""
        held = b.range(x)
        if self.below == self.above or (held.low >= 0 and self.above) or (held.high < 0 and self.below):
            return x
        zero = b.let("no_line", Constant(0, b.point(x)))
        if not negative:
            negative = b.let("below_0", Compare("lt", x, zero), "whether x < 0")
        chosen = Select(negative, zero, x) if self.above else Select(negative, x, zero)
        return b.let("rectified", chosen, "the input on one side of 0")


def _slopes(function: Function) -> tuple[Fraction, Fraction]:
    """Return the slopes to take off below and above 0: those of the asymptotes, or of the symmetry if there are none.

    Of two slopes that differ and are both other than 0, none is taken.
    """
    zero = Fraction(0)
    below, above = (zero if end is None else end.slope for end in function.ends)
    if function.ends == (None, None) and function.symmetry is not None:
        return zero, -function.symmetry.slope
    return (below, above) if below == above or not below or not above else (zero, zero)
