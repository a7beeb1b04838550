"""The operations that hold what is given: the input, constants and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..formats import FixedFormat
from .base import Operation, Range

__all__ = ["Constant", "Input", "Lookup"]


_HEXADECIMAL = re.compile(r"[0-9a-f]+")


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
