"""The lemmas about a unit that takes an input every few clocks only, whose proof is in `protocol`.

A stream moves whenever its output is taken or no output waits, a pipeline whenever it is enabled. Each lemma is proved
from every state of the registers but one: ``turn``, which has one bit for each clock of an interval.

* *turn*: after a reset and at power-up it is the first turn; each move leads to the next one, and from the last to the
  first. The input of a stream is ready in the first turn and in no other.
* *order*: over the latency, move after move, the output depends on the input of the first of these clocks, in the first
  turn, and on nothing else; that of a pipeline stays for all of an interval. A stream's is valid if that input was, and
  not a latency after another turn.

Together with *stall* and *move*, the n-th output is one and the same function of the n-th input taken, whatever stalls
there are, and an input is taken every so many moves.
"""

from __future__ import annotations

from collections.abc import Callable

from ...hdl.interfaces import Ports
from .lemma import Lemma
from .step_function import StepFunction
from .turn_state import TurnState
from .unit_lemmas import UnitLemmas

__all__ = ["UnitTurnLemmas"]


class UnitTurnLemmas(UnitLemmas):
    """The lemmas about a unit with an initiation interval, each with its statement.

    Raises
    ------
    ValueError
        If the text has no register of its turns.

    """

    def __init__(self, step: StepFunction, ports: Ports, latency: int, interval: int) -> None:
        super().__init__(step, ports, latency)
        self._turns = TurnState(step, interval)

    def all(self) -> dict[str, Callable[[], tuple[str, Lemma]]]:
        found = super().all()
        return {"stall": found.pop("stall"), "move": found.pop("move"), "turn": self.turn, **found}

    def stall(self) -> tuple[str, Lemma]:
        if not self._is_stream:
            return super().stall()
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        now = lemma.clock(state, self._off | {self._go: go})
        valid = self._ports.of("valid", "output").name
        lemma.same_registers(f"~{go} & {now.outputs[valid]}", state, now.after)
        return f"while {valid} waits, every register keeps what it holds", lemma

    def move(self) -> tuple[str, Lemma]:
        if not self._is_stream:
            return super().move()
        lemma = self._lemma()
        state, go = lemma.any_state(), lemma.anything()
        inputs = lemma.anything_on(self._inputs) | self._off
        now, free = (lemma.clock(state, inputs | {self._go: ready}) for ready in (go, "1'b1"))
        valid = self._ports.of("valid", "output").name
        moves = f"({go} | ~{now.outputs[valid]})"
        lemma.same_registers(moves, now.after, free.after)
        for port in self._results:
            lemma.claim(f"{port.name} depends on {self._go}", f"{now.outputs[port.name]} == {free.outputs[port.name]}")
        ready, room = now.outputs[self._moves], free.outputs[self._moves]
        lemma.claim(f"{self._moves} is not that of moving clocks", f"{ready} == ({moves} & {room})")
        return f"unless {valid} waits, all goes on as if nothing ever stopped it", lemma

    def turn(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        firsts = {"power-up": lemma.power_up()}
        if self._is_stream:
            firsts["a reset"] = lemma.clock(lemma.any_state(), self._on).after
        self._turns.claim_cycle(lemma, firsts, self._moves if self._is_stream else "")
        when = f"{self._moves} is high" if self._is_stream else "x is taken"
        return f"{when} in one of {self._turns.interval} moves, the first among them", lemma

    def order(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        first = lemma.anything_on(self._inputs)
        runs = [self._outputs(lemma, 0, lemma.padded(first)) for _ in range(2)]
        for port in self._results:
            for clocks, (left, right) in enumerate(zip(*runs, strict=True), self._latency):
                if port.role == "data":
                    same = f"{left[port.name]} == {right[port.name]}"
                    lemma.claim(f"{port.name} depends on more than that, {clocks} moves after", same)
                    if clocks > self._latency:
                        stays = f"{left[port.name]} == {runs[0][0][port.name]}"
                        lemma.claim(f"{port.name} does not stay, {clocks} moves after", stays)
                else:
                    source = self._ports.of(port.role, "input").name
                    lemma.claim(
                        f"{port.name} is not {source}, {clocks} moves before", f"{left[port.name]} == {first[source]}"
                    )
        if self._is_stream:
            valid = self._ports.of("valid", "output").name
            for turn in range(1, self._turns.interval):
                (end,) = self._outputs(lemma, turn, {})
                lemma.claim(f"{valid} answers turn {turn + 1}", f"~{end[valid]}")
        data = " and ".join(port.name for port in self._results if port.role == "data")
        for_long = "" if self._is_stream else f" and stays for {self._turns.interval}"
        return f"{data} answers what was taken {self._latency} moves before, and that alone{for_long}", lemma

    def _outputs(self, lemma: Lemma, turn: int, inputs: dict[str, str]) -> list[dict[str, str]]:
        """Return the outputs a latency after a clock in any state with a turn, of a pipeline for an interval."""
        state = self._turns.within(lemma, turn)
        for _ in range(self._latency):
            state, inputs = lemma.walk(state, inputs).after, {}
        found = []
        for _ in range(1 if self._is_stream else self._turns.interval):
            now = lemma.walk(state, inputs)
            found.append(dict(now.outputs))
            state = now.after
        return found
