"""Additions and subtractions in segments of the carry chain, each of which passes its carry to the next."""

from __future__ import annotations

from ...plan import operations as op
from ...plan.operations import Operation
from .lowered_plan import LoweredPlan

__all__ = ["total"]


def total(
    lowered: LoweredPlan, name: str, left: str, right: str, *, subtract: bool = False, segment: int = 0
) -> Operation:
    """Add the parts of ``left + right`` or ``left - right``, and return the operation that completes it.

    A segment with a carry c from the one below adds ``2 l + 1`` and ``2 r + c`` and drops the lowest bit of
    the sum; with a borrow b, it subtracts ``2 r + b`` from ``2 l``. Names of the parts end in the number of the
    `segment` that they belong to, except those of the first, which is 0.
    """
    kind = op.Subtract if subtract else op.Add
    whole = kind(left, right)
    width = whole.range(lowered.range(left), lowered.range(right)).width
    delays = lowered.target.delays
    if delays.add(width) <= lowered.period:
        return whole
    longest = int((lowered.period - delays.carry) / delays.carry_bit) - 1
    if longest < 3:  # a segment of fewer than two bits gains nothing, as the carry takes one
        return whole
    size = longest - 1

    def called(part: str) -> str:
        return f"{name}_{part}{segment or ''}"

    low = lowered.part(
        called("low"),
        kind(lowered.bits(called("left"), left, 0, size), lowered.bits(called("right"), right, 0, size)),
        f"the lowest {size} bits, and the {'borrow' if subtract else 'carry'}",
    )
    carry = lowered.bits(called("carry"), low, size, 1)
    one = lowered.constant(0 if subtract else 1)
    left_high = op.Concatenate(lowered.part(called("left_high"), op.ShiftRight(left, size, 0)), one, 1, 0)
    right_high = op.Concatenate(lowered.part(called("right_high"), op.ShiftRight(right, size, 0)), carry, 1, 0)
    left, right = lowered.part(called("left_in"), left_high), lowered.part(called("right_in"), right_high)
    above = total(lowered, name, left, right, subtract=subtract, segment=segment + 1)
    high = lowered.part(called("high"), above, "the bits above, after the carry")
    high = lowered.part(called("top"), op.ShiftRight(high, 1, 0))
    return op.Concatenate(high, lowered.bits(called("bottom"), low, 0, size), size, 0)
