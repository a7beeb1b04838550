"""The operations that compute: sums, differences, products and magnitudes, all exact."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Operation, Range

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
    """A row of a product: a multiple of `source` for each code of a digit, from 0 on.

    The factors are 0, 1, 2, -1 and -2, those of radix-4 digits; a negative one makes a ones' complement, a unit short.
    With at most four of them every bit of the row is a function of four.
    """

    source: str
    digit: str
    factors: tuple[int, ...] = (0, 1, 2, -1, -2)

    def __post_init__(self) -> None:
        if not self.factors or not set(self.factors) <= {0, 1, 2, -1, -2}:
            raise ValueError(f"the factors of a partial product are from -2 to 2, not {self.factors}")

    def range(self, *ranges: Range) -> Range:
        source, digit = ranges
        if digit.low < 0 or digit.high >= len(self.factors):
            limit = len(self.factors) - 1
            raise ValueError(f"the digit {self.digit} is in {digit}; this partial product takes 0 to {limit}")
        rows = [row for factor in self.factors[digit.low : digit.high + 1] for row in _multiples(source, factor)]
        return Range(min(rows), max(rows))

    def point(self, *points: int) -> int:
        return points[0]


def _multiples(source: Range, factor: int) -> list[int]:
    return [factor * end - (factor < 0) for end in source]


@dataclass(frozen=True)
class Absolute(Operation, operands=("source",)):
    """``|source|``; the most negative code has its exact magnitude."""

    source: str

    def range(self, *ranges: Range) -> Range:
        low, high = ranges[0]
        return Range(max(low, -high, 0), max(-low, high))
