"""The step function of emitted Verilog: the next state as combinational logic of state and inputs.

Yosys reads the Verilog back. Every register is then removed: its value becomes an input, its next value an output. So
claims about one clock, or a few in a row, become claims about combinational logic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...hdl.interfaces import Ports
from ...support.files import scratch_folder
from ...support.yosys import run_yosys

__all__ = ["MODULE", "NEXT", "STATE", "StepFunction", "read_step_function"]

MODULE, STATE, NEXT = "step", "state.now", "state.next"
"""Names of the module and of its two further ports; the dots keep them from those of a unit's own."""

# A read outside a table is x in Verilog, but has some bits in hardware: here they are 0.
_READ = """read_verilog -nosynthesis unit.v
hierarchy -check -top {top}
proc
flatten
check -assert
memory_map
setundef -zero -undriven
opt_expr
opt_clean
dffunmap
opt_expr
opt_clean
write_json unit.json
"""

_STATEFUL = re.compile(r"ff|latch|mem|^\$_?sr|^\$(any|all|initstate)|^[^$]", re.IGNORECASE)
"""Types of cells with state, or of unknown function."""


@dataclass(frozen=True)
class StepFunction:
    """A unit without its registers.

    Parameters
    ----------
    text
        Yosys's JSON of a module `MODULE`: the unit's ports, and `STATE` and `NEXT` if there are registers, all of them
        one after the other.
    registers
        Names and widths of the registers, the lowest bits first.
    initial
        The registers' values at power-up, the highest bits first; ``x`` for unknown bits.

    """

    text: str
    registers: tuple[tuple[str, int], ...]
    initial: str

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """The lowest bit and the width of each register, by name."""
        low, found = 0, {}
        for name, width in self.registers:
            found[name] = low, width
            low += width
        return found

    @property
    def width(self) -> int:
        """Total bits of all registers."""
        return sum(width for _, width in self.registers)


def read_step_function(verilog: str, top: str, ports: Ports) -> StepFunction:
    """Read a module back as its step function.

    Raises
    ------
    ValueError
        If it has a latch, a register with another clock or edge or with an asynchronous reset; or lacks a port.
    YosysError
        If Yosys rejects the text, or finds a signal without a driver, with several, or that depends on itself.

    """
    with scratch_folder() as folder:
        (folder / "unit.v").write_text(verilog, encoding="utf-8")
        run_yosys(_READ.format(top=top), cwd=folder)
        design = json.loads((folder / "unit.json").read_text(encoding="utf-8"))
    module = design["modules"][top]
    _check_ports(module, ports, top)
    clock = module["ports"][ports.of("clock").name]["bits"] if ports.has("clock") else []
    names, initial = _Names(module), _initial(module)
    registers: list[tuple[str, int]] = []
    held: list[Any] = []
    taken: list[Any] = []
    for cell_name, cell in list(module["cells"].items()):
        if not _STATEFUL.search(cell["type"]):
            continue
        bits = cell["connections"].get("Q", [])
        name = names.of(bits) or cell_name
        if cell["type"] != "$dff" or cell["connections"]["CLK"] != clock or not _is_set(cell["parameters"]):
            raise ValueError(f"{name} is not a register that moves at the rising edge of the clock, and only there")
        registers.append((name, len(bits)))
        held += bits
        taken += cell["connections"]["D"]
        del module["cells"][cell_name]
    # Inputs come first: Yosys takes the first port of some bits as their source.
    sides = [("input", STATE, held), ("output", NEXT, taken)] if held else []
    listed = {name: port for name, port in module["ports"].items() if port["direction"] == "input"}
    listed |= {name: {"direction": direction, "bits": bits} for direction, name, bits in sides}
    listed |= {name: port for name, port in module["ports"].items() if port["direction"] == "output"}
    module = {"ports": listed, "cells": module["cells"], "netnames": {}}
    power_up = "".join(initial.get(bit, "x") for bit in reversed(held))
    return StepFunction(json.dumps({"modules": {MODULE: module}}), tuple(registers), power_up)


def _initial(module: Mapping[str, Any]) -> dict[Any, str]:
    """Return the initial values of the bits that have one."""
    values: dict[Any, str] = {}
    for net in module["netnames"].values():
        digits = net["attributes"].get("init", "")
        values |= {bit: digit for bit, digit in zip(net["bits"], reversed(digits), strict=False) if digit in "01"}
    return values


class _Names:
    """Finds the Verilog names of registers."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        self._names: dict[Any, str] = {}
        for name, net in sorted(module["netnames"].items(), key=lambda item: item[0] in module["ports"]):
            if not net["hide_name"]:
                for key in (tuple(net["bits"]), *net["bits"]):
                    self._names.setdefault(key, name)

    def of(self, bits: Iterable[Any]) -> str:
        """Return a name of all bits, or else of the first that has one, preferably not that of a port; or nothing."""
        return next((self._names[key] for key in (tuple(bits), *bits) if key in self._names), "")


def _check_ports(module: Mapping[str, Any], ports: Ports, top: str) -> None:
    actual = {(name, port["direction"], len(port["bits"])) for name, port in module["ports"].items()}
    missing = [port for port in ports if (port.name, port.direction, port.width) not in actual]
    if missing:
        listed = ", ".join(f"{port.direction} {port.name} of {port.width} bits" for port in missing)
        raise ValueError(f"module {top} has no {listed}")


def _is_set(parameters: Mapping[str, str]) -> bool:
    return int(parameters["CLK_POLARITY"], 2) == 1
