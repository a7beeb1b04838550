"""The operations a plan is made of.

Each is a frozen dataclass over the names of earlier steps. An operation knows two things about its result: the range
of integer codes it can take (interval arithmetic, so that no step can overflow) and where its binary point is. What it
computes is said once more, separately, by each interpreter: the golden model and the datapath builder.

Unless a `fraction` says otherwise, an operation keeps the *value*: shifting left by three appends three fraction bits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .formats import FixedFormat
from .operation import Operation, Range, aligned_point

__all__ = [
    "Absolute",
    "Add",
    "Bits",
    "Bitwise",
    "Clamp",
    "Compare",
    "Concatenate",
    "Constant",
    "Input",
    "LeadingZeros",
    "Lookup",
    "Multiply",
    "Narrow",
    "Operation",
    "PartialProduct",
    "Range",
    "Round",
    "Select",
    "ShiftBy",
    "ShiftLeft",
    "ShiftRight",
    "Subtract",
]

_HEXADECIMAL = re.compile(r"[0-9a-f]+")

MAX_SHIFT = 256
"""The most bits one step may shift by."""


def _check_shift(bits: int, operation: str) -> None:
    if not 0 <= bits <= MAX_SHIFT:
        raise ValueError(f"{operation} by {bits} bits; 0 to {MAX_SHIFT} are possible")


@dataclass(frozen=True)
class Input(Operation):
    """An input port of a `format`; who drives it promises codes from `low` to `high`, of the whole format unless given.

    What comes of any other code is undefined: the golden model refuses it, and the hardware may do anything.
    """

    format: FixedFormat
    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        held = self.range()
        if held.low > held.high:
            raise ValueError(f"input codes are the wrong way round: {held.low} > {held.high}")
        if not Range.of(self.format).covers(held):
            raise ValueError(f"input codes {held} are not all of {self.format}, which holds {Range.of(self.format)}")

    def range(self, *ranges: Range) -> Range:
        low, high = Range.of(self.format)
        return Range(low if self.low is None else self.low, high if self.high is None else self.high)

    def point(self, *points: int) -> int:
        return self.format.fraction_bits


@dataclass(frozen=True)
class Constant(Operation):
    """The code `value` with `fraction` fraction bits."""

    value: int
    fraction: int = 0

    def range(self, *ranges: Range) -> Range:
        return Range(self.value, self.value)

    def point(self, *points: int) -> int:
        return self.fraction


@dataclass(frozen=True)
class Bits(Operation, operands=("source",)):
    """Bits ``low .. low + count - 1`` of the two's complement code of `source`, read as an unsigned or signed code."""

    source: str
    low: int
    count: int
    fraction: int = 0
    signed: bool = False

    def __post_init__(self) -> None:
        _check_shift(self.low, "bits")
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
class Lookup(Operation, operands=("index",)):
    """Entry `index` of `table`, a code with `fraction` fraction bits. The table covers the whole range of the index."""

    index: str
    table: tuple[int, ...]
    fraction: int = 0

    def range(self, *ranges: Range) -> Range:
        low, high = ranges[0]
        if low < 0 or high >= len(self.table):
            raise ValueError(
                f"lookup index {self.index} is in {ranges[0]}, but the table has {len(self.table)} entries"
            )
        entries = self.table[low : high + 1]
        return Range(min(entries), max(entries))

    def point(self, *points: int) -> int:
        return self.fraction

    def as_dict(self) -> dict[str, Any]:
        # Entries are packed as two's complement words of equal size, entry 0 first, four bits a digit.
        entries = Range(min(self.table), max(self.table))
        digits = (entries.width + 3) // 4
        mask = (1 << 4 * digits) - 1
        out: dict[str, Any] = {"op": "lookup", "index": self.index}
        out["table"] = {
            "digits": digits,
            "signed": entries.signed,
            "hex": "".join(f"{entry & mask:0{digits}x}" for entry in self.table),
        }
        if self.fraction:
            out["fraction"] = self.fraction
        return out

    @classmethod
    def _read_field(cls, name: str, kind: Any, value: Any) -> Any:
        if name != "table":
            return super()._read_field(name, kind, value)
        try:
            digits, signed, text = value["digits"], value["signed"], value["hex"]
            sound = isinstance(signed, bool) and digits >= 1 and text and len(text) % digits == 0
        except (TypeError, KeyError):
            sound = False
        if not sound or not _HEXADECIMAL.fullmatch(text):
            raise ValueError("field 'table' of operation lookup needs digits, signed and hex")
        words = [int(text[start : start + digits], 16) for start in range(0, len(text), digits)]
        half = 1 << (4 * digits - 1)
        return tuple(word - 2 * half if signed and word >= half else word for word in words)

    def __str__(self) -> str:
        return f"lookup({self.index}, {len(self.table)} entries)"


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
        _check_shift(self.bits, "concatenate")

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
        _check_shift(self.bits, "shift_left")

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
        _check_shift(self.bits, "shift_right")

    def range(self, *ranges: Range) -> Range:
        return Range(ranges[0].low >> self.bits, ranges[0].high >> self.bits)

    def point(self, *points: int) -> int:
        return points[0] - self.bits if self.fraction is None else self.fraction


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
        _check_shift(amount.high, "shift_by")
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
class Narrow(Operation, operands=("source",)):
    """`source` unchanged, known to stay within ``[low, high]`` by `proof` (see `plan.proofs`)."""

    source: str
    low: int
    high: int
    proof: str

    def range(self, *ranges: Range) -> Range:
        return Range(max(self.low, ranges[0].low), min(self.high, ranges[0].high))
