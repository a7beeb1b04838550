"""Folding: a symmetric function of an input of both signs from its values on one side of 0."""

from __future__ import annotations

from ...functions.base import Symmetry
from ...plan.operations import Absolute, Compare, Constant, Select, Subtract
from ...plan.plan import PlanBuilder

__all__ = ["fold", "unfold"]


def fold(b: PlanBuilder, x: str) -> str:
    """Add the magnitude of the input `x`, which is `x` itself where that is never negative; returns its name."""
    if b.range(x).low >= 0:
        return x
    return b.let("magnitude", Absolute(x), "the sign is dealt with at the end")


def unfold(b: PlanBuilder, symmetry: Symmetry, x: str, value: str, *, side: int = 1) -> str:
    """Add f(x), for which 0 counts as positive; returns its name.

    Parameters
    ----------
    b
        Where the steps go.
    symmetry
        That of f. Its total must be a multiple of the value's last place.
    x
        The input.
    value
        The step that is f(|x|), or with a `side` of -1 f(-|x|).
    side
        Which of the two it is.

    """
    held = b.range(x)
    if symmetry.sign == 1 or (held.low >= 0 and side == 1) or (held.high < 0 and side == -1):
        return value
    both = held.low < 0 <= held.high
    if both:
        zero = b.let("zero", Constant(0, b.point(x)))
        negative = b.let("negative", Compare("lt", x, zero), "whether x < 0")
    point = b.point(value)
    total = int(symmetry.total * (1 << point))
    here, there = ("f(x)", "f(-x)") if side == 1 else ("f(-x)", "f(x)")
    centre = b.let("centre", Constant(total, point), f"{here} + {there} = {symmetry.total}")
    mirrored = b.let("mirrored", Subtract(centre, value), there)
    if not both:
        return mirrored
    chosen = (mirrored, value) if side == 1 else (value, mirrored)
    return b.let("signed_value", Select(negative, *chosen))
