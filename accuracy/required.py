"""Outputs that are exact whatever a budget leaves free: a function's limits where it is saturated, and its value at 0.

A gate that is merely faithful may stay an ulp open for ever. So an input is called *saturated* if from there outwards
the function stays within half an ulp of its limit, rounded to the output's last place; there the output is that limit.
At 0, where training puts most inputs, the output is f(0) if that is a code (decision 028).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from ..functions.base import Function
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from .decide import is_near

__all__ = ["Inputs", "Required", "first_code", "required_outputs", "roundest"]

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Required:
    """The output code that consecutive input codes must have."""

    codes: Range
    output: int


class Inputs(NamedTuple):
    """The inputs of a unit, its function, and the output codes that it may give."""

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    codes: Range
    outputs: Range


def required_outputs(inputs: Inputs) -> tuple[Required, ...]:
    """Return the outputs required at the input codes of a unit, in ascending order of these.

    The codes of the entries do not overlap. A limit beyond the output's range is clamped to it, as the function is.
    """
    function, output = inputs.function, inputs.output_format
    ends = function.limits if function.ramp is None else (function.ramp.low, function.ramp.high)
    found: list[Required] = []
    if ends is not None:
        below, above = (floor(end / output.ulp + _HALF) for end in ends)
        first, last = _saturated(inputs, below, above)
        first = Range(first.low, min(first.high, last.low - 1))  # a tie of both goes up, as rounding does
        found = [
            Required(part, min(max(limit, inputs.outputs.low), inputs.outputs.high))
            for part, limit in ((first, below), (last, above))
            if part.low <= part.high
        ]
    centre = _value_at_zero(inputs)
    if centre is not None and not any(0 in each.codes for each in found):
        found.append(Required(Range(0, 0), centre))
    return tuple(sorted(found, key=lambda each: each.codes))


def _saturated(inputs: Inputs, below: int, above: int) -> tuple[Range, Range]:
    """Return the codes at the lower and at the upper end that are saturated; of none, the high is below the low."""
    function, codes, source = inputs.function, inputs.codes, inputs.input_format
    turns = [turn / source.ulp for turn in function.turns]
    # Up to its first turn and from its last one on the function goes one way, so that what is close to a limit is all
    # that lies beyond the first code that is.
    before = Range(codes.low, min(codes.high, floor(turns[0]))) if turns else codes
    after = Range(max(codes.low, ceil(turns[-1])), codes.high) if turns else codes

    def off(code: int, limit: int) -> bool:
        return not is_near(function, source.value(code), inputs.output_format, limit, _HALF)

    first = Range(codes.low, first_code(before, lambda code: off(code, below)) - 1) if before.size > 0 else before
    last = Range(first_code(after, lambda code: not off(code, above)), codes.high) if after.size > 0 else after
    return first, last


def _value_at_zero(inputs: Inputs) -> int | None:
    """Return f(0) in ulp of the output if 0 occurs and that is an output code."""
    if 0 not in inputs.codes:
        return None
    exact = inputs.function.exact(Fraction(0))
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
