"""Additions and subtractions in segments of the carry chain, the carry handed on from each to the next."""

from __future__ import annotations

from ...plan import operations as op
from ...plan.operations import Operation
from .pieces import Pieces

__all__ = ["add", "total"]


def add(pieces: Pieces, name: str, left: str, right: str, *, subtract: bool = False, note: str = "") -> str:
    """Return a step ``left + right`` or ``left - right`` of two codes without fraction bits."""
    return pieces.part(name, total(pieces, name, left, right, subtract=subtract), note)


def total(pieces: Pieces, name: str, left: str, right: str, *, subtract: bool = False) -> Operation:
    """Return the last operation of ``left + right`` or ``left - right``, its parts made.

    A segment that takes in the carry c from the one below adds ``2 l + 1`` and ``2 r + c`` and drops the lowest bit of
    the sum; for a borrow b, it subtracts ``2 r + b`` from ``2 l``.
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
    low = pieces.part(
        f"{name}_low",
        kind(pieces.bits(f"{name}_left", left, 0, size), pieces.bits(f"{name}_right", right, 0, size)),
        f"the lowest {size} bits, and the {'borrow' if subtract else 'carry'}",
    )
    carry = pieces.bits(f"{name}_carry", low, size, 1)
    one = pieces.constant(0 if subtract else 1)
    left_high = op.Concatenate(pieces.part(f"{name}_left_high", op.ShiftRight(left, size, 0)), one, 1, 0)
    right_high = op.Concatenate(pieces.part(f"{name}_right_high", op.ShiftRight(right, size, 0)), carry, 1, 0)
    high = add(
        pieces,
        f"{name}_high",
        pieces.part(f"{name}_left_in", left_high),
        pieces.part(f"{name}_right_in", right_high),
        subtract=subtract,
        note="the bits above, after the carry",
    )
    high = pieces.part(f"{name}_top", op.ShiftRight(high, 1, 0))
    return op.Concatenate(high, pieces.bits(f"{name}_bottom", low, 0, size), size, 0)
