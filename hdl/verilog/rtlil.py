r"""Reader of the RTLIL text that Amaranth's back end prints for one flat module.

RTLIL is the textual netlist of Yosys. Amaranth uses a small and regular part of it, one construct to a line, and that
is the part read here: wires, memories, cells, the next states of registers and the aliases at the end of a module.
Identifiers keep their first character, which tells a public name (``\x``) from an anonymous one (``$12``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    "parse_rtlil",
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
    width: int
    signed: bool
    direction: str
    attributes: Mapping[str, Literal]

    @property
    def bits(self) -> Bits:
        """All bits of the wire."""
        return tuple(Net(self.name, bit) for bit in range(self.width))


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


def parse_rtlil(text: str) -> Module:
    """Read the text of one module.

    Parameters
    ----------
    text
        What `amaranth.back.rtlil` printed.

    Returns
    -------
    Module
        Its wires, memories, cells, processes and aliases, in the order of the text.

    Raises
    ------
    ValueError
        If there is not exactly one module, or a line is not of the kind that Amaranth prints.

    """
    modules = _Reader(text).design()
    if len(modules) != 1:
        raise ValueError(f"expected the RTLIL of one flat module, found {len(modules)} modules")
    return modules[0]


def wires_of(bits: Bits) -> dict[str, None]:
    """Return the wires that occur in some bits, each once and in order."""
    return dict.fromkeys(net.wire for net in bits if isinstance(net, Net))


def substitute(bits: Bits, values: Mapping[str, Bits]) -> Bits:
    """Put values in the place of wires, also of those that occur in other values."""

    def follow(net: Net | str) -> Net | str:
        while isinstance(net, Net) and net.wire in values:
            net = values[net.wire][net.bit]
        return net

    return tuple(map(follow, bits))


_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\S+')
_ESCAPE = re.compile(r"\\(.)")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


class _Reader:
    """Recursive descent over lines of tokens."""

    def __init__(self, text: str) -> None:
        self._lines: Iterator[list[str]] = filter(None, map(_TOKEN.findall, text.splitlines()))
        self._wires: dict[str, Wire] = {}

    def design(self) -> list[Module]:
        modules = []
        for line in self._lines:
            match line:
                case ["attribute", _, _]:
                    pass
                case ["module", name]:
                    modules.append(self._module(name))
                case _:
                    raise _unexpected(line)
        return modules

    def _module(self, name: str) -> Module:
        wires = self._wires = {}
        memories: dict[str, Memory] = {}
        cells: list[Cell] = []
        processes: list[Process] = []
        aliases: list[Assign] = []
        attributes: dict[str, Literal] = {}
        for line in self._lines:
            match line:
                case ["attribute", key, value]:
                    attributes[key[1:]] = _literal(value)
                    continue
                case ["wire", "width", width, *options, wire]:
                    direction = next((option for option in options if option in ("input", "output", "inout")), "")
                    wires[wire] = Wire(wire, int(width), "signed" in options, direction, attributes)
                case ["memory", "width", width, "size", depth, memory]:
                    memories[memory] = Memory(memory, int(width), int(depth), attributes)
                case ["cell", kind, _]:
                    cells.append(self._cell(kind))
                case ["process", _]:
                    processes.append(self._process())
                case ["connect", *operands]:
                    aliases.append(self._assign(operands))
                case ["end"]:
                    return Module(name, wires, memories, tuple(cells), tuple(processes), tuple(aliases))
                case _:
                    raise _unexpected(line)
            attributes = {}
        raise ValueError(f"the RTLIL of module {name[1:]} has no end")

    def _cell(self, kind: str) -> Cell:
        parameters: dict[str, Literal] = {}
        ports: dict[str, Bits] = {}
        for line in self._lines:
            match line:
                case ["parameter", *_, name, value]:
                    parameters[name[1:]] = _literal(value)
                case ["connect", name, *value]:
                    ports[name[1:]] = self._bits(value)
                case _:
                    break
        return Cell(kind, parameters, ports)

    def _process(self) -> Process:
        """Read a process: an assignment, then conditional ones to the same target that win over those before."""
        first = self._target(next(self._lines, [""]))
        updates = [Update((), first.value)]
        for line in self._lines:
            match line:
                case ["switch", *selector]:
                    updates.append(Update(self._bits(selector), self._when_high(first.target)))
                case ["end"]:
                    return Process(first.target, tuple(updates))
                case _:
                    break
        raise _unsupported()

    def _when_high(self, target: Bits) -> Bits:
        """Read the rest of a switch whose only case is that its one bit is high, and return the value then assigned."""
        if next(self._lines, [""]) == ["case", "1'1"]:
            assign = self._target(next(self._lines, [""]))
            if assign.target == target and next(self._lines, [""]) == ["end"]:
                return assign.value
        raise _unsupported()

    def _target(self, line: list[str]) -> Assign:
        if line[0] != "assign":
            raise _unsupported()
        return self._assign(line[1:])

    def _assign(self, operands: list[str]) -> Assign:
        # Both sides are one term: braces, or a name or constant with an optional range.
        first = operands.index("}") + 1 if operands[0] == "{" else 1 + operands[1].startswith("[")
        return Assign(self._bits(operands[:first]), self._bits(operands[first:]))

    def _bits(self, tokens: list[str]) -> Bits:
        bits: Bits = ()
        bounds: list[int] = []  # of the name that comes next, as the tokens are read from the right
        for token in reversed(tokens[1:-1] if tokens[0] == "{" else tokens):
            if token.startswith("["):
                bounds = [int(bound) for bound in token[1:-1].split(":")]
            elif token.startswith(("\\", "$")):
                part = self._wires[token].bits
                bits += part[bounds[-1] : bounds[0] + 1] if bounds else part
                bounds = []
            else:
                bits += _constant(token)
        return bits


def _constant(token: str) -> Bits:
    return tuple(reversed(token.partition("'")[2]))


def _literal(token: str) -> Literal:
    if token.startswith('"'):
        return _ESCAPE.sub(lambda match: _CONTROL.get(match[1], match[1]), token[1:-1])
    return _constant(token) if "'" in token else int(token)


def _unexpected(line: list[str]) -> ValueError:
    return ValueError(f"unexpected line in the RTLIL: {' '.join(line)}")


def _unsupported() -> ValueError:
    return ValueError(
        "a process that is more than a register's next state under single conditions cannot be printed as Verilog"
    )
