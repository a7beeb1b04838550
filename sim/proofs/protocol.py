"""The proof that no stall pattern loses, repeats, reorders or changes a transfer, however long it goes on.

Decision 012 says why it consists of lemmas.

It reads the emitted Verilog back and needs no search over time. Six lemmas are proved, each about single
clocks or a few of them in a row, from *every* state of the registers, reachable or not, and under every input. Let a
stream *move* in a clock in which it is ready (``x_ready``), a pipeline in one in which it is enabled (``en``).

* *registers*: they are the only state, and change at the rising edge of the clock only.
* *stall*: in a clock in which the unit does not move, every register keeps its value.
* *move*: in a clock in which it moves, every register takes the value that it would take without any stalls. The
  output does not depend on whether it is taken (or on ``en``). A stream moves whenever its output is taken, never
  while an output waits, and, if it has registers, whenever no output waits: so ``y_valid`` never waits for ``y_ready``.
* *order*: over the latency, moving clock after moving clock, ``y_valid`` and ``tlast`` are those that went in at the
  first of these clocks, and ``y`` depends on the ``x`` of that clock and on nothing else: neither on other inputs,
  including the padding of an AXI4-Stream, nor on the former content of the registers.
* *reset*: after a reset, no output is valid until an input that followed the reset comes out.
* *power-up*: the same holds after power-up without a reset.

By *stall* and *move*, a run under any stalls goes through the very states of a run that is never stalled, with pauses;
transfers enter and leave in moving clocks only, and a waiting output stands still. By *order*, the run without pauses
answers its n-th input in its n-th output, all by one and the same function of ``x``. Together: the n-th transfer out is
that function of the n-th transfer in. It is the golden model's, for `softgate.sim.check` runs the same text over every
input.

Where synthesis is given a vendor's adder cells in the place of plain text, *adders* proves that they add alike (see
`adder_cells`), so that all of this holds of them.

If a lemma fails, `softgate.sim.proofs.counterexample` searches for a run from a reset that shows the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ...hdl.interfaces import Ports
from ...hdl.manifest import Manifest
from ...hdl.targets import Target
from ...support.yosys import YosysError
from .adder_cells import has_cells, prove_cells
from .counterexample import Counterexample
from .counterexample_search import find_counterexample
from .lemma import Lemma
from .step_function import StepFunction, read_step_function

__all__ = ["Fact", "Proof", "adder_facts", "prove_manifest", "prove_protocol"]

_PATIENCE = 120
"""Time limit of the solver for a lemma, in seconds; most take 0.1 s."""


@dataclass(frozen=True)
class Fact:
    """A lemma: its name, its statement, whether it is proved, and if not, why."""

    name: str
    statement: str
    proved: bool
    detail: str = ""


@dataclass(frozen=True)
class Proof:
    """The outcome of a proof: the lemmas, and a run that shows the fault if one fails and such a run was found."""

    facts: tuple[Fact, ...]
    counterexample: Counterexample | None = None

    @property
    def verdict(self) -> str:
        """``proved``, ``refuted`` by a run, or ``unknown``: a lemma fails, but no faulty run was found."""
        if self.facts and all(fact.proved for fact in self.facts):
            return "proved"
        return "refuted" if self.counterexample else "unknown"

    def as_dict(self) -> dict[str, Any]:
        """Return the proof as JSON values."""
        found = self.counterexample
        run = found and {"complaint": found.complaint, "clocks": [dict(moment.words) for moment in found.moments]}
        return {"verdict": self.verdict, "lemmas": [asdict(fact) for fact in self.facts], "counterexample": run}


def prove_manifest(manifest: Manifest, verilog: str) -> Proof:
    """Prove the protocol of a unit, or show a run in which it breaks it.

    Parameters
    ----------
    manifest
        The manifest, with the ports and the latency.
    verilog
        The text to prove it for.

    Raises
    ------
    ValueError
        If the unit has no clock.
    MissingToolError
        If a lemma fails, and no C++ compiler is installed to search for a run.

    """
    facts = (
        *prove_protocol(verilog, manifest.name, manifest.ports, manifest.latency),
        *adder_facts(verilog, manifest.name, manifest.options.device),
    )
    proof = Proof(facts)
    return proof if proof.verdict == "proved" else Proof(facts, find_counterexample(manifest, verilog))


def adder_facts(verilog: str, top: str, target: Target) -> Iterator[Fact]:
    """Prove that lemmas about the plain text hold of a vendor's adder cells, too; yield nothing where it has none."""
    if has_cells(verilog):
        proof = prove_cells(verilog, top, target)
        statement = "what synthesis is given in the place of the plain text is the same function"
        yield Fact("adders", statement, proof.holds, proof.sentence)


def prove_protocol(verilog: str, top: str, ports: Ports, latency: int) -> Iterator[Fact]:
    """Prove the lemmas for a module, one after the other.

    Parameters
    ----------
    verilog, top
        Its text and its name.
    ports, latency
        Its ports, and its latency in clocks.

    Yields
    ------
    Fact
        Each lemma; none after *registers* if that fails.

    Raises
    ------
    ValueError
        If the module has no clock.

    """
    if not ports.has("clock"):
        raise ValueError("a unit without a clock has no protocol to prove; `softgate check` runs it over every input")
    statement = f"every register moves at the rising edge of {ports.of('clock').name}, and nothing else holds anything"
    try:
        step = read_step_function(verilog, top, ports)
    except (YosysError, ValueError) as error:
        yield Fact("registers", statement, False, str(error))
        return
    yield Fact("registers", statement, True)
    lemmas = _Lemmas(step, ports, latency)
    for name, make in lemmas.all().items():
        statement, made = make()
        answer = made.prove(_PATIENCE)
        reason = f"not so: {', '.join(answer.wrong)}" if answer.wrong else "not decided within the time allowed"
        yield Fact(name, statement, answer.holds, "" if answer.holds else reason)


class _Lemmas:
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
