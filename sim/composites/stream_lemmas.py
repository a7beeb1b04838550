"""The lemmas about the emitted text of a composite with streams, whose proof is in `protocol`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...hdl.composites.manifest import CompositeManifest
from ..proofs.lemma import Clock, Lemma
from ..proofs.order import anew_lemma, order_lemma
from ..proofs.passage import Passage
from ..proofs.replay import replay_lemma
from ..proofs.ring import ring_lemma, room_lemma
from ..proofs.step_function import StepFunction

__all__ = ["StreamLemmas"]


class StreamLemmas:
    """The lemmas about a composite with streams, each with its statement."""

    def __init__(self, step: StepFunction, manifest: CompositeManifest, verilog: str) -> None:
        ports = manifest.ports
        self._first, self._held = _first_values(step, verilog), manifest.hardware.held
        self._step, self._ports = step, ports
        self._go, self._moves = ports.of("ready", "input").name, ports.of("ready", "output").name
        self._holds_back = manifest.hardware.holds_back
        self._valid, self._offer = ports.of("valid", "output").name, ports.of("valid", "input").name
        self._on, self._off = (
            {port.name: f"1'b{port.active_low != on:d}" for port in ports if port.role == "reset"}
            for on in (True, False)
        )
        carried = [port for port in ports if port.role in ("data", "last", "valid")]
        self._inputs = tuple(port for port in carried if port.direction == "input")
        self._results = tuple(port for port in carried if port.direction == "output")

    def all(self) -> dict[str, tuple[str, Lemma]]:
        """Return each lemma with its statement, by name."""
        found = {"stall": self._stall(), "move": self._move()}
        if self._holds_back:
            found["refuse"] = self._refuse()
        found |= {"reset": self._reset(), "power-up": self._power_up()}
        return found | ({"gap": self._gap()} if self._held else {})

    def _moving(self, now: Clock, go: str) -> str:
        """Return the expression for a clock in which it moves."""
        return f"({go} | ~{now.outputs[self._valid]})" if self._holds_back else now.outputs[self._moves]

    def of_passage(self, passage: Passage) -> dict[str, tuple[str, Lemma]]:
        """Return the lemmas about elements of vectors, by name; `ValueError` if there is no such register."""
        claims = {"order": order_lemma}
        if passage.accumulators or passage.counters:
            claims["anew"] = anew_lemma
        if passage.rings:
            claims |= {"rings": ring_lemma, "room": room_lemma}
        if passage.replay:
            claims["replay"] = replay_lemma
        found: dict[str, tuple[str, Lemma]] = {}
        for name, claim in claims.items():
            lemma = self._lemma()
            found[name] = claim(lemma, passage, lemma.state_of(self._first)), lemma
        return found

    def _lemma(self) -> Lemma:
        return Lemma(self._step, self._ports, self._off | {self._go: "1'b1"})

    def _stall(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off
        now, free = (lemma.clock(state, inputs | {self._go: ready}) for ready in (go, "1'b1"))
        for name, bits in self._fields():
            kept = free.after if "[" in name else state  # a word of a memory, or a register
            lemma.claim(name, f"{self._moving(now, go)} | {now.after}{bits} == {kept}{bits}")
        when = f"{self._valid} waits" if self._holds_back else f"{self._moves} is low"
        return f"while {when}, every register keeps what it holds", lemma

    def _move(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off
        now, free = (lemma.clock(state, inputs | {self._go: ready}) for ready in (go, "1'b1"))
        moves = self._moving(now, go)
        lemma.same_registers(moves, now.after, free.after)
        for port in self._results:
            lemma.claim(f"{port.name} depends on {self._go}", f"{now.outputs[port.name]} == {free.outputs[port.name]}")
        if self._holds_back:
            ready, room = now.outputs[self._moves], free.outputs[self._moves]
            lemma.claim(f"{self._moves} is not that of moving clocks", f"{ready} == ({moves} & {room})")
            return f"unless {self._valid} waits, all goes on as if nothing ever stopped it", lemma
        waits = now.outputs[self._valid]
        lemma.claim(f"{self._moves} is low with {self._go} high", free.outputs[self._moves])
        lemma.claim(f"{self._moves} is high while {self._valid} waits", f"~({moves} & ~{go} & {waits})")
        lemma.claim(f"{self._moves} is low with nothing at {self._valid}", f"{moves} | {waits}")
        return (
            f"{self._moves} is high unless {self._valid} waits; then all goes on as if nothing ever stopped it",
            lemma,
        )

    def _gap(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off | {self._go: go, self._offer: "1'b0"}
        now = lemma.clock(state, inputs)
        fields = dict(self._fields())
        for name in self._held:
            bits = fields.get(name)
            lemma.claim(name, f"{now.after}{bits} == {state}{bits}" if bits else "1'b0")
        return f"in a clock without an input, {', '.join(self._held)} keeps what it holds", lemma

    def _refuse(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off | {self._go: go}
        now, none = (lemma.clock(state, inputs | {self._offer: offer}) for offer in (inputs[self._offer], "1'b0"))
        others = lemma.clock(state, lemma.anything_on(self._inputs) | self._off | {self._go: go})
        lemma.same_registers(f"~{now.outputs[self._moves]}", now.after, none.after)
        lemma.claim(
            f"{self._moves} depends on the input", f"{now.outputs[self._moves]} == {others.outputs[self._moves]}"
        )
        return f"while {self._moves} is low, an input that is offered changes nothing", lemma

    def _reset(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.clock(lemma.any_state(), self._on).after, "a reset")

    def _power_up(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.power_up(), "power-up")

    def _empty(self, lemma: Lemma, state: str, when: str) -> tuple[str, Lemma]:
        """Claim that a state has the first values, and that any state with these keeps them until an input comes."""
        any_state, go = lemma.any_state(), lemma.anything()
        lemma.claim(f"a register has another value after {when}", self._is_first(state))
        is_first = self._is_first(any_state)
        now = lemma.clock(any_state, self._off | {self._go: go, self._offer: "1'b0"})
        lemma.claim("a register moves without an input", f"~{is_first} | {self._is_first(now.after)}")
        lemma.claim(f"{self._valid} is high without an input", f"~{is_first} | ~{now.outputs[self._valid]}")
        return f"after {when}, {self._valid} stays low until an input comes", lemma

    def _is_first(self, state: str) -> str:
        """Return an expression: whether registers have their first values."""
        width, digits = self._step.width, self._first
        mask, wanted = "".join("01"[digit != "x"] for digit in digits), digits.replace("x", "0")
        return f"(({state} & {width}'b{mask}) == {width}'b{wanted})"

    def _fields(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each register, or word of a memory, and its bits in a state."""
        low = 0
        for name, width in self._step.registers:
            yield name, f"[{low + width - 1}:{low}]"
            low += width


def _first_values(step: StepFunction, verilog: str) -> str:
    """Return the first values of the registers that the text resets, the highest bits first; x for all other bits.

    Whatever is chosen here, the lemmas show that it holds.
    """
    reset: set[str] = set()
    for block, single in re.findall(r"if \((?:rst|reset)\) (?:begin(.*?)\bend\b|(\w+) <=)", verilog, re.DOTALL):
        reset |= {single} if single else set(re.findall(r"(\w+) <=", block))
    digits, high = "", len(step.initial)
    for name, width in step.registers:
        bits = step.initial[high - width : high]
        digits = (bits if name in reset else "x" * width) + digits
        high -= width
    return digits
