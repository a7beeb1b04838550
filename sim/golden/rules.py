"""The result of every operation in numpy integers, each written from the operation's definition alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...plan import operations as op

__all__ = ["RULES", "Array"]

Array = NDArray[Any]


def _lookup(operation: op.Lookup, index: Array) -> Array:
    entries = op.Range(min(operation.table), max(operation.table))
    return np.array(operation.table, dtype=object if entries.width > 63 else np.int64)[index.astype(np.int64)]


def _bits(operation: op.Bits, source: Array) -> Array:
    if operation.low + operation.count > 63:
        source = source.astype(object)
    field = (source >> operation.low) & ((1 << operation.count) - 1)
    if operation.signed:
        return field - ((field >> (operation.count - 1)) << operation.count)
    return field


def _partial_product(operation: op.PartialProduct, source: Array, digit: Array) -> Array:
    factor: Array = np.array(operation.factors)[digit.astype(np.int64)]
    return source * factor - (factor < 0)


def _add_complemented(operation: op.AddComplemented, left: Array, right: Array, condition: Array) -> Array:
    mask = -1 << operation.kept
    addend = np.where(condition == 1, right ^ mask, right)
    return (~left if operation.left_complemented else left) + addend + operation.carry


def _bitwise(operation: op.Bitwise, left: Array, right: Array) -> Array:
    if operation.function == "and":
        return left & right
    return left | right if operation.function == "or" else left ^ right


def _shift_by(operation: op.ShiftBy, source: Array, amount: Array) -> Array:
    if operation.direction == "left":
        return source << amount
    # An int64 shift by 64 or more is undefined; shifted that far, only the sign is left either way.
    return source >> (amount if source.dtype == object else np.minimum(amount, 63))


def _leading_zeros(operation: op.LeadingZeros, source: Array) -> Array:
    lengths = np.zeros(source.shape, dtype=np.int64)
    for bit in range(operation.width):
        lengths += source >= 1 << bit
    return operation.width - lengths


def _round(operation: op.Round, source: Array) -> Any:
    quotient: Array = source >> operation.bits
    rest: Array = source - (quotient << operation.bits)
    half = 1 << (operation.bits - 1)
    if operation.mode == "half_up":
        return quotient + (rest >= half)
    if operation.mode == "half_even":
        return quotient + ((rest > half) | ((rest == half) & (quotient % 2 == 1)))
    return quotient + ((source < 0) & (rest != 0))


def _clamp(operation: op.Clamp, source: Array) -> Array:
    low, high = operation.low, operation.high
    if source.dtype != object:  # limits beyond int64 limit nothing there
        low, high = max(low, -(1 << 63)), min(high, (1 << 63) - 1)
    return np.minimum(np.maximum(source, low), high)


def _compare(operation: op.Compare, left: Array, right: Array) -> Array:
    relations: dict[str, Callable[[Array, Array], Array]] = {
        "lt": np.less,
        "le": np.less_equal,
        "eq": np.equal,
        "ne": np.not_equal,
        "ge": np.greater_equal,
        "gt": np.greater,
    }
    return relations[operation.relation](left, right).astype(np.int64)


def _select(operation: op.Select, condition: Array, when_true: Array, when_false: Array) -> Array:
    return np.where(condition == 1, when_true, when_false)


def _constant(operation: op.Constant) -> Array:
    value = np.empty(1, dtype=object if op.Range(operation.value, operation.value).width > 63 else np.int64)
    value[0] = operation.value
    return value


RULES: dict[type[op.Operation], Callable[..., Array]] = {
    op.Constant: _constant,
    op.Bits: _bits,
    op.Lookup: _lookup,
    op.Add: lambda _, left, right: left + right,
    op.AddComplemented: _add_complemented,
    op.Subtract: lambda _, left, right: left - right,
    op.Multiply: lambda _, left, right: left * right,
    op.PartialProduct: _partial_product,
    op.Absolute: lambda _, source: np.abs(source),
    op.Bitwise: _bitwise,
    op.Concatenate: lambda operation, high, low: (high << operation.bits) + low,
    op.ShiftLeft: lambda operation, source: source << operation.bits,
    op.ShiftRight: lambda operation, source: source >> min(operation.bits, 63 if source.dtype != object else 1024),
    op.ShiftBy: _shift_by,
    op.LeadingZeros: _leading_zeros,
    op.Round: _round,
    op.Clamp: _clamp,
    op.Compare: _compare,
    op.Select: _select,
    op.Narrow: lambda _, source: source,
}
"""The function of each kind of operation, called with the operation and the arrays of its operands."""
