"""Range inference: what codes can a step take?

Interval arithmetic, sharpened where a step is a linear function of one input: ``8 x - x`` is known to be ``7 x``, which
plain intervals do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from .operations import Add, Constant, Input, Multiply, Narrow, Operation, Range, ShiftLeft, Subtract

__all__ = ["Inferred", "Linear", "infer", "infer_step", "split_input"]


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
    """What is known of a step's codes."""

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
    if isinstance(operation, Input):
        return Linear(name, 1, 0)
    if isinstance(operation, Constant):
        return Linear(None, 0, operation.value)
    forms = [operand.linear for operand in operands]
    if None in forms:
        return None
    match operation, forms:
        case Add(), [Linear() as left, Linear() as right]:
            return left.plus(right, 1)
        case Subtract(), [Linear() as left, Linear() as right]:
            return left.plus(right, -1)
        case Multiply(), [Linear(factor=0) as left, Linear() as right]:
            return right.times(left.offset)
        case Multiply(), [Linear() as left, Linear(factor=0) as right]:
            return left.times(right.offset)
        case ShiftLeft(bits=bits), [Linear() as source]:
            return source.times(1 << bits)
        case Narrow(), [source]:
            return source
    return None
