"""A plan made exact where its function is saturated, and at 0: a constant in place of the outputs that it misses."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from . import operations as op
from .composition import inline
from .operation import Range
from .plan import Plan, PlanBuilder
from .required import Required, first_code, roundest
from .specification import Specification

__all__ = ["with_exact_ends"]


def with_exact_ends(plan: Plan, specification: Specification, missed: Sequence[Required]) -> Plan:
    """Return a plan that gives the outputs that are required where another one misses them.

    Parameters
    ----------
    plan
        The other plan; it has one input and one output.
    specification
        What it approximates.
    missed
        Those of `Reference.required` that it does not give at every code.

    """
    ((port, fmt),) = plan.inputs
    (output,) = plan.outputs
    b = PlanBuilder()
    x = b.input(port, fmt, plan.steps[0].note, plan.ranges[port])
    value = inline(b, plan, x, "")
    for required in missed:
        where = _where(b, x, specification, required)
        limit = b.let(f"{where}_output", op.Constant(required.output, output.format.fraction_bits))
        value = b.let(f"{where}_value", op.Select(where, limit, value))
    return b.build(**{output.name: (value, output.format)})


def _where(b: PlanBuilder, x: str, specification: Specification, required: Required) -> str:
    """Add whether the input is one of those at which an output is required; returns its name."""
    codes, held = required.codes, specification.codes
    if codes == Range(0, 0):
        zero = b.let("exact_zero", op.Constant(0, b.point(x)))
        return b.let("exact_at_zero", op.Compare("eq", x, zero), "whether x = 0")
    above = codes.high == held.high
    start = _start(specification, required, above=above)
    zeros = (start & -start).bit_length() - 1 if start else b.range(x).width - 1
    zeros = min(zeros, b.range(x).width - 1)
    name = "exact_above" if above else "exact_below"
    top = b.let(f"{name}_bits", op.ShiftRight(x, zeros, 0), "the bits that tell")
    end = b.let(f"{name}_start", op.Constant(start >> zeros))
    relation = "ge" if above else "lt"
    return b.let(name, op.Compare(relation, top, end), "whether the function is saturated")


def _start(specification: Specification, required: Required, *, above: bool) -> int:
    """Return the code from which on, or below which, the output is constant.

    Saturation may begin earlier than it must, where the budget admits the limit. Of these codes it is the one with the
    most trailing zeros: that takes the shortest comparison.
    """
    codes, held = required.codes, specification.codes
    budget, output, reference = specification.budget, specification.output_format, specification.reference

    def admitted(code: int) -> bool:
        error = max(abs(end - required.output) for end in reference.enclosure(code))
        return budget is not None and budget.admits(error, output)

    turns = [turn / specification.input_format.ulp for turn in specification.function.turns]
    if above:
        first = Range(max(held.low, ceil(turns[-1])) if turns else held.low, codes.low)
        return roundest(min(first_code(first, admitted), codes.low), codes.low)
    last = Range(codes.high, min(held.high, floor(turns[0])) if turns else held.high)
    return roundest(codes.high + 1, max(first_code(last, lambda code: not admitted(code)), codes.high + 1))
