"""Arguments of recurrent cells: how each is read, and a base that reads and writes all of a cell (decision 054)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ...support.parameters import read_name, show_number
from ..budget import Budget
from .base import Argument, Composite
from .cell_parts import GATES, WIDEST
from .given import complete, read_fixed

__all__ = ["GATES_ARGUMENT", "PRODUCTS_ARGUMENT", "Cell", "CellArgument", "budget", "gate_format", "signed_format"]

_ALIASES = {"onnx": "keras2", "torch": "keras3"}


@dataclass(frozen=True, kw_only=True)
class CellArgument(Argument):
    """An argument of a cell, which has a field of the same name.

    Parameters
    ----------
    read
        Function that returns the field's value for a given one; not called with None, which stays None.

    """

    read: Callable[[Any], Any]


class Cell(Composite):
    """The base of cells, whose fields are their arguments."""

    arguments: ClassVar[tuple[CellArgument, ...]]

    @classmethod
    def read(cls, **given: Any) -> Self:
        values = complete(cls, given)
        fields = ((argument, values[argument.name]) for argument in cls.arguments)
        return cls(**{argument.name: None if value is None else argument.read(value) for argument, value in fields})

    def as_dict(self) -> dict[str, Any]:
        return {argument.name: _as_json(getattr(self, argument.name)) for argument in self.arguments}


def signed_format(name: str, text: str) -> CellArgument:
    """Return the argument that is a signed format, such as that of pre-activations or of states."""
    return CellArgument(
        name=name,
        help=text,
        metavar="FORMAT",
        required=True,
        read=lambda given: read_fixed(name, given, WIDEST, signed=True),
    )


def gate_format(text: str = "Format of the gates, such as UQ0.12.", *, positive: bool = False) -> CellArgument:
    """Return the argument that is the format of a gate; a `positive` one holds values from 0 to below 2 only."""

    def read(given: Any) -> FixedFormat:
        found = read_fixed("gate", given, WIDEST)
        if found.fraction_bits < 2:
            raise ValueError(f"gate must have 2 fraction bits or more, for values from 0 to 1, not {found}")
        if positive and (found.signed or found.integer_bits > 1):
            raise ValueError(f"gate must be unsigned with at most 1 integer bit, such as UQ0.12, not {found}")
        return found

    return CellArgument(name="gate", help=text, metavar="FORMAT", required=True, internal=True, read=read)


def budget(name: str, text: str) -> CellArgument:
    """Return the argument that is an error budget."""
    return CellArgument(name=name, help=text, metavar="ERROR", read=Budget.parse)


GATES_ARGUMENT = CellArgument(
    name="gates",
    help="soft (logistic, the default), hard (x/4 + 1/2, limited), keras2 or onnx (x/5), keras3 or torch (x/6).",
    metavar="NAME",
    default="soft",
    read=lambda given: read_name("kind of gates", given, {**{name: name for name in GATES}, **_ALIASES}),
)
"""The gates' function (see `cell_parts.GATES`)."""

PRODUCTS_ARGUMENT = CellArgument(
    name="products",
    help="dsp (multiplier blocks, if the target has some that keep the clock; the default) or logic.",
    metavar="NAME",
    default="dsp",
    internal=True,
    read=lambda given: read_name("place for products", given, ("dsp", "logic")),
)
"""Where products are made."""


def _as_json(value: Any) -> int | str | None:
    if value is None or isinstance(value, int):
        return value
    return show_number(value) if isinstance(value, Fraction) else str(value)
