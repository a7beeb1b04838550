"""The memory of a layer: it keeps each vector until all neurons have had it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from amaranth.hdl import Cat, Module, Mux, Signal, Value

from ...accuracy.composites.neuron import Neuron
from .waiting import add_memory, register

__all__ = ["Element", "Replay"]


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

    """

    inputs: dict[str, Value]
    ends: Value
    last: Value
    valid: Value


class Replay:
    """Adds a memory with room for two vectors to a module; one comes in while the other is read once for each neuron.

    Parameters
    ----------
    m
        The module to add to.
    asked
        The layer.
    place
        The place of the first declaration in the printed module; about ten follow.
    enable
        Clock enable of all registers.

    Attributes
    ----------
    room : Signal
        Whether a transfer can be taken.

    """

    RANKS: ClassVar[int] = 3
    """Clocks from a vector's last transfer coming in to its first one going to the core."""

    def __init__(self, m: Module, asked: Neuron, *, place: int, enable: Value) -> None:
        self._m, self._asked, self._place, self._enable = m, asked, place, enable
        self.room = self._let("room", "a transfer can be taken")

    def connect(self, lanes: Mapping[str, Value], last: Value, valid: Value) -> Element:
        """Add the memory, between transfers that come in and what the core takes."""
        m, asked, place = self._m, self._asked, self._place
        bits = max((asked.transfers - 1).bit_length(), 1)
        taken = self._let("taken", "a transfer is taken, unless nothing moves")
        fill = self._count("fill", bits, "where the next transfer goes in its half")
        half = self._count("fill_half", 1, "the half of the memory that is filled")
        busy = [self._count(f"busy{number}", 1, "") for number in (0, 1)]
        whole = [self._count(f"whole{number}", 1, "") for number in (0, 1)]
        at = register("store_at", bits + 1, place=place)
        words = {name: register(f"{name}_in", value.shape(), place=place) for name, value in lanes.items()}
        last_in, valid_in = register("last_in", 1, place=place), self._count("valid_in", 1, "")
        read = self._count("read", bits, "the next transfer for the core")
        read_half = self._count("read_half", 1, "the half of the memory that is read")
        neuron = self._count("next_neuron", max((asked.neurons - 1).bit_length(), 1), "")
        reading = self._let("reading", "a whole vector is there")
        word = add_memory(
            m,
            "elements",
            2 << bits,
            Cat(*words.values(), last_in),
            at,
            valid_in,
            Cat(read, read_half),
            place=place + 1,
            note="two vectors, each transfer with last above",
        )
        ends = self._let("ends", "the last transfer of a vector")
        is_final = self._let("is_final", "for the last neuron")
        done = self._let("read_done", "the vector has been read for all neurons")
        m.d.comb += [
            self.room.eq(~Mux(half, busy[1], busy[0])),
            taken.eq(valid & self.room),
            reading.eq(Mux(read_half, whole[1], whole[0])),
            ends.eq(reading & word[-1]),
            is_final.eq(neuron == asked.neurons - 1),
            done.eq(ends & is_final),
        ]
        with m.If(self._enable):
            m.d.sync += [
                *(words[name].eq(value) for name, value in lanes.items()),
                last_in.eq(last),
                valid_in.eq(taken),
                at.eq(Cat(fill, half)),
                fill.eq(Mux(taken, Mux(last, 0, fill + 1), fill)),
                half.eq(half ^ (taken & last)),
                read.eq(Mux(reading, Mux(ends, 0, read + 1), read)),
                read_half.eq(read_half ^ done),
                neuron.eq(Mux(ends, Mux(is_final, 0, neuron + 1), neuron)),
            ]
            for number, (full, complete) in enumerate(zip(busy, whole, strict=True)):
                freed = done & (read_half == number)
                m.d.sync += [
                    full.eq((full | (taken & last & (half == number))) & ~freed),
                    complete.eq((complete | (valid_in & last_in & (at[-1] == number))) & ~freed),
                ]
        return self._for_core(words, word, reading, ends, is_final, done, neuron)

    def _for_core(
        self,
        words: Mapping[str, Signal],
        word: Signal,
        reading: Value,
        ends: Value,
        is_final: Value,
        done: Value,
        neuron: Signal,
    ) -> Element:
        """Add the registers that the core reads: a transfer, and the places of its weights and its neuron."""
        m, asked, place = self._m, self._asked, self._place + 5
        found: dict[str, Value] = {}
        low = 0
        for name, stored in words.items():
            found[name] = register(f"{name}_now", stored.shape(), place=place)
            code = word[low : low + len(stored)]
            with m.If(self._enable):
                m.d.sync += found[name].eq(code.as_signed() if stored.shape().signed else code)
            low += len(stored)
        bits = max((asked.neurons * asked.transfers - 1).bit_length(), 1)
        row = self._count("row", bits, "the place of the first weights of the neuron")
        at = self._count("next_weight", bits, "the place of the next weights")
        after = self._let("row_after", "that of the neuron after it", bits)
        found["weight_at"] = register("weight_at", bits, place=place)
        found["neuron_at"] = register("neuron_at", neuron.shape(), place=place)
        now = Element(
            found,
            register("ends_now", 1, place=place),
            register("last_now", 1, place=place),
            register("valid_now", 1, place=place, reset=True),
        )
        m.d.comb += after.eq(Mux(is_final, 0, (row + asked.transfers)[:bits]))
        with m.If(self._enable):
            m.d.sync += [
                row.eq(Mux(ends, after, row)),
                at.eq(Mux(ends, after, Mux(reading, at + 1, at))),
                found["weight_at"].eq(at),
                found["neuron_at"].eq(neuron),
                now.ends.eq(ends),
                now.last.eq(done),
                now.valid.eq(reading),
            ]
        return now

    def _count(self, name: str, bits: int, note: str) -> Signal:
        return register(name, bits, place=self._place, reset=True, note=note)

    def _let(self, name: str, note: str, bits: int = 1) -> Signal:
        return Signal(bits, name=name, attrs={"order": str(self._place + 3), "note": note})
