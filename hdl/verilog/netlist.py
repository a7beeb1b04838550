"""The netlist: one driver per wire, with operands extended to the size of its operation."""

from __future__ import annotations

from dataclasses import dataclass, field

from .drivers import Driver, Expression, Instance, Register, Write
from .operators import OPERATORS
from .rtlil import Bits, Cell, Module, Net, Process, Update, Wire, wires_of

__all__ = ["Netlist", "Table", "is_anonymous", "make_netlist"]


@dataclass(frozen=True)
class Table:
    """A memory; `style` tells synthesis where to put it, and is empty if that does not matter.

    One that is written has no words to begin with, and `write` is the wire that its `Write` drives.
    """

    words: tuple[Bits, ...]
    note: str
    style: str
    width: int
    depth: int
    write: str = ""


@dataclass
class Netlist:
    """A module; the ports among its wires are in the order of printing."""

    name: str
    wires: dict[str, Wire]
    drivers: dict[str, Driver] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def add(self, target: Bits, driver: Driver) -> None:
        """Drive a wire; the target must be all of its bits."""
        name = self.whole(target)
        if not name:
            raise ValueError("a driver of parts of wires cannot be printed as Verilog")
        self.drivers[name] = driver

    def whole(self, bits: Bits) -> str:
        """Return the wire of which these are all the bits, or an empty name."""
        source = bits[0].wire if isinstance(bits[0], Net) else ""
        return source if source and bits == self.wires[source].bits else ""

    def is_register(self, name: str) -> bool:
        """Tell whether a clocked block drives the wire."""
        return isinstance(self.drivers.get(name), Register)

    def is_write(self, name: str) -> bool:
        """Tell whether the wire stands for a write to a memory."""
        return isinstance(self.drivers.get(name), Write)

    def is_alias(self, name: str) -> bool:
        """Tell whether the wire is only another name for bits."""
        driver = self.drivers.get(name)
        return isinstance(driver, Expression) and driver.is_alias

    def is_combinational(self, name: str) -> bool:
        """Tell whether an expression or an instance drives the wire."""
        return isinstance(self.drivers.get(name), Expression | Instance)


def is_anonymous(name: str) -> bool:
    """Tell whether a wire got its name from Amaranth."""
    return name.startswith("$")


def make_netlist(module: Module, helper: str = "") -> Netlist:
    """Find the driver of every wire.

    Parameters
    ----------
    module
        A flat module as Amaranth prints it.
    helper
        A module that it may have instances of, with one output, which is connected last.

    Returns
    -------
    Netlist
        The same module, still with all its aliases.

    Raises
    ------
    ValueError
        If it holds a cell or a process that cannot be printed, or a port without bits.

    """
    for wire in module.wires.values():
        if wire.direction and not wire.width:
            raise ValueError(f"port {wire.name[1:]} has no bits, so it cannot be printed as Verilog")
    netlist = Netlist(module.name, {wire.name: wire for wire in module.wires.values() if wire.width})
    next_states = {process.target: process for process in module.processes}
    for cell in module.cells:
        match cell.kind:
            case "$meminit_v2":
                data, name = cell.ports["DATA"], str(cell.parameters["MEMID"])
                memory = module.memories[name]
                words = tuple(data[start : start + memory.width] for start in range(0, len(data), memory.width))
                note, style = (str(memory.attributes.get(key, "")) for key in ("note", "rom_style"))
                netlist.tables[name] = Table(words, note, style, memory.width, memory.depth)
            case "$memwr_v2":
                _add_write(netlist, module, cell)
            case "$memrd_v2":
                netlist.add(cell.ports["DATA"], _word(cell))
            case "$dff":
                register = _register(cell, next_states.pop(cell.ports["D"], None))
                netlist.add(cell.ports["Q"], register)
            case kind if kind == f"\\{helper}":
                *inputs, (output, target) = cell.ports.items()
                parameters = tuple((name, int(str(value))) for name, value in cell.parameters.items())
                netlist.add(target, Instance(helper, parameters, tuple(inputs), output))
            case _:
                expression = _expression(cell)
                netlist.add(cell.ports["Y"], expression)
    if next_states:
        raise ValueError("a process that drives no register cannot be printed as Verilog")
    for alias in module.aliases:
        if alias.target:
            netlist.add(alias.target, Expression("alias", (alias.value,)))
    return netlist


def _add_write(netlist: Netlist, module: Module, cell: Cell) -> None:
    """Add the write port of a memory, which then has no words to begin with."""
    name = str(cell.parameters["MEMID"])
    memory, enable = module.memories[name], cell.ports["EN"]
    if netlist.tables[name].write or len(set(enable)) > 1 or cell.parameters["CLK_POLARITY"] != 1:
        raise ValueError(f"memory {name[1:]} has writes that cannot be printed as Verilog: one of whole words can")
    wire = f"{name}.write"
    place = {"order": memory.attributes.get("order", "0")}
    netlist.wires[wire] = Wire(wire, (Net(wire, 0),), False, "", place)
    note, style = (str(memory.attributes.get(key, "")) for key in ("note", "ram_style"))
    netlist.tables[name] = Table((), note, style, memory.width, memory.depth, wire)
    ports = cell.ports
    netlist.drivers[wire] = Write(name, ports["CLK"], enable[:1], ports["ADDR"], ports["DATA"])


def _word(cell: Cell) -> Expression:
    if cell.parameters["CLK_ENABLE"] != 0:
        raise ValueError(f"a clocked cell of type {cell.kind} cannot be printed as Verilog")
    return Expression("word", (cell.ports["ADDR"] or ("0",),), table=str(cell.parameters["MEMID"]))


def _register(cell: Cell, process: Process | None) -> Register:
    """Join a register and the process that computes its next state, if there is one."""
    if cell.parameters["CLK_POLARITY"] != 1:
        raise ValueError(f"a cell of type {cell.kind} for a falling edge cannot be printed as Verilog")
    target, value = cell.ports["Q"], cell.ports["D"]
    if process is None:
        return Register(cell.ports["CLK"], (Update((), value),))
    first, *others = process.updates
    holds = first.value == target
    return Register(cell.ports["CLK"], tuple(others if holds else process.updates))


def _expression(cell: Cell) -> Expression:
    """Extend the operands of a cell to the size of its operation."""
    kind, ports = cell.kind, cell.ports
    if kind not in OPERATORS:
        raise ValueError(f"a cell of type {kind.lstrip(chr(92))} cannot be printed as Verilog")
    form, width = OPERATORS[kind].form, len(ports["Y"])
    if form == "choice":
        return Expression(kind, (ports["S"], ports["B"], ports["A"]))
    signed = cell.parameters["A_SIGNED"] == 1
    operands = [ports[name] for name in ("A", "B") if name in ports]
    if form == "shift":
        return _shift(kind, _resize(operands[0], width, signed), operands[1], signed)
    if form in ("compare", "reduce"):
        width = max(1, *map(len, operands))  # Amaranth drops leading zeros, even all bits of a zero
    return Expression(kind, tuple(_resize(bits, width, signed) for bits in operands), signed)


def _shift(kind: str, value: Bits, distance: Bits, signed: bool) -> Expression:
    """Shift a value; a constant distance only selects other bits."""
    if wires_of(distance):
        return Expression(kind, (value, distance), signed)
    places = sum(1 << n for n, bit in enumerate(distance) if bit == "1")
    filler = value[-1] if kind == "$sshr" else "0"
    moved = ("0",) * places + value if kind == "$shl" else value[places:] + (filler,) * places
    return Expression("alias", (moved[: len(value)],))


def _resize(bits: Bits, width: int, signed: bool) -> Bits:
    fill = bits[-1] if signed and bits else "0"
    return bits[:width] + (fill,) * (width - len(bits))
