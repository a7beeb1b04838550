"""Spelling: the names and slices that denote some bits at a position in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from .netlist import Netlist, is_anonymous
from .ordering import is_root, place, roots
from .rtlil import Bits, Net, wires_of

__all__ = ["Piece", "Slice", "Speller"]


class Slice(NamedTuple):
    """Bits ``low`` to ``high`` of a wire, repeated ``times`` times."""

    wire: str
    low: int
    high: int
    times: int = 1

    @property
    def bits(self) -> range:
        """The numbers of the bits."""
        return range(self.low, self.high + 1)


Piece: TypeAlias = Slice | str
"""A part of an operand: a slice, or constant bits with the most significant first."""

_Position: TypeAlias = tuple[int, int]


class _Name(NamedTuple):
    """A wire as a name for bits, usable after a position; the greatest preference decides among several."""

    bits: Bits
    preference: tuple[int, int, int]
    wire: str
    since: _Position


class Speller:
    """Spells the bits that each driver of a netlist reads.

    A name is used only after its position in the netlist's order, in which every wire follows its operands. So new
    names never create cycles.

    Parameters
    ----------
    netlist
        Simplified; it must not change any more.

    Attributes
    ----------
    positions : dict of str to tuple
        The driven wires' positions in an order in which each follows its operands.

    """

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._spelled: dict[tuple[str, Bits], tuple[Piece, ...]] = {}
        self._reads: dict[str, tuple[Slice, ...]] = {}
        self._needs = {
            name: [need for bits, _ in driver.sites for need in wires_of(bits) if netlist.is_combinational(need)]
            for name, driver in netlist.drivers.items()
        }
        self.positions = self._find_positions()
        self._names: dict[Net | str, list[_Name]] = defaultdict(list)
        for name in self._find_names():
            self._names[name.bits[0]].append(name)

    def pieces(self, bits: Bits, user: str) -> tuple[Piece, ...]:
        """Spell bits with the longest names and slices that are declared before their user, least significant first."""
        pieces = self._spelled.get((user, bits))
        if pieces is None:
            pieces = self._spelled[user, bits] = tuple(self._split(bits, self.positions[user]))
        return pieces

    def reads(self, user: str) -> tuple[Slice, ...]:
        """Return the slices that the driver of a wire reads."""
        if user not in self._reads:
            pieces = [piece for bits, _ in self._netlist.drivers[user].sites for piece in self.pieces(bits, user)]
            self._reads[user] = tuple(piece for piece in pieces if isinstance(piece, Slice))
        return self._reads[user]

    def _find_positions(self) -> dict[str, _Position]:
        placed = place(roots(self._netlist), self._needs)
        positions = {name: (number, 0) for name, number in placed.items()}
        for name, needs in self._needs.items():
            # An alias without a place of its own can be used as soon as its bits exist.
            if self._netlist.is_alias(name) and not is_root(self._netlist, name):
                positions[name] = (max((placed[need] for need in needs), default=-1), placed[name] + 1)
        return positions

    def _find_names(self) -> Iterator[_Name]:
        """Yield the names with their bits, and the positions after which they can be used."""
        wires = self._netlist.wires
        # If an order is given, names without one are auxiliary, such as the ports of memories.
        is_ordered = any("order" in wire.attributes for wire in wires.values())
        for index, (name, wire) in enumerate(wires.items()):
            order = int(str(wire.attributes.get("order", -1)))
            if self._netlist.is_alias(name):
                ((bits, _),) = self._netlist.drivers[name].sites
                if not wire.direction and wires_of(bits) and (order >= 0 or not is_ordered):
                    yield _Name(bits, (order, 0, -index), name, self.positions[name])
            elif not is_anonymous(name):
                yield _Name(wire.bits, (order, 1, -index), name, (-1, 0))

    def _split(self, bits: Bits, position: _Position) -> Iterator[Piece]:
        start = 0
        top = Slice("", 0, 0)  # the last bit of the piece before
        while start < len(bits):
            piece, count = self._piece(bits[start:], position)
            net = bits[start]
            if isinstance(piece, Slice) and count == 1:
                if start and net == bits[start - 1]:  # the sign of the piece before
                    piece = top
                count = _repeats(bits[start:])
                piece = piece._replace(times=count)
            yield piece
            start += count
            if isinstance(piece, Slice):
                top = Slice(piece.wire, piece.high, piece.high)

    def _piece(self, bits: Bits, position: _Position) -> tuple[Piece, int]:
        """Return the first piece of some bits, and its number of bits."""
        net = bits[0]
        piece: Piece
        if isinstance(net, Net):
            run = self._netlist.wires[net.wire].bits[net.bit : net.bit + len(bits)]
            count = _common(bits, run)
            piece = Slice(net.wire, net.bit, net.bit + count - 1)
        else:
            count = next((n for n, bit in enumerate(bits) if isinstance(bit, Net)), len(bits))
            piece = "".join(map(str, reversed(bits[:count])))
        names = [
            name
            for name in self._names.get(net, ())
            if len(name.bits) >= count and name.since < position and name.bits == bits[: len(name.bits)]
        ]
        if names:
            best = max(names, key=lambda name: (len(name.bits), name.preference))
            count = len(best.bits)
            piece = Slice(best.wire, 0, count - 1)
        return piece, count


def _common(bits: Bits, others: Bits) -> int:
    """Return the number of leading bits that two values have in common."""
    if bits[: len(others)] == others:
        return len(others)
    return next(n for n, (bit, other) in enumerate(zip(bits, others, strict=False)) if bit != other)


def _repeats(bits: Bits) -> int:
    """Return how many times the first bit is repeated at the start."""
    return next((n for n, bit in enumerate(bits) if bit != bits[0]), len(bits))
