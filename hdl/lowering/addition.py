"""Additions and subtractions in segments of the carry chain, the carry handed on from each to the next."""

from __future__ import annotations

from ...plan import operations as op
from ...plan.operations import Operation
from .lowered_plan import Pieces

__all__ = ["total"]


def total(pieces: Pieces, name: str, left: str, right: str, *, subtract: bool = False, segment: int = 0) -> Operation:
    """Return the last operation of ``left + right`` or ``left - right``, its parts made.

    A segment that takes in the carry c from the one below adds ``2 l + 1`` and ``2 r + c`` and drops the lowest bit of
    the sum; for a borrow b, it subtracts ``2 r + b`` from ``2 l``. Names of the parts end in the number of the
    `segment` that they belong to, except those of the first, which is 0.
    """
    kind = op.Subtract if subtract else op.Add
    whole = kind(left, right)
    width = whole.range(pieces.range(left), pieces.range(right)).width
    delays = pieces.target.delays
    if delays.add(width) <= pieces.stage:
        return whole
    longest = int((pieces.stage - delays.carry) / delays.carry_bit) - 1
    if longest < 3:  # shorter segments than two bits gain nothing: the carry takes one
        return whole
    size = longest - 1

    def called(part: str) -> str:
        return f"{name}_{part}{segment or ''}"

    low = pieces.part(
        called("low"),
        kind(pieces.bits(called("left"), left, 0, size), pieces.bits(called("right"), right, 0, size)),
        f"the lowest {size} bits, and the {'borrow' if subtract else 'carry'}",
    )
    carry = pieces.bits(called("carry"), low, size, 1)
    one = pieces.constant(0 if subtract else 1)
    left_high = op.Concatenate(pieces.part(called("left_high"), op.ShiftRight(left, size, 0)), one, 1, 0)
    right_high = op.Concatenate(pieces.part(called("right_high"), op.ShiftRight(right, size, 0)), carry, 1, 0)
    left, right = pieces.part(called("left_in"), left_high), pieces.part(called("right_in"), right_high)
    above = total(pieces, name, left, right, subtract=subtract, segment=segment + 1)
    high = pieces.part(called("high"), above, "the bits above, after the carry")
    high = pieces.part(called("top"), op.ShiftRight(high, 1, 0))
    return op.Concatenate(high, pieces.bits(called("bottom"), low, 0, size), size, 0)
