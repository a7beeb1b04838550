"""A function and its derivative from one finer value of the function, where the derivative is a polynomial of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..accuracy.budget import Budget
from ..accuracy.specification import Specification
from ..functions import create_function
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .composition import Composition, inline

__all__ = ["InnerValue", "inner_values"]

_MOST_GUARD_BITS = 8

_CHOICES = 2
"""Number of word lengths tried for the inner value: with a longer one its unit may be off by more ulp, but is wider."""


@dataclass(frozen=True)
class InnerValue:
    """A function and its derivative, such as s and s (1 - s), from a value of s that is finer than the output.

    Attributes
    ----------
    value
        The specification of the function.
    composition
        The derivative, by its identity.
    specification
        The specification of the inner value, with the budget that leaves room for rounding it in both.
    guard_bits
        Fraction bits of the inner value beyond those of the derivative.

    """

    value: Specification
    composition: Composition
    specification: Specification
    guard_bits: int

    def value_plan(self, inner: Plan) -> Plan:
        """Return the plan of the function: the inner value, rounded half up and limited to the output."""
        output, b = self.value.output_format, PlanBuilder()
        # The names are those of `derivative_plan`, so that merged plans read well.
        x = b.input("x", self.value.input_format, f"argument of {self.value.function}", self.value.codes)
        result = inline(b, inner, x, self._prefix)
        if (excess := b.point(result) - output.fraction_bits) > 0:
            result = b.let("y_rounded", op.Round(result, excess, "half_up"), "rounded to the output's last place")
        if not Range.of(output).covers(b.range(result)):
            result = b.let("y_limited", op.Clamp(result, output.min_code, output.max_code), f"limited to {output}")
        return b.build(y=(result, output))

    def derivative_plan(self, inner: Plan) -> Plan:
        """Return the plan of the derivative: the polynomial of the inner value, rounded half up."""
        return self.composition.plan(inner)

    @property
    def _prefix(self) -> str:
        return f"{self.composition.identity.of}_"


def inner_values(value: Specification, derivative: Specification) -> Iterator[InnerValue]:
    """Yield inner values from which both outputs may meet the budget, the coarsest first; none without an identity.

    Parameters
    ----------
    value, derivative
        The specifications of the function and of its derivative, of the same input.

    """
    identity, budget = derivative.function.identity, value.budget
    if identity is None or identity.scale or identity.linear or create_function(identity.of) != value.function:
        return
    limit = [Fraction(1)] * 2 if budget is None else [budget.in_ulp(each.output_format) for each in (value, derivative)]
    natural = Composition.natural_fraction(derivative)
    places, tried = value.output_format.fraction_bits, 0
    for fraction in range(max(natural, places), max(natural, places) + _MOST_GUARD_BITS):
        composition = Composition.of(derivative, fraction, folded=False)
        rounding = Fraction(1, 2) if fraction > places else Fraction(0)
        inner_ulp = composition.base.output_format.ulp
        growth = composition.gain * inner_ulp / derivative.output_format.ulp
        room = min((limit[0] - rounding) * value.output_format.ulp / inner_ulp, (limit[1] - Fraction(1, 2)) / growth)
        if room < 1:  # it would have to be better than faithful, which costs more than bits
            continue
        # A value that is monotonic stays so when it is rounded.
        asked = replace(composition.base, budget=Budget(room, True), monotonic=value.monotonic, ends=value.ends)
        yield InnerValue(value, composition, asked, fraction - natural)
        if (tried := tried + 1) == _CHOICES:
            return
