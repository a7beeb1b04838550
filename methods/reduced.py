"""Reduced plans: a plan for a reduced input, with the range reduction before it and behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from ..accuracy.admissible import admissible
from ..accuracy.admitted import ANY, Admitted
from ..accuracy.budget import Budget
from ..accuracy.limits import SEARCHED_CODES
from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.formats import FixedFormat
from ..plan.lut_estimate import logic_size
from ..plan.operations.base import Range
from ..plan.plan import Plan
from ..support.parameters import Parameter
from .base import Candidate
from .composition import inline
from .range_reduction import REDUCTIONS
from .range_reduction.reduction import Reduction

__all__ = ["NONE", "REDUCTION", "Reduced"]

NONE = "none"
"""The value of the parameter for a unit without a reduction."""

REDUCTION = Parameter(
    "reduction",
    str,
    "how the input is reduced and the result restored: "
    + "; ".join(f"{name}, {kind.summary}" for name, kind in REDUCTIONS.items())
    + "; or none; the smaller unless given",
    choices=dict.fromkeys((*REDUCTIONS, NONE), ()),
)
"""The parameter of methods that serve reduced inputs."""


_BAND = 4
"""Largest error of reduced results, as a multiple of the budget.

Where the result is shifted right, much coarser ones would do, but not at their neighbours, which other octaves share;
and polynomials are fitted the better the more alike the limits of neighbours are.
"""


def _band(specification: Specification) -> Budget:
    """Return the budget of reduced results."""
    limit = Fraction(1) if specification.budget is None else specification.budget.in_ulp(specification.output_format)
    return Budget(_BAND * limit, ulp=True)


@dataclass(frozen=True)
class Reduced:
    """A unit with a range reduction.

    Parameters
    ----------
    reduction
        How inputs become reduced inputs, and reduced results outputs.
    part
        The specification of what lies between, with the results that are admitted at every reduced input: those that
        become an admissible output at each input that shares it.

    """

    reduction: Reduction
    part: Specification

    @classmethod
    @lru_cache(maxsize=8)
    def all_of(cls, specification: Specification) -> tuple[Reduced, ...]:
        """Return the units with a reduction that a specification permits; the last few are cached."""
        codes, output = specification.codes, specification.output_format
        bits = (codes.size - 1).bit_length() + output.width
        if specification.admitted is not None or codes.size > SEARCHED_CODES or bits >= ANY.bit_length() - 1:
            return ()
        found = (cls._of(reduction) for kind in REDUCTIONS.values() for reduction in kind.of(specification))
        return tuple(each for each in found if each is not None)

    @classmethod
    def _of(cls, reduction: Reduction) -> Reduced | None:
        """Return the unit with a reduction; None if there are too many reduced inputs, or one that admits no result."""
        specification, held = reduction.specification, reduction.inputs
        if not 2 <= held.size <= SEARCHED_CODES:
            return None
        codes = specification.input_format.codes(*specification.codes).astype(np.int64)
        low, high = reduction.results(codes, *admissible(specification))
        places = reduction.inputs_of(codes) - held.low
        lows, highs = np.full(held.size, -ANY), np.full(held.size, ANY)
        np.maximum.at(lows, places, low)
        np.minimum.at(highs, places, high)
        if (lows > highs).any():
            return None
        least, most = int(highs.min()), int(lows.max())
        results = Range(min(least, most), max(least, most))
        output = FixedFormat(
            results.signed, max(results.width - reduction.fraction_bits, int(results.signed)), reduction.fraction_bits
        )
        part = replace(
            specification,
            function=reduction.function,
            input_format=reduction.input_format,
            output_format=output,
            saturate=True,
            input_range=None if held == Range.of(reduction.input_format) else held,
            ends="free",
            max_bias=None,
            rounding=None,
        )
        near = admissible(part, _band(specification))
        occurs = (lows > -ANY) | (highs < ANY)
        lows = np.where(occurs, np.maximum(lows, near[0]), lows)
        highs = np.where(occurs, np.minimum(highs, near[1]), highs)
        return cls(reduction, replace(part, admitted=Admitted(lows, highs)))

    def candidate(self, part: Candidate) -> Candidate:
        """Return the candidate for the unit, made from one for the reduced input."""
        plan = self.plan(part.plan)
        cost = part.cost + logic_size(plan) - logic_size(part.plan)  # products for multiplier blocks stay left out
        return Candidate(plan, {REDUCTION.name: self.reduction.name, **part.parameters}, cost)

    def plan(self, part: Plan) -> Plan:
        """Return the plan of the unit, made from one for the reduced input."""
        specification, output = self.reduction.specification, self.reduction.specification.output_format
        b = PlanBuilder()
        x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
        reduced = self.reduction.reduce(b, x)
        value = self.reduction.restore(b, inline(b, part, reduced, "reduced_"))
        if not Range.of(output).covers(b.range(value)):
            if specification.saturate:
                limited = op.Clamp(value, *specification.outputs)
                value = b.let("limited", limited, f"limited to {output}")
            else:
                bits = op.Bits(value, 0, output.width, output.fraction_bits, output.signed)
                value = b.let("whole", bits, "no bit above occurs")
        return b.build(y=(value, output))
