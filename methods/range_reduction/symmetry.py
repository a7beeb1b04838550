"""Folding: a symmetric function at inputs of both signs from its values on one side of 0."""

from __future__ import annotations

from fractions import Fraction

from ...functions.properties import Symmetry
from ...plan.builder import PlanBuilder
from ...plan.operations import Absolute, Compare, Constant, Select, Subtract

__all__ = ["fold", "unfold"]


def fold(b: PlanBuilder, x: str) -> str:
    """Add the magnitude of the input `x`, or nothing if `x` is never negative; returns the name of the magnitude."""
    if b.range(x).low >= 0:
        return x
    return b.let("magnitude", Absolute(x), "the sign is dealt with at the end")


def unfold(b: PlanBuilder, symmetry: Symmetry, x: str, value: str, *, side: int = 1) -> str:
    """Add f(x), where 0 counts as positive; returns the name of the step.

    Parameters
    ----------
    b
        The builder that the steps are added to.
    symmetry
        The symmetry of f. Its total must be a multiple of the value's last place.
    x
        The name of the input.
    value
        The name of the step that is f(|x|) or, if `side` is -1, f(-|x|).
    side
        Which of the two the value is: 1 or -1.

    """
    held = b.range(x)
    if symmetry.sign == 1 or (held.low >= 0 and side == 1) or (held.high < 0 and side == -1):
        return value
    both = held.low < 0 <= held.high
    if both:
        zero = b.let("zero", Constant(0, b.point(x)))
        negative = b.let("negative", Compare("lt", x, zero), "whether x < 0")
    point = b.point(value)
    total = int(symmetry.total * Fraction(2) ** point)
    here, there = ("f(x)", "f(-x)") if side == 1 else ("f(-x)", "f(x)")
    centre = b.let("centre", Constant(total, point), f"{here} + {there} = {symmetry.total}")
    mirrored = b.let("mirrored", Subtract(centre, value), there)
    if not both:
        return mirrored
    chosen = (mirrored, value) if side == 1 else (value, mirrored)
    return b.let("signed_value", Select(negative, *chosen))
