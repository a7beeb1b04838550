"""The operations that compute: sums, differences, products and magnitudes, all exact."""

from __future__ import annotations

from dataclasses import dataclass

from ..operation import Operation, Range

__all__ = ["Absolute", "Add", "Multiply", "PartialProduct", "Subtract"]


@dataclass(frozen=True)
class Add(Operation, operands=("left", "right")):
    """``left + right``."""

    left: str
    right: str

    def range(self, *ranges: Range) -> Range:
        a, b = ranges
        return Range(a.low + b.low, a.high + b.high)


@dataclass(frozen=True)
class Subtract(Operation, operands=("left", "right")):
    """``left - right``."""

    left: str
    right: str

    def range(self, *ranges: Range) -> Range:
        a, b = ranges
        return Range(a.low - b.high, a.high - b.low)


@dataclass(frozen=True)
class Multiply(Operation, operands=("left", "right")):
    """``left * right``; a step times itself is known not to be negative."""

    left: str
    right: str

    def range(self, *ranges: Range) -> Range:
        a, b = ranges
        if self.left == self.right:
            ends = (a.low * a.low, a.high * a.high)
            return Range(0 if a.low <= 0 <= a.high else min(ends), max(ends))
        corners = [p * q for p in a for q in b]
        return Range(min(corners), max(corners))

    def point(self, *points: int) -> int:
        return sum(points)


@dataclass(frozen=True)
class PartialProduct(Operation, operands=("source", "digit")):
    """A row of a product: 0, `source`, ``2 * source``, ``-source - 1`` or ``-2 * source - 1`` for `digit` 0 to 4.

    These are the multiples by the radix-4 digits 0, 1, 2, -1 and -2, the negative ones as ones' complements, one unit
    short. For digits up to 3 every bit of the row is a function of four.
    """

    source: str
    digit: str

    def range(self, *ranges: Range) -> Range:
        source, digit = ranges
        if digit.low < 0 or digit.high > 4:
            raise ValueError(f"the digit {self.digit} is in {digit}; a partial product takes 0 to 4")
        rows = [row for factor in _MULTIPLES[digit.low : digit.high + 1] for row in _multiples(source, factor)]
        return Range(min(rows), max(rows))

    def point(self, *points: int) -> int:
        return points[0]


_MULTIPLES = (0, 1, 2, -1, -2)


def _multiples(source: Range, factor: int) -> list[int]:
    return [factor * end - (factor < 0) for end in source]


@dataclass(frozen=True)
class Absolute(Operation, operands=("source",)):
    """``|source|``; the most negative code has its exact magnitude."""

    source: str

    def range(self, *ranges: Range) -> Range:
        low, high = ranges[0]
        return Range(max(low, -high, 0), max(-low, high))
