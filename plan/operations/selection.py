"""The operations that choose: comparisons, selections and limits."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Operation, Range, aligned_point

__all__ = ["Clamp", "Compare", "Narrow", "Select"]


@dataclass(frozen=True)
class Compare(Operation, operands=("left", "right")):
    """1 where ``left < right`` (or le, eq, ne, ge, gt), else 0."""

    relation: str
    left: str
    right: str

    def __post_init__(self) -> None:
        if self.relation not in ("lt", "le", "eq", "ne", "ge", "gt"):
            raise ValueError(f"relation must be lt, le, eq, ne, ge or gt, not {self.relation!r}")

    def range(self, *ranges: Range) -> Range:
        a, b = ranges
        apart = {"lt": a.high < b.low, "gt": a.low > b.high, "eq": a == b and a.low == a.high}
        apart["le"], apart["ge"] = a.high <= b.low, a.low >= b.high
        apart["ne"] = a.high < b.low or a.low > b.high
        opposite = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
        return Range(int(apart[self.relation]), int(not apart[opposite[self.relation]]))

    def point(self, *points: int) -> int:
        aligned_point(self, points)
        return 0


@dataclass(frozen=True)
class Select(Operation, operands=("condition", "when_true", "when_false")):
    """`when_true` where the one-bit `condition` is 1, else `when_false`."""

    condition: str
    when_true: str
    when_false: str

    def range(self, *ranges: Range) -> Range:
        condition, yes, no = ranges
        if condition.low < 0 or condition.high > 1:
            raise ValueError(f"select condition {self.condition} is in {condition}; it must be 0 or 1")
        if condition.low == 1:
            return yes
        return yes.union(no) if condition.high == 1 else no

    def point(self, *points: int) -> int:
        if points[1] != points[2]:
            raise ValueError(
                f"select needs operands with equal fraction bits, but {self.when_true} has {points[1]}, "
                f"{self.when_false} has {points[2]}"
            )
        return points[1]


@dataclass(frozen=True)
class Clamp(Operation, operands=("source",)):
    """`source` limited to ``[low, high]``."""

    source: str
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"clamp limits are the wrong way round: {self.low} > {self.high}")

    def range(self, *ranges: Range) -> Range:
        return Range(*(min(max(end, self.low), self.high) for end in ranges[0]))


@dataclass(frozen=True)
class Narrow(Operation, operands=("source",)):
    """`source` unchanged, known to stay within ``[low, high]`` by `proof` (see `plan.proofs`)."""

    source: str
    low: int
    high: int
    proof: str

    def range(self, *ranges: Range) -> Range:
        return Range(max(self.low, ranges[0].low), min(self.high, ranges[0].high))
