"""Exact ends: constants that replace wrong outputs where a function is saturated, and at 0."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from ..accuracy.required import Required, critical_codes, first_code, roundest
from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.constant_multiplier import multiply_by_constant
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .composition import inline

__all__ = ["required_output", "with_exact_ends"]


def with_exact_ends(plan: Plan, specification: Specification, missed: Sequence[Required]) -> Plan:
    """Return a plan with the required outputs where another plan misses them.

    Parameters
    ----------
    plan
        The plan to correct, with one input and one output.
    specification
        The specification of that plan.
    missed
        The requirements of `Reference.required` that it does not meet at every code.

    """
    ((port, fmt),) = plan.inputs
    (output,) = plan.outputs
    b = PlanBuilder()
    x = b.input(port, fmt, plan.steps[0].note, plan.ranges[port])
    value = inline(b, plan, x, "")
    held, point = specification.codes, output.format.fraction_bits
    below = next((each for each in missed if each.codes.low == held.low and each.codes.high < 0), None)
    above = next((each for each in missed if each.codes.high == held.high and each.codes.low > 0), None)
    if below and above and not (below.slope or above.slope) and specification.function.reflection is not None:
        # A folded plan already has the magnitude.
        magnitude = next((step.name for step in plan.steps if step.operation == op.Absolute(x)), "")
        value = _at_both_ends(b, x, magnitude, value, point, specification, below, above)
        missed = [each for each in missed if each not in (below, above)]
    for required in missed:
        where = _where(b, x, specification, required)
        limit = required_output(b, x, f"{where}_output", required, point)
        value = b.let(f"{where}_value", op.Select(where, limit, value))
    return b.build(**{output.name: (value, output.format)})


def _at_both_ends(
    b: PlanBuilder,
    x: str,
    magnitude: str,
    value: str,
    point: int,
    specification: Specification,
    below: Required,
    above: Required,
) -> str:
    """Add the outputs of both ends from one magnitude on, so that a symmetric unit stays symmetric."""
    (first, last), (lower, upper) = _begins(specification, above), _begins(specification, below)
    start = roundest(max(first, 1 - upper), min(last, 1 - lower))
    if not magnitude:
        magnitude = b.let("exact_magnitude", op.Absolute(x))
    where = _compare(b, magnitude, "exact_ends", "ge", start)
    limit = b.let("exact_above_output", op.Constant(above.output, point))
    if below.output != above.output:
        zero = b.let("exact_zero", op.Constant(0, b.point(x)))
        negative = b.let("exact_negative", op.Compare("lt", x, zero), "whether x < 0")
        opposite = b.let("exact_below_output", op.Constant(below.output, point))
        limit = b.let("exact_output", op.Select(negative, opposite, limit))
    return b.let("exact_ends_value", op.Select(where, limit, value))


def required_output(b: PlanBuilder, x: str, name: str, required: Required, point: int) -> str:
    """Add the output that is required: a constant, or a line of the input; returns its name."""
    if not required.slope:
        return b.let(name, op.Constant(required.output, point))
    value = multiply_by_constant(b, f"{name}_slope", x, abs(required.slope), point, "the asymptote, but for its offset")
    if required.output or required.slope < 0:
        offset = b.let(f"{name}_offset", op.Constant(required.output, point))
        line = op.Add(offset, value) if required.slope > 0 else op.Subtract(offset, value)
        value = b.let(f"{name}_line", line, "the asymptote")
    if required.held is not None and not required.held.covers(b.range(value)):
        value = b.let(name, op.Clamp(value, *required.held), "within the output's range")
    return value


def _where(b: PlanBuilder, x: str, specification: Specification, required: Required) -> str:
    """Add whether the input has the required output; returns the name of the step."""
    zero = specification.input_format.code_of_zero
    if required.codes == Range(zero, zero):
        if "exact_zero" not in b:
            b.let("exact_zero", op.Constant(zero, b.point(x)))
        return b.let("exact_at_zero", op.Compare("eq", x, "exact_zero"), "whether x = 0")
    start = roundest(*_begins(specification, required))
    if required.codes.high == specification.codes.high:
        return _compare(b, x, "exact_above", "ge", start)
    return _compare(b, x, "exact_below", "lt", start)


def _compare(b: PlanBuilder, source: str, name: str, relation: str, start: int) -> str:
    """Add whether a step is at or above a code (``ge``), or below it (``lt``); returns the name of the comparison."""
    width = b.range(source).width
    zeros = min((start & -start).bit_length() - 1 if start else width, width - 1)
    top = b.let(f"{name}_bits", op.ShiftRight(source, zeros, 0), "the bits that tell")
    end = b.let(f"{name}_start", op.Constant(start >> zeros))
    return b.let(name, op.Compare(relation, top, end), "whether the function is saturated")


def _begins(specification: Specification, required: Required) -> tuple[int, int]:
    """Return the first and the last code at which saturation may begin or, at the lower end, the same for its end.

    Saturation may begin earlier than required where the budget admits the limit.
    """
    codes, held = required.codes, specification.codes
    budget, output, reference = specification.budget, specification.output_format, specification.reference

    def admitted(code: int) -> bool:
        error = max(abs(end - required.at(code)) for end in reference.enclosure(code))
        return budget is not None and budget.admits(error, output)

    upper = codes.high == held.high
    function = specification.function
    turns = critical_codes(function, function.ends[upper], specification.input_format, held)
    if upper:
        first = Range(max(held.low, ceil(turns[-1])) if turns else held.low, codes.low)
        return min(first_code(first, admitted), codes.low), codes.low
    last = Range(codes.high, min(held.high, floor(turns[0])) if turns else held.high)
    return codes.high + 1, max(first_code(last, lambda code: not admitted(code)), codes.high + 1)
