"""A synthesised netlist as a graph: its cells, what drives and what reads each bit, and the source's names of bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

__all__ = ["Bit", "Cell", "Netlist"]

Bit = int
"""The number that Yosys gives a net of one bit; constants have none."""


@dataclass(frozen=True)
class Cell:
    """A cell of a netlist.

    Attributes
    ----------
    name, kind
        Its name and type.
    source
        The places in the source that Yosys says it stems from, such as ``unit.v:12.5-12.20``.
    inputs, outputs
        The bits at its pins, by the pin's name.

    """

    name: str
    kind: str
    source: str
    inputs: Mapping[str, tuple[Bit, ...]]
    outputs: Mapping[str, tuple[Bit, ...]]

    @property
    def driven(self) -> Iterable[Bit]:
        """The bits that it drives."""
        return (bit for bits in self.outputs.values() for bit in bits)

    @property
    def read(self) -> Iterable[Bit]:
        """The bits that it reads."""
        return (bit for bits in self.inputs.values() for bit in bits)


class Netlist:
    """The flat module `top` of what Yosys's ``write_json`` wrote.

    Attributes
    ----------
    cells
        All cells but Yosys's marks of flattened modules.
    names
        The names of the source for each bit, with its place in the signal of that name.
    input_bits, output_bits
        The bits of the module's ports.

    """

    def __init__(self, data: Mapping[str, Any], top: str) -> None:
        module = data["modules"][top]
        self.cells = [_cell(name, cell) for name, cell in module["cells"].items() if cell["type"] != "$scopeinfo"]
        self.names: dict[Bit, list[tuple[str, int]]] = {}
        for name, net in module["netnames"].items():
            if not net["hide_name"]:
                for place, bit in enumerate(net["bits"]):
                    if isinstance(bit, int):
                        self.names.setdefault(bit, []).append((name, place))
        ports = module["ports"].values()
        self.input_bits = {bit for port in ports if port["direction"] == "input" for bit in _bits(port["bits"])}
        self.output_bits = {bit for port in ports if port["direction"] == "output" for bit in _bits(port["bits"])}

    @cached_property
    def drivers(self) -> Mapping[Bit, Cell]:
        """The cell that drives each bit; bits of input ports have none."""
        return {bit: cell for cell in self.cells for bit in cell.driven}

    @cached_property
    def readers(self) -> Mapping[Bit, list[tuple[Cell, str]]]:
        """The cells that read each bit, with the pin."""
        found: dict[Bit, list[tuple[Cell, str]]] = {}
        for cell in self.cells:
            for pin, bits in cell.inputs.items():
                for bit in bits:
                    found.setdefault(bit, []).append((cell, pin))
        return found


def _cell(name: str, cell: Mapping[str, Any]) -> Cell:
    pins: dict[str, dict[str, tuple[Bit, ...]]] = {"input": {}, "output": {}}
    for pin, bits in cell["connections"].items():
        pins[cell["port_directions"][pin]][pin] = _bits(bits)
    # A cell that Yosys joined of two keeps their attributes under names of its own.
    source = "|".join(text for key, text in cell["attributes"].items() if key.endswith("src"))
    return Cell(name, cell["type"], source, pins["input"], pins["output"])


def _bits(bits: Iterable[Bit | str]) -> tuple[Bit, ...]:
    """Return the bits that are not constants."""
    return tuple(bit for bit in bits if isinstance(bit, int))
