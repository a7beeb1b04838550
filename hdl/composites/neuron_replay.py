"""The memory of a layer: it keeps each vector until all neurons have had it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from amaranth.hdl import Cat, Module, Mux, Signal, Value

from ...accuracy.composites.neuron import Neuron
from .waiting import add_memory, register

__all__ = ["Element", "Replay"]


_INDICES = ("weight_at", "neuron_at")
"""Indices of tables: their registers have initial values, so that synthesis leaves them there (decision 008)."""


@dataclass(frozen=True)
class Element:
    """A transfer for the core.

    Attributes
    ----------
    inputs
        What its products are made of, by name.
    ends
        Whether it is the last one of its vector.
    last
        Whether it is also for the last neuron.
    valid
        Whether there is one.
    first
        Whether it is the first one of its vector.

    """

    inputs: dict[str, Value]
    ends: Value
    last: Value
    valid: Value
    first: Value


class Replay:
    """Adds a memory with room for two vectors to a module; one comes in while the other is read once for each neuron.

    Parameters
    ----------
    m
        The module to add to.
    asked
        The layer.
    style
        What the memory is made of: ``distributed`` or ``block``.
    place
        The place of the first declaration in the printed module; about ten follow.
    enable
        Clock enable of all registers.

    Attributes
    ----------
    room : Signal
        Whether a transfer can be taken.

    """

    RANKS: ClassVar[Mapping[str, int]] = {"distributed": 3, "block": 4}
    """Clocks from a vector's last transfer coming in to its first one going to the core, by what the memory is."""

    def __init__(self, m: Module, asked: Neuron, style: str, *, place: int, enable: Value) -> None:
        self._m, self._asked, self._style, self._place, self._enable = m, asked, style, place, enable
        self._bits = max((asked.transfers - 1).bit_length(), 1)
        self.room = self._let("room", "a transfer can be taken")

    def connect(self, lanes: Mapping[str, Value], last: Value, valid: Value) -> Element:
        """Add the memory, between transfers that come in and what the core takes."""
        asked, bits = self._asked, self._bits
        taken = self._let("taken", "a transfer is taken, unless nothing moves")
        fill = self._count("fill", bits, "where the next transfer goes in its half")
        half = self._count("fill_half", 1, "the half of the memory that is filled")
        read = self._count("read", bits, "the next transfer for the core")
        read_half = self._count("read_half", 1, "the half of the memory that is read")
        neuron = self._count("next_neuron", max((asked.neurons - 1).bit_length(), 1))
        busy, whole = ([self._count(f"{name}{number}", 1) for number in (0, 1)] for name in ("busy", "whole"))
        end = [register(f"end{number}", bits, place=self._place) for number in (0, 1)]
        reading = self._let("reading", "a whole vector is there")
        ends = self._let("ends", "the last transfer of a vector")
        is_final = self._let("is_final", "for the last neuron")
        done = self._let("read_done", "the vector has been read for all neurons")
        stored = self._stored(lanes, last, taken, Cat(fill, half), Cat(read, read_half))
        self._m.d.comb += [
            self.room.eq(~Mux(half, busy[1], busy[0])),
            taken.eq(valid & self.room),
            reading.eq(Mux(read_half, whole[1], whole[0])),
            ends.eq(reading & (read == Mux(read_half, end[1], end[0]))),
            is_final.eq(neuron == asked.neurons - 1),
            done.eq(ends & is_final),
        ]
        moves = [
            fill.eq(Mux(taken, Mux(last, 0, fill + 1), fill)),
            half.eq(half ^ (taken & last)),
            read.eq(Mux(reading, Mux(ends, 0, read + 1), read)),
            read_half.eq(read_half ^ done),
            neuron.eq(Mux(ends, Mux(is_final, 0, neuron + 1), neuron)),
        ]
        for number in (0, 1):
            filled, freed = taken & last & (half == number), done & (read_half == number)
            moves += [
                end[number].eq(Mux(filled, fill, end[number])),
                busy[number].eq((busy[number] | filled) & ~freed),
                whole[number].eq((whole[number] | (stored.ends & (stored.half == number))) & ~freed),
            ]
        with self._m.If(self._enable):
            self._m.d.sync += moves
        now = stored.read | {"weight_at": self._weight_at(reading, ends, is_final), "neuron_at": neuron}
        element = Element(now, ends, done, reading, read == 0)
        for rank in range(self.RANKS[self._style] - 2):
            element = self._registered(element, f"now{rank}" if rank else "now")
        return element

    def _stored(self, lanes: Mapping[str, Value], last: Value, taken: Value, to: Value, from_: Value) -> _Stored:
        """Add the memory, and the registers in front of it."""
        m, place = self._m, self._place
        words = {name: register(f"{name}_in", value.shape(), place=place) for name, value in lanes.items()}
        at = register("store_at", len(to), place=place)
        last_in, valid_in = register("last_in", 1, place=place), self._count("valid_in", 1)
        with m.If(self._enable):
            m.d.sync += [
                *(words[name].eq(value) for name, value in lanes.items()),
                at.eq(to),
                last_in.eq(last),
                valid_in.eq(taken),
            ]
        word = add_memory(
            m,
            "elements",
            2 << self._bits,
            Cat(*words.values()),
            at,
            valid_in,
            from_,
            place=place + 1,
            note="two vectors",
            style=self._style,
        )
        found: dict[str, Value] = {}
        low = 0
        for name, stored in words.items():
            code = word[low : low + len(stored)]
            found[name], low = code.as_signed() if stored.shape().signed else code, low + len(stored)
        return _Stored(found, valid_in & last_in, at[-1])

    def _weight_at(self, reading: Value, ends: Value, is_final: Value) -> Signal:
        """Return the place of the weights of the transfer that is read."""
        count = self._asked.transfers
        bits = max((self._asked.neurons * count - 1).bit_length(), 1)
        row = self._count("row", bits, "the place of the first weights of the neuron")
        at = self._count("next_weight", bits, "the place of the next weights")
        after = self._let("row_after", "that of the neuron after it", bits)
        self._m.d.comb += after.eq(Mux(is_final, 0, (row + count)[:bits]))
        with self._m.If(self._enable):
            self._m.d.sync += [
                row.eq(Mux(ends, after, row)),
                at.eq(Mux(ends, after, Mux(reading, at + 1, at))),
            ]
        return at

    def _registered(self, element: Element, suffix: str) -> Element:
        """Return a transfer behind a rank of registers."""
        place = self._place + 5
        late = {
            name: register(f"{name}_{suffix}", value.shape(), place=place, reset=name in _INDICES)
            for name, value in element.inputs.items()
        }
        found = Element(
            late,
            register(f"ends_{suffix}", 1, place=place),
            register(f"last_{suffix}", 1, place=place),
            register(f"valid_{suffix}", 1, place=place, reset=True),
            register(f"first_{suffix}", 1, place=place),
        )
        with self._m.If(self._enable):
            self._m.d.sync += [
                *(late[name].eq(value) for name, value in element.inputs.items()),
                found.ends.eq(element.ends),
                found.last.eq(element.last),
                found.valid.eq(element.valid),
                found.first.eq(element.first),
            ]
        return found

    def _count(self, name: str, bits: int, note: str = "") -> Signal:
        return register(name, bits, place=self._place, reset=True, note=note)

    def _let(self, name: str, note: str, bits: int = 1) -> Signal:
        return Signal(bits, name=name, attrs={"order": str(self._place + 3), "note": note})


@dataclass(frozen=True)
class _Stored:
    """A transfer that is read, by name; and whether the last one of a vector is stored in this clock, in which half."""

    read: dict[str, Value]
    ends: Value
    half: Value
