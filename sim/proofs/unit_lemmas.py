"""The lemmas about the emitted text of a unit, whose proof is in `protocol`."""

from __future__ import annotations

from collections.abc import Callable

from ...hdl.interfaces import Ports
from .lemma import Lemma
from .step_function import StepFunction

__all__ = ["UnitLemmas"]


class UnitLemmas:
    """The lemmas about a unit, each with its statement."""

    def __init__(self, step: StepFunction, ports: Ports, latency: int) -> None:
        self._step, self._ports, self._latency = step, ports, latency
        self._is_stream = ports.protocol == "stream"
        # The input that lets the unit move, and the signal that shows it.
        self._go = (ports.of("ready", "input") if self._is_stream else ports.of("enable")).name
        self._moves = ports.of("ready", "output").name if self._is_stream else self._go
        self._on, self._off = (
            {port.name: f"1'b{port.active_low != on:d}" for port in ports if port.role == "reset"}
            for on in (True, False)
        )
        carried = [port for port in ports if port.role in ("data", "last", "valid")]
        self._inputs = tuple(port for port in carried if port.direction == "input")
        self._results = tuple(port for port in carried if port.direction == "output")

    def all(self) -> dict[str, Callable[[], tuple[str, Lemma]]]:
        """Return the function of each lemma by name; a pipeline has none for a reset."""
        found = {"stall": self.stall, "move": self.move, "order": self.order}
        return found | {"reset": self.reset, "power-up": self.power_up} if self._is_stream else found

    def stall(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        now = lemma.clock(state, self._off | {self._go: go})
        lemma.same_registers(f"~{now.outputs.get(self._moves, go)}", state, now.after)
        return f"while {self._moves} is low, every register keeps what it holds", lemma

    def move(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off
        now = lemma.clock(state, inputs | {self._go: go})
        free = lemma.clock(state, inputs | {self._go: "1'b1"})
        moves = now.outputs.get(self._moves, go)
        lemma.same_registers(moves, now.after, free.after)
        for port in self._results:
            lemma.claim(f"{port.name} depends on {self._go}", f"{now.outputs[port.name]} == {free.outputs[port.name]}")
        if not self._is_stream:
            return f"what comes out does not depend on {self._go}", lemma
        valid = self._ports.of("valid", "output").name
        lemma.claim(f"{self._moves} is low with {self._go} high", free.outputs[self._moves])
        lemma.claim(f"{self._moves} is high while {valid} waits", f"~({moves} & ~{go} & {now.outputs[valid]})")
        freely = f"{self._moves} is high whenever {self._go} is"
        if self._latency:  # without registers the output follows the input, which the neighbour must keep
            lemma.claim(f"{self._moves} is low with nothing at {valid}", f"{moves} | {now.outputs[valid]}")
            freely += f" or {valid} is not"
        return f"{freely}, and never while {valid} waits; the unit then goes on as if nothing ever stopped it", lemma

    def order(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        first = lemma.anything_on(self._inputs)
        ends = []
        for _ in range(2):
            state, inputs = lemma.any_state(), lemma.padded(first)
            for _ in range(self._latency):
                state, inputs = lemma.walk(state, inputs).after, {}
            ends.append(lemma.walk(state, inputs).outputs)
        for port in self._results:
            left, right = (end[port.name] for end in ends)
            if port.role == "data":
                lemma.claim(f"{port.name} depends on more than that", f"{left} == {right}")
            else:
                source = self._ports.of(port.role, "input").name
                lemma.claim(f"{port.name} is not {source}, {self._latency} clocks before", f"{left} == {first[source]}")
        data, beside = (
            " and ".join(port.name for port in self._results if (port.role == "data") == is_data)
            for is_data in (True, False)
        )
        when = f"{data} answers what came in {self._latency} clocks before, and that alone"
        return f"unless stopped, {when}" + (f"; {beside} with it" if beside else ""), lemma

    def reset(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.clock(lemma.any_state(), self._on).after, "after a reset")

    def power_up(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        return self._empty(lemma, lemma.power_up(), "at power-up")

    def _empty(self, lemma: Lemma, state: str, when: str) -> tuple[str, Lemma]:
        """Claim that no output is valid from a state on until an input that follows it comes out."""
        valid = self._ports.of("valid", "output").name
        for clocks in range(self._latency):
            now = lemma.walk(state, {})
            lemma.claim(f"{valid} is high {clocks} clocks after", f"~{now.outputs[valid]}")
            state = now.after
        return f"{when}, {valid} is low until what came in since comes out", lemma

    def _lemma(self) -> Lemma:
        return Lemma(self._step, self._ports, self._off | {self._go: "1'b1"})
