"""The part of a plan that each cell of a synthesised unit belongs to.

Synthesis keeps the names of registers, of ports and of what carry chains make; what is between loses them. So registers
are found by name, and carry cells by their place in the source. Any other cell is found by what it stands between: what
it depends on, and the registers, carry chains and outputs that depend on it. It may compute the steps that all of these
have behind them, but for those that depend on more than it does, or that the cells before it compute. A cell that does
the work of two parts at once, as one look-up table may, is listed under both (decision 064).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple, TypeVar

from ...hdl.scheduling.schedule import Schedule
from ...plan import operations as op
from ...plan.parts import part_order, parts_of
from .flow import Flow
from .netlist_graph import Bit, Cell, Netlist

__all__ = ["CONTROL", "DELAYS", "REST", "SEVERAL", "SOURCE", "attributed"]

SOURCE = "unit.v"
"""Name of the file that the netlist is synthesised from."""

CONTROL = "control"
"""The part of what no step needs: enables, resets and the handshake."""

DELAYS = "shift registers"
"""The part of shift registers in look-up tables, which delay values of any part."""

SEVERAL = "several parts"
"""The part of cells that more than two parts share."""

REST = "rest"
"""The part of cells that nothing reads: constants."""

_REGISTER = re.compile(r"(.*)_r\d+")
_ENABLES = frozenset({"CE", "E", "EN"})
"""Pins of flip-flops for their clock enable, in any family."""

_MOST_NAMED = 2
"""Parts that share a cell and are named."""

_DECLARED = re.compile(r"^\s*(?:wire|reg|assign)\b[^=]*?(\w+)\s*=")
_LINE = re.compile(rf"{re.escape(SOURCE)}:(\d+)\.")


_T = TypeVar("_T")


class _Use(NamedTuple):
    """The use of a bit: a step that it is computed for, or the operands of a step in a carry chain."""

    step: str
    as_operand: bool = False


def attributed(netlist: Netlist, flow: Flow, schedule: Schedule, verilog: str) -> dict[str, str]:
    """Return the part of every cell, by the cell's name.

    Parameters
    ----------
    netlist
        The netlist, synthesised from a file called `SOURCE`.
    flow
        The flow that made it, which says what its cells are.
    schedule
        The schedule of the unit.
    verilog
        The text of that file.

    """
    return _Attribution(netlist, flow, schedule, verilog).parts()


class _Attribution:
    def __init__(self, netlist: Netlist, flow: Flow, schedule: Schedule, verilog: str) -> None:
        self._netlist, self._flow, self._schedule = netlist, flow, schedule
        self._plan = schedule.plan
        self._parts = parts_of(self._plan)
        self._order = {step.name: number for number, step in enumerate(self._plan.steps)}
        self._outputs = {output.name: output.step for output in self._plan.outputs}
        self._lines = verilog.splitlines()
        self._roles = {kind: flow.role(kind) for kind in {cell.kind for cell in netlist.cells}}
        self._adders = {cell.name: self._declared(cell) for cell in netlist.cells if self._role(cell) == "carry"}
        self._chained = {step for step in self._adders.values() if step is not None}
        self._users: Callable[[Bit], frozenset[_Use]] = cache(self._find_users)
        self._leaves: Callable[[Bit], frozenset[str]] = cache(self._find_leaves)
        self._cone: Callable[[_Use], frozenset[str]] = cache(self._find_cone)
        self._needs: Callable[[str], frozenset[str]] = cache(self._find_needs)
        self._candidates: dict[str, frozenset[str]] = {}
        for step in self._plan.steps:  # in order, so that no call goes deep
            self._needs(step.name)
            self._cone(_Use(step.name))

    def parts(self) -> dict[str, str]:
        return {cell.name: self._part(cell) for cell in self._netlist.cells}

    def _role(self, cell: Cell) -> str:
        return self._roles[cell.kind]

    def _part(self, cell: Cell) -> str:
        match self._role(cell):
            case "delay":
                return DELAYS
            case "register":
                return CONTROL if (step := self._held(cell)) is None else self._parts[step] or REST
            case "carry" if (step := self._adders[cell.name]) is not None:
                return self._parts[step] or REST
            case _:
                return self._part_of_logic(cell)

    def _part_of_logic(self, cell: Cell) -> str:
        """Return the parts of the steps that a cell may compute, without those that the cells before it may compute."""
        steps = self._computed(cell)
        if not steps:
            return CONTROL if any(True for _ in cell.read) else REST
        before = (self._netlist.drivers.get(bit) for bit in cell.read)
        logic = [each for each in before if each is not None and self._role(each) == "logic"]
        own = steps.difference(*map(self._computed, logic)) or {max(steps, key=self._order.__getitem__)}
        parts = sorted({self._parts[step] or REST for step in own}, key=part_order)
        return " and ".join(parts) if len(parts) <= _MOST_NAMED else SEVERAL

    def _computed(self, cell: Cell) -> frozenset[str]:
        """Return the steps that a cell of logic may compute: those behind all that is made of it.

        They depend on nothing that the cell does not depend on. Where there are none, as for a cell that tables share,
        they are those behind anything that is made of it.
        """
        if cell.name not in self._candidates:
            cones = [self._cone(use) for use in _union(map(self._users, cell.driven))]
            steps = frozenset.intersection(*cones) or frozenset.union(*cones) if cones else frozenset()
            leaves = _union(map(self._leaves, cell.read))
            self._candidates[cell.name] = frozenset(step for step in steps if self._needs(step) <= leaves) or steps
        return self._candidates[cell.name]

    def _declared(self, cell: Cell) -> str | None:
        """Return the step that a cell stems from, by the line of the source that declares it."""
        for number in _LINE.findall(cell.source):
            found = _DECLARED.match(self._lines[int(number) - 1])
            if found and (step := self._step_of(found[1])):
                return step
        return None

    def _step_of(self, name: str) -> str | None:
        """Return the step of a signal that is called after one, or after one and what the printer takes it apart in."""
        while name and name not in self._order:
            name = name.rpartition("_")[0]
        return name or None

    def _held(self, cell: Cell) -> str | None:
        """Return the first step that a register holds a bit of: by its name, or else by what it is read for.

        None for one of the handshake's registers.
        """
        found = _union(map(self._registered, cell.driven))
        if not found and not any(_REGISTER.fullmatch(name) for bit in cell.driven for name, _ in self._names(bit)):
            found = frozenset(use.step for use in _union(map(self._users, cell.driven)))
        return min(found, key=self._order.__getitem__, default=None)

    def _names(self, bit: Bit) -> Sequence[tuple[str, int]]:
        return self._netlist.names.get(bit, ())

    def _registered(self, bit: Bit) -> frozenset[str]:
        """Return the steps whose registers a bit is of."""
        found = ((_REGISTER.fullmatch(name), place) for name, place in self._names(bit))
        return frozenset(self._made(match[1], place) for match, place in found if match and match[1] in self._order)

    def _named(self, bit: Bit) -> frozenset[str]:
        """Return the steps that a bit is of by its names, those of outputs included."""
        names = [(self._outputs.get(name, name), place) for name, place in self._names(bit)]
        return frozenset(self._made(name, place) for name, place in names if name in self._order)

    def _made(self, name: str, place: int) -> str:
        """Return the step that makes a bit of a step: that itself, or for wiring what is behind it."""
        while True:
            operation = self._plan.by_name[name].operation
            match operation:
                case op.Bits(source=source, low=low):
                    name, place = source, place + low
                case op.ShiftRight(source=source, bits=bits):
                    name, place = source, place + bits
                case op.ShiftLeft(source=source, bits=bits):
                    name, place = source, place - bits
                case op.Narrow(source=source):
                    name = source
                case op.Concatenate(high=high, low=low, bits=bits):
                    name, place = (low, place) if place < bits else (high, place - bits)
                case _:
                    return name

    def _find_users(self, bit: Bit) -> frozenset[_Use]:
        """Return what a bit is computed for: the step that it is of, or what the logic that reads it is for."""
        if bit not in self._netlist.input_bits and (named := self._named(bit)):
            return frozenset({_Use(min(named, key=self._order.__getitem__))})
        return frozenset(use for reader in self._netlist.readers.get(bit, ()) for use in self._read_for(*reader))

    def _read_for(self, cell: Cell, pin: str) -> Iterator[_Use]:
        """Yield what a cell reads a pin for."""
        role = self._role(cell)
        if role == "carry" and (step := self._adders[cell.name]) is not None:
            yield _Use(step, as_operand=True)
        elif role in ("carry", "logic"):
            yield from _union(map(self._users, cell.driven))
        elif pin not in _ENABLES and (step := self._held(cell)) is not None:
            yield _Use(step)

    def _find_leaves(self, bit: Bit) -> frozenset[str]:
        """Return the steps in registers, carry chains and inputs that a bit depends on through logic."""
        driver = self._netlist.drivers.get(bit)
        if driver is None or self._role(driver) in ("register", "delay", "block"):
            return self._registered(bit) | self._named(bit)
        if self._role(driver) == "carry" and (step := self._adders[driver.name]) is not None:
            return frozenset({step})
        return _union(map(self._leaves, driver.read))

    def _operands(self, step: str) -> Iterator[tuple[str, bool]]:
        """Yield what a step reads, past wiring, and whether that stands behind a register or a carry chain."""
        stages = self._schedule.stages
        for name in self._plan.by_name[step].operation.operands:
            if name in self._schedule.constants:
                continue
            if isinstance(self._plan.by_name[name].operation, op.Input):
                yield name, True
            elif self._parts[name] is None:
                for made, is_leaf in self._operands(name):
                    yield made, is_leaf or stages[name] < stages[step]
            else:
                yield name, stages[name] < stages[step] or name in self._chained

    def _find_cone(self, use: _Use) -> frozenset[str]:
        """Return the steps of the logic that computes a step, or only its operands, from registers and carry chains.

        If there are none it is the step itself, as part of which its operands are prepared.
        """
        found = set() if use.as_operand or self._parts[use.step] is None else {use.step}
        for name, is_leaf in self._operands(use.step):
            if not is_leaf:
                found |= self._cone(_Use(name))
        return frozenset(found or {use.step})

    def _find_needs(self, step: str) -> frozenset[str]:
        """Return the steps in registers, carry chains and inputs that a step depends on."""
        return _union({name} if is_leaf else self._needs(name) for name, is_leaf in self._operands(step))


def _union(sets: Iterable[AbstractSet[_T]]) -> frozenset[_T]:
    return frozenset(each for one in sets for each in one)
