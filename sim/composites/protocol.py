"""The proof that no stalls change what a streamed composite does, and that its transfers keep their order.

Like the proof of units (see `sim.proofs.protocol`), it is made of lemmas about the emitted text, each proved from every
state of the registers, reachable or not. A composite may have several elements in flight that wait for each other, and
memories. Let it *move* in a clock in which no output waits that is not taken; its input is then ready, unless it holds
inputs back while it works on earlier ones.

* *registers*: they and the memories are the only state, and change at the rising edge of the clock only.
* *stall*: in a clock in which it does not move, every register keeps its value. A memory takes at most the word that it
  takes in the next clock in which the composite moves, since what is written, and where, are registers.
* *move*: in a clock in which it moves, everything takes the value that it would take without any stalls. What comes out
  does not depend on whether it is taken. It moves whenever its output is taken, never while an output waits, and
  whenever no output waits: so ``valid`` never waits for ``ready``.
* *gap*: registers that move with each input, such as one that random numbers are drawn from, keep their value in a
  clock without an input.
* *refuse*, where it holds inputs back: an input that is offered while it is not ready changes nothing. Whether it is
  ready depends on its registers, and on nothing else while it moves.
* *reset*, *power-up*: after either, every register that matters has its first value, and keeps it until an input comes;
  meanwhile no output is valid.

By *stall* and *move*, a run under any stalls goes through the states of a run that is never stalled, with pauses. More
lemmas are about that run, those of them that concern a composite (decisions 058 and 065):

* *order*: where nothing waits, an element is made of what came in a fixed number of clocks before, and of nothing else,
  and its last goes with it. Where a vector has one answer, that leaves at its end, made of its last element and of the
  value of those before.
* *anew*: the value of a vector begins anew with its first element.
* *rings*: elements leave a ring in order, each beside a value.
* *room*: as long as no vector has more than n elements, none is overwritten or read too early, and the value is that of
  its own vector.
* *replay*: as long as no vector has more than n transfers, a layer reads each once for every neuron, in order.

Together: however inputs and outputs are stalled, the elements of vectors, or the answers to vectors, come out in the
order in which they went in, each once and with its own last, and an output depends on its own vector alone. Where
random numbers are drawn, the n-th output is a function of the n-th input and of n. How the elements make the value is
not proved here but checked against the golden model; nor is anything said of vectors of more than n elements.

If a lemma fails, `find_composite_run` searches for a run from a reset that shows the fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...hdl.composites.manifest import CompositeManifest
from ...support.yosys import YosysError
from ..proofs.composites import contract_proof
from ..proofs.protocol import Fact, Proof, adder_facts, prove_protocol
from ..proofs.step_function import read_step_function
from .counterexample import find_composite_run
from .stream_lemmas import StreamLemmas
from .turn_lemmas import TurnLemmas, takes_turns

__all__ = ["prove_composite"]

_PATIENCE = 120
"""Time limit of the solver for a lemma, in seconds."""


def prove_composite(manifest: CompositeManifest, verilog: str) -> Proof:
    """Prove that no stalls change what a composite with streams does, or show a run in which it breaks its protocol.

    Raises
    ------
    ValueError
        If it has no stream.
    MissingToolError
        If a lemma fails, and no C++ compiler is installed to search for a run.

    """
    if manifest.hardware.schedule is not None:  # the unit of a plan
        facts = tuple(prove_protocol(verilog, manifest.name, manifest.ports, manifest.latency))
    else:
        facts = tuple(_facts(manifest, verilog))
    proof = Proof((*facts, *adder_facts(verilog, manifest.name, manifest.options.device)))
    return proof if proof.verdict == "proved" else Proof(proof.facts, find_composite_run(manifest, verilog))


def _facts(manifest: CompositeManifest, verilog: str) -> Iterator[Fact]:
    ports = manifest.ports
    if ports.protocol != "stream":
        raise ValueError(f"{manifest.name} has no stream, so no stalls can harm it")
    statement = f"every register moves at the rising edge of {ports.of('clock').name}, and nothing else holds anything"
    try:
        step = read_step_function(verilog, manifest.name, ports)
        lemmas = (TurnLemmas if takes_turns(manifest) else StreamLemmas)(step, manifest, verilog)
    except (YosysError, ValueError) as error:
        yield Fact("registers", statement, False, str(error))
        return
    yield Fact("registers", statement, True)
    found = lemmas.all()
    passage = contract_proof(manifest).passage(ports, tuple(step.places))
    if passage is not None:
        try:
            found |= lemmas.of_passage(passage)
        except ValueError as error:
            yield Fact("order", "what comes in goes from rank to rank and comes out in order", False, str(error))
    for name, (statement, lemma) in found.items():
        answer = lemma.prove(_PATIENCE, sweep=name == "room")
        reason = f"not so: {', '.join(answer.wrong)}" if answer.wrong else "not decided within the time allowed"
        yield Fact(name, statement, answer.holds, "" if answer.holds else reason)
