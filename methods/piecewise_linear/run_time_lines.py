"""Units of functions with a parameter at run time: lines selected by x, exact, and rounded once (decision 040)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from ...accuracy.run_time_specification import RunTimeSpecification
from ...functions.properties import Line
from ...functions.run_time import AffineLine
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.lut_estimate import logic_size
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..base import Candidate, RefusalError

__all__ = ["run_time_candidates"]

_ZERO, _ARGUMENT = Line(Fraction(0), Fraction(0)), Line(Fraction(1), Fraction(0))
_PRODUCT = AffineLine(_ZERO, _ARGUMENT)
_IDENTITY = AffineLine(_ARGUMENT, _ZERO)


def run_time_candidates(specification: RunTimeSpecification) -> Iterator[Candidate]:
    """Yield the units of method `hard`, the smallest first by the estimate of `logic_size`.

    The value is rounded to nearest, or down where the budget admits an ulp, which saves an adder; before the selection
    or after it.

    Raises
    ------
    RefusalError
        If the function is not x above its one kink at 0 and x times the parameter below it.

    """
    function = specification.function
    if function.kinks != (Fraction(0),) or function.lines != (_PRODUCT, _IDENTITY):
        raise RefusalError(f"method hard makes x and x times a parameter, selected by sign, and {function} is another")
    budget, output = specification.budget, specification.output_format
    downward = budget is not None and budget.in_ulp(output) >= 1
    plans = {
        (plan := _plan(specification, down=down, late=late)).sha256: plan
        for down, late in product((False, True)[: 1 + downward], (False, True))
    }
    found = [Candidate(plan, {}, logic_size(plan)) for plan in plans.values()]
    yield from sorted(found, key=lambda candidate: candidate.cost)


def _plan(specification: RunTimeSpecification, *, down: bool, late: bool) -> Plan:
    """Return the plan that rounds down, or else to nearest, before it selects, or as `late` as after that."""
    function, output = specification.function, specification.output_format
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {function.name}")
    parameter = b.input(function.parameter, specification.parameter_format, "slope below 0")
    below = b.let("scaled", op.Multiply(x, parameter), "exact")
    above = x
    if late:
        bits = specification.parameter_format.fraction_bits
        if bits > 0:
            above = b.let("aligned", op.ShiftLeft(above, bits), f"x with the fraction bits of {below}")
        elif bits < 0:
            below = b.let("scaled_aligned", op.ShiftLeft(below, -bits), f"{below} with the fraction bits of x")
    else:
        below = _rounded(b, "below", below, specification, down=down)
        above = _rounded(b, "above", above, specification, down=down)
    zero = b.let("zero", op.Constant(0, specification.input_format.fraction_bits))
    negative = b.let("negative", op.Compare("lt", x, zero))
    value = b.let("selected", op.Select(negative, below, above))
    if late:
        value = _rounded(b, "selected", value, specification, down=down)
    return b.build(y=(value, output))


def _rounded(b: PlanBuilder, name: str, value: str, specification: RunTimeSpecification, *, down: bool) -> str:
    """Add steps that round a value to the output's last place, and limit it to the output's codes."""
    output = specification.output_format
    bits = b.point(value) - output.fraction_bits
    if bits < 0:
        value = b.let(f"{name}_widened", op.ShiftLeft(value, -bits), "to the output's last place")
    elif bits > 0:
        rounding = op.ShiftRight(value, bits) if down else op.Round(value, bits, "half_up")
        how = "down" if down else "to nearest"
        value = b.let(f"{name}_rounded", rounding, f"{how}, to the output's last place")
    held = Range.of(output)
    if not held.covers(b.range(value)):
        value = b.let(f"{name}_limited", op.Clamp(value, *held), "limited to the output's codes")
    return value
