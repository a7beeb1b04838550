"""Outputs that are exact whatever a budget leaves free: a function's limits and asymptotes, and its value at 0.

A gate that is merely faithful may stay an ulp open for ever. So an input is called *saturated* if from there outwards
the function stays within half an ulp of its limit, rounded to the output's last place; there the output is that limit.
The same holds for an asymptote whose values are output codes, such as x of SiLU, and at 0, where training puts most
inputs: there the output is f(0) if that is a code (decision 028).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..functions.base import Function
from ..functions.critical_points import monotonicity
from ..functions.properties import Asymptote
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from .decide import is_near
from .excess import excess
from .limits import EXHAUSTIVE_CODES

__all__ = ["Inputs", "Required", "critical_codes", "first_code", "required_outputs", "roundest", "saturated_codes"]

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Required:
    """The output codes that consecutive input codes must have.

    Attributes
    ----------
    codes
        The input codes.
    output
        The output code at each of them; on a line, that at input code 0.
    slope
        Output codes per input code; 0 for a constant.
    held
        The output codes that a line is limited to.

    """

    codes: Range
    output: int
    slope: int = 0
    held: Range | None = None

    def at(self, code: int) -> int:
        """Return the required output code at an input code."""
        output = self.slope * code + self.output
        return output if self.held is None else min(max(output, self.held.low), self.held.high)

    def outputs(self, codes: NDArray[Any]) -> NDArray[Any]:
        """Return the required output code for each of some input codes."""
        if not self.slope:
            return np.full(len(codes), self.output, dtype=np.int64 if abs(self.output) < 1 << 62 else object)
        outputs: NDArray[Any] = codes.astype(np.int64) * self.slope + self.output
        return outputs if self.held is None else np.clip(outputs, *self.held)


class Inputs(NamedTuple):
    """The inputs of a unit, its function, and the output codes that it may give."""

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    codes: Range
    outputs: Range


class _Line(NamedTuple):
    """A limit or an asymptote in output codes: ``slope * code + offset``."""

    slope: int
    offset: int

    def at(self, code: int) -> int:
        return self.slope * code + self.offset


def required_outputs(inputs: Inputs) -> tuple[Required, ...]:
    """Return the outputs required at the input codes of a unit, in ascending order of these.

    The codes of the entries do not overlap. A limit beyond the output's range is clamped to it, as the function is.
    """
    below, above = (_line(inputs, end) for end in inputs.function.ends)
    first, last = saturated_codes(inputs, below, above)
    first = Range(first.low, min(first.high, last.low - 1))  # a tie of both goes up, as rounding does
    found = [
        Required(codes, line.offset, line.slope, inputs.outputs)
        if line.slope
        else Required(codes, min(max(line.offset, inputs.outputs.low), inputs.outputs.high))
        for line, codes in ((below, first), (above, last))
        if line is not None and codes.low <= codes.high
    ]
    centre = _value_at_zero(inputs)
    zero = inputs.input_format.shown.code_of_zero
    if centre is not None and not any(zero in each.codes for each in found):
        found.append(Required(Range(zero, zero), centre))
    return tuple(sorted(found, key=lambda each: each.codes))


def _line(inputs: Inputs, end: Asymptote | None) -> _Line | None:
    """Return the output codes at an end; None if there is no line, or one that is not on output codes."""
    if end is None:
        return None
    ulp = inputs.output_format.ulp
    if not end.slope:
        return _Line(0, floor(end.offset / ulp + _HALF))
    slope, offset = end.slope * inputs.input_format.ulp / ulp, end.offset / ulp
    if slope.denominator > 1 or offset.denominator > 1:
        return None
    if inputs.codes.size > EXHAUSTIVE_CODES:  # outputs on a line that slopes could not be proved
        return None
    return _Line(int(slope), int(offset))


def saturated_codes(
    inputs: Inputs, below: _Line | None, above: _Line | None, tolerance: Fraction = _HALF
) -> tuple[Range, Range]:
    """Return the codes at the lower and at the upper end from which outwards a function is within a tolerance of lines.

    Of no codes, the high is below the low.
    """
    codes = inputs.codes
    first, last = Range(codes.low, codes.low - 1), Range(codes.high + 1, codes.high)
    # Up to its first critical point and from its last one on, the distance from a line goes one way: what is near there
    # begins at the end, or nowhere.
    if below is not None and _is_near(inputs, codes.low, below, tolerance):
        points = critical_codes(inputs.function, inputs.function.ends[0], inputs.input_format, codes)
        before = Range(codes.low, max(codes.low, min(codes.high, floor(points[0])))) if points else codes
        stop = first_code(before, lambda code: not _is_near(inputs, code, below, tolerance))
        first = Range(codes.low, stop - 1)
    if above is not None and _is_near(inputs, codes.high, above, tolerance):
        points = critical_codes(inputs.function, inputs.function.ends[1], inputs.input_format, codes)
        after = Range(min(codes.high, max(codes.low, ceil(points[-1]))), codes.high) if points else codes
        last = Range(first_code(after, lambda code: _is_near(inputs, code, above, tolerance)), codes.high)
    return first, last


def critical_codes(
    function: Function, line: Asymptote | None, source: FixedFormat, codes: Range
) -> tuple[Fraction, ...]:
    """Return the critical points of a function's distance from a line, in input codes, among those given."""
    low, high = map(source.value, codes)
    return monotonicity(excess(function, line), low, high).in_units(source.ulp).points


def _is_near(inputs: Inputs, code: int, line: _Line, tolerance: Fraction) -> bool:
    return is_near(inputs.function, inputs.input_format.value(code), inputs.output_format, line.at(code), tolerance)


def _value_at_zero(inputs: Inputs) -> int | None:
    """Return f(0) in ulp of the output if 0 occurs and that is an output code."""
    zero = inputs.input_format.shown.code_of_zero
    if zero not in inputs.codes:
        return None
    exact = inputs.function.exact(inputs.input_format.value(zero))
    if exact is None:
        return None
    value = exact / inputs.output_format.ulp
    return int(value) if value.denominator == 1 and int(value) in inputs.outputs else None


def first_code(codes: Range, holds: Callable[[int], bool]) -> int:
    """Return the first code from which a condition holds, or the one after the last if it holds at no code."""
    low, high = codes.low, codes.high + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def roundest(low: int, high: int) -> int:
    """Return the integer between two, both included, with the most trailing zeros: a comparison with it is short."""
    if low <= 0 <= high:
        return 0
    zeros = 0
    while -(-low >> zeros + 1) << zeros + 1 <= high:
        zeros += 1
    return -(-low >> zeros) << zeros
