"""Codes that registers start with so that synthesis does not clear them synchronously (decision 052).

Where a bit of a choice is constant in one of its branches, synthesis takes the branch for a synchronous reset of the
register behind it. In flip-flops whose reset takes precedence over the clock enable, the reset has to be held back
while the enable is low: by a look-up table behind the enable, which comes from far already. A flip-flop can only be
reset to the value that it starts with; a register that starts with the opposite is therefore left alone.
"""

from __future__ import annotations

from types import UnionType

from ..plan import operations as op
from ..plan.operations import Range
from ..plan.plan import Plan
from ..plan.ranges import Inferred, infer_step
from .targets import Target
from .targets.delays import is_wiring

__all__ = ["initial_codes", "initial_codes_of_rows"]


def initial_codes_of_rows(plan: Plan, target: Target) -> dict[str, int] | None:
    """Return the codes for the rows of products in a unit, where a target selects by reset; None for others.

    There a row would be reset for the sake of one bit. Tables are smaller with resets, and selections that are left to
    registers are resets.
    """
    return _initial_codes(plan, op.PartialProduct) if target.selects_by_reset else None


def initial_codes(plan: Plan) -> dict[str, int]:
    """Return the code that the register behind a step is to start with, for each step that is a choice among codes.

    These are look-ups, selections and rows of products, and fields of them.
    """
    return _initial_codes(plan, op.Lookup | op.Select | op.PartialProduct)


def _initial_codes(plan: Plan, kinds: type[op.Operation] | UnionType) -> dict[str, int]:
    codes: dict[str, Inferred] = {}  # of all steps, for the largest inputs
    likely: dict[str, Inferred] = {}  # what a register would be cleared to
    choices: set[str] = set()
    for step in plan.steps:
        name, operation = step.name, step.operation
        if isinstance(operation, op.Input):
            codes[name] = likely[name] = _point(plan.ranges[name].high)
            continue
        if isinstance(operation, op.Narrow):  # the largest inputs may make what does not occur
            held, code = plan.ranges[name], codes[operation.source].range.high
            codes[name] = _point(min(max(code, held.low), held.high))
        else:
            codes[name] = _point(infer_step(name, operation, codes).range.high)
        likely[name] = codes[name]
        if isinstance(operation, op.Lookup):
            likely[name] = _point(_constant_half(operation.table))
        elif isinstance(operation, op.PartialProduct):
            likely[name] = _point(0)
        elif isinstance(operation, op.Narrow):
            likely[name] = likely[operation.source]
        elif is_wiring(step, plan.ranges):
            likely[name] = _point(infer_step(name, operation, likely).range.high)
        wired = is_wiring(step, plan.ranges) and not choices.isdisjoint(operation.operands)
        if wired or isinstance(operation, kinds):
            choices.add(name)
    return {name: _complement(likely[name].range.high, plan.ranges[name]) for name in choices}


def _point(code: int) -> Inferred:
    return Inferred(Range(code, code))


def _constant_half(table: tuple[int, ...]) -> int:
    """Return, bit by bit, what the upper half of a table has if it is constant, else what the lower half has."""
    half = 1 << max((len(table) - 1).bit_length() - 1, 0)
    upper, lower = table[half:] or table, table[:half]
    found = 0
    for bit in range(max(entry.bit_length() for entry in table) + 1):
        column = {entry >> bit & 1 for entry in upper}
        if len(column) > 1:
            column = {entry >> bit & 1 for entry in lower}
        found |= (column == {1}) << bit
    return found if min(table) >= 0 else found - ((found >> bit & 1) << bit + 1)


def _complement(code: int, held: Range) -> int:
    """Return the complement of a code in the bits of a range, as an unsigned number."""
    return ~code & ((1 << held.width) - 1)
