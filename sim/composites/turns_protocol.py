"""The proof that no stalls change what a composite does that takes a transfer every few clocks only.

Like the proof of units (see `sim.proofs.protocol`), it is made of lemmas about the emitted text, each proved from every
state of the registers but one: ``turn``, which has one bit for each clock of an interval. Let a composite *move* in a
clock in which no output waits, or it is taken.

* *registers*: they are the only state, and change at the rising edge of the clock only.
* *stall*: in a clock in which it does not move, every register keeps its value.
* *move*: in a clock in which it moves, every register takes the value that it would take without any stalls. What comes
  out does not depend on whether it is taken. The input is ready only while it moves.
* *turn*: after a reset and at power-up it is the first turn; each move leads to the next one, and from the last to the
  first. With what is taken given away, the input is ready in the first turn and in no other.
* *order*: over the latency, move after move, the output is valid if the first of these clocks had the first turn and a
  valid input; what comes out then depends on the input of that clock and on nothing else: neither on other inputs nor
  on the former content of the registers.
* *reset*, *power-up*: after either, no output is valid until an input that followed comes out.

Together, as for units: the n-th transfer out is one and the same function of the n-th transfer in, whatever stalls
there are, and a transfer is taken every so many moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.interfaces import Ports
from ...support.yosys import YosysError
from ..proofs.lemma import Lemma
from ..proofs.protocol import Fact
from ..proofs.step_function import StepFunction, read_step_function

__all__ = ["prove_turns"]

_PATIENCE = 120
"""Time limit of the solver for a lemma, in seconds."""

_TURN = "turn"
"""The register whose bits are the clocks of an interval."""


def prove_turns(manifest: CompositeManifest, verilog: str) -> Iterator[Fact]:
    """Prove the lemmas for a composite whose initiation interval is more than 1, one after the other."""
    ports = manifest.ports
    statement = f"every register moves at the rising edge of {ports.of('clock').name}, and nothing else holds anything"
    interval, latency = manifest.hardware.interval, manifest.latency
    try:
        step = read_step_function(verilog, manifest.name, ports)
        if dict(step.registers).get(_TURN) != interval:
            raise ValueError(f"there is no register {_TURN} of {interval} bits")
    except (YosysError, ValueError) as error:
        yield Fact("registers", statement, False, str(error))
        return
    yield Fact("registers", statement, True)
    lemmas = _Lemmas(step, ports, interval, latency)
    for name, make in lemmas.all().items():
        statement, made = make()
        answer = made.prove(_PATIENCE)
        reason = f"not so: {', '.join(answer.wrong)}" if answer.wrong else "not decided within the time allowed"
        yield Fact(name, statement, answer.holds, "" if answer.holds else reason)


class _Lemmas:
    """The lemmas about a composite, each with its statement."""

    def __init__(self, step: StepFunction, ports: Ports, interval: int, latency: int) -> None:
        self._step, self._ports, self._interval, self._latency = step, ports, interval, latency
        self._go, self._ready = ports.of("ready", "input").name, ports.of("ready", "output").name
        self._valid, self._offer = ports.of("valid", "output").name, ports.of("valid", "input").name
        self._on, self._off = (
            {port.name: f"1'b{port.active_low != on:d}" for port in ports if port.role == "reset"}
            for on in (True, False)
        )
        carried = [port for port in ports if port.role in ("data", "last", "valid")]
        self._inputs = tuple(port for port in carried if port.direction == "input")
        self._results = tuple(port for port in carried if port.direction == "output")
        names = [name for name, _ in step.registers]
        self._low = sum(width for _, width in step.registers[: names.index(_TURN)])

    def all(self) -> dict[str, Callable[[], tuple[str, Lemma]]]:
        """Return the function of each lemma by name."""
        return {
            "stall": self.stall,
            "move": self.move,
            "turn": self.turn,
            "order": self.order,
            "reset": self.reset,
            "power-up": self.power_up,
        }

    def stall(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, inputs = lemma.any_state(), lemma.anything_on(self._inputs) | self._off
        now = lemma.clock(state, inputs | {self._go: "1'b0"})
        lemma.same_registers(now.outputs[self._valid], state, now.after)
        return f"while {self._valid} waits, every register keeps what it holds", lemma

    def move(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off
        now, free = (lemma.clock(state, inputs | {self._go: ready}) for ready in (go, "1'b1"))
        moves = f"({go} | ~{now.outputs[self._valid]})"
        lemma.same_registers(moves, now.after, free.after)
        for port in self._results:
            lemma.claim(f"{port.name} depends on {self._go}", f"{now.outputs[port.name]} == {free.outputs[port.name]}")
        ready = f"{now.outputs[self._ready]} == ({free.outputs[self._ready]} & {moves})"
        lemma.claim(f"{self._ready} is not that without stalls while it moves, and low otherwise", ready)
        return f"unless {self._valid} waits, all goes on as if nothing ever stopped it", lemma

    def turn(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        for turn in range(self._interval):
            now = lemma.walk(self._in_turn(lemma, turn), {})
            follows = self._is_turn(now.after, (turn + 1) % self._interval)
            lemma.claim(f"turn {turn + 1} is followed by another than the next", follows)
            is_first = f"1'b{turn == 0:d}"
            lemma.claim(f"{self._ready} in turn {turn + 1} is wrong", f"{now.outputs[self._ready]} == {is_first}")
        reset = lemma.clock(lemma.any_state(), self._on).after
        for when, state in (("a reset", reset), ("power-up", lemma.power_up())):
            lemma.claim(f"the turn after {when} is not the first", self._is_turn(state, 0))
        return f"{self._ready} is high in one of {self._interval} moves, the first among them", lemma

    def order(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        first = lemma.anything_on(self._inputs)
        ends = [self._after_latency(lemma, 0, first) for _ in range(2)]
        for port in self._results:
            left, right = (end[port.name] for end in ends)
            if port.role == "data":
                lemma.claim(f"{port.name} depends on more than that", f"{left} == {right}")
            else:
                source = self._ports.of(port.role, "input").name
                lemma.claim(f"{port.name} is not {source}, {self._latency} moves before", f"{left} == {first[source]}")
        for turn in range(1, self._interval):
            end = self._after_latency(lemma, turn, {})
            lemma.claim(f"{self._valid} answers turn {turn + 1}", f"~{end[self._valid]}")
        data = " and ".join(port.name for port in self._results if port.role == "data")
        return f"{data} answers what was taken {self._latency} moves before, and that alone", lemma

    def reset(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.clock(lemma.any_state(), self._on).after, "after a reset")

    def power_up(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.power_up(), "at power-up")

    def _empty(self, lemma: Lemma, state: str, when: str) -> tuple[str, Lemma]:
        for clocks in range(self._latency):
            now = lemma.walk(state, {})
            lemma.claim(f"{self._valid} is high {clocks} clocks after", f"~{now.outputs[self._valid]}")
            state = now.after
        return f"{when}, {self._valid} is low until what came in since comes out", lemma

    def _after_latency(self, lemma: Lemma, turn: int, inputs: dict[str, str]) -> dict[str, str]:
        """Return the outputs so many moves after a clock in any state with a turn."""
        state = self._in_turn(lemma, turn)
        for _ in range(self._latency):
            state, inputs = lemma.walk(state, inputs).after, {}
        return dict(lemma.walk(state, inputs).outputs)

    def _lemma(self) -> Lemma:
        return Lemma(self._step, self._ports, self._off | {self._go: "1'b1"})

    def _bits(self, turn: int) -> str:
        return f"{self._interval}'b{1 << turn:0{self._interval}b}"

    def _is_turn(self, state: str, turn: int) -> str:
        mask = f"{self._interval}'b{'1' * self._interval}"
        return f"(({state} >> {self._low}) & {mask}) == {self._bits(turn)}"

    def _in_turn(self, lemma: Lemma, turn: int) -> str:
        """Return an expression for registers with any content but for the turn."""
        above = self._step.width - self._low - self._interval
        parts = [lemma.anything(above)] if above else []
        parts += [self._bits(turn)] + ([lemma.anything(self._low)] if self._low else [])
        return f"{{{', '.join(parts)}}}"
