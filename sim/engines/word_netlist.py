"""Verilog as a netlist of word-wide cells that runs on numpy arrays: many copies of a module at once, one an element.

Yosys reads the text, up to registers and word-wide operations; what these do is written here, by the definitions in
Yosys's cell library. There is nothing to compile, so that a small unit is checked in a tenth of the time that a C++
compiler alone takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...support.files import scratch_folder
from ...support.yosys import run_yosys

__all__ = ["UnsupportedCellError", "WordNetlist", "Words", "read_word_netlist"]

Words = NDArray[np.uint64]
"""Bit patterns, one an element; the bits above a word's width are 0."""

_WIDEST = 64

_READ = """read_verilog unit.v
hierarchy -check -top {top}
proc
flatten
memory_collect
write_json unit.json
"""

Bits = Sequence[int | str]
"""Bits as Yosys's JSON has them, least significant first: numbers of nets, and ``"0"``, ``"1"`` and ``"x"``."""

Values = list[Any]
"""The words of a clock, each an array, and the conditions, each a `_Flag`."""

Fetch = Callable[[Values], Words]


class UnsupportedCellError(ValueError):
    """A netlist holds something that does not run on arrays; the message names it."""


def read_word_netlist(verilog: str, top: str) -> WordNetlist:
    """Read the module `top` of a Verilog text.

    Raises
    ------
    YosysError
        If Yosys refuses the text.
    UnsupportedCellError
        If the module holds words of more than 64 bits, latches, memories that are written, several clocks, or loops.

    """
    with scratch_folder() as work:
        (work / "unit.v").write_text(verilog)
        run_yosys(_READ.format(top=top), cwd=work)
        return WordNetlist(json.loads((work / "unit.json").read_text())["modules"][top])


class WordNetlist:
    """A flat module, ready to be evaluated. Unknown bits are 0, and so is what is read outside a table.

    Parameters
    ----------
    module
        The module in Yosys's JSON.

    Attributes
    ----------
    inputs, outputs : dict of str to int
        The ports and their widths.

    """

    def __init__(self, module: Mapping[str, Any]) -> None:
        self._place: dict[int | str, tuple[int, int]] = {}  # of a bit: its word, and where it is in there
        self._flags: dict[int | str, int] = {}
        self._widths: list[int] = []
        ports = module["ports"]
        self.inputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "input"}
        self.outputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "output"}
        cells = [_Cell(cell) for cell in module["cells"].values()]
        flip_flops = [cell for cell in cells if cell.kind == "$dff"]
        self._input_words = {name: self._new_word(ports[name]["bits"]) for name in self.inputs}
        self._check_clock(flip_flops, {bit for name in self.inputs for bit in ports[name]["bits"]})
        self._registers = [self._new_word(cell.ports["Q"]) for cell in flip_flops]
        self._initial = _initial_values(module, flip_flops)
        self._steps: list[tuple[int, Callable[[Values], Any]]] = []
        for cell in _in_order([cell for cell in cells if cell.kind != "$dff"]):
            for bits, compute in self._build(cell):
                self._steps.append((self._new_word(bits), compute))
        self._next = [self._fetch(cell.ports["D"]) for cell in flip_flops]
        self._sampled = {name: self._fetch(ports[name]["bits"]) for name in self.outputs}

    def power_up(self, copies: int, random: np.random.Generator) -> list[Words]:
        """Return the registers of `copies` modules: as they are initialised, and rubbish where they are not."""
        registers = []
        for word, (known, value) in zip(self._registers, self._initial, strict=True):
            rubbish = random.integers(0, 1 << 64, copies, np.uint64) & _mask(self._widths[word])
            registers.append(rubbish & ~known | value)
        return registers

    def clock(self, inputs: Mapping[str, Words], registers: Sequence[Words]) -> tuple[dict[str, Words], list[Words]]:
        """Return the outputs for these inputs and registers, and what the next rising edge makes of the registers."""
        values: Values = [_ZERO] * len(self._widths)
        for name, word in self._input_words.items():
            if name in inputs:
                values[word] = inputs[name] & _mask(self._widths[word])
        for word, register in zip(self._registers, registers, strict=True):
            values[word] = register
        for word, compute in self._steps:
            values[word] = compute(values)
        return {name: fetch(values) for name, fetch in self._sampled.items()}, [fetch(values) for fetch in self._next]

    def _new_word(self, bits: Bits) -> int:
        word = len(self._widths)
        self._widths.append(int(_mask(len(bits))[0]).bit_length())
        self._place.update({bit: (word, at) for at, bit in enumerate(bits)})
        return word

    def _check_clock(self, flip_flops: Iterable[_Cell], inputs: set[int | str]) -> None:
        clocks = {cell.ports["CLK"][0] for cell in flip_flops}
        if len(clocks) > 1 or not clocks <= inputs or not all(cell.number("CLK_POLARITY") for cell in flip_flops):
            raise UnsupportedCellError("registers that are not all on the rising edge of one input")

    def _build(self, cell: _Cell) -> list[tuple[Bits, Fetch]]:
        """Return what a combinational cell drives, each word with what computes it."""
        kind = cell.kind
        if kind == "$mem_v2":
            return self._build_table(cell)
        if kind not in {"$mux", *_TESTS, *_SHIFTS, *_COMPARISONS, *_ARITHMETIC}:
            raise UnsupportedCellError(f"a cell {kind}")
        result = cell.ports["Y"]
        cut = _mask(len(result))
        if kind == "$mux":
            a, b = self._fetch(cell.ports["A"]), self._fetch(cell.ports["B"])
            return [(result, _choice(self._flag(cell.ports["S"]), a, b))]
        if kind in _SHIFTS:
            # The operand is at least as wide as the result, extended by its own sign; the amount has none.
            signed = bool(cell.number("A_SIGNED"))
            a, amount = self._fetch(cell.ports["A"], signed=signed), self._fetch(cell.ports["B"])
            if kind == "$shr":
                a = _masked(a, _mask(max(len(result), len(cell.ports["A"]))))
            shift = _SHIFTS["$shr" if kind == "$sshr" and not signed else kind]
            return [(result, lambda v: shift(a(v), amount(v)) & cut)]
        operands = [port for port in "AB" if port in cell.ports]
        if kind in _TESTS:
            test, full = _TESTS[kind], _mask(len(cell.ports["A"]))
            plain = [self._fetch(cell.ports[port]) for port in operands]
            return [(result, lambda v: test(full, *(f(v) for f in plain)).astype(np.uint64))]
        signed = all(cell.number(f"{port}_SIGNED") for port in operands)
        extended = [self._fetch(cell.ports[port], signed=signed) for port in operands]
        if kind in _COMPARISONS:
            compare, as_numbers = _COMPARISONS[kind], np.int64 if signed else np.uint64
            return [(result, lambda v: compare(*(f(v).view(as_numbers) for f in extended)).astype(np.uint64))]
        operate = _ARITHMETIC[kind]
        return [(result, lambda v: operate(*(f(v) for f in extended)) & cut)]

    def _flag(self, bits: Bits) -> int:
        """Return the place among the values of a bit as a condition: computed once, however many cells depend on it."""
        (bit,) = bits
        if bit not in self._flags:
            fetch = self._fetch(bits)
            self._flags[bit] = len(self._widths)
            self._widths.append(1)
            self._steps.append((self._flags[bit], lambda v: _Flag.of(fetch(v) != 0)))
        return self._flags[bit]

    def _build_table(self, cell: _Cell) -> list[tuple[Bits, Fetch]]:
        """Return the words that a memory's ports read, if it is a table: never written, and read without a clock."""
        if cell.number("WR_PORTS") or cell.number("RD_CLK_ENABLE") or cell.number("OFFSET"):
            raise UnsupportedCellError("a memory that is not a plain table")
        size, width, address_width = (cell.number(name) for name in ("SIZE", "WIDTH", "ABITS"))
        text = cell.parameters["INIT"].replace("x", "0")
        words = [int(text[end - width : end], 2) for end in range(len(text), 0, -width)]
        table = np.array([*words, *[0] * (size - len(words)), 0], np.uint64)  # the last is what is outside
        read: list[tuple[Bits, Fetch]] = []
        for port in range(cell.number("RD_PORTS")):
            address = self._fetch(cell.ports["RD_ADDR"][port * address_width : (port + 1) * address_width])
            bits = cell.ports["RD_DATA"][port * width : (port + 1) * width]
            read.append((bits, _lookup(table, address)))
        return read

    def _fetch(self, bits: Bits, *, signed: object = False) -> Fetch:
        """Return what puts a word together from bits; with `signed` it is extended by its sign to all 64 bits."""
        width = len(bits)
        cut = _mask(width)
        top = next((at for at in reversed(range(width - 1)) if bits[at] != bits[-1]), -1) + 1
        if isinstance(bits[-1], int) and (signed or top < width - 1):  # the bits above `top` are copies of it
            low, sign = self._fetch_parts(bits[: top + 1]), np.uint64(1 << top)
            if signed:
                return lambda v: (low(v) ^ sign) - sign
            return lambda v: (low(v) ^ sign) - sign & cut
        if signed and bits[-1] == "1":
            plain, above = self._fetch_parts(bits), ~cut
            return lambda v: plain(v) | above
        return self._fetch_parts(bits)

    def _fetch_parts(self, bits: Bits) -> Fetch:
        constant = _constant(bits)
        parts = []
        at = 0
        while at < len(bits):
            if bits[at] not in self._place:
                if isinstance(bits[at], int):
                    raise UnsupportedCellError("a net that nothing drives")
                at += 1
                continue
            word, low = self._place[bits[at]]
            length = 1
            while at + length < len(bits) and self._place.get(bits[at + length]) == (word, low + length):
                length += 1
            parts.append(_part(word, low, length, at, self._widths[word]))
            at += length
        if not parts:
            return lambda _: constant
        first, *rest = parts
        if not rest and not constant:
            return first

        def join(v: Values) -> Words:
            joined = first(v) | constant
            for part in rest:
                joined = joined | part(v)
            return joined

        return join


class _Cell:
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


class _Flag(NamedTuple):
    """A condition by copy, and whether it holds in all of them, or in some."""

    holds: NDArray[np.bool_]
    all: bool
    any: bool

    @classmethod
    def of(cls, holds: NDArray[np.bool_]) -> _Flag:
        return cls(holds, bool(holds.all()), bool(holds.any()))


def _choice(flag: int, a: Fetch, b: Fetch) -> Fetch:
    """Return what is `b` in the copies in which a condition holds, and `a` in the others."""

    def choose(v: Values) -> Words:
        condition: _Flag = v[flag]
        if condition.all:
            return b(v)
        return np.where(condition.holds, b(v), a(v)) if condition.any else a(v)

    return choose


def _in_order(cells: Sequence[_Cell]) -> list[_Cell]:
    """Return combinational cells, each behind those that it reads."""
    drivers = {bit: number for number, cell in enumerate(cells) for bit in cell.bits("output")}
    read = {number: {drivers[bit] for bit in cell.bits("input") & drivers.keys()} for number, cell in enumerate(cells)}
    try:
        return [cells[number] for number in TopologicalSorter(read).static_order()]
    except CycleError:
        raise UnsupportedCellError("a combinational loop") from None


def _initial_values(module: Mapping[str, Any], flip_flops: Iterable[_Cell]) -> list[tuple[Words, Words]]:
    """Return for each register which of its bits are initialised, and to what."""
    initial: dict[int | str, str] = {}
    for net in module["netnames"].values():
        values = net["attributes"].get("init", "")
        initial |= dict(zip(net["bits"], reversed(values), strict=False))
    starts = [[initial.get(bit, "x") for bit in cell.ports["Q"]] for cell in flip_flops]
    return [(_constant(["0" if bit == "x" else "1" for bit in bits]), _constant(bits)) for bits in starts]


def _mask(width: int) -> Words:
    """Return a word whose lowest bits are set; `UnsupportedCellError` if it has not so many."""
    if width > _WIDEST:
        raise UnsupportedCellError(f"a word of {width} bits, more than {_WIDEST}")
    return np.array([(1 << width) - 1], np.uint64)


def _constant(bits: Bits) -> Words:
    return np.array([sum(1 << at for at, bit in enumerate(bits) if bit == "1")], np.uint64)


def _part(word: int, low: int, length: int, at: int, width: int) -> Fetch:
    """Return what takes `length` bits from `low` on out of a word of `width` bits, and puts them at place `at`."""
    if low == 0 and length == width:
        if at == 0:
            return lambda v: v[word]
        up = np.uint64(at)
        return lambda v: v[word] << up
    cut = _mask(length) << np.uint64(low)
    if at >= low:
        up = np.uint64(at - low)
        return lambda v: (v[word] & cut) << up
    down = np.uint64(low - at)
    return lambda v: (v[word] & cut) >> down


def _masked(fetch: Fetch, mask: Words) -> Fetch:
    return lambda v: fetch(v) & mask


def _lookup(table: Words, address: Fetch) -> Fetch:
    outside = np.uint64(len(table) - 1)
    return lambda v: table[np.minimum(address(v), outside)]


def _shift_left(a: Words, amount: Words) -> Words:
    return np.where(amount < _WIDEST, a << np.minimum(amount, _LONGEST_SHIFT), _ZERO)


def _shift_right(a: Words, amount: Words) -> Words:
    return np.where(amount < _WIDEST, a >> np.minimum(amount, _LONGEST_SHIFT), _ZERO)


def _shift_right_signed(a: Words, amount: Words) -> Words:
    return (a.view(np.int64) >> np.minimum(amount, _LONGEST_SHIFT).view(np.int64)).view(np.uint64)


_ZERO = np.zeros(1, np.uint64)
_LONGEST_SHIFT = np.uint64(_WIDEST - 1)

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "$pos": np.positive,
    "$not": np.invert,
    "$neg": np.negative,
    "$add": np.add,
    "$sub": np.subtract,
    "$mul": np.multiply,
    "$and": np.bitwise_and,
    "$or": np.bitwise_or,
    "$xor": np.bitwise_xor,
}
"""Modulo 2**64, of which the low bits are taken."""

_COMPARISONS: dict[str, Callable[..., Any]] = {
    "$eq": np.equal,
    "$ne": np.not_equal,
    "$lt": np.less,
    "$le": np.less_equal,
    "$gt": np.greater,
    "$ge": np.greater_equal,
}

_TESTS: dict[str, Callable[..., Any]] = {
    "$reduce_and": lambda full, a: a == full,
    "$reduce_or": lambda _, a: a != 0,
    "$reduce_bool": lambda _, a: a != 0,
    "$logic_not": lambda _, a: a == 0,
    "$logic_and": lambda _, a, b: (a != 0) & (b != 0),
    "$logic_or": lambda _, a, b: (a != 0) | (b != 0),
}
"""One bit about whole operands, the first of which has all bits set when it is `full`."""

_SHIFTS: dict[str, Callable[[Words, Words], Words]] = {
    "$shl": _shift_left,
    "$sshl": _shift_left,
    "$shr": _shift_right,
    "$sshr": _shift_right_signed,
}
