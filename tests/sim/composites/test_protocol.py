"""Stalls and order are proved on the emitted text; planted faults break the lemma that they should, and show a run."""

from functools import cache

import pytest
from small_neurons import emitted, small_neuron
from small_softmax import small_softmax
from softmax_lemmas import softmax_text

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.sim.composites.protocol import prove_composite

pytestmark = pytest.mark.tools


@cache
def manifest():
    unit = small_softmax()
    return CompositeManifest("softmax", unit.asked, unit.words, unit.parts, unit.options, "s.v", "0" * 64, {})


def prove(*edits):
    """Prove the text of the softmax, changed."""
    text = softmax_text()
    for old, new in edits:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    return prove_composite(manifest(), text)


def test_a_sound_text_is_proved():
    proof = prove()
    assert [fact.detail for fact in proof.facts if not fact.proved] == []
    names = ["registers", "stall", "move", "reset", "power-up", "order", "anew", "rings", "room"]
    assert [fact.name for fact in proof.facts] == names
    assert proof.verdict == "proved"
    assert proof.counterexample is None
    assert proof.facts[-1].statement.startswith("as long as a vector has at most 3 elements, weigh and share have room")


MUX = "share_write_r1_r2 : share_limit;"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edits", "lemma", "complaint"),
    [
        ([("advance = y_ready | ~y_valid_r;", "advance = y_ready;")], "move", ""),
        ([("advance = y_ready | ~y_valid_r;", "advance = 1'b1;")], "move", "y"),
        ([("y_last = last_r;", "y_last = last_r & y_ready;")], "move", "y_last "),
        ([("y_valid = y_valid_r;", "y_valid = y_valid_r & (y_ready | ~share_valid_r2);")], "move", "y_valid "),
        ([("last_next <= x_last;", "last_next <= x_last & ~y_valid_r;")], "order", "y"),
        ([("            share_valid <= 1'b0;\n", "")], "reset", "y_valid is high, though there is nothing to answer"),
        ([("2'd0, valid_in};", "2'd0, valid_in & ~complete};")], "rings", "y"),
        ([(MUX, MUX.replace("r2 :", "r2 + {2'd0, single} :"))], "rings", "y"),
        ([("    initial y_valid_r = 0;\n", "")], "power-up", ""),
    ],
    ids=[
        "waits for ready",
        "never waits",
        "last lost in a stall",
        "valid falls before ready",
        "last lost on the way in",
        "not cleared by a reset",
        "an element dropped",
        "a limit too far",
        "no value at power-up",
    ],
)
def test_planted_faults(edits, lemma, complaint):
    proof = prove(*edits)
    assert lemma in [fact.name for fact in proof.facts if not fact.proved]
    if complaint:  # the others may have no run that shows them
        assert proof.verdict == "refuted"
        assert proof.counterexample.complaint.startswith(complaint)
        assert len(proof.counterexample.table().splitlines()) == len(proof.counterexample.moments) + 1


@pytest.mark.slow
def test_a_ring_too_small_is_refuted(monkeypatch):
    monkeypatch.setattr("softgate.hdl.composites.waiting._power_of_two", lambda count: 4)
    small_softmax.cache_clear()
    unit = small_softmax()
    text = unit.verilog("softmax")
    small_softmax.cache_clear()
    proof = prove_composite(manifest(), text)
    assert "room" in [fact.name for fact in proof.facts if not fact.proved]
    assert proof.verdict == "refuted"
    assert proof.counterexample.complaint


def test_the_unit_of_a_plan_has_the_lemmas_of_units(tmp_path):
    manifest = small_softmax(arrangement="parallel").emit(tmp_path)
    text = (tmp_path / "softmax.v").read_text()
    proof = prove_composite(manifest, text)
    assert "order" in [fact.name for fact in proof.facts]
    assert proof.verdict == "proved"
    valid, ready = manifest.ports.of("valid", "output").name, manifest.ports.of("ready", "input").name
    wrong = text.replace(f"assign {valid} = ", f"assign {valid} = {ready} & ")
    assert wrong != text
    assert prove_composite(manifest, wrong).counterexample.complaint.startswith(valid)


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    return emitted(small_neuron("layer", "linear", bias="each"), tmp_path_factory.mktemp("layer"))


def test_a_layer_that_holds_inputs_back_is_proved(layer):
    proof = prove_composite(*layer)
    assert proof.verdict == "proved"
    assert [fact.name for fact in proof.facts] == ["registers", "stall", "move", "refuse", "reset", "power-up"]


@pytest.mark.parametrize(
    ("old", "new", "lemmas"),
    [
        ("wire taken = x_valid & room;", "wire taken = x_valid;", {"refuse"}),
        ("assign x_ready = advance & room;", "assign x_ready = room;", {"move"}),
        ("assign x_ready = advance & room;", "assign x_ready = advance & room & x_valid;", {"refuse"}),
        ("assign x_ready = advance & room;", "assign x_ready = 1'b1;", {"move"}),
        ("elements[store_at] <= x_in;", "elements[fill] <= x_in;", set()),
    ],
    ids=["takes what it refuses", "ready while an output waits", "ready waits for valid", "always ready", "elsewhere"],
)
def test_faults_of_a_layer(layer, old, new, lemmas):
    manifest, text = layer
    assert text.count(old) == 1, text
    proof = prove_composite(manifest, text.replace(old, new))
    assert lemmas == {fact.name for fact in proof.facts if not fact.proved}
