"""The base of operations: a frozen dataclass that knows its operands, its range and its binary point."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple, get_args, get_origin, get_type_hints

from ..any_format import Format, parse_format, plan_format
from ..formats import FixedFormat

__all__ = ["Operation", "Range", "aligned_point", "unknown_operation"]


class Range(NamedTuple):
    """An inclusive interval of integer codes."""

    low: int
    high: int

    @classmethod
    def of(cls, fmt: Format) -> Range:
        """Return the codes of a format."""
        return cls(fmt.min_code, fmt.max_code)

    @property
    def signed(self) -> bool:
        """Whether a sign bit is needed."""
        return self.low < 0

    @property
    def width(self) -> int:
        """Bits that hold every code of the range, the sign bit included; at least 1."""
        if self.low < 0:
            return max(self.high, -self.low - 1).bit_length() + 1
        return max(self.high.bit_length(), 1)

    @property
    def size(self) -> int:
        """Number of codes."""
        return self.high - self.low + 1

    @property
    def block(self) -> Range:
        """The smallest aligned block of ``2**n`` codes that covers the range; with both signs, it is that around 0."""
        if self.low < 0 <= self.high:
            half = 1 << (self.width - 1)
            return Range(-half, half - 1)
        rest = (1 << (self.low ^ self.high).bit_length()) - 1
        return Range(self.low & ~rest, self.low | rest)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, int) and self.low <= code <= self.high

    def covers(self, other: Range) -> bool:
        """Whether every code of `other` lies in this range."""
        return self.low <= other.low and other.high <= self.high

    def union(self, other: Range) -> Range:
        """Return the smallest range that covers both."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    def __str__(self) -> str:
        return f"[{self.low}, {self.high}]"


@dataclass(frozen=True)
class Operation:
    """One operation of a plan; its string fields marked as operands name earlier steps."""

    kinds: ClassVar[dict[str, type[Operation]]] = {}
    operand_fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, operands: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.operand_fields = tuple(operands)
        Operation.kinds[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """Name of the operation in listings and JSON: ``leading_zeros``."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """Names of the steps this one reads, in order."""
        return tuple(getattr(self, name) for name in self.operand_fields)

    def range(self, *ranges: Range) -> Range:
        """Range of the result for operands within `ranges`."""
        raise unknown_operation(self, "range inference")

    def point(self, *points: int) -> int:
        """Fraction bits of the result for operands with `points` fraction bits.

        Raises
        ------
        ValueError
            If the operands' binary points do not line up.

        """
        return aligned_point(self, points)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as JSON values; fields at their default are left out."""
        out: dict[str, Any] = {"op": self.kind()}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default or field.default is MISSING:
                out[field.name] = _as_json(value)
        return out

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Operation:
        """Read what `as_dict` wrote.

        Raises
        ------
        ValueError
            If the operation is unknown, or a field is missing, unknown or of the wrong kind.

        """
        values = dict(data)
        kind = values.pop("op", None)
        cls = Operation.kinds.get(kind) if isinstance(kind, str) else None
        if cls is None:
            raise ValueError(f"there is no operation {kind!r}")
        types = _field_types(cls)
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise ValueError(f"operation {kind} has no field {name!r}")
        for field in fields(cls):
            if field.name not in values:
                if field.default is MISSING:
                    raise ValueError(f"operation {kind} lacks its field {field.name!r}")
                continue
            values[field.name] = cls._read_field(field.name, types[field.name], values[field.name])
        return cls(**values)

    @classmethod
    def _read_field(cls, name: str, kind: Any, value: Any) -> Any:
        if kind is FixedFormat:
            return plan_format(parse_format(value))
        if get_origin(kind) is tuple:
            if not isinstance(value, list | tuple) or not all(type(each) is int for each in value):
                raise ValueError(f"field {name!r} of operation {cls.kind()} cannot be {value!r}")
            return tuple(value)
        allowed = get_args(kind) or (kind,)
        if isinstance(value, bool) is not (kind is bool) or not isinstance(value, allowed):
            raise ValueError(f"field {name!r} of operation {cls.kind()} cannot be {value!r}")
        return value

    def __str__(self) -> str:
        shown = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in self.operand_fields:
                shown.append(str(value))
            elif value is not None and (value != field.default or field.default is MISSING):
                shown.append(f"{field.name}={value}")
        return f"{self.kind()}({', '.join(shown)})"


def _as_json(value: Any) -> Any:
    if isinstance(value, FixedFormat):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


_field_types: Callable[[type], dict[str, Any]] = cache(get_type_hints)
"""The types of the fields of an operation, by name."""


def aligned_point(operation: Operation, points: Sequence[int]) -> int:
    """Return the fraction bits that all operands have.

    Raises
    ------
    ValueError
        If they do not have the same.

    """
    if len(set(points)) != 1:
        listed = ", ".join(f"{name} has {point}" for name, point in zip(operation.operands, points, strict=True))
        raise ValueError(f"{operation.kind()} needs operands with equal fraction bits, but {listed}")
    return points[0]


def unknown_operation(operation: Operation, reading: str) -> TypeError:
    """Return the error of a reading of plans, such as the golden model, that has no case for an operation.

    No reading has a default case: an operation that one of them was forgotten for would cost nothing there, and take
    no time (decision 031).
    """
    return TypeError(f"the {reading} does not know operation {operation.kind()!r}")
