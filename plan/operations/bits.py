"""The operations on bits: fields, bitwise functions, shifts, rounding and leading zeros."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Operation, Range, aligned_point

__all__ = ["MAX_SHIFT", "Bits", "Bitwise", "Concatenate", "LeadingZeros", "Round", "ShiftBy", "ShiftLeft", "ShiftRight"]


@dataclass(frozen=True)
class Bits(Operation, operands=("source",)):
    """Bits ``low .. low + count - 1`` of the two's complement code of `source`, read as an unsigned or signed code."""

    source: str
    low: int
    count: int
    fraction: int = 0
    signed: bool = False

    def __post_init__(self) -> None:
        check_shift(self.low, "bits")
        if not 1 <= self.count <= MAX_SHIFT:
            raise ValueError(f"bits takes 1 to {MAX_SHIFT} bits, not {self.count}")

    def range(self, *ranges: Range) -> Range:
        half = 1 << (self.count - 1) if self.signed else 0
        bottom, top = (ranges[0].low >> self.low) + half, (ranges[0].high >> self.low) + half
        if bottom >> self.count == top >> self.count:  # the slice does not wrap around: it follows the source
            mask = (1 << self.count) - 1
            return Range((bottom & mask) - half, (top & mask) - half)
        return Range(-half, (1 << self.count) - 1 - half)

    def point(self, *points: int) -> int:
        return self.fraction


@dataclass(frozen=True)
class Bitwise(Operation, operands=("left", "right")):
    """``left & right``, ``left | right`` or ``left ^ right`` (`function` and, or, xor) of two's complement codes."""

    function: str
    left: str
    right: str

    def __post_init__(self) -> None:
        if self.function not in ("and", "or", "xor"):
            raise ValueError(f"function must be and, or or xor, not {self.function!r}")

    def range(self, *ranges: Range) -> Range:
        a, b = ranges
        if self.function == "and" and (a.low >= 0 or b.low >= 0):
            return Range(0, min(r.high for r in ranges if r.low >= 0))
        if a.low >= 0 and b.low >= 0:
            low = max(a.low, b.low) if self.function == "or" else 0
            return Range(low, (1 << max(a.high, b.high).bit_length()) - 1)
        half = 1 << (max(Range(min(r.low, -1), max(r.high, 0)).width for r in ranges) - 1)
        return Range(-half, half - 1)


@dataclass(frozen=True)
class Concatenate(Operation, operands=("high", "low")):
    """``high * 2**bits + low``, the bits of `high` to the left of the `bits` bits of `low`, which is unsigned."""

    high: str
    low: str
    bits: int
    fraction: int | None = None

    def __post_init__(self) -> None:
        check_shift(self.bits, "concatenate")

    def range(self, *ranges: Range) -> Range:
        high, low = ranges
        if low.low < 0 or low.high >> self.bits:
            raise ValueError(f"concatenate needs {self.low} within [0, 2**{self.bits}), not {low}")
        return Range((high.low << self.bits) + low.low, (high.high << self.bits) + low.high)

    def point(self, *points: int) -> int:
        if self.fraction is not None:
            return self.fraction
        return aligned_point(self, (points[0] + self.bits, points[1]))


@dataclass(frozen=True)
class ShiftLeft(Operation, operands=("source",)):
    """``source * 2**bits``; `fraction` overrides the binary point of the result."""

    source: str
    bits: int
    fraction: int | None = None

    def __post_init__(self) -> None:
        check_shift(self.bits, "shift_left")

    def range(self, *ranges: Range) -> Range:
        return Range(ranges[0].low << self.bits, ranges[0].high << self.bits)

    def point(self, *points: int) -> int:
        return points[0] + self.bits if self.fraction is None else self.fraction


@dataclass(frozen=True)
class ShiftRight(Operation, operands=("source",)):
    """``floor(source / 2**bits)``; `fraction` overrides the binary point of the result."""

    source: str
    bits: int
    fraction: int | None = None

    def __post_init__(self) -> None:
        check_shift(self.bits, "shift_right")

    def range(self, *ranges: Range) -> Range:
        return Range(ranges[0].low >> self.bits, ranges[0].high >> self.bits)

    def point(self, *points: int) -> int:
        return points[0] - self.bits if self.fraction is None else self.fraction


MAX_SHIFT = 256
"""The most bits one step may shift by."""


def check_shift(bits: Any, operation: str) -> None:
    if isinstance(bits, bool) or not hasattr(bits, "__index__"):
        raise TypeError(f"{operation} takes an integer number of bits, not {bits!r}")
    if not 0 <= bits <= MAX_SHIFT:
        raise ValueError(f"{operation} takes 0 to {MAX_SHIFT} bits, not {bits}")


@dataclass(frozen=True)
class ShiftBy(Operation, operands=("source", "amount")):
    """`source` shifted `direction` (left, or right with floor) by the non-negative code of `amount`; point kept."""

    direction: str
    source: str
    amount: str

    def __post_init__(self) -> None:
        if self.direction not in ("left", "right"):
            raise ValueError(f"direction must be left or right, not {self.direction!r}")

    def range(self, *ranges: Range) -> Range:
        source, amount = ranges
        if amount.low < 0:
            raise ValueError(f"shift amount {self.amount} is in {amount}; it must not be negative")
        check_shift(amount.high, "shift_by")
        if self.direction == "left":
            ends = [end << shift for end in source for shift in amount]
        else:
            ends = [end >> shift for end in source for shift in amount]
        return Range(min(ends), max(ends))

    def point(self, *points: int) -> int:
        return points[0]


@dataclass(frozen=True)
class LeadingZeros(Operation, operands=("source",)):
    """Zeros before the first one in the `width`-bit code of the non-negative `source`; `width` for zero."""

    source: str
    width: int

    def range(self, *ranges: Range) -> Range:
        low, high = ranges[0]
        if low < 0 or high.bit_length() > self.width:
            raise ValueError(f"leading_zeros needs a source within [0, 2**{self.width}), not {ranges[0]}")
        return Range(self.width - high.bit_length(), self.width - low.bit_length())

    def point(self, *points: int) -> int:
        return 0


@dataclass(frozen=True)
class Round(Operation, operands=("source",)):
    """`source` without its `bits` lowest bits, rounded by `mode`: half_up, half_even or toward_zero."""

    source: str
    bits: int
    mode: str

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= MAX_SHIFT:
            raise ValueError(f"round drops 1 to {MAX_SHIFT} bits, not {self.bits}")
        if self.mode not in ("half_up", "half_even", "toward_zero"):
            raise ValueError(f"mode must be half_up, half_even or toward_zero, not {self.mode!r}")

    def range(self, *ranges: Range) -> Range:
        return Range(self._rounded(ranges[0].low), self._rounded(ranges[0].high))  # every mode is monotonic

    def _rounded(self, code: int) -> int:
        floor, rest = code >> self.bits, code & ((1 << self.bits) - 1)
        half = 1 << (self.bits - 1)
        if self.mode == "half_up":
            return floor + (rest >= half)
        if self.mode == "half_even":
            return floor + (rest > half or (rest == half and floor % 2 == 1))
        return floor + (code < 0 and rest != 0)

    def point(self, *points: int) -> int:
        return points[0] - self.bits
