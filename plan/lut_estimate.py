"""Estimate of the logic of a plan: look-up tables of four inputs, and as many for every bit of a carry chain."""

from __future__ import annotations

from collections.abc import Container, Sequence

from . import operations as op
from .plan import Plan, Step

__all__ = ["GRANULE", "logic_size", "logic_sizes", "table_size"]

GRANULE = 16
"""Entries that a look-up table of four inputs tells apart."""


def logic_size(plan: Plan, *, multipliers: bool = False) -> int:
    """Return about how many look-up tables and bits of carry chains a plan takes, without block RAM.

    With `multipliers`, products are in blocks and take no logic.
    """
    sizes = logic_sizes(plan)
    return sum(sizes.values()) - (sizes["products"] if multipliers else 0)


def logic_sizes(plan: Plan, blocks: Container[str] = (), *, complements: bool = False) -> dict[str, int]:
    """Return the same apart: `tables`, `sums` (with all that carries), `logic` bit by bit, and `products`.

    The steps in `blocks` are in block RAM or multiplier blocks, and take none. With `complements`, adders complement an
    addend in logic that they take anyway.
    """
    sizes = {"tables": 0, "sums": 0, "logic": 0, "products": 0}
    kept = _kept_bits(plan)
    for step in plan.steps:
        match step.operation:
            case op.Lookup():
                kind = "tables"
            case op.Add() | op.AddComplemented() | op.Subtract():
                kind = "sums"
            case op.Round() | op.Absolute() | op.Clamp() | op.Compare():
                kind = "sums"
            case op.Multiply():
                kind = "products"
            case op.PartialProduct() | op.Bitwise() | op.Select() | op.ShiftBy() | op.LeadingZeros():
                kind = "logic"
            case op.Input() | op.Constant() | op.Bits() | op.ShiftLeft() | op.ShiftRight():
                kind = "logic"  # wiring, of size 0
            case op.Concatenate() | op.Narrow():
                kind = "logic"
            case _:
                raise op.unknown_operation(step.operation, "estimate of look-up tables")
        if step.name not in blocks:
            sizes[kind] += _size(plan, step, kept[step.name], complements)
    return sizes


def _kept_bits(plan: Plan) -> dict[str, int]:
    """Return for every step how many of its bits, from the highest, anything reads."""
    readers: dict[str, list[int]] = {step.name: [] for step in plan.steps}
    for output in plan.outputs:
        readers[output.step].append(0)
    for step in plan.steps:
        match step.operation:
            case op.ShiftRight(bits=bits):
                dropped = bits
            case op.Bits(low=low):
                dropped = low
            case _:  # all others are taken to read every bit
                dropped = 0
        for name in step.operation.operands:
            readers[name].append(dropped)
    return {name: max(plan.ranges[name].width - min(drops, default=0), 0) for name, drops in readers.items()}


def _size(plan: Plan, step: Step, width: int, complements: bool) -> int:
    ranges, operation = plan.ranges, step.operation
    if ranges[step.name].low == ranges[step.name].high:
        return 0
    fixed = any(ranges[name].low == ranges[name].high for name in operation.operands)
    match operation:
        case op.Lookup(table=table):
            return table_size(table[: ranges[operation.index].high + 1])
        case op.PartialProduct(digit=digit):
            return width << max(ranges[digit].width - 2, 0)  # of two bits of the source and those of the digit
        case op.Select():
            return width
        case op.Bitwise():
            return 0 if fixed else width  # an inverter goes into the look-up table that reads it
        case op.Add() | op.Subtract() | op.Round():
            return ranges[step.name].width
        case op.AddComplemented(right=right, kept=kept):
            complemented = max(ranges[right].width - kept, 0)
            return ranges[step.name].width + (0 if complements else complemented)
        case op.Absolute(source=source):
            return 2 * width if ranges[source].signed else 0
        case op.Clamp(source=source):
            return 2 * ranges[source].width
        case op.Compare(right=right):
            return (
                0 if ranges[right].low == ranges[right].high == 0 else max(ranges[n].width for n in operation.operands)
            )
        case op.Multiply():
            multiplicand, multiplier = (ranges[name].width for name in operation.operands)
            return (multiplicand + 2) * multiplier
        case op.ShiftBy(amount=amount):
            return width * ranges[amount].width
        case op.LeadingZeros():
            return 2 * ranges[operation.source].width
        case op.Input() | op.Constant() | op.Bits() | op.ShiftLeft() | op.ShiftRight() | op.Concatenate() | op.Narrow():
            return 0
        case _:
            raise op.unknown_operation(operation, "estimate of look-up tables")


def table_size(table: Sequence[int]) -> int:
    """Return how many look-up tables of four inputs a table takes, about: multiplexers behind them are free.

    A bit is a function of the index: its halves cost what they do, and a half that is constant one table, if the other
    is not.
    """
    import numpy as np

    width = max(max(table).bit_length(), (~min(table)).bit_length() + 1 if min(table) < 0 else 0, 1)
    size = max(1 << (len(table) - 1).bit_length(), GRANULE)
    padded = np.array([*table, *[table[-1]] * (size - len(table))], dtype=np.int64 if width < 64 else object)
    # Each bit of the entries is a function, kept as a long integer: one bit for every index.
    columns = [np.packbits((padded >> bit & 1).astype(np.uint8), bitorder="little") for bit in range(width)]
    return sum(_function_size(function, size) for function in {int.from_bytes(c.tobytes(), "little") for c in columns})


def _function_size(values: int, size: int) -> int:
    """Return the tables of a function of an index below `size`, given as an integer whose bit i is its value at i."""
    if values in (0, (1 << size) - 1):
        return 0
    if size <= GRANULE:
        return 1
    half = size >> 1
    low, high = values & (1 << half) - 1, values >> half
    if low == high:
        return _function_size(low, half)
    return max(_function_size(low, half), 1) + max(_function_size(high, half), 1)
