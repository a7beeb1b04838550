"""Readable Verilog-2005 from the RTLIL that Amaranth prints.

The netlist is brought back to the form in which its author thought of it: every named signal is one declaration, in
the order of the computation; slices and extensions go by the names that were given to them; results without a name
fold into the expression of their user. Operands are extended explicitly to the size of their operation, so nothing is
left to Verilog's rules of implied sizes and signs, and no lint tool has anything to remark on.

String attributes of a signal steer the text: ``order``, a decimal number, is its place among the declarations and
``note`` the comment above its own.
"""

import itertools
import math
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from ..plan.names import check_identifier
from .rtlil import (
    Assign,
    Bits,
    Body,
    Case,
    Cell,
    Module,
    Net,
    Switch,
    Wire,
    parse_rtlil,
    simplify,
    substitute,
    substitute_body,
    targets_of,
    wires_of,
)

__all__ = ["print_verilog"]


def print_verilog(rtlil: str, *, header: str = "", ports: Sequence[str] = ()) -> str:
    """Print the one module in ``rtlil`` as Verilog, under ``header`` as a comment.

    The ports come in the order of ``ports``, if it is given: Amaranth puts the inputs before the outputs.

    Raises
    ------
    ValueError
        If the text is not one flat module of these ports, or it holds a cell that has no counterpart here.

    """
    comment = "".join(f"// {line}".rstrip() + "\n" for line in header.splitlines())
    return comment + _Printer(_Netlist(_with_ports(parse_rtlil(rtlil), ports))).text()


def _with_ports(module: Module, ports: Sequence[str]) -> Module:
    """Put the ports into an order."""
    listed = {wire.name: wire for wire in module.wires.values() if wire.direction}
    if not ports:
        return module
    if sorted(listed) != sorted(f"\\{name}" for name in ports):
        raise ValueError(
            f"module {module.name[1:]} has the ports {', '.join(name[1:] for name in listed)}, not {', '.join(ports)}"
        )
    inner = {name: wire for name, wire in module.wires.items() if name not in listed}
    return replace(module, wires=inner | {f"\\{name}": listed[f"\\{name}"] for name in ports})


# ---- The netlist: one driver for every wire ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Expression:
    """An operation on operands that already have the exact size at which it works.

    Its kind is a cell type, ``alias`` for plain bits, or ``word`` for an entry of ``table``.
    """

    kind: str
    operands: tuple[Bits, ...]
    signed: bool = False
    table: str = ""


@dataclass(frozen=True)
class _Choice:
    """A combinational process."""

    body: Body


@dataclass(frozen=True)
class _Register:
    """A register, with the process that computes its next state."""

    edge: str
    clock: Bits
    body: Body


_Driver: TypeAlias = _Expression | _Choice | _Register

_BINARY = {
    "$add": "+",
    "$sub": "-",
    "$mul": "*",
    "$and": "&",
    "$or": "|",
    "$xor": "^",
    "$divfloor": "/",
    "$modfloor": "%",
    "$shl": "<<",
    "$shr": ">>",
    "$sshr": ">>>",
    "$eq": "==",
    "$ne": "!=",
    "$lt": "<",
    "$le": "<=",
    "$gt": ">",
    "$ge": ">=",
}
_UNARY = {
    "$not": "~",
    "$neg": "-",
    "$reduce_and": "&",
    "$reduce_or": "|",
    "$reduce_bool": "|",
    "$reduce_xor": "^",
    "$logic_not": "~|",
}
_COMPARE = {"$eq", "$ne", "$lt", "$le", "$gt", "$ge"}
_SHIFT = {"$shl", "$shr", "$sshr"}
_REDUCE = {"$reduce_and", "$reduce_or", "$reduce_bool", "$reduce_xor", "$logic_not"}
# The bits of these results depend on no higher bits of the operands listed: the top of both can be cut off alike.
_LOW_FIRST = {
    **dict.fromkeys(("$add", "$sub", "$mul", "$and", "$or", "$xor"), (0, 1)),
    **dict.fromkeys(("$not", "$neg", "$shl"), (0,)),
    "$mux": (1, 2),
}
# The signs of the operands matter to these: for the value, and for $mul so that synthesis sees a small multiplier.
_BY_SIGN = {"$mul", "$divfloor", "$modfloor", "$sshr", "$lt", "$le", "$gt", "$ge"}
# As an operand of a larger expression these would take their sign from that expression.
_SIGN_FROM_CONTEXT = {"$mul", "$divfloor", "$modfloor", "$sshr"}
# What the result of an operation adds to the name of its user, if it needs a name of its own.
_RESULT = {
    "$add": "sum",
    "$sub": "difference",
    "$mul": "product",
    "$neg": "negated",
    "$shl": "shifted",
    "$shr": "shifted",
    "$sshr": "shifted",
    "$mux": "choice",
    "word": "word",
    **dict.fromkeys(_COMPARE, "test"),
}
_MAX_OPERATORS = 3
"""As many operators at most make up an expression."""


class _Netlist:
    """The module as one driver for each wire, simplified as far as that makes the text simpler."""

    def __init__(self, module: Module) -> None:
        self.name = module.name
        self.wires = {wire.name: wire for wire in module.wires.values() if wire.width}
        self.drivers: dict[str, _Driver] = {}
        self.tables: dict[str, list[Bits]] = {}
        for wire in module.wires.values():
            if wire.direction and (not wire.width or wire.direction == "inout"):
                raise ValueError(f"port {wire.name[1:]} without bits or direction cannot be printed as Verilog")
        for cell in module.cells:
            self._add_cell(cell)
        for body in map(simplify, module.processes):
            driver: _Driver = _Choice(body)
            if len(body) == 1 and isinstance(body[0], Assign):
                driver = _Expression("alias", (body[0].value,))
            self.drivers[_wire(targets_of(body))] = driver
        for alias in filter(lambda alias: alias.target, module.aliases):
            self.drivers[_wire(alias.target)] = _Expression("alias", (alias.value,))
        self._inline_next_states()
        self._dissolve_anonymous()
        self._cut_unused_tops()
        self._name_results()

    def _add_cell(self, cell: Cell) -> None:
        ports = cell.ports
        edge = "posedge" if cell.parameters.get("CLK_POLARITY", 1) == 1 else "negedge"
        match cell.kind:
            case "$dff":
                self.drivers[_wire(ports["Q"])] = _Register(edge, ports["CLK"], (Assign(ports["Q"], ports["D"]),))
            case "$meminit_v2":
                data, width = ports["DATA"], len(ports["EN"])
                words = [data[start : start + width] for start in range(0, len(data), width)]
                self.tables[str(cell.parameters["MEMID"])] = words
            case "$memrd_v2":
                data, table = ports["DATA"], str(cell.parameters["MEMID"])
                word = _Expression("word", (ports["ADDR"] or ("0",),), table=table)
                if cell.parameters["CLK_ENABLE"] == 0:
                    self.drivers[_wire(data)] = word
                else:
                    update: Body = (Assign(data, self._add_wire(f"{_wire(data)} word", len(data), word)),)
                    if ports["EN"] != ("1",):
                        update = (Switch(ports["EN"], (Case(("1",), update),)),)
                    self.drivers[_wire(data)] = _Register(edge, ports["CLK"], update)
            case "$shift":
                if cell.parameters["A_SIGNED"] == 1:
                    raise ValueError(
                        "a signed cell of type $shift cannot be printed, as tools differ on what it shifts in"
                    )
                # A part at a variable place: shift at full size, then take the low bits.
                value = _resize(ports["A"], max(len(ports["A"]), len(ports["Y"])), signed=False)
                shift = _shift("$shr", value, ports["B"], signed=False)
                whole = self._add_wire(f"{_wire(ports['Y'])} shifted", len(value), shift)
                self.drivers[_wire(ports["Y"])] = _Expression("alias", (whole[: len(ports["Y"])],))
            case _:
                self.drivers[_wire(ports.get("Y", ()))] = _expression(cell)

    def _add_wire(self, name: str, width: int, driver: _Driver) -> Bits:
        """Add an anonymous wire and return its bits."""
        wire = Wire(f"${name}", width, signed=False, direction="", attributes={})
        self.wires[wire.name], self.drivers[wire.name] = wire, driver
        return wire.bits

    def _inline_next_states(self) -> None:
        """Move a process that computes nothing but the next state of a register into it."""
        reads = Counter(
            name for driver in self.drivers.values() for bits, _ in _sites(driver) for name in wires_of(bits)
        )
        for name, driver in list(self.drivers.items()):
            if isinstance(driver, _Register) and isinstance(driver.body[0], Assign):
                source = self._whole(driver.body[0].value)
                process = self.drivers.get(source)
                if isinstance(process, _Choice) and _is_anonymous(source) and reads[source] == 1:
                    first, *rest = substitute_body(process.body, {source: self.wires[name].bits})
                    holds = isinstance(first, Assign) and first.target == first.value
                    self.drivers[name] = replace(driver, body=tuple(rest if holds else [first, *rest]))
                    del self.drivers[source]

    def _whole(self, bits: Bits) -> str:
        """Return the wire of which these are all the bits, or an empty name."""
        source = bits[0].wire if isinstance(bits[0], Net) else ""
        return source if source and bits == self.wires[source].bits else ""

    def _dissolve_anonymous(self) -> None:
        """Put the bits themselves in the place of aliases that have no name to offer."""
        values = {
            name: driver.operands[0]
            for name, driver in self.drivers.items()
            if _is_anonymous(name) and isinstance(driver, _Expression) and driver.kind == "alias"
        }
        self.drivers = {
            name: _substitute_driver(driver, values) for name, driver in self.drivers.items() if name not in values
        }

    def _cut_unused_tops(self) -> None:
        """Cut anonymous results to the bits that are used, as far as their low bits do not depend on the others."""
        changed = True
        while changed:
            changed = False
            used: dict[str, int] = defaultdict(int)
            for driver in self.drivers.values():
                for bits, _ in _sites(driver):
                    for net in bits:
                        if isinstance(net, Net):
                            used[net.wire] = max(used[net.wire], net.bit + 1)
            for name, driver in list(self.drivers.items()):
                width = used[name]
                if not _is_anonymous(name) or width == self.wires[name].width:
                    continue
                if not width:
                    del self.drivers[name]
                elif isinstance(driver, _Expression) and driver.kind in _LOW_FIRST:
                    cut = _LOW_FIRST[driver.kind]
                    operands = tuple(bits[:width] if n in cut else bits for n, bits in enumerate(driver.operands))
                    self.wires[name] = replace(self.wires[name], width=width)
                    self.drivers[name] = replace(driver, operands=operands)
                else:
                    continue
                changed = True

    def _name_results(self) -> None:
        """Let a named alias of a whole anonymous result, or of an output, be that result's own name."""
        names: dict[str, Bits] = {}
        outputs: dict[str, _Driver] = {}
        claimed: set[str] = set()
        for name, driver in self.drivers.items():
            if isinstance(driver, _Expression) and driver.kind == "alias":
                source = self._whole(driver.operands[0])
                is_output = source and self.wires[source].direction == "output" and not self.wires[name].direction
                if source not in names and (is_output or _is_anonymous(source)):
                    names[source] = self.wires[name].bits
                    claimed.add(name)
                    if is_output:
                        outputs[source] = _Expression("alias", (self.wires[name].bits,))
        self.drivers = {
            _wire(names[name]) if name in names else name: _substitute_driver(driver, names)
            for name, driver in self.drivers.items()
            if name not in claimed
        } | outputs


def _expression(cell: Cell) -> _Expression:
    """Extend the operands of a cell to the size at which it works."""
    kind, ports = cell.kind, cell.ports
    signed = cell.parameters.get("A_SIGNED") == 1
    if kind == "$mux":
        return _Expression(kind, (ports["S"], ports["B"], ports["A"]))
    if kind not in _BINARY and kind not in _UNARY:
        raise ValueError(f"a cell of type {kind.lstrip(chr(92))} cannot be printed as Verilog")
    if signed and kind in ("$divfloor", "$modfloor"):
        raise ValueError(f"a signed cell of type {kind} cannot be printed as Verilog, whose division rounds to zero")
    if kind == "$sshr" and not signed:
        kind = "$shr"  # Verilog's >>> would look at the sign of a name instead
    operands = [ports[name] for name in ("A", "B") if name in ports]
    width = len(ports["Y"])
    if kind in _COMPARE:
        width = max(1, *map(len, operands))
    elif kind in _REDUCE:
        width = max(1, len(operands[0]))
    if kind in _SHIFT:
        return _shift(kind, _resize(operands[0], width, signed), operands[1], signed)
    return _Expression(kind, tuple(_resize(bits, width, signed) for bits in operands), signed)


def _shift(kind: str, value: Bits, distance: Bits, signed: bool) -> _Expression:
    """Shift a value; by a constant distance that is only another choice of bits."""
    if any(isinstance(net, Net) for net in distance):
        return _Expression(kind, (value, distance), signed)
    places = int(_digits(distance) or "0", base=2)
    filler = value[-1] if kind == "$sshr" and signed else "0"
    moved = ("0",) * places + value if kind == "$shl" else value[places:] + (filler,) * places
    return _Expression("alias", (moved[: len(value)],))


def _resize(bits: Bits, width: int, signed: bool) -> Bits:
    fill = bits[-1] if signed and bits else "0"
    return bits[:width] + (fill,) * (width - len(bits))


def _is_anonymous(name: str) -> bool:
    return name.startswith("$")


def _wire(target: Bits) -> str:
    """Return the one wire that a driver's output is."""
    (name,) = wires_of(target)
    return name


class _Site(NamedTuple):
    """A place where a driver reads bits; ``place`` tells which expressions may stand there instead of a name.

    ``own``: any, as its size and sign are its own; ``operand``: what does not take a sign from its context; ``name``:
    none.
    """

    bits: Bits
    place: str


def _sites(driver: _Driver) -> Iterator[_Site]:
    if isinstance(driver, _Expression):
        place = "own" if driver.kind in ("alias", "word") else "operand"
        for bits in driver.operands:
            yield _Site(bits, place)
    else:
        if isinstance(driver, _Register):
            yield _Site(driver.clock, "name")
        yield from _body_sites(driver.body)


def _body_sites(body: Body) -> Iterator[_Site]:
    for item in body:
        if isinstance(item, Assign):
            yield _Site(item.value, "own")
        else:
            yield _Site(item.selector, "operand" if len(item.selector) == 1 else "name")
            for case in item.cases:
                yield from _body_sites(case.body)


def _substitute_driver(driver: _Driver, values: Mapping[str, Bits]) -> _Driver:
    match driver:
        case _Expression():
            return replace(driver, operands=tuple(substitute(bits, values) for bits in driver.operands))
        case _Choice():
            return _Choice(substitute_body(driver.body, values))
        case _Register():
            clock = substitute(driver.clock, values)
            return replace(driver, clock=clock, body=substitute_body(driver.body, values))


# ---- Order and names -----------------------------------------------------------------------------------------------


def _place(roots: Iterable[str], needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Put the wires in the order of the roots, but each after those that it needs; return their places."""
    placed: dict[str, int] = {}
    for root in roots:
        path = {root: None} if root not in placed else {}
        while path:
            name = next(reversed(path))
            need = next((need for need in needs[name] if need not in placed), None)
            if need is None:
                placed[name] = len(placed)
                del path[name]
            elif need in path:
                raise ValueError(f"wire {need} depends on itself")
            else:
                path[need] = None
    return placed


@dataclass(frozen=True)
class _Slice:
    """Bits ``low`` to ``high`` of a wire, some times over."""

    wire: str
    low: int
    high: int
    times: int = 1

    @property
    def bits(self) -> range:
        """The numbers of the bits."""
        return range(self.low, self.high + 1)


_Piece: TypeAlias = _Slice | str
"""A part of an operand: a slice, or constant bits with the most significant first."""


class _Spelling(NamedTuple):
    """A name for bits, to be used after a place in the order; among several the greatest preference counts."""

    bits: Bits
    preference: tuple[int, int, int]
    wire: str
    since: tuple[int, int]


class _Plan:
    """What is declared, in which order and under which name, and what folds into the expression of its user."""

    def __init__(self, netlist: _Netlist) -> None:
        self._netlist, self.wires, self.drivers = netlist, netlist.wires, netlist.drivers
        self._pieces: dict[tuple[str, Bits], tuple[_Piece, ...]] = {}
        self._roots = [
            *sorted((name for name in self.drivers if self._is_root(name)), key=self._rank),
            *(name for name in self.drivers if not self._is_root(name)),
        ]
        self._find_spellings()
        self._live = self._find_live()
        self._users: dict[str, list[str]] = defaultdict(list)
        for user in self._live:
            for piece in self._reads(user):
                self._users[piece.wire].append(user)
        self._folded: set[str] = set()
        self._fold()
        self.declared = self._order()
        self.names = self._name()

    def is_register(self, name: str) -> bool:
        """Tell whether a clocked block drives the wire."""
        return isinstance(self.drivers.get(name), _Register)

    def is_folded(self, name: str) -> bool:
        """Tell whether the wire has no declaration, as its only user holds its expression."""
        return name in self._folded

    def needs(self, name: str) -> dict[str, None]:
        """Return the wires and tables that occur in the text of a driver, what is folded into it included."""
        driver = self.drivers[name]
        needs: dict[str, None] = {driver.table: None} if isinstance(driver, _Expression) and driver.table else {}
        for piece in self._reads(name):
            needs |= self.needs(piece.wire) if piece.wire in self._folded else {piece.wire: None}
        return needs

    def pieces(self, bits: Bits, user: str) -> tuple[_Piece, ...]:
        """Spell bits with the longest names and slices that are declared before their user, least significant first."""
        key = user, bits
        if key not in self._pieces:
            self._pieces[key] = tuple(self._split(bits, self._position[user]))
        return self._pieces[key]

    def unused(self) -> Iterator[_Slice]:
        """Yield the bits of inputs and of declared wires that nothing reads."""
        used = {(piece.wire, bit) for user in self._live for piece in self._reads(user) for bit in piece.bits}
        for wire in self.wires.values():
            if wire.direction == "input" or (wire.name in self.declared and wire.direction != "output"):
                low = 0
                for bit in range(wire.width + 1):
                    if bit == wire.width or (wire.name, bit) in used:
                        if low < bit:
                            yield _Slice(wire.name, low, bit - 1)
                        low = bit + 1

    def _is_root(self, name: str) -> bool:
        wire = self.wires[name]
        return "order" in wire.attributes or wire.direction == "output" or self.is_register(name)

    def _rank(self, name: str) -> float:
        """Sort by the attribute ``order``; the other registers and then the outputs come last."""
        wire = self.wires[name]
        if wire.direction and not self.is_register(name):
            return math.inf
        return float(str(wire.attributes.get("order", sys.maxsize)))

    def _reads(self, user: str) -> Iterator[_Slice]:
        for bits, _ in _sites(self.drivers[user]):
            yield from (piece for piece in self.pieces(bits, user) if isinstance(piece, _Slice))

    def _find_spellings(self) -> None:
        """Find out which names may stand for which bits, and from which place on.

        The netlist's own order, in which every wire follows what it is made of, decides: a name serves those that come
        after it. So new names never lead to circles.
        """
        before = {
            name: [need for bits, _ in _sites(driver) for need in wires_of(bits) if self._is_combinational(need)]
            for name, driver in self.drivers.items()
        }
        placed = _place(self._roots, before)
        self._position = {name: (place, 0) for name, place in placed.items()}
        self._spellings: dict[Net | str, list[_Spelling]] = defaultdict(list)
        # Where an order is given, names without one belong to the machinery: the ports of memories, for instance.
        is_ordered = any("order" in wire.attributes for wire in self.wires.values())
        for index, (name, wire) in enumerate(self.wires.items()):
            driver = self.drivers.get(name)
            order = int(str(wire.attributes.get("order", -1)))
            if isinstance(driver, _Expression) and driver.kind == "alias":
                (bits,) = driver.operands
                if not self._is_root(name):  # no place was asked for: as early as possible
                    place = max((placed.get(need, -1) for need in before[name]), default=-1)
                    self._position[name] = (place, placed[name] + 1)
                if not wire.direction and wires_of(bits) and (order >= 0 or not is_ordered):
                    spelling = _Spelling(bits, (order, 0, -index), name, self._position[name])
                    self._spellings[bits[0]].append(spelling)
            elif not _is_anonymous(name):
                spelling = _Spelling(wire.bits, (order, 1, -index), name, (-1, 0))
                self._spellings[wire.bits[0]].append(spelling)

    def _is_combinational(self, name: str) -> bool:
        return name in self.drivers and not self.is_register(name)

    def _split(self, bits: Bits, position: tuple[int, int]) -> Iterator[_Piece]:
        start = 0
        last: Net | str = ""
        previous = _Slice("", 0, 0)
        while start < len(bits):
            net = bits[start]
            piece: _Piece
            if isinstance(net, Net):
                run = 1
                while start + run < len(bits) and bits[start + run] == Net(net.wire, net.bit + run):
                    run += 1
                piece = _Slice(net.wire, net.bit, net.bit + run - 1)
            else:
                run = next((n for n, bit in enumerate(bits[start:]) if isinstance(bit, Net)), len(bits) - start)
                piece = "".join(map(str, reversed(bits[start : start + run])))
            spellings = [
                spelling
                for spelling in self._spellings.get(net, ())
                if len(spelling.bits) >= run
                and spelling.since < position
                and spelling.bits == bits[start : start + len(spelling.bits)]
            ]
            if spellings:
                best = max(spellings, key=lambda spelling: (len(spelling.bits), spelling.preference))
                run = len(best.bits)
                piece = _Slice(best.wire, 0, run - 1)
            if isinstance(piece, _Slice) and run == 1:
                if net == last:  # the sign of the piece before
                    piece = previous
                times = next((n for n, bit in enumerate(bits[start:]) if bit != net), len(bits) - start)
                piece, run = replace(piece, times=times), times
            yield piece
            start += run
            last = bits[start - 1]
            if isinstance(piece, _Slice):
                previous = _Slice(piece.wire, piece.high, piece.high)

    def _find_live(self) -> list[str]:
        """Return the wires on which outputs depend, in order; without outputs all of them."""
        names = [name for name in self.drivers if self.wires[name].direction] or list(self.drivers)
        live = dict.fromkeys(names)
        while names:
            for piece in self._reads(names.pop()):
                if piece.wire in self.drivers and piece.wire not in live:
                    live[piece.wire] = None
                    names.append(piece.wire)
        return sorted(live, key=self._position.__getitem__)

    def _fold(self) -> None:
        """Fold anonymous results that are used once and whole, up to a readable number of operators."""
        operators: dict[str, int] = {}
        for user in self._live:
            driver = self.drivers[user]
            count = int(isinstance(driver, _Expression) and driver.kind not in ("alias", "word"))
            for bits, place in _sites(driver):
                pieces = self.pieces(bits, user)
                for piece in pieces:
                    if isinstance(piece, _Slice) and self._may_fold(
                        piece, "own" if len(pieces) > 1 and place != "name" else place
                    ):
                        total = operators[piece.wire] + (count if isinstance(driver, _Expression) else 0)
                        if total <= _MAX_OPERATORS:
                            self._folded.add(piece.wire)
                            count = total
            operators[user] = count

    def _may_fold(self, piece: _Slice, place: str) -> bool:
        driver = self.drivers.get(piece.wire)
        return (
            isinstance(driver, _Expression)
            and place != "name"
            and (place == "own" or driver.kind not in _SIGN_FROM_CONTEXT)
            and _is_anonymous(piece.wire)
            and len(self._users[piece.wire]) == 1
            and piece == _Slice(piece.wire, 0, self.wires[piece.wire].width - 1)
        )

    def _order(self) -> list[str]:
        """Return the wires to declare and drive, in the order of the text."""
        declared = [name for name in self._live if name not in self._folded]
        before = {name: [need for need in self.needs(name) if self._is_combinational(need)] for name in declared}
        return list(_place((name for name in self._roots if name in before), before))

    def _name(self) -> dict[str, str]:
        """Give every port, table and declared wire a legal name of its own."""
        names: dict[str, str] = {}
        taken = {"_unused"}

        def give(key: str, wanted: str) -> None:
            stem = re.sub(r"\W|^(?=\d)", "_", wanted, flags=re.ASCII)
            choices = itertools.chain((stem,), (f"{stem}_{number}" for number in itertools.count(1)))
            names[key] = next(choice for choice in choices if choice not in taken and _is_identifier(choice))
            taken.add(names[key])

        ports = [wire.name for wire in self.wires.values() if wire.direction]
        for what, keys in (("module name", [self._netlist.name]), ("port name", ports)):
            for key in keys:
                names[key] = check_identifier(key[1:], what)
                taken.add(names[key])
        for name in self.declared:
            if not _is_anonymous(name) and name not in names:
                give(name, name[1:])
        for table in self._netlist.tables:
            give(table, table[1:])
        for name in reversed(self.declared):
            if _is_anonymous(name):
                user = self._users[name][0]
                while _is_anonymous(user) and not self.is_register(user):
                    user = self._users[user][0]
                driver = self.drivers[name]
                kind = driver.kind if isinstance(driver, _Expression) else ""
                give(name, f"{names.get(user, 'state')}_{_RESULT.get(kind, 'part')}")
        return names


# ---- The text ------------------------------------------------------------------------------------------------------

_INDENT = "    "


class _Text(NamedTuple):
    """An expression as text; its sign is the one that Verilog's rules give to it."""

    text: str
    signed: bool = False
    level: int = 0
    """0: a term, 1: a unary, 2: a binary, 3: a conditional expression."""

    def within(self, level: int) -> str:
        """Return the text, in parentheses unless it binds tighter than the level."""
        return f"({self.text})" if self.level >= level else self.text


class _Printer:
    """Prints a netlist as planned."""

    def __init__(self, netlist: _Netlist) -> None:
        self._netlist, self._wires, self._drivers = netlist, netlist.wires, netlist.drivers
        self._plan = _Plan(netlist)
        self._names = self._plan.names
        self._known = {wire.name for wire in self._wires.values() if wire.direction}
        self._note = ""
        self._body: list[str] = []

    def text(self) -> str:
        """Return the module."""
        plan = self._plan
        for clocked, group in itertools.groupby(plan.declared, plan.is_register):
            names = list(group)
            if clocked:
                self._introduce(need for name in names for need in plan.needs(name) if need not in names)
                self._break()
                self._introduce(names)
                for block in self._clocked(names):
                    self._body += block
                    self._break()
            else:
                for name in names:
                    self._introduce(plan.needs(name))
                    self._drive(name)
        unused = ["1'b0", *(self._slice(piece) for piece in plan.unused())]
        if len(unused) > 1:
            first, *more = textwrap.wrap(f"wire _unused = &{{{', '.join(unused)}}};", 100)
            remark = "// Bits that nothing reads, listed for the lint tools; synthesis drops them."
            self._paragraph([remark, first, *_indent(more)])
        while self._body and not self._body[-1]:
            self._body.pop()
        head = f"module {self._names[self._netlist.name]} ("
        return "\n".join([head, *_indent(self._ports()), ");", *_indent(self._body), "endmodule", ""])

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
        ports = [wire for wire in self._wires.values() if wire.direction]
        kinds = [f"{wire.direction:6} {self._type(wire)}" for wire in ports]
        ends = [*("," for _ in ports[1:]), ""]
        # The range goes to the right of its column, next to the name.
        width = max(map(len, kinds), default=0)
        for wire, kind, end in zip(ports, kinds, ends, strict=True):
            head, bracket, size = kind.partition(" [")
            size = bracket + size
            yield f"{head}{size:>{width - len(head)}} {self._names[wire.name]}{end}"

    def _type(self, wire: Wire) -> str:
        kind = "wire" if isinstance(self._drivers.get(wire.name), _Expression | None) else "reg"
        sign = " signed" if wire.signed else ""
        size = f" [{wire.width - 1}:0]" if wire.width > 1 else ""
        return f"{kind}{sign}{size}"

    def _comment(self, name: str) -> None:
        """Add the signal's note, once if several names of the same bits share it."""
        wire = self._wires[name]
        note = "" if wire.direction else str(wire.attributes.get("note", ""))
        if note != self._note:
            self._body += [f"// {line}".rstrip() for line in note.splitlines()]
            self._note = note

    def _introduce(self, names: Iterable[str]) -> None:
        """Declare the registers and tables among the names, unless they are known already."""
        for name in names:
            if name not in self._known:
                if name in self._netlist.tables:
                    self._paragraph(self._table(name))
                elif self._plan.is_register(name):
                    self._comment(name)
                    self._body.append(f"{self._type(self._wires[name])} {self._names[name]};")
                self._known.add(name)

    def _drive(self, name: str) -> None:
        """Add the declaration of a combinational wire and what drives it."""
        driver, wire = self._drivers[name], self._wires[name]
        self._comment(name)
        if isinstance(driver, _Choice):
            declaration = [] if wire.direction else [f"{self._type(wire)} {self._names[name]};"]
            self._paragraph([*declaration, *_block("always @*", self._statements(driver.body, "="))])
        else:
            head = "assign" if wire.direction else self._type(wire)
            self._body.append(f"{head} {self._names[name]} = {self._expression(name).text};")

    def _table(self, name: str) -> Iterator[str]:
        words = self._netlist.tables[name]
        table, width = self._names[name], len(words[0])
        size = f" [{width - 1}:0]" if width > 1 else ""
        entries = [f"{table}[{n}] = {_number(_digits(word), hexadecimal=True)};" for n, word in enumerate(words)]
        yield f"reg{size} {table} [0:{len(words) - 1}];"
        yield from _block("initial", (" ".join(entries[n : n + 4]) for n in range(0, len(entries), 4)))

    def _clocked(self, names: Iterable[str]) -> Iterator[list[str]]:
        """Print one block for all registers that go by the same clock and conditions."""
        groups: dict[tuple[str, tuple[object, ...]], list[Body]] = defaultdict(list)
        for name in names:
            driver = self._drivers[name]
            if isinstance(driver, _Register):
                event = f"{driver.edge} {self._value(driver.clock, name).text}"
                groups[event, self._shape(driver.body)].append(driver.body)
        for (event, _), bodies in groups.items():
            yield _block(f"always @({event})", self._statements(_reset_first(_merge(bodies)), "<="))

    def _statements(self, body: Body, arrow: str) -> Iterator[str]:
        for item in body:
            if isinstance(item, Assign):
                low, high = item.target[0], item.target[-1]
                assert isinstance(low, Net) and isinstance(high, Net)
                target = self._slice(_Slice(low.wire, low.bit, high.bit))
                yield f"{target} {arrow} {self._value(item.value, low.wire).text};"
            else:
                yield from self._switch(item, arrow)

    def _switch(self, switch: Switch, arrow: str) -> Iterator[str]:
        selector = self._value(switch.selector, _first_target(switch))
        if len(switch.selector) == 1:
            yes, no = (_match(switch, value) for value in "10")
            yield from self._chain([(selector.text, yes), ("", no)] if yes else [(f"!{selector.within(2)}", no)], arrow)
        elif len(switch.cases) - (not switch.cases[-1].patterns) == 1 or any(
            "-" in pattern for case in switch.cases for pattern in case.patterns
        ):
            tests = [_test(selector.within(2), case.patterns) for case in switch.cases]
            yield from self._chain(zip(tests, (case.body for case in switch.cases), strict=True), arrow)
        else:
            yield f"case ({selector.text})"
            for case in switch.cases:
                label = ", ".join(_number(pattern) for pattern in case.patterns) or "default"
                yield from _indent(_block(f"{label}:", self._statements(case.body, arrow)))
            if switch.cases[-1].patterns:
                yield f"{_INDENT}default: ;"
            yield "endcase"

    def _chain(self, arms: Iterable[tuple[str, Body]], arrow: str) -> list[str]:
        """Print if and else; an arm without a condition takes what is left."""
        chain: list[str] = []
        for condition, body in arms:
            lines = list(self._statements(body, arrow))
            if not condition and not lines:
                continue
            head = f"if ({condition})" if condition else "else"
            if chain and condition:
                head = f"else {head}"
            if chain and chain[-1] == "end":
                head = f"{chain.pop()} {head}"
            if not condition and len(body) == 1 and lines[0].startswith("if ("):
                chain += [f"{head} {lines[0]}", *lines[1:]]
            else:
                chain += _block(head, lines)
        return chain

    def _shape(self, body: Body) -> tuple[object, ...]:
        """Return the conditions of a process as printed, all the same for what goes into one block."""
        return tuple(
            ()
            if isinstance(item, Assign)
            else (
                self._plan.pieces(item.selector, _first_target(item)),
                tuple((case.patterns, self._shape(case.body)) for case in item.cases),
            )
            for item in body
        )

    def _expression(self, name: str) -> _Text:
        driver = self._drivers[name]
        assert isinstance(driver, _Expression)
        kind = driver.kind
        by_sign = driver.signed and kind in _BY_SIGN
        values = [
            self._value(bits, name, signed=by_sign and not (n and kind in _SHIFT))
            for n, bits in enumerate(driver.operands)
        ]
        if kind == "alias":
            return values[0]
        if kind == "word":
            return _Text(f"{self._names[driver.table]}[{values[0].text}]")
        if kind == "$mux":
            test, yes, no = values
            return _Text(f"{test.within(2)} ? {yes.within(3)} : {no.within(3)}", yes.signed and no.signed, level=3)
        if kind in _UNARY:
            is_reduced = kind in _REDUCE
            text = f"{_UNARY[kind]}{values[0].within(1)}"
            return _Text(text, values[0].signed and not is_reduced, level=2 if is_reduced else 1)
        left, right = values
        if kind in _BY_SIGN - _SHIFT and not driver.signed and left.signed and right.signed:
            left = _Text(f"$unsigned({left.text})")
        signed = kind not in _COMPARE and left.signed and (right.signed or kind in _SHIFT)
        return _Text(f"{left.within(2)} {_BINARY[kind]} {right.within(2)}", signed, level=2)

    def _value(self, bits: Bits, user: str, *, signed: bool = False) -> _Text:
        """Print bits as their user sees them, converted if they have to be signed."""
        first, *others = pieces = self._plan.pieces(bits, user)
        if others:
            value = _Text(f"{{{', '.join(self._piece(piece).text for piece in reversed(pieces))}}}")
        elif isinstance(first, str):
            return _Text(_number(first, signed=signed), signed)
        else:
            value = self._piece(first)
        return value if value.signed or not signed else _Text(f"$signed({value.text})", signed=True)

    def _piece(self, piece: _Piece) -> _Text:
        if isinstance(piece, str):
            return _Text(_number(piece))
        if self._plan.is_folded(piece.wire):
            return self._expression(piece.wire)
        text = self._slice(piece)
        return _Text(text, self._wires[piece.wire].signed and text == self._names[piece.wire])

    def _slice(self, piece: _Slice) -> str:
        name, width = self._names[piece.wire], self._wires[piece.wire].width
        if len(piece.bits) < width:
            name += f"[{piece.high}:{piece.low}]" if len(piece.bits) > 1 else f"[{piece.low}]"
        return f"{{{piece.times}{{{name}}}}}" if piece.times > 1 else name


def _is_identifier(name: str) -> bool:
    try:
        check_identifier(name, "name")
    except ValueError:
        return False
    return True


def _merge(bodies: Sequence[Body]) -> Body:
    """Merge processes of the same shape."""
    body: list[Assign | Switch] = []
    for items in zip(*bodies, strict=True):
        switches = [item for item in items if isinstance(item, Switch)]
        body += [item for item in items if isinstance(item, Assign)]
        if switches:
            cases = zip(*(switch.cases for switch in switches), strict=True)
            merged = tuple(Case(arms[0].patterns, _merge([arm.body for arm in arms])) for arms in cases)
            body.append(Switch(switches[0].selector, merged))
    return tuple(body)


def _reset_first(body: Body) -> Body:
    """Turn a last condition that overrides everything before it, as a reset does, into the first of an if and else."""
    *others, last = body
    if others and isinstance(last, Switch) and [case.patterns for case in last.cases] == [("1",)]:
        reset = last.cases[0]
        if set(targets_of(tuple(others))) <= {
            net for item in reset.body if isinstance(item, Assign) for net in item.target
        }:
            return (Switch(last.selector, (reset, Case((), tuple(others)))),)
    return body


def _first_target(switch: Switch) -> str:
    """Return the wire whose place in the order counts for the selector."""
    return next(iter(wires_of(targets_of((switch,)))))


def _match(switch: Switch, value: str) -> Body:
    """Return what a switch over one bit does at a value."""
    return next((case.body for case in switch.cases if not case.patterns or value in case.patterns), ())


def _test(selector: str, patterns: Iterable[str]) -> str:
    """Compare a selector with patterns, in which ``-`` stands for any bit."""
    tests = []
    for pattern in patterns:
        mask = "".join("0" if bit == "-" else "1" for bit in pattern)
        masked = f"({selector} & {_number(mask)})" if "0" in mask else selector
        tests.append(f"{masked} == {_number(pattern.replace('-', '0'))}")
    return " || ".join(f"({test})" for test in tests) if len(tests) > 1 else "".join(tests)


def _block(head: str, lines: Iterable[str]) -> list[str]:
    """Put a single assignment on the line of its head, and anything else between begin and end."""
    lines = list(lines)
    if len(lines) == 1 and not lines[0].startswith("if ("):
        return [f"{head} {lines[0]}"]
    return [f"{head} begin", *_indent(lines), "end"]


def _indent(lines: Iterable[str]) -> list[str]:
    return [line and _INDENT + line for line in lines]


def _digits(bits: Bits) -> str:
    return "".join(map(str, reversed(bits)))


def _number(digits: str, *, signed: bool = False, hexadecimal: bool = False) -> str:
    """Print a constant, given with its most significant bit first: signed and small ones in decimal."""
    width = len(digits)
    if "x" in digits or width == 1:
        return f"{width}'{'s' if signed else ''}b{digits}"
    value = int(digits, base=2)
    if signed:
        return f"{width}'sd{value}" if digits[0] == "0" else f"-{width}'sd{2**width - value}"
    if hexadecimal or value >= 1000 or (digits[0] == "1" and width > 6):
        return f"{width}'h{value:0{(width + 3) // 4}x}"
    return f"{width}'d{value}"
