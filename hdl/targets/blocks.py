"""The parts of a plan that go into a target's blocks: products into multipliers, tables into RAM (decision 015)."""

from __future__ import annotations

from collections.abc import Iterable

from ...plan import operations as op
from ...plan.plan import Plan
from . import Target
from .delays import product_widths, step_delay

__all__ = ["block_tables", "products", "table_shape", "whole_products"]


def block_tables(plan: Plan, target: Target, period: float) -> frozenset[str]:
    """Return the look-ups that go into block RAM: those of large tables, if the clock leaves it the time.

    Where there are fewer blocks than they take, the largest tables that find room get them. Such a look-up is finished
    by a register, the block's own.
    """
    block = target.block_ram
    if block is None or block.delay > period:
        return frozenset()
    wanted = []
    for name in (step.name for step in plan.steps if isinstance(step.operation, op.Lookup)):
        entries, width = table_shape(plan, name)
        if entries * width >= block.least:
            wanted.append((entries * width, block.count(entries, width), name))
    return _largest(wanted, block.most)


def products(plan: Plan) -> set[str]:
    """Return the products of a plan."""
    return {step.name for step in plan.steps if isinstance(step.operation, op.Multiply)}


def whole_products(plan: Plan, target: Target, period: float) -> frozenset[str]:
    """Return the products that stay whole: those that a multiplier block, or logic where there are none, has time for.

    Where there are fewer blocks than they take, the largest products that find room get them.
    """
    block, wanted = target.multiplier, []
    for name in sorted(products(plan)):
        step = plan.by_name[name]
        if step_delay(plan, step, target) <= period:
            left, right = product_widths(plan, step)
            wanted.append((left * right, 0 if block is None else block.count(left, right), name))
    return _largest(wanted, None if block is None else block.most)


def table_shape(plan: Plan, name: str) -> tuple[int, int]:
    """Return how many entries the table of a look-up has, and their bits."""
    operation = plan.by_name[name].operation
    if not isinstance(operation, op.Lookup):
        raise TypeError(f"step {name!r} is not a look-up, but {operation.kind()}")
    return min(plan.ranges[operation.index].high + 1, len(operation.table)), plan.ranges[name].width


def _largest(wanted: Iterable[tuple[int, int, str]], most: int | None) -> frozenset[str]:
    """Return the names of the largest of some (size, blocks, name), as long as there are blocks for them."""
    found, taken = set(), 0
    for _, blocks, name in sorted(wanted, key=lambda entry: -entry[0]):
        if most is None or taken + blocks <= most:
            taken += blocks
            found.add(name)
    return frozenset(found)
