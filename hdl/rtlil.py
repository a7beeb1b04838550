r"""Reader of the RTLIL text that Amaranth's back end prints for one flat module.

RTLIL is the textual netlist of Yosys. Amaranth uses a small and regular part of it, one construct to a line, and that
is the part read here: wires, memories, cells, processes and the aliases at the end of a module. Identifiers keep their
first character, which tells a public name (``\x``) from an anonymous one (``$12``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


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


@dataclass(frozen=True)
class Cell:
    """An instance of a primitive such as ``$add``."""

    kind: str
    parameters: Mapping[str, Literal]
    ports: Mapping[str, Bits]


@dataclass(frozen=True)
class Assign:
    """``target`` takes ``value``; among the statements of a process a later assignment wins."""

    target: Bits
    value: Bits


@dataclass(frozen=True)
class Case:
    """An arm of a switch, the default if it has no patterns; these are written most significant bit first."""

    patterns: tuple[str, ...]
    body: "Body"


@dataclass(frozen=True)
class Switch:
    """Executes the body of the first case that matches the selector."""

    selector: Bits
    cases: tuple[Case, ...]


Body: TypeAlias = tuple[Assign | Switch, ...]
"""The statements of a process, in order."""


@dataclass(frozen=True)
class Module:
    """A flat module. Its ``aliases`` are wires that are only another name for other wires' bits."""

    name: str
    wires: Mapping[str, Wire]
    memories: Mapping[str, Memory]
    cells: tuple[Cell, ...]
    processes: tuple[Body, ...]
    aliases: tuple[Assign, ...]


def parse_rtlil(text: str) -> Module:
    """Read the text of one module.

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


def targets_of(body: Body) -> Bits:
    """Return all bits to which a process assigns."""
    bits: Bits = ()
    for item in body:
        if isinstance(item, Assign):
            bits += item.target
        else:
            bits += tuple(net for case in item.cases for net in targets_of(case.body))
    return bits


def substitute(bits: Bits, values: Mapping[str, Bits]) -> Bits:
    """Put values in the place of wires, also of those that occur in other values."""

    def follow(net: Net | str) -> Net | str:
        while isinstance(net, Net) and net.wire in values:
            net = values[net.wire][net.bit]
        return net

    return tuple(map(follow, bits))


def substitute_body(body: Body, values: Mapping[str, Bits]) -> Body:
    """Put values in the place of wires throughout a process; for its targets these have to be wires as well."""
    return tuple(
        Assign(substitute(item.target, values), substitute(item.value, values))
        if isinstance(item, Assign)
        else Switch(
            substitute(item.selector, values),
            tuple(Case(case.patterns, substitute_body(case.body, values)) for case in item.cases),
        )
        for item in body
    )


def simplify(body: Body) -> Body:
    """Leave out what is never executed and what does nothing, and make the last of exhaustive cases the default."""
    effective: list[Assign | Switch] = []
    for item in body:
        if isinstance(item, Assign):
            effective.append(item)
            continue
        cases: list[Case] = []
        seen: dict[str, None] = {}
        for case in item.cases:
            patterns = tuple(pattern for pattern in dict.fromkeys(case.patterns) if pattern not in seen)
            if case.patterns and not patterns:
                continue
            seen |= dict.fromkeys(patterns)
            values = sum("-" not in pattern for pattern in seen)
            if values == 2 ** len(item.selector) or any(not pattern.strip("-") for pattern in patterns):
                patterns = ()
            cases.append(Case(patterns, simplify(case.body)))
            if not patterns:
                break
        while cases and not cases[-1].body:
            cases.pop()
        if any("-" in pattern for pattern in seen):
            effective += _cascade(item.selector, cases)
        elif cases:
            effective.append(Switch(item.selector, tuple(cases)))
    return tuple(effective)


def _cascade(selector: Bits, cases: Sequence[Case]) -> Body:
    """Test one case after the other, each only on the bits that its patterns mention."""
    if not cases:
        return ()
    first, *others = cases
    if not first.patterns:
        return first.body
    # Patterns are written from the top.
    columns = [n for n in range(len(selector)) if any(pattern[-1 - n] != "-" for pattern in first.patterns)]
    patterns = tuple("".join(pattern[-1 - n] for n in reversed(columns)) for pattern in first.patterns)
    rest = _cascade(selector, others)
    return (
        Switch(
            tuple(selector[n] for n in columns),
            (Case(patterns, first.body), *([Case((), rest)] if rest else [])),
        ),
    )


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
        processes: list[Body] = []
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
                    memories[memory] = Memory(memory, int(width), int(depth))
                case ["cell", kind, _]:
                    cells.append(self._cell(kind))
                case ["process", _]:
                    processes.append(self._body()[0])
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

    def _body(self) -> tuple[Body, list[str]]:
        """Read statements; return them and the line that ended them."""
        body: list[Assign | Switch] = []
        for line in self._lines:
            match line:
                case ["assign", *operands]:
                    body.append(self._assign(operands))
                case ["switch", *selector]:
                    body += self._switch(self._bits(selector))
                case _:
                    return tuple(body), line
        raise ValueError("a process in the RTLIL has no end")

    def _switch(self, selector: Bits) -> Body:
        cases: list[Case] = []
        line = next(self._lines)
        while line[0] == "case":
            patterns = tuple(pattern.rstrip(",").partition("'")[2] for pattern in line[1:])
            body, line = self._body()
            cases.append(Case(patterns, body))
        # Amaranth keeps the order of assignments after a switch by wrapping them in a switch over nothing.
        return (Switch(selector, tuple(cases)),) if selector else tuple(item for case in cases for item in case.body)

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
