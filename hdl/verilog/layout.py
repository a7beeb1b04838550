"""The layout of the text: the declared wires, their order and names, and the results folded into their users."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from ...support.names import check_identifier
from .drivers import Expression, Instance, Write
from .netlist import Netlist, is_anonymous
from .ordering import place, roots
from .rtlil import Bits
from .spelling import Piece, Slice, Speller

__all__ = ["Layout"]

_MAX_OPERATORS = 3
"""The most operators of an expression."""

_LONGEST_NAME = 39
"""The most characters of a name, except those of ports, which are not chosen here."""


class Layout:
    """The order, the names and the folded expressions of a netlist's text.

    Parameters
    ----------
    netlist
        Simplified; it must not change any more.

    Attributes
    ----------
    module : str
        The module's name.
    declared : list of str
        The wires to declare and drive, in order.
    names : dict of str to str
        A legal name of its own for every port, table and declared wire.
    instances : dict of str to str
        The name of the instance that drives a wire, by the wire.
    owners : dict of str to str
        The named wire for which each declared wire is computed, mostly itself.

    Raises
    ------
    ValueError
        If the name of the module or of a port is illegal, both are the same, or a wire depends on itself.

    """

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._speller = Speller(netlist)
        self._live = self._find_live()
        self._users: dict[str, list[str]] = defaultdict(list)
        for user in self._live:
            for piece in self._speller.reads(user):
                self._users[piece.wire].append(user)
        self._folded: set[str] = set()
        self._needs: dict[str, dict[str, None]] = {}
        self._fold()
        self.declared = self._order()
        self.owners = {name: name for name in self.declared}
        self.module = check_identifier(netlist.name[1:], "module name")
        self.instances: dict[str, str] = {}
        self.names = self._name()

    def pieces(self, bits: Bits, user: str) -> tuple[Piece, ...]:
        """Spell bits for the wire whose driver reads them, least significant first."""
        return self._speller.pieces(bits, user)

    def is_folded(self, name: str) -> bool:
        """Tell whether the wire has no declaration because its only user contains its expression."""
        return name in self._folded

    def needs(self, name: str) -> dict[str, None]:
        """Return the wires and tables that occur in the text of a driver, including those of folded expressions."""
        if name not in self._needs:
            driver = self._netlist.drivers[name]
            has_table = isinstance(driver, Write) or (isinstance(driver, Expression) and bool(driver.table))
            needs: dict[str, None] = {driver.table: None} if has_table else {}  # type: ignore[union-attr]
            for piece in self._speller.reads(name):
                needs |= self.needs(piece.wire) if piece.wire in self._folded else {piece.wire: None}
            self._needs[name] = needs
        return self._needs[name]

    def unused(self) -> Iterator[Slice]:
        """Yield the bits of inputs and of declared wires that nothing reads."""
        used: dict[str, set[int]] = defaultdict(set)
        for user in self._live:
            for piece in self._speller.reads(user):
                used[piece.wire].update(piece.bits)
        declared = set(self.declared)
        for wire in self._netlist.wires.values():
            if self._netlist.is_write(wire.name):
                continue
            if wire.direction == "input" or (wire.name in declared and wire.direction != "output"):
                bits = sorted(set(range(wire.width)) - used[wire.name])
                for _, group in itertools.groupby(enumerate(bits), lambda item: item[1] - item[0]):
                    run = [bit for _, bit in group]
                    yield Slice(wire.name, run[0], run[-1])

    def _find_live(self) -> list[str]:
        """Return the wires on which outputs depend, in order; without outputs all of them."""
        drivers, wires = self._netlist.drivers, self._netlist.wires
        names = [name for name in drivers if wires[name].direction] or list(drivers)
        live = set(names)
        while names:
            name = names.pop()
            needed = [piece.wire for piece in self._speller.reads(name)]
            driver = drivers[name]
            if isinstance(driver, Expression) and driver.table:
                needed.append(self._netlist.tables[driver.table].write)
            for need in needed:
                if need in drivers and need not in live:
                    live.add(need)
                    names.append(need)
        return sorted(live, key=self._speller.positions.__getitem__)

    def _fold(self) -> None:
        """Fold anonymous results that are used once and whole, up to a readable number of operators."""
        operators: dict[str, int] = {}
        for user in self._live:
            driver = self._netlist.drivers[user]
            is_expression = isinstance(driver, Expression)
            count = int(isinstance(driver, Expression) and driver.operator.form not in ("alias", "word"))
            for bits, site in driver.sites:
                pieces = self.pieces(bits, user)
                # Inside a concatenation, each piece has a size and sign of its own.
                context = "own" if len(pieces) > 1 and site != "name" else site
                for piece in pieces:
                    if isinstance(piece, Slice) and self._may_fold(piece, context):
                        total = operators[piece.wire] + (count if is_expression else 0)
                        if total <= _MAX_OPERATORS:
                            self._folded.add(piece.wire)
                            count = total
            operators[user] = count

    def _may_fold(self, piece: Slice, context: str) -> bool:
        driver = self._netlist.drivers.get(piece.wire)
        return (
            isinstance(driver, Expression)
            and (context == "own" or (context == "operand" and not driver.operator.takes_sign))
            and is_anonymous(piece.wire)
            and len(self._users[piece.wire]) == 1
            and piece == Slice(piece.wire, 0, self._netlist.wires[piece.wire].width - 1)
        )

    def _order(self) -> list[str]:
        declared = [name for name in self._live if name not in self._folded]
        needs = {name: [need for need in self.needs(name) if self._netlist.is_combinational(need)] for name in declared}
        return list(place((name for name in roots(self._netlist) if name in needs), needs))

    def _name(self) -> dict[str, str]:
        names = {
            wire.name: check_identifier(wire.name[1:], "port name")
            for wire in self._netlist.wires.values()
            if wire.direction
        }
        if self.module in names.values():
            raise ValueError(f"module name {self.module!r} is the name of a port of it, too; choose another")
        taken = {"_unused", self.module, *names.values()}

        def give(key: str, wanted: str) -> None:
            stem = re.sub(r"\W|^(?=\d)", "_", wanted, flags=re.ASCII)
            endings = itertools.chain(("",), (f"_{number}" for number in itertools.count(1)))
            choices = (_short(stem, _LONGEST_NAME - len(ending)) + ending for ending in endings)
            names[key] = next(choice for choice in choices if choice not in taken and _is_identifier(choice))
            taken.add(names[key])

        for name in self.declared:
            if self._netlist.is_write(name):
                continue
            if name not in names and (not is_anonymous(name) or self._netlist.is_register(name)):
                give(name, name[1:])
        for table in self._netlist.tables:
            give(table, table[1:])
        for name in self.declared:
            if isinstance(self._netlist.drivers[name], Instance):
                give(f"{name}.instance", f"{names[name]}_adder")
                self.instances[name] = names.pop(f"{name}.instance")
        # An anonymous result is named after its user; users are named first, so go backwards.
        for name in reversed(self.declared):
            driver = self._netlist.drivers[name]
            if name not in names and isinstance(driver, Expression):
                user = self._users[name][0]
                while user not in names:
                    user = self._users[user][0]
                self.owners[name] = self.owners[user]
                give(name, f"{names[self.owners[name]]}_{driver.operator.result}")
        return names


def _short(name: str, length: int) -> str:
    """Shorten a name to a length: keep its first word, which names the owner, and as many of the last words as fit.

    Examples
    --------
    >>> _short("product_row3_digit2_negative_complement_r12", 39)
    'product_digit2_negative_complement_r12'

    """
    if len(name) <= length:
        return name
    first, *words = name.split("_")
    while words and len("_".join([first, *words])) > length:
        del words[0]
    return "_".join([first, *words])[:length]


def _is_identifier(name: str) -> bool:
    try:
        check_identifier(name, "name")
    except ValueError:
        return False
    return True
