"""The reduced input of a function: folded by symmetry, and limited to where the function is not saturated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from ...accuracy.required import first_code
from ...accuracy.specification import Specification
from ...plan.operations.base import Range

__all__ = ["ReducedInput"]


@dataclass(frozen=True)
class ReducedInput:
    """The input u of an approximation: the input of the unit or, folded, its magnitude.

    Parameters
    ----------
    specification
        The specification of the unit.
    folded
        Whether u is the magnitude: the input takes both signs, and the function is symmetric.
    codes
        The codes of u that occur.
    inside
        The codes among them at which the function is not saturated.
    saturated
        The constants, in ulp of the output, that replace the function below and above these codes; None where it has no
        limit, where folding leaves no such end, or where the function is a constant as a whole.

    """

    specification: Specification
    folded: bool
    codes: Range
    inside: Range
    saturated: tuple[int | None, int | None]

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, specification: Specification) -> ReducedInput:
        """Return the reduced input of a specification; the last few are cached.

        A constant may be off by half an ulp, or by half the budget where that is more.
        """
        output, function = specification.output_format, specification.function
        codes = specification.codes
        folded = codes.low < 0 < codes.high and function.reflection is not None
        if folded:
            codes = Range(0, max(-codes.low, codes.high))
        below, above = (None if end is None or end.slope else end.offset for end in function.ends)
        tolerance = Fraction(1, 2)
        if specification.budget is not None:
            tolerance = max(tolerance, specification.budget.in_ulp(output) / 2)
        half = Fraction(1, 2)
        bottom, top = (None if limit is None else floor(limit / output.ulp + half) for limit in (below, above))
        saturated = cls(specification, folded, codes, codes, (None if folded else bottom, top))
        inside = saturated.unsaturated(tolerance)
        if not inside.size:  # all saturated: one polynomial, a constant, serves every code
            return cls(specification, folded, codes, codes, (None, None))
        return replace(saturated, inside=inside)

    def unsaturated(self, tolerance: Fraction) -> Range:
        """Return the codes where a constant errs by more than a tolerance in ulp; of size 0 if there are none."""
        source, turns = self.specification.input_format, self.specification.reference.monotonicity.points
        (low, high), (bottom, top) = self.codes, self.saturated

        def is_near(code: int, limit: int) -> bool:
            return self.specification.is_near(source.value(code), limit, tolerance)

        # The function goes one way up to its first critical point and from its last one on: what is near to a limit
        # there begins at the end, or nowhere.
        before, after = self.codes, self.codes
        if turns:
            before = Range(low, min(floor(turns[0]), high))
            after = Range(min(max(ceil(turns[-1]), low), high + 1), high)
        if bottom is not None and is_near(low, bottom):
            low = first_code(before, lambda code: not is_near(code, bottom))
        if top is not None and is_near(high, top):
            high = first_code(after, lambda code: is_near(code, top)) - 1
        return Range(low, max(high, low - 1))
