r"""RTLIL, the netlist of Yosys, as far as Amaranth prints it: wires, memories, cells, registers and aliases.

Identifiers keep their first character, which tells a public name (``\x``) from an anonymous one (``$12``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

__all__ = [
    "Assign",
    "Bits",
    "Cell",
    "Literal",
    "Memory",
    "Module",
    "Net",
    "Process",
    "Update",
    "Wire",
    "substitute",
    "wires_of",
]


class Net(NamedTuple):
    """One bit of a wire."""

    wire: str
    bit: int


Bits: TypeAlias = tuple[Net | str, ...]
"""A value, least significant bit first: nets and the constants ``"0"``, ``"1"`` and ``"x"``."""

Literal: TypeAlias = int | str | Bits
"""The value of a parameter or an attribute: a number, a text or sized bits."""


@dataclass(frozen=True)
class Wire:
    """A wire; its direction is ``"input"`` or ``"output"``, and empty inside the module."""

    name: str
    bits: Bits
    signed: bool
    direction: str
    attributes: Mapping[str, Literal]

    @property
    def width(self) -> int:
        """The number of its bits."""
        return len(self.bits)


@dataclass(frozen=True)
class Memory:
    """An array of words."""

    name: str
    width: int
    depth: int
    attributes: Mapping[str, Literal]


@dataclass(frozen=True)
class Cell:
    """An instance of a primitive such as ``$add``."""

    kind: str
    parameters: Mapping[str, Literal]
    ports: Mapping[str, Bits]


@dataclass(frozen=True)
class Assign:
    """``target`` is another name for the bits of ``value``."""

    target: Bits
    value: Bits


@dataclass(frozen=True)
class Update:
    """A value that is taken when a one-bit condition is high; without a condition, always."""

    condition: Bits
    value: Bits


@dataclass(frozen=True)
class Process:
    """``target`` takes the value of the last of its updates that applies."""

    target: Bits
    updates: tuple[Update, ...]


@dataclass(frozen=True)
class Module:
    """A flat module."""

    name: str
    wires: Mapping[str, Wire]
    memories: Mapping[str, Memory]
    cells: tuple[Cell, ...]
    processes: tuple[Process, ...]
    aliases: tuple[Assign, ...]


def wires_of(bits: Bits) -> dict[str, None]:
    """Return the wires that occur in some bits, each once and in order."""
    return dict.fromkeys([net.wire for net in bits if isinstance(net, Net)])


def substitute(bits: Bits, values: Mapping[str, Bits]) -> Bits:
    """Replace wires by values, including the wires in those values."""
    while not values.keys().isdisjoint(wires_of(bits)):
        bits = tuple(
            [values[net.wire][net.bit] if isinstance(net, Net) and net.wire in values else net for net in bits]
        )
    return bits
