"""Lemmas about the text of a small softmax, one at a time."""

from functools import cache

from small_softmax import small_softmax

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.sim.proofs.composites import contract_proof
from softgate.sim.proofs.lemma import Lemma
from softgate.sim.proofs.step_function import read_step_function


@cache
def softmax_text():
    unit = small_softmax()
    return unit.verilog("softmax")


def proved(claim, *edits):
    """Prove what `claim` adds to a lemma about the text of the softmax, changed; returns the answer."""
    unit, text = small_softmax(), softmax_text()
    for old, new in edits:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    manifest = CompositeManifest("softmax", unit.asked, unit.words, unit.parts, unit.options, "s.v", "0" * 64, {})
    step = read_step_function(text, "softmax", manifest.ports)
    lemma = Lemma(step, manifest.ports, {"y_ready": "1'b1", "rst": "1'b0"})
    claim(lemma, contract_proof(manifest).passage(manifest.ports, tuple(step.places)))
    return lemma.prove(60)
