"""The operations that compute: sums, differences, products and magnitudes, all exact."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Operation, Range, aligned_point
from .bits import check_shift

__all__ = ["Absolute", "Add", "AddComplemented", "Multiply", "PartialProduct", "Subtract"]


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
class AddComplemented(Operation, operands=("left", "right", "condition")):
    """``left + right + carry``, where the bits of `right` are complemented if `condition` is 1.

    The adders of some devices complement an operand without a look-up table of its own, so that a sign can be applied
    within a sum.

    Parameters
    ----------
    left, right
        The operands.
    condition
        A step of one bit.
    carry
        A constant carry into the lowest place, 0 or 1.
    kept
        The number of lowest bits of `right` that are never complemented.
    left_complemented
        Whether ``~left`` is added instead of `left`.

    """

    left: str
    right: str
    condition: str
    carry: int = 0
    kept: int = 0
    left_complemented: bool = False

    def __post_init__(self) -> None:
        if self.carry not in (0, 1):
            raise ValueError(f"the carry of an addition is 0 or 1, not {self.carry}")
        check_shift(self.kept, "add_complemented")

    def range(self, *ranges: Range) -> Range:
        a, b, condition = ranges
        if not Range(0, 1).covers(condition):
            raise ValueError(f"the condition {self.condition} is in {condition}; it must be 0 or 1")
        if self.left_complemented:
            a = Range(~a.high, ~a.low)
        if condition.low == 1:
            b = self._complemented(b)
        elif condition.high == 1:
            b = b.union(self._complemented(b))
        return Range(a.low + b.low + self.carry, a.high + b.high + self.carry)

    def _complemented(self, right: Range) -> Range:
        """Return the range of `right` with all but the kept bits complemented."""
        kept = (1 << self.kept) - 1
        least, most = right.low >> self.kept, right.high >> self.kept
        lowest, highest = (right.low & kept, right.high & kept) if least == most else (0, kept)
        return Range((~most << self.kept) + lowest, (~least << self.kept) + highest)

    def point(self, *points: int) -> int:
        return aligned_point(self, points[:2])


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
