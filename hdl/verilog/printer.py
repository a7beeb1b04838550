"""Readable Verilog-2005 from the RTLIL that Amaranth prints (decision 001).

The netlist is restored to the form of its source: every named signal is one declaration, in the order of the
computation; slices and extensions have the names of the source; anonymous results fold into the expression of their
user. Operands are extended explicitly to the size of their operation, so that nothing depends on Verilog's implicit
sizes and signs, and lint tools report nothing.

This module prints the module, its declarations and its blocks; the modules that it imports decide everything else.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .drivers import Instance, Register, Write
from .expressions import ExpressionPrinter, constant
from .layout import Layout
from .lines import INDENT, block, comment, fill, indent, join
from .netlist import Netlist, make_netlist
from .rtlil import Module, Wire
from .rtlil_reader import parse_rtlil
from .simplification import simplify
from .spelling import Piece

__all__ = ["print_verilog"]

_WORDS_PER_LINE = 4


def print_verilog(rtlil: str, *, header: str = "", ports: Sequence[str] = (), helper: str = "") -> str:
    """Print a module as Verilog.

    String attributes of a signal steer the text: ``order``, a decimal number, is its place among the declarations and
    ``note`` the comment above it, in one or more lines. First lines of a note that start with ``----`` are a heading:
    it is set off by a blank line and precedes everything that the signal needs. A memory may have a note, too.

    Parameters
    ----------
    rtlil
        The text of the one module, as `amaranth.back.rtlil` makes it.
    header
        Comment above the module.
    ports
        The ports in the order wanted, as Amaranth puts inputs first; if empty, in the order of the RTLIL.
    helper
        Name of another module that may have instances in it (see `make_netlist`); the text has it not.

    Returns
    -------
    str
        The text of the module.

    Raises
    ------
    ValueError
        If the text is not one flat module with these ports, or it holds a cell that cannot be printed.

    """
    netlist = make_netlist(_with_ports(parse_rtlil(rtlil), ports), helper)
    simplify(netlist)
    return "".join(f"{line}\n" for line in [*comment(header), *_Printer(netlist).lines()])


def _with_ports(module: Module, ports: Sequence[str]) -> Module:
    """Return the module with its ports in this order."""
    listed = {wire.name: wire for wire in module.wires.values() if wire.direction}
    if not ports:
        return module
    if sorted(listed) != sorted(f"\\{name}" for name in ports):
        raise ValueError(
            f"module {module.name[1:]} has the ports {', '.join(name[1:] for name in listed)}, not {', '.join(ports)}"
        )
    inner = {name: wire for name, wire in module.wires.items() if name not in listed}
    return replace(module, wires=inner | {f"\\{name}": listed[f"\\{name}"] for name in ports})


class _Printer:
    """Prints a netlist."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._layout = Layout(netlist)
        self._names = self._layout.names
        self._expressions = ExpressionPrinter(netlist, self._layout)
        self._known = {wire.name for wire in netlist.wires.values() if wire.direction}
        self._headed: set[str] = set()
        self._note = ""
        self._body: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield the lines of the module."""
        for clocked, group in itertools.groupby(self._layout.declared, self._netlist.is_register):
            names = list(group)
            if clocked:
                self._add_registers(names)
                continue
            for name in names:
                if self._netlist.is_write(name):
                    self._add_write(name)
                else:
                    self._add_wire(name)
        self._add_unused()
        while self._body and not self._body[-1]:
            self._body.pop()
        yield f"module {self._layout.module} ("
        yield from indent(self._ports())
        yield ");"
        yield from indent(self._body)
        yield "endmodule"

    def _break(self) -> None:
        """Add a blank line, unless there is one."""
        if self._body and self._body[-1]:
            self._body.append("")

    def _paragraph(self, lines: Iterable[str]) -> None:
        """Add lines set off by blank ones."""
        self._break()
        self._body += lines
        self._break()

    def _ports(self) -> Iterator[str]:
        ports = [wire for wire in self._netlist.wires.values() if wire.direction]
        kinds = [f"{wire.direction:6} {self._type(wire)}" for wire in ports]
        ends = [*("," for _ in ports[1:]), ""]
        # Ranges are right-aligned, next to the name.
        width = max(map(len, kinds), default=0)
        for wire, kind, end in zip(ports, kinds, ends, strict=True):
            head, bracket, size = kind.partition(" [")
            size = bracket + size
            yield f"{head}{size:>{width - len(head)}} {self._names[wire.name]}{end}"

    def _type(self, wire: Wire) -> str:
        kind = "reg" if self._netlist.is_register(wire.name) else "wire"
        return f"{kind}{' signed' if wire.signed else ''}{_size(wire.width)}"

    def _add_heading(self, name: str) -> None:
        """Add the heading with which a signal's note begins, before the signal and everything that it needs."""
        owner = self._layout.owners[name]
        heading, _ = self._split_note(owner)
        if heading and owner not in self._headed:
            self._headed.add(owner)
            self._break()
            self._body += comment(heading)

    def _add_note(self, name: str) -> None:
        """Add the signal's note, only once if several names of the same bits share it."""
        _, note = self._split_note(name)
        if note != self._note:
            self._body += comment(note)
            self._note = note

    def _split_note(self, name: str) -> tuple[str, str]:
        """Return the heading with which the note of a signal begins, and the rest."""
        wire = self._netlist.wires[name]
        if wire.direction or "note" not in wire.attributes:
            return "", ""
        lines = str(wire.attributes["note"]).splitlines()
        count = next((n for n, line in enumerate(lines) if not line.startswith("----")), len(lines))
        return "\n".join(lines[:count]), "\n".join(lines[count:])

    def _declare(self, names: Iterable[str]) -> None:
        """Declare the registers and tables among the names, unless they are known already."""
        for name in names:
            if name not in self._known:
                self._known.add(name)
                if name in self._netlist.tables:
                    self._paragraph(self._table(name))
                elif self._netlist.is_register(name):
                    self._add_heading(name)
                    self._add_note(name)
                    self._body.append(f"{self._type(self._netlist.wires[name])} {self._names[name]};")

    def _add_wire(self, name: str) -> None:
        wire = self._netlist.wires[name]
        self._add_heading(name)
        self._declare(self._layout.needs(name))
        self._add_note(name)
        if isinstance(driver := self._netlist.drivers[name], Instance):
            self._add_instance(name, driver)
            return
        head = "assign" if wire.direction else self._type(wire)
        self._body.append(f"{head} {self._names[name]} = {self._expressions.expression(name).text};")

    def _add_instance(self, name: str, driver: Instance) -> None:
        """Declare a wire, and add the instance that drives it."""
        wire = self._netlist.wires[name]
        if not wire.direction:
            self._body.append(f"{self._type(wire)} {self._names[name]};")
        parameters = ", ".join(f".{key}({value})" for key, value in driver.parameters)
        inputs = [f".{port}({self._expressions.value(bits, name).text})," for port, bits in driver.inputs]
        self._body += [
            f"{driver.module} {f'#({parameters}) ' if parameters else ''}{self._layout.instances[name]} (",
            *indent(fill([*inputs, f".{driver.output}({self._names[name]})"])),
            ");",
        ]

    def _add_write(self, name: str) -> None:
        """Add the block that writes to a memory."""
        write = self._netlist.drivers[name]
        assert isinstance(write, Write)
        self._declare(self._layout.needs(name))
        clock, enable, address, data = (self._expressions.value(bits, name).text for bits, _ in write.sites)
        line = f"{self._names[write.table]}[{address}] <= {data};"
        self._paragraph([f"always @(posedge {clock}) begin", *indent(block(f"if ({enable})", [line])), "end"])

    def _table(self, name: str) -> Iterator[str]:
        table, called = self._netlist.tables[name], self._names[name]
        if table.write:
            yield from comment(table.note)
            style = f'(* ram_style = "{table.style}" *) ' if table.style else ""
            yield f"{style}reg{_size(table.width)} {called} [0:{table.depth - 1}];"
            return
        digits = ["".join(map(str, reversed(word))) for word in table.words]
        last = len(digits) - 1
        entries = [
            f"{called}[{n:{len(str(last))}}] = {constant(word, hexadecimal=True)};" for n, word in enumerate(digits)
        ]
        yield from comment(table.note)
        style = f'(* rom_style = "{table.style}" *) ' if table.style else ""
        yield f"{style}reg{_size(len(digits[0]))} {called} [0:{last}];"
        yield "initial begin"
        for start in range(0, len(entries), _WORDS_PER_LINE):
            yield INDENT + " ".join(entries[start : start + _WORDS_PER_LINE])
        yield "end"

    def _add_registers(self, names: Sequence[str]) -> None:
        """Add registers, with one block for all with the same clock and conditions."""
        self._declare(need for name in names for need in self._layout.needs(name) if need not in names)
        self._break()
        self._declare(names)
        for name in names:
            if (value := self._netlist.wires[name].attributes.get("initial")) is not None:
                self._body.append(f"initial {self._names[name]} = {value};")
        blocks: dict[tuple[tuple[Piece, ...], ...], list[str]] = defaultdict(list)
        for name in names:
            driver = self._netlist.drivers[name]
            assert isinstance(driver, Register)
            controls = (driver.clock, *(update.condition for update in driver.updates))
            blocks[tuple(self._layout.pieces(bits, name) if bits else () for bits in controls)].append(name)
        for members in blocks.values():
            self._body += self._clocked(members)
            self._break()

    def _clocked(self, names: Sequence[str]) -> Iterator[str]:
        """Print the block of registers that differ only in their values."""
        drivers = [driver for name in names if isinstance(driver := self._netlist.drivers[name], Register)]
        user, controls = names[0], drivers[0]
        chain: list[str] = []
        # The last applicable update takes precedence, so its condition comes first.
        for updates in zip(*(reversed(driver.updates) for driver in drivers), strict=True):
            lines = [
                f"{self._names[name]} <= {self._expressions.value(update.value, name).text};"
                for name, update in zip(names, updates, strict=True)
            ]
            condition = updates[0].condition
            if condition:
                head = f"if ({self._expressions.value(condition, user).text})"
                chain = join(chain, block(f"else {head}" if chain else head, lines))
            else:
                chain = join(chain, block("else", lines)) if chain else lines
        event = f"always @(posedge {self._expressions.value(controls.clock, user).text})"
        is_simple = len(chain) == 1 and not controls.updates[-1].condition
        yield from [f"{event} {chain[0]}"] if is_simple else [f"{event} begin", *indent(chain), "end"]

    def _add_unused(self) -> None:
        unused = [self._expressions.slice(piece) for piece in self._layout.unused()]
        if unused:
            remark = "// Bits that nothing reads, listed for the lint tools; synthesis drops them."
            first, *more = fill(["wire _unused = &{1'b0,", *(f"{bits}," for bits in unused[:-1]), f"{unused[-1]}}};"])
            self._paragraph([remark, first, *indent(more)])


def _size(width: int) -> str:
    return f" [{width - 1}:0]" if width > 1 else ""
