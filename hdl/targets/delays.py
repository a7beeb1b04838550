"""Delays of single steps on a target, by operation and width."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ...plan import operations as op
from ...plan.operations import Range
from ...plan.plan import Plan, Step
from . import Target

__all__ = ["READING", "is_wiring", "longest_step", "product_widths", "size", "step_delay"]

READING = "delay model"
"""Name of this reading of plans (decision 031), in the message about an operation that it does not know."""

_WIRING = op.Input | op.Constant | op.Bits | op.ShiftLeft | op.ShiftRight | op.Concatenate | op.Narrow

_LOGIC = (
    op.Add
    | op.AddComplemented
    | op.Subtract
    | op.Multiply
    | op.PartialProduct
    | op.Bitwise
    | op.ShiftBy
    | op.LeadingZeros
    | op.Round
    | op.Compare
    | op.Select
)
"""The operations that are always more than wiring; the remaining ones depend on the ranges of their operands."""


def is_wiring(step: Step, ranges: Mapping[str, Range]) -> bool:
    """Whether a step only renames bits of its operands and takes no logic."""
    operation = step.operation
    match operation:
        case op.Absolute(source=source):
            return not ranges[source].signed
        case op.Clamp(source=source, low=low, high=high):
            return ranges[source].low >= low and ranges[source].high <= high
        case op.Compare(relation="lt" | "ge", right=right):
            return ranges[right] == Range(0, 0)  # the sign
        case op.Lookup(index=index):
            return ranges[index].low == ranges[index].high
        case _ if isinstance(operation, _WIRING):
            return True
        case _ if isinstance(operation, _LOGIC):
            return False
        case _:
            raise op.unknown_operation(operation, READING)


def step_delay(plan: Plan, step: Step, target: Target) -> float:
    """Return the delay of a step by itself, in nanoseconds."""
    ranges, delays = plan.ranges, target.delays
    if is_wiring(step, ranges):
        return 0.0
    width = ranges[step.name].width
    widths = [ranges[name].width for name in step.operation.operands]
    match step.operation:
        case op.Add() | op.Subtract():
            return delays.add(width)
        case op.AddComplemented():
            return (0 if target.complements_addends else delays.level) + delays.add(width)
        case op.Absolute():
            return delays.level + delays.add(width)
        case op.Round(mode=mode):
            extra = 0 if mode == "half_up" else _tree(step.operation.bits, target)
            return extra * delays.level + delays.add(width)
        case op.Compare(relation="eq" | "ne"):
            return _tree(2 * max(widths), target) * delays.level
        case op.Compare():  # leaving the carry chain takes about as long as entering it
            return delays.carry + delays.add(max(widths))
        case op.Clamp():
            return delays.carry + delays.add(max(widths)) + delays.level
        case op.Lookup():
            return delays.lookup(widths[0])
        case op.PartialProduct():
            return delays.lookup(widths[1] + 2)
        case op.Multiply():
            return _multiply(product_widths(plan, step), target)
        case op.ShiftBy():
            return widths[1] * delays.level
        case op.LeadingZeros():
            return 2 * max(widths).bit_length() * delays.level
        case op.Select() | op.Bitwise():
            return delays.level
        case _:
            raise op.unknown_operation(step.operation, READING)


def product_widths(plan: Plan, step: Step) -> tuple[int, int]:
    """Return the widths of a product's operands as multiplier blocks read them: as signed numbers."""
    left, right = (plan.ranges[name] for name in step.operation.operands)
    return left.width + (not left.signed), right.width + (not right.signed)


def _multiply(widths: tuple[int, int], target: Target) -> float:
    delays, block = target.delays, target.multiplier
    if block is None:  # a tree of adders, whose carries overlap
        rows = min(widths)
        return delays.level + ((rows - 1).bit_length() - 1) * delays.carry + delays.add(sum(widths))
    return block.delay if block.fits(*widths) else block.delay + delays.carry + delays.add(sum(widths))


def _tree(inputs: int, target: Target) -> int:
    """Return the levels of a tree of look-up tables that reads this number of bits."""
    levels = 1
    while target.lut_inputs**levels < inputs:
        levels += 1
    return levels


def size(plan: Plan) -> int:
    """Return the bits of all steps that are more than wiring, which is about their look-up tables and carries."""
    return sum(plan.ranges[step.name].width for step in plan.steps if not is_wiring(step, plan.ranges))


def longest_step(plan: Plan, target: Target, blocks: Container[str] = ()) -> float:
    """Return the delay of a plan's longest step outside the block RAMs `blocks`, in nanoseconds."""
    return max(step_delay(plan, step, target) for step in plan.steps if step.name not in blocks)
