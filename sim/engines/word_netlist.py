"""Verilog as a netlist of word-wide cells that runs on numpy arrays: one copy of the module for each element.

Yosys reads the text into registers and word-wide cells; `word_operations.py` evaluates them by the definitions in
Yosys's cell library. Nothing is compiled, so a small unit is checked in a tenth of the time of a C++ compiler run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...support.files import scratch_folder
from ...support.yosys import run_yosys
from .bit_patterns import Words
from .netlist_cells import Bits, Cell, UnsupportedCellError, in_order
from .word_fetching import Fetch, Flag, Values, choice, constant_word, lookup, mask, masked, part_of_word
from .word_operations import ARITHMETIC, COMPARISONS, SHIFTS, TESTS, ZERO

__all__ = ["WordNetlist", "read_word_netlist"]

_READ = """read_verilog -nosynthesis unit.v
hierarchy -check -top {top}
proc
flatten -noscopeinfo
memory_collect
write_json unit.json
"""


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
        self._place: dict[int | str, tuple[int, int]] = {}  # by bit: its word, and its position in that word
        self._flags: dict[int | str, int] = {}
        self._widths: list[int] = []
        ports = module["ports"]
        self.inputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "input"}
        self.outputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "output"}
        cells = [Cell(cell) for cell in module["cells"].values()]
        flip_flops = [cell for cell in cells if cell.kind == "$dff"]
        self._input_words = {name: self._new_word(ports[name]["bits"]) for name in self.inputs}
        self._check_clock(flip_flops, {bit for name in self.inputs for bit in ports[name]["bits"]})
        self._registers = [self._new_word(cell.ports["Q"]) for cell in flip_flops]
        self._initial = _initial_values(module, flip_flops)
        self._steps: list[tuple[int, Callable[[Values], Any]]] = []
        for cell in in_order([cell for cell in cells if cell.kind != "$dff"]):
            for bits, compute in self._build(cell):
                self._steps.append((self._new_word(bits), compute))
        self._next = [self._fetch(cell.ports["D"]) for cell in flip_flops]
        self._sampled = {name: self._fetch(ports[name]["bits"]) for name in self.outputs}

    def power_up(self, copies: int, random: np.random.Generator) -> list[Words]:
        """Return the registers of `copies` modules: initial values, and random bits where there are none."""
        registers = []
        for word, (known, value) in zip(self._registers, self._initial, strict=True):
            rubbish = random.integers(0, 1 << 64, copies, np.uint64) & mask(self._widths[word])
            registers.append(rubbish & ~known | value)
        return registers

    def clock(self, inputs: Mapping[str, Words], registers: Sequence[Words]) -> tuple[dict[str, Words], list[Words]]:
        """Return the outputs for these inputs and registers, and the registers after the next rising edge."""
        values: Values = [ZERO] * len(self._widths)
        for name, word in self._input_words.items():
            if name in inputs:
                values[word] = inputs[name] & mask(self._widths[word])
        for word, register in zip(self._registers, registers, strict=True):
            values[word] = register
        for word, compute in self._steps:
            values[word] = compute(values)
        return {name: fetch(values) for name, fetch in self._sampled.items()}, [fetch(values) for fetch in self._next]

    def _new_word(self, bits: Bits) -> int:
        word = len(self._widths)
        self._widths.append(int(mask(len(bits))[0]).bit_length())
        self._place.update({bit: (word, at) for at, bit in enumerate(bits)})
        return word

    def _check_clock(self, flip_flops: Iterable[Cell], inputs: set[int | str]) -> None:
        clocks = {cell.ports["CLK"][0] for cell in flip_flops}
        if len(clocks) > 1 or not clocks <= inputs or not all(cell.number("CLK_POLARITY") for cell in flip_flops):
            raise UnsupportedCellError("registers that are not all on the rising edge of one input")

    def _build(self, cell: Cell) -> list[tuple[Bits, Fetch]]:
        """Return the words that a combinational cell drives, each with the function that computes it."""
        kind = cell.kind
        if kind == "$mem_v2":
            return self._build_table(cell)
        if kind not in {"$mux", *TESTS, *SHIFTS, *COMPARISONS, *ARITHMETIC}:
            raise UnsupportedCellError(f"a cell {kind}")
        result = cell.ports["Y"]
        cut = mask(len(result))
        if kind == "$mux":
            a, b = self._fetch(cell.ports["A"]), self._fetch(cell.ports["B"])
            return [(result, choice(self._flag(cell.ports["S"]), a, b))]
        if kind in SHIFTS:
            # The operand is at least as wide as the result, extended by its own sign; the amount has none.
            signed = bool(cell.number("A_SIGNED"))
            a, amount = self._fetch(cell.ports["A"], signed=signed), self._fetch(cell.ports["B"])
            if kind == "$shr":
                a = masked(a, mask(max(len(result), len(cell.ports["A"]))))
            shift = SHIFTS["$shr" if kind == "$sshr" and not signed else kind]
            return [(result, lambda v: shift(a(v), amount(v)) & cut)]
        operands = [port for port in "AB" if port in cell.ports]
        if kind in TESTS:
            test, full = TESTS[kind], mask(len(cell.ports["A"]))
            plain = [self._fetch(cell.ports[port]) for port in operands]
            return [(result, lambda v: test(full, *(f(v) for f in plain)).astype(np.uint64))]
        signed = all(cell.number(f"{port}_SIGNED") for port in operands)
        extended = [self._fetch(cell.ports[port], signed=signed) for port in operands]
        if kind in COMPARISONS:
            compare, as_numbers = COMPARISONS[kind], np.int64 if signed else np.uint64
            return [(result, lambda v: compare(*(f(v).view(as_numbers) for f in extended)).astype(np.uint64))]
        operate = ARITHMETIC[kind]
        return [(result, lambda v: operate(*(f(v) for f in extended)) & cut)]

    def _flag(self, bits: Bits) -> int:
        """Return the index of a bit among the values, as a condition that is computed once for all cells."""
        (bit,) = bits
        if bit not in self._flags:
            fetch = self._fetch(bits)
            self._flags[bit] = len(self._widths)
            self._widths.append(1)
            self._steps.append((self._flags[bit], lambda v: Flag.of(fetch(v) != 0)))
        return self._flags[bit]

    def _build_table(self, cell: Cell) -> list[tuple[Bits, Fetch]]:
        """Return the words that the ports of a table read; a memory with writes or a clock is not a table."""
        if cell.number("WR_PORTS") or cell.number("RD_CLK_ENABLE") or cell.number("OFFSET"):
            raise UnsupportedCellError("a memory that is not a plain table")
        size, width, address_width = (cell.number(name) for name in ("SIZE", "WIDTH", "ABITS"))
        mask(width)  # refuses words that no element of an array holds
        text = cell.parameters["INIT"].replace("x", "0")
        words = [int(text[end - width : end], 2) for end in range(len(text), 0, -width)]
        # The last stands for all addresses outside.
        table = np.array([*words, *[0] * (size - len(words)), 0], np.uint64)
        read: list[tuple[Bits, Fetch]] = []
        for port in range(cell.number("RD_PORTS")):
            address = self._fetch(cell.ports["RD_ADDR"][port * address_width : (port + 1) * address_width])
            bits = cell.ports["RD_DATA"][port * width : (port + 1) * width]
            read.append((bits, lookup(table, address)))
        return read

    def _fetch(self, bits: Bits, *, signed: object = False) -> Fetch:
        """Return the function that joins bits to a word; if `signed`, it extends the sign to all 64 bits."""
        width = len(bits)
        cut = mask(width)
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
        constant = constant_word(bits)
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
            parts.append(part_of_word(word, low, length, at, self._widths[word]))
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


def _initial_values(module: Mapping[str, Any], flip_flops: Iterable[Cell]) -> list[tuple[Words, Words]]:
    """Return, for each register, a mask of its initialised bits and their values."""
    initial: dict[int | str, str] = {}
    for net in module["netnames"].values():
        values = net["attributes"].get("init", "")
        initial |= dict(zip(net["bits"], reversed(values), strict=False))
    starts = [[initial.get(bit, "x") for bit in cell.ports["Q"]] for cell in flip_flops]
    return [(constant_word(["0" if bit == "x" else "1" for bit in bits]), constant_word(bits)) for bits in starts]
