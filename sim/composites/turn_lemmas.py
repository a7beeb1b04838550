"""The lemmas about a composite that takes a transfer every few clocks only, whose proof is in `protocol`.

Each is proved from every state of the registers but one: ``turn``, which has one bit for each clock of an interval.
Besides *registers*, *stall* and *move* there are

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

from ...hdl.composites.manifest import CompositeManifest
from ..proofs.lemma import Lemma
from ..proofs.step_function import StepFunction
from ..proofs.turn_state import TurnState
from .stream_lemmas import StreamLemmas

__all__ = ["TurnLemmas", "takes_turns"]


def takes_turns(manifest: CompositeManifest) -> bool:
    """Return whether a composite takes a single element every few clocks."""
    return manifest.hardware.holds_back and not manifest.asked.streams_vectors


class TurnLemmas(StreamLemmas):
    """The lemmas about a composite whose units take turns, each with its statement.

    Raises
    ------
    ValueError
        If the text has no register of its turns.

    """

    def __init__(self, step: StepFunction, manifest: CompositeManifest, verilog: str) -> None:
        super().__init__(step, manifest, verilog)
        self._interval, self._latency = manifest.hardware.interval, manifest.latency
        self._turns = TurnState(step, self._interval)

    def all(self) -> dict[str, tuple[str, Lemma]]:
        return {
            "stall": self._stall(),
            "move": self._move(),
            "turn": self._turn(),
            "order": self._order(),
            "reset": self._reset(),
            "power-up": self._power_up(),
        }

    def _turn(self) -> tuple[str, Lemma]:
        lemma = self._lemma()
        reset = lemma.clock(lemma.any_state(), self._on).after
        self._turns.claim_cycle(lemma, {"a reset": reset, "power-up": lemma.power_up()}, self._moves)
        return f"{self._moves} is high in one of {self._interval} moves, the first among them", lemma

    def _order(self) -> tuple[str, Lemma]:
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

    def _empty(self, lemma: Lemma, state: str, when: str) -> tuple[str, Lemma]:
        for clocks in range(self._latency):
            now = lemma.walk(state, {})
            lemma.claim(f"{self._valid} is high {clocks} clocks after", f"~{now.outputs[self._valid]}")
            state = now.after
        return f"after {when}, {self._valid} is low until what came in since comes out", lemma

    def _after_latency(self, lemma: Lemma, turn: int, inputs: dict[str, str]) -> dict[str, str]:
        """Return the outputs so many moves after a clock in any state with a turn."""
        state = self._turns.within(lemma, turn)
        for _ in range(self._latency):
            state, inputs = lemma.walk(state, inputs).after, {}
        return dict(lemma.walk(state, inputs).outputs)
