"""Additions and subtractions in segments of the carry chain, each of which passes its carry to the next."""

from __future__ import annotations

from dataclasses import replace

from ...plan import operations as op
from ...plan.operations import Operation
from .lowered_plan import LoweredPlan

__all__ = ["complemented_total", "total"]


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
    size = _segment(lowered, width, lowered.period)
    if not size:
        return whole

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


def complemented_total(
    lowered: LoweredPlan, name: str, operation: op.AddComplemented, *, segment: int = 0
) -> Operation:
    """Add the parts of an addition with a complemented addend, and return the operation that completes it.

    Segments are as those of `total`. As complements of codes that are not negative are negative, the bit above the sum
    of a segment is its carry or, where the condition complements the addend, not its carry. The next segment reads it
    in a place of its right operand that the condition complements alike, beside a 1.
    """
    ranges = [lowered.range(operand) for operand in operation.operands]
    delays, inverted = lowered.target.delays, operation.left_complemented
    lead = 0 if lowered.target.complements_addends else delays.level
    # A segment's sum has a sign and, where `left` is complemented, the bit that makes up for the other sign.
    size = _segment(lowered, operation.range(*ranges).width, lowered.period - lead) - inverted
    if size < _LEAST:
        return operation

    def called(part: str) -> str:
        return f"{name}_{part}{segment or ''}"

    complements = operation.kept < size
    low_left = lowered.bits(called("left"), operation.left, 0, size)
    if inverted:
        low_left = lowered.part(called("left_signed"), op.Concatenate(lowered.constant(1), low_left, size, 0))
    low = lowered.part(
        called("low"),
        replace(
            operation,
            left=low_left,
            right=lowered.bits(called("right"), operation.right, 0, size),
            condition=operation.condition if complements else lowered.constant(0),
            kept=operation.kept if complements else 0,
        ),
        f"the lowest {size} bits, and the carry",
    )
    carry = lowered.bits(called("carry"), low, size, 1)
    one = lowered.constant(0 if inverted else 1)
    left_high = op.Concatenate(lowered.part(called("left_high"), op.ShiftRight(operation.left, size, 0)), one, 1, 0)
    right_high = op.Concatenate(
        lowered.part(called("right_high"), op.ShiftRight(operation.right, size, 0)), carry, 1, 0
    )
    rest = replace(
        operation,
        left=lowered.part(called("left_in"), left_high),
        right=lowered.part(called("right_in"), right_high),
        carry=0,
        kept=0 if complements else operation.kept - size + 1,
    )
    above = complemented_total(lowered, name, rest, segment=segment + 1)
    high = lowered.part(called("high"), above, "the bits above, after the carry")
    high = lowered.part(called("top"), op.ShiftRight(high, 1, 0))
    return op.Concatenate(high, lowered.bits(called("bottom"), low, 0, size), size, 0)


_LEAST = 2
"""The fewest bits of a segment that gain anything, as the carry takes one."""


def _segment(lowered: LoweredPlan, width: int, period: float) -> int:
    """Return the bits of a segment that fits a period; 0 if a sum of this width fits whole, or no segment does."""
    delays = lowered.target.delays
    if delays.add(width) <= period:
        return 0
    size = int((period - delays.carry) / delays.carry_bit) - 2
    return size if size >= _LEAST else 0
