"""Inputs of many integer bits: a unit for the codes near 0, and what is required beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...accuracy.limits import EXHAUSTIVE_CODES, SEARCHED_CODES
from ...accuracy.required import Required
from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.lut_estimate import logic_size
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..base import Candidate
from ..composition import inline
from ..exact_ends import required_output

__all__ = ["InnerCodes", "inner_codes"]


@dataclass(frozen=True)
class InnerCodes:
    """A function whose output is required beyond the codes of a narrower input format: a limit or an asymptote.

    Parameters
    ----------
    specification
        The specification of the unit.
    part
        The same over the codes of the narrower format that occur.
    below, above
        What is required of the inputs beyond the format on either side; None where there are none.

    """

    specification: Specification
    part: Specification
    below: Required | None
    above: Required | None

    @classmethod
    def of(cls, specification: Specification) -> InnerCodes | None:
        """Return the inner codes in as few bits as there can be; None unless that is fewer than the input has."""
        codes, source = specification.codes, specification.input_format
        if specification.admitted is not None or source.code_of_zero or codes.size > EXHAUSTIVE_CODES:
            return None
        required = specification.reference.required
        below = next((each for each in required if each.codes.low == codes.low), None)
        above = next((each for each in required if each.codes.high == codes.high), None)
        if below is above:
            return None
        inner = Range(below.codes.high + 1 if below else codes.low, above.codes.low - 1 if above else codes.high)
        if inner.size < 1 or inner.width >= source.width:
            return None
        width = max(inner.width, 2)
        narrow = FixedFormat(source.signed, width - source.fraction_bits, source.fraction_bits)
        whole = Range.of(narrow)
        held = Range(max(whole.low, codes.low), min(whole.high, codes.high))
        part = replace(
            specification,
            input_format=narrow,
            input_range=None if held == whole else held,
            max_bias=None,  # that of the unit is measured
        )
        return cls(
            specification,
            part,
            below if codes.low < held.low else None,
            above if held.high < codes.high else None,
        )

    def candidates(self, parts: Iterator[Candidate]) -> Iterator[Candidate]:
        """Yield the candidates for the unit, made from those for the part."""
        for part in parts:
            yield part.mapped(self._around)

    def _around(self, part: Candidate) -> Candidate:
        plan = self.plan(part.plan)
        return Candidate(plan, part.parameters, part.cost + logic_size(plan) - logic_size(part.plan))

    def plan(self, part: Plan) -> Plan:
        """Return the plan of the unit, made from one for the part."""
        specification, narrow = self.specification, self.part.input_format
        output = specification.output_format
        b = PlanBuilder()
        x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
        inner: op.Operation = op.Bits(x, 0, narrow.width, narrow.fraction_bits, narrow.signed)
        if self.part.input_range is not None:  # the lowest bits of a code beyond may be one that the part has not
            inner = op.Clamp(x, *self.part.input_range)
        value = inline(b, part, b.let("inner", inner, f"the codes of {narrow}"), "inner_")
        upper = b.let("upper", op.ShiftRight(x, narrow.width - narrow.signed, 0), "the bits that tell whether x is one")
        ends = ("below", "lt", -1, self.below), ("above", "gt", 0, self.above)
        for name, relation, bound, required in ends:
            if required is not None:
                limit = b.let(f"{name}_inner", op.Constant(bound))
                beyond = b.let(f"{name}_codes", op.Compare(relation, upper, limit), f"whether x is {name} them")
                wanted = required_output(b, x, f"{name}_output", required, output.fraction_bits)
                value = b.let(f"{name}_value", op.Select(beyond, wanted, value))
        return b.build(y=(value, output))


def inner_codes(specification: Specification) -> InnerCodes | None:
    """Return the inner codes of a specification with too many codes to search, if these are not too many as well."""
    if specification.codes.size <= SEARCHED_CODES:
        return None
    inner = InnerCodes.of(specification)
    return None if inner is None or inner.part.codes.size > SEARCHED_CODES else inner
