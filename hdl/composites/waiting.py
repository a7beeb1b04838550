"""Waiting rooms of vectors: elements that wait until a value of their whole vector is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amaranth.hdl import Cat, Const, MemoryData, MemoryInstance, Module, Mux, Shape, Signal, Value, unsigned

__all__ = ["Released", "Waiting", "add_memory", "along", "register"]


@dataclass(frozen=True)
class Released:
    """Registers with an element that no longer waits: the element, the value of its vector, ``last`` and ``valid``."""

    element: Signal
    value: Signal
    last: Signal
    valid: Signal


def register(
    name: str, shape: Shape | int, *, place: int, note: str = "", reset: bool = False, init: int = 0
) -> Signal:
    """Return a register for the printed module; with `reset`, one that has its value `init` at power-up, too."""
    attrs = {"order": str(place)} | ({"note": note} if note else {})
    if reset:
        width = Shape.cast(shape).width
        attrs["initial"] = f"{width}'d{init}" if width > 1 else str(init)
    return Signal(shape, name=name, init=init, reset_less=not reset, attrs=attrs)


class Waiting:
    """Adds two rings to a module: of elements, and of values of vectors, and what reads both in step.

    Elements go in as they come; the value of a vector goes in `delay` clocks after its last element. From then on the
    elements of the vector come out, one a clock. All registers hold while `enable` is low.

    No more than ``n + delay`` elements wait at once, and no more than ``n + 1`` values: a vector has up to `n`
    elements, and while it is read out, as many come in as go out; a value is read a clock after its element. So neither
    ring is written over before it is read.

    Parameters
    ----------
    m
        The module to add to.
    name
        What the names of the signals begin with.
    n
        The most elements of a vector.
    delay
        Clocks from the last element of a vector going in to its value going in.
    place
        The place of the first declaration in the printed module; about ten follow.
    enable
        Clock enable of all registers.

    """

    def __init__(self, m: Module, name: str, n: int, delay: int, *, place: int, enable: Value) -> None:
        self._m, self._name, self._place, self._enable = m, name, place, enable
        self._delay = delay
        self._elements = _power_of_two(n + delay + 2)
        self._values = _power_of_two(n + 2)

    @property
    def depth(self) -> int:
        """Elements that the ring has room for."""
        return self._elements

    def connect(
        self, element: Value, last: Value, valid: Value, value: Value, known: Value, shapes: Mapping[str, Shape]
    ) -> Released:
        """Add the rings.

        Parameters
        ----------
        element, last, valid
            An element, whether it ends its vector, and whether there is one at all.
        value, known
            The value of a vector, and whether there is one.
        shapes
            Shapes of ``element`` and ``value``.

        """
        m, name, place = self._m, self._name, self._place
        at, from_, limit = (self._count(f"{name}_{end}", self._elements, place) for end in ("write", "read", "limit"))
        put, taken = (self._count(f"{name}_{end}", self._values, place) for end in ("known", "done"))
        end = self._late(at)
        ready = self._let(f"{name}_ready", from_ != limit, "an element of a vector whose value is known")
        word = add_memory(
            m,
            f"{name}_elements",
            self._elements,
            Cat(element, last),
            at,
            valid,
            from_,
            place=place + 1,
            note="elements, each with last above",
        )
        held = add_memory(
            m, f"{name}_values", self._values, value, put, known, taken, place=place + 1, note="a value of each vector"
        )
        head = register(f"{name}_head", len(word), place=place + 3)
        head_valid = register(f"{name}_head_valid", 1, place=place + 3, reset=True)
        ends = self._let(f"{name}_ends", head_valid & head[-1], "the last element with this value")
        shape, of_vector = Shape.cast(shapes["element"]), Shape.cast(shapes["value"])
        found = Released(
            register(f"{name}_element", shape, place=place + 4),
            register(f"{name}_value", of_vector, place=place + 4),
            register(f"{name}_last", 1, place=place + 4),
            register(f"{name}_valid", 1, place=place + 4, reset=True),
        )
        with m.If(self._enable):
            m.d.sync += [
                at.eq(at + valid),
                limit.eq(Mux(known, end, limit)),
                from_.eq(from_ + ready),
                put.eq(put + known),
                taken.eq(taken + ends),
                head.eq(word),
                head_valid.eq(ready),
                found.element.eq(head[:-1]),
                found.value.eq(held),
                found.last.eq(head[-1]),
                found.valid.eq(head_valid),
            ]
        return found

    def _late(self, at: Signal) -> Signal:
        """Return the place behind the last element of a vector when its value goes in."""
        for rank in range(1, self._delay):
            late = register(f"{at.name}_r{rank}", at.shape(), place=self._place)
            with self._m.If(self._enable):
                self._m.d.sync += late.eq(at)
            at = late
        return at

    def _count(self, name: str, size: int, place: int) -> Signal:
        return register(name, unsigned((size - 1).bit_length()), place=place, reset=True)

    def _let(self, name: str, value: Value, note: str) -> Signal:
        signal = Signal(len(value), name=name, attrs={"order": str(self._place + 2), "note": note})
        self._m.d.comb += signal.eq(value)
        return signal


def along(
    m: Module, advance: Value, name: str, latency: int, bits: Mapping[str, Value], place: int
) -> dict[str, Value]:
    """Add registers for bits that go along with a datapath, by name; ``valid`` is 0 after a reset."""
    for rank in range(1, latency + 1):
        late = {bit: register(f"{name}_{bit}_r{rank}", 1, place=place, reset=bit == "valid") for bit in bits}
        with m.If(advance):
            m.d.sync += [late[bit].eq(value) for bit, value in bits.items()]
        bits = late
    return dict(bits)


def add_memory(
    m: Module,
    name: str,
    size: int,
    word: Value,
    at: Value,
    write: Value,
    from_: Value,
    *,
    place: int,
    note: str,
    style: str = "distributed",
) -> Signal:
    """Add a memory of words that are written at an edge of the clock; returns the word that is read.

    Its `style` is ``distributed`` or ``block``, where what is read goes to registers and nowhere else.

    Its write port has no enable but `write`, and the enable of registers comes late in the clock: while all registers
    hold, the same word is written again.
    """
    shape = unsigned(len(word))
    memory = MemoryInstance(
        data=MemoryData(shape=shape, depth=size, init=[]),
        attrs={"ram_style": style, "order": str(place), "note": note},
    )
    memory.write_port(domain="sync", addr=at, data=word, en=write)
    read = Signal(shape, name=f"{name}_read", attrs={"order": str(place + 1)})
    memory.read_port(domain="comb", addr=from_, data=read, en=Const(1), transparent_for=())
    m.submodules[name] = memory
    return read


def _power_of_two(count: int) -> int:
    """Return the smallest power of two, from 2 on, that is not less."""
    return max(2, 1 << (count - 1).bit_length())
