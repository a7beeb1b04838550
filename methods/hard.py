"""Piecewise linear functions: lines of few adders within the budget in any format (decisions 026 and 035)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from ..accuracy.limits import EXHAUSTIVE_CODES
from ..accuracy.specification import Specification
from ..plan.builder import PlanBuilder
from ..plan.constant_multiplier import add_shifted, multiply_by_constant
from ..plan.lut_estimate import logic_size
from ..plan.operations import Clamp, Constant, ShiftLeft, ShiftRight
from .base import Candidate, Method
from .piecewise_linear.datapath import plan_of
from .piecewise_linear.segments import Segments, segmentations
from .ramps.lines import lines
from .ramps.scaled_ramp import Line, ScaledRamp

__all__ = ["Hard"]

_MOST_LINES = 1 << 8
"""The most lines that are selected from by comparisons with all kinks, one for each."""


class Hard(Method):
    """A piecewise linear function, as the multiples of the input with the fewest adders within the budget.

    A ramp is one line between two limits: a constant multiplier, one addition, a shift and a clamp. Any other such
    function is lines selected by comparisons of the input with its kinks; where it is a ramp over the inputs that
    occur, as ReLU is, both are candidates. Without a budget they are correctly rounded.
    """

    name = "hard"
    aliases = ("ramp",)
    summary = "a piecewise linear function by constant multipliers of few adders, within the budget at every input"
    searched = range(65)

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        pieces = specification.function.piecewise_linear
        if pieces is None:
            return f"method hard makes piecewise linear functions, and {specification.function} is not one"
        if len(pieces.lines) > _MOST_LINES:
            lines = f"{specification.function} has {len(pieces.lines)}"
            return f"method hard makes functions of at most {_MOST_LINES} lines, and {lines}"
        return None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        found: list[Candidate] = []
        stated = specification.function.ramp is not None
        # The rounding of a ramp is not made symmetric.
        ramp = ScaledRamp.found(specification) if stated or not specification.symmetric else None
        if ramp is not None:
            first, last = (ramp.rounded(code) for code in specification.codes)
            found += [_constant(ramp, first)] if first == last else [_candidate(ramp, line) for line in lines(ramp)]
        if not stated:
            found += _by_segments(specification)
        yield from sorted(found, key=lambda candidate: candidate.cost)


def _by_segments(specification: Specification) -> Iterator[Candidate]:
    """Yield the units that select among lines."""
    split = specification.codes.size <= EXHAUSTIVE_CODES
    for segments in segmentations(specification):
        plan = plan_of(specification, segments, split=split)
        yield Candidate(plan, {}, logic_size(plan), partial(_bound, segments))


def _bound(segments: Segments) -> Fraction | None:
    return segments.bound


def _builder_with_input(specification: Specification) -> tuple[PlanBuilder, str]:
    b = PlanBuilder()
    return b, b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)


def _constant(ramp: ScaledRamp, code: int) -> Candidate:
    """Return the unit with a single output: as a ramp does not decrease, both ends having one output is enough."""
    output = ramp.specification.output_format
    b, _ = _builder_with_input(ramp.specification)
    value = b.let("constant", Constant(code, output.fraction_bits), "the same for every input")
    return Candidate(b.build(y=(value, output)), {}, 0, lambda: Fraction(1, 2))


def _candidate(ramp: ScaledRamp, line: Line) -> Candidate:
    """Return the unit that evaluates a line, and limits it to the ramp's ends."""
    output = ramp.specification.output_format
    split = ramp.specification.codes.size <= EXHAUSTIVE_CODES
    b, value = _builder_with_input(ramp.specification)
    if line.before:
        before = int(line.before * (1 << line.extension))
        value = _plus(b, "moved", value, before, line.extension, "x + offset / slope", split=split)
    bits = line.bits + (line.extension if line.before else 0)
    point = output.fraction_bits + bits
    note = f"slope * {value}, {bits} bits below the output's last place" if bits else f"slope * {value}"
    value = multiply_by_constant(b, "scaled", value, line.multiple, point, note, split=split)
    if line.after:
        what = "offset plus half an output ulp, for rounding"
        wider = max(line.extension - bits, 0)
        constant = int(line.after * (1 << (bits + wider)))
        value = _plus(b, "shifted", value, constant, wider, f"{value} + {what}", split=split)
        bits += wider
    if bits:
        value = b.let("rounded", ShiftRight(value, bits), "rounded to the output's last place")
    if not (ramp.low <= b.range(value).low and b.range(value).high <= ramp.high):
        value = b.let("limited", Clamp(value, ramp.low, ramp.high), "limited to the ramp's ends")
    plan = b.build(y=(value, output))
    return Candidate(plan, {}, logic_size(plan), lambda: ramp.largest_error(line))


def _plus(b: PlanBuilder, name: str, source: str, constant: int, extension: int, note: str, *, split: bool) -> str:
    """Add steps for ``source * 2**extension + constant``, with `extension` more fraction bits, in a narrow adder."""
    fraction = b.point(source) + extension
    if extension:
        source = b.let(f"{name}_from", ShiftLeft(source, extension, fraction), "with bits below")
    zeros = (constant & -constant).bit_length() - 1
    held = b.range(source)
    if held.low % (1 << zeros) or (held.high + 1) % (1 << zeros):  # the range of a sum in parts would not be exact
        zeros = 0
    added = b.let("offset", Constant(constant >> zeros, fraction - zeros), note)
    return add_shifted(b, name, added, zeros, source, note, split=split)
