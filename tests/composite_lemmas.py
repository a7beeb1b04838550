"""Lemmas about the texts of small composites, one at a time, each with planted faults."""

from functools import cache

from small_neurons import SHAPES, small_neuron
from small_rrelu import small_rrelu
from small_softmax import small_log_softmax, small_logsumexp, small_softmax

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.sim.composites.protocol import prove_composite
from softgate.sim.composites.stream_lemmas import StreamLemmas
from softgate.sim.proofs.composites import contract_proof
from softgate.sim.proofs.step_function import read_step_function

_MADE = {
    "softmax": small_softmax,
    "log_softmax": small_log_softmax,
    "logsumexp": small_logsumexp,
    "rrelu_training": small_rrelu,
    "neuron": lambda: small_neuron(**SHAPES["constant"]),
    "streamed neuron": lambda: small_neuron(function="linear", output="SQ4.4"),
    "layer": lambda: small_neuron(weights="layer", bias="each", function="linear", output="SQ3.4"),
}


@cache
def manifest(kind):
    """Return the manifest of a small composite, as if emitted."""
    unit = _MADE[kind]()
    return CompositeManifest("unit", unit.asked, unit.words, unit.parts, unit.options, "unit.v", "0" * 64, {})


@cache
def sound_text(kind):
    """Return its Verilog."""
    return _MADE[kind]().verilog("unit")


def changed(kind, *edits):
    """Return its Verilog with texts replaced, each of which occurs once."""
    text = sound_text(kind)
    for old, new in edits:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    return text


def lemma_of(kind, name, *edits):
    """Return a lemma about the elements of vectors by its name."""
    text, of = changed(kind, *edits), manifest(kind)
    step = read_step_function(text, "unit", of.ports)
    passage = contract_proof(of).passage(of.ports, tuple(step.places))
    return StreamLemmas(step, of, text).of_passage(passage)[name][1]


def proved(kind, name, *edits):
    """Prove a lemma about the elements of vectors; returns the answer."""
    return lemma_of(kind, name, *edits).prove(60)


def fails(kind, name, label, *edits):
    """Tell whether a claim fails by itself: if several do, the solver names those of one case only."""
    lemma = lemma_of(kind, name, *edits)
    lemma._claims = [claim for claim in lemma._claims if claim[0].startswith(label)]
    return bool(lemma._claims) and bool(lemma.prove(60).wrong)


def prove(kind, *edits):
    """Prove the whole text, changed."""
    return prove_composite(manifest(kind), changed(kind, *edits))
