"""Comparisons as signs of differences, and comparisons with a limit by the bits that matter."""

from __future__ import annotations

from ...plan import operations as op
from ...plan.operations import Range
from .addition import total
from .lowered_plan import LoweredPlan

__all__ = ["compare_with_limit", "comparison"]


def comparison(lowered: LoweredPlan, name: str, relation: str, left: str, right: str) -> op.Operation:
    """Add the parts of a comparison by the sign of a difference, and return the operation that completes it."""
    if relation in ("gt", "le"):
        left, right = right, left
    less = lowered.part(f"{name}_difference", total(lowered, name, left, right, subtract=True))
    sign = lowered.width(less) - 1
    if lowered.range(less).low >= 0:  # never less
        return op.Constant(int(relation in ("le", "ge")))
    if relation in ("lt", "gt"):
        return op.Bits(less, sign, 1)
    return op.Bitwise("xor", lowered.bits(f"{name}_less", less, sign, 1), lowered.constant(1))


def compare_with_limit(lowered: LoweredPlan, name: str, source: str, limit: int, *, below: bool) -> str:
    """Return a step that tells whether a code is below a limit, or else not below it.

    Bits below the lowest 1 of the limit do not matter.
    """
    zeros = (limit & -limit).bit_length() - 1 if limit else lowered.width(source)
    held = lowered.range(source)
    codes = Range(held.low >> zeros, held.high >> zeros)
    if codes.width <= lowered.target.lut_inputs + 1:
        index = lowered.part(f"{name}_bits", op.Bits(source, zeros, codes.width))
        half = 1 << (codes.width - 1) if codes.signed else 1 << codes.width
        values = [code - 2 * half if code >= half else code for code in range(1 << codes.width)]
        return lowered.part(name, op.Lookup(index, tuple(int((v < limit >> zeros) == below) for v in values)))
    code = lowered.part(f"{name}_code", op.ShiftRight(source, zeros, 0))
    relation, bound = "lt" if below else "ge", lowered.constant(limit >> zeros)
    return lowered.part(name, comparison(lowered, name, relation, code, bound))
