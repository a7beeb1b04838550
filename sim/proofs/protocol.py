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

A unit with an initiation interval takes an input in the first turn of an interval only; `unit_turn_lemmas` has what
that changes.

If a lemma fails, `softgate.sim.proofs.counterexample` searches for a run from a reset that shows the fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ...hdl.interfaces import Ports
from ...hdl.manifest import Manifest
from ...hdl.targets import Target
from ...support.yosys import YosysError
from .adder_cells import has_cells, prove_cells
from .counterexample import Counterexample
from .counterexample_search import find_counterexample
from .step_function import read_step_function
from .unit_lemmas import UnitLemmas
from .unit_turn_lemmas import UnitTurnLemmas

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
        *prove_protocol(verilog, manifest.name, manifest.ports, manifest.latency, manifest.interval),
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


def prove_protocol(verilog: str, top: str, ports: Ports, latency: int, interval: int = 1) -> Iterator[Fact]:
    """Prove the lemmas for a module, one after the other.

    Parameters
    ----------
    verilog, top
        Its text and its name.
    ports, latency, interval
        Its ports, its latency in clocks, and the clocks from one input to the next.

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
        lemmas = UnitLemmas(step, ports, latency) if interval == 1 else UnitTurnLemmas(step, ports, latency, interval)
    except (YosysError, ValueError) as error:
        yield Fact("registers", statement, False, str(error))
        return
    yield Fact("registers", statement, True)
    for name, make in lemmas.all().items():
        statement, made = make()
        answer = made.prove(_PATIENCE)
        reason = f"not so: {', '.join(answer.wrong)}" if answer.wrong else "not decided within the time allowed"
        yield Fact(name, statement, answer.holds, "" if answer.holds else reason)
