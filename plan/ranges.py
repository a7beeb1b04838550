"""Range inference: what codes can a step take?

Interval arithmetic, sharpened where a step is a linear function of one input: ``8 x - x`` is known to be ``7 x``, which
plain intervals do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from . import operations as op
from .operations import Operation, Range

__all__ = ["Inferred", "Linear", "infer", "infer_step", "split_input"]


_NOT_LINEAR = frozenset(
    {
        op.AddComplemented,
        op.Bits,
        op.Lookup,
        op.PartialProduct,
        op.Absolute,
        op.Bitwise,
        op.Concatenate,
        op.ShiftRight,
        op.ShiftBy,
        op.LeadingZeros,
        op.Round,
        op.Clamp,
        op.Compare,
        op.Select,
    }
)
"""The operations whose results follow no input linearly, or are not known to."""


class Linear(NamedTuple):
    """The step is exactly ``factor * source + offset``; `source` is an input, or None for a constant."""

    source: str | None
    factor: int
    offset: int

    def plus(self, other: Linear, sign: int) -> Linear | None:
        """Return the sum with ``sign * other``, unless the two follow different inputs."""
        if self.source and other.source and self.source != other.source:
            return None
        return Linear(self.source or other.source, self.factor + sign * other.factor, self.offset + sign * other.offset)

    def times(self, factor: int) -> Linear:
        """Return the product with an integer."""
        return Linear(self.source, self.factor * factor, self.offset * factor)


class Inferred(NamedTuple):
    """The inferred range and binary point of a step."""

    range: Range
    linear: Linear | None = None


def infer_step(name: str, operation: Operation, known: Mapping[str, Inferred]) -> Inferred:
    """Infer one step from what is `known` of the earlier ones."""
    operands = [known[operand] for operand in operation.operands]
    held = operation.range(*[operand.range for operand in operands])
    linear = _linear(name, operation, operands)
    if linear is not None and linear.source is not None:
        source = held if linear.source == name else known[linear.source].range
        ends = [linear.factor * end + linear.offset for end in source]
        held = Range(max(held.low, min(ends)), min(held.high, max(ends)))
    if held.low > held.high:
        raise ValueError(f"step {name!r} is left with no code at all: its range is {held}")
    return Inferred(held, linear)


def infer(operations: Iterable[tuple[str, Operation]]) -> dict[str, Range]:
    """Infer the range of every step in order."""
    known: dict[str, Inferred] = {}
    for name, operation in operations:
        known[name] = infer_step(name, operation, known)
    return {name: inferred.range for name, inferred in known.items()}


def split_input(name: str, held: Range, parts: int) -> list[Inferred]:
    """Split the range of the input `name` along equal parts of its block (`Range.block`); empty parts are left out.

    The first code of each part below 0 is a part of its own: magnitudes are then split at the same places as codes.

    Raises
    ------
    ValueError
        If the block does not divide into as many equal parts.

    """
    block = held.block
    if parts < 1 or block.size % parts:
        raise ValueError(f"the {block.size} codes of {name} cannot be split into {parts} equal parts")
    size = block.size // parts
    first = held.low - (held.low - block.low) % size
    starts = range(first, held.high + 1, size)
    cuts = {max(start, held.low) for start in starts} | {start + 1 for start in starts if held.low <= start < 0}
    ends = sorted({*cuts, held.high + 1})
    return [Inferred(Range(low, after - 1), Linear(name, 1, 0)) for low, after in pairwise(ends)]


def _linear(name: str, operation: Operation, operands: list[Inferred]) -> Linear | None:
    if isinstance(operation, op.Input):
        return Linear(name, 1, 0)
    if isinstance(operation, op.Constant):
        return Linear(None, 0, operation.value)
    if type(operation) in _NOT_LINEAR:
        return None
    forms = [operand.linear for operand in operands]
    match operation, forms:
        case op.Add(), [Linear() as left, Linear() as right]:
            return left.plus(right, 1)
        case op.Subtract(), [Linear() as left, Linear() as right]:
            return left.plus(right, -1)
        case op.Multiply(), [Linear(factor=0) as left, Linear() as right]:
            return right.times(left.offset)
        case op.Multiply(), [Linear() as left, Linear(factor=0) as right]:
            return left.times(right.offset)
        case op.ShiftLeft(bits=bits), [Linear() as source]:
            return source.times(1 << bits)
        case op.Narrow(), [source]:
            return source
        case ((op.Add() | op.Subtract() | op.Multiply() | op.ShiftLeft()), _):
            return None
        case _:
            raise op.unknown_operation(operation, "range inference")
