"""Cells of a netlist in Yosys's JSON, and their order of evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

__all__ = ["Bits", "Cell", "UnsupportedCellError", "in_order"]

Bits = Sequence[int | str]
"""Bits as Yosys's JSON has them, least significant first: numbers of nets, and ``"0"``, ``"1"`` and ``"x"``."""


class UnsupportedCellError(ValueError):
    """A netlist that holds something that does not run on arrays; the message names it."""


class Cell:
    """A cell of Yosys's JSON."""

    def __init__(self, cell: Mapping[str, Any]) -> None:
        self.kind: str = cell["type"]
        self.parameters: dict[str, str] = cell["parameters"]
        self.ports: dict[str, list[int | str]] = cell["connections"]
        self.directions: dict[str, str] = cell["port_directions"]

    def bits(self, direction: str) -> set[int | str]:
        """Return the bits of all ports of a direction, ``input`` or ``output``."""
        return {bit for port, bits in self.ports.items() if self.directions[port] == direction for bit in bits}

    def number(self, parameter: str) -> int:
        """Return a parameter as an unsigned number."""
        return int(self.parameters[parameter].replace("x", "0"), 2)


def in_order(cells: Sequence[Cell]) -> list[Cell]:
    """Return combinational cells in an order in which each follows those that it reads."""
    drivers = {bit: number for number, cell in enumerate(cells) for bit in cell.bits("output")}
    read = {number: {drivers[bit] for bit in cell.bits("input") & drivers.keys()} for number, cell in enumerate(cells)}
    try:
        return [cells[number] for number in TopologicalSorter(read).static_order()]
    except CycleError:
        raise UnsupportedCellError("a combinational loop") from None
