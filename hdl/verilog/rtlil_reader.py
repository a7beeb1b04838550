"""Reader of the RTLIL text that Amaranth's back end prints for one flat module.

Amaranth uses a small and regular part of the language, one construct to a line: wires, memories, cells, the next states
of registers and the aliases at the end of a module. Only that part is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .rtlil import Assign, Bits, Cell, Literal, Memory, Module, Net, Process, Update, Wire

__all__ = ["parse_rtlil"]

_LINE = re.compile(r"^ *(\S+) ?(.*)$", re.MULTILINE)
"""A line's keyword and the rest."""

_WIRE = re.compile(r"width (\d+) (?:(input|output|inout) \d+ +)?(signed )?(\S+)")
_MEMORY = re.compile(r"width (\d+) size (\d+) (\S+)")
_ASSIGN = re.compile(r"(\{ .*? \}|\S+(?: \[[\d:]+\])?) (.+)")
_TERM = re.compile(r"(\S+)(?: \[(\d+)(?::(\d+))?\])?")
"""A constant, or a name with an optional range."""

_ESCAPE = re.compile(r"\\(.)")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def parse_rtlil(text: str) -> Module:
    """Read the text of one module.

    Parameters
    ----------
    text
        The text that `amaranth.back.rtlil` printed.

    Returns
    -------
    Module
        Its wires, memories, cells, processes and aliases, in the order of the text.

    Raises
    ------
    ValueError
        If there is not exactly one module, or a line is not of a form that Amaranth prints.

    """
    modules = _Reader(text).design()
    if len(modules) != 1:
        raise ValueError(f"expected the RTLIL of one flat module, found {len(modules)} modules")
    return modules[0]


class _Reader:
    """Recursive descent over the lines."""

    def __init__(self, text: str) -> None:
        self._lines: Iterator[tuple[str, str]] = iter(_LINE.findall(text))
        self._values: dict[str, Bits] = {}  # bits of the texts read so far, including the names of all wires

    def design(self) -> list[Module]:
        modules = []
        for keyword, rest in self._lines:
            match keyword:
                case "attribute":
                    pass
                case "module":
                    modules.append(self._module(rest))
                case _:
                    raise _unexpected(keyword, rest)
        return modules

    def _module(self, name: str) -> Module:
        values = self._values = {}
        wires: dict[str, Wire] = {}
        memories: dict[str, Memory] = {}
        cells: list[Cell] = []
        processes: list[Process] = []
        aliases: list[Assign] = []
        attributes: dict[str, Literal] = {}
        for keyword, rest in self._lines:
            match keyword:
                case "attribute":
                    key, _, value = rest.partition(" ")
                    attributes[key[1:]] = _literal(value)
                    continue
                case "wire" if found := _WIRE.fullmatch(rest):
                    width, direction, sign, wire = found.groups()
                    bits = values[wire] = tuple([Net(wire, bit) for bit in range(int(width))])
                    wires[wire] = Wire(wire, bits, bool(sign), direction or "", attributes)
                case "memory" if found := _MEMORY.fullmatch(rest):
                    width, depth, memory = found.groups()
                    memories[memory] = Memory(memory, int(width), int(depth), attributes)
                case "cell":
                    cells.append(self._cell(rest.partition(" ")[0]))
                case "process":
                    processes.append(self._process())
                case "connect":
                    aliases.append(self._assign(rest))
                case "end":
                    return Module(name, wires, memories, tuple(cells), tuple(processes), tuple(aliases))
                case _:
                    raise _unexpected(keyword, rest)
            attributes = {}
        raise ValueError(f"the RTLIL of module {name[1:]} has no end")

    def _cell(self, kind: str) -> Cell:
        parameters: dict[str, Literal] = {}
        ports: dict[str, Bits] = {}
        for keyword, rest in self._lines:
            name, _, value = rest[rest.find("\\") + 1 :].partition(" ")
            match keyword:
                case "parameter":
                    parameters[name] = _literal(value)
                case "connect":
                    ports[name] = self._bits(value)
                case _:
                    break
        return Cell(kind, parameters, ports)

    def _process(self) -> Process:
        """Read a process: an assignment, then conditional ones to the same target, which override earlier ones."""
        first = self._target()
        updates = [Update((), first.value)]
        for keyword, rest in self._lines:
            match keyword:
                case "switch":
                    updates.append(Update(self._bits(rest), self._when_high(first.target)))
                case "end":
                    return Process(first.target, tuple(updates))
                case _:
                    break
        raise _unsupported()

    def _when_high(self, target: Bits) -> Bits:
        """Read the rest of a switch whose only case is that its one bit is high, and return the value then assigned."""
        if next(self._lines, None) == ("case", "1'1"):
            assign = self._target()
            if assign.target == target and next(self._lines, None) == ("end", ""):
                return assign.value
        raise _unsupported()

    def _target(self) -> Assign:
        keyword, rest = next(self._lines, ("", ""))
        if keyword != "assign":
            raise _unsupported()
        return self._assign(rest)

    def _assign(self, operands: str) -> Assign:
        found = _ASSIGN.fullmatch(operands)
        if not found:
            raise _unexpected("assignment", operands)
        target, value = found.groups()
        return Assign(self._bits(target), self._bits(value))

    def _bits(self, text: str) -> Bits:
        bits = self._values.get(text)
        if bits is None:
            bits = ()
            for term in reversed(_TERM.findall(text.removeprefix("{ ").removesuffix(" }"))):
                bits += self._term(*term)
            self._values[text] = bits
        return bits

    def _term(self, text: str, high: str, low: str) -> Bits:
        if not text.startswith(("\\", "$")):
            return _constant(text)
        bits = self._values[text]
        return bits[int(low or high) : int(high) + 1] if high else bits


def _constant(text: str) -> Bits:
    return tuple(reversed(text.partition("'")[2]))


def _literal(text: str) -> Literal:
    if text.startswith('"'):
        return _ESCAPE.sub(lambda match: _CONTROL.get(match[1], match[1]), text[1:-1])
    return _constant(text) if "'" in text else int(text)


def _unexpected(keyword: str, rest: str) -> ValueError:
    return ValueError(f"unexpected line in the RTLIL: {keyword} {rest}")


def _unsupported() -> ValueError:
    return ValueError(
        "a process that is more than a register's next state under single conditions cannot be printed as Verilog"
    )
