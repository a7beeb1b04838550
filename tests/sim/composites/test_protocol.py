"""Stalls are proved harmless on the emitted text; planted faults break the lemma that they should."""

import pytest
from small_neurons import emitted, small_neuron
from small_softmax import small_softmax

from softgate.sim.composites.protocol import prove_composite

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("softmax")
    manifest = small_softmax().emit(folder)
    return manifest, (folder / "softmax.v").read_text()


def failed(manifest, text):
    return [fact.name for fact in prove_composite(manifest, text).facts if not fact.proved]


def test_a_sound_text_is_proved(pair):
    proof = prove_composite(*pair)
    assert proof.verdict == "proved"
    assert [fact.name for fact in proof.facts] == ["registers", "stall", "move", "reset", "power-up"]


@pytest.mark.parametrize(
    ("old", "new", "lemmas"),
    [
        ("wire advance = y_ready | ~y_valid_r;", "wire advance = y_ready;", {"move"}),
        ("wire advance = y_ready | ~y_valid_r;", "wire advance = 1'b1;", {"move"}),
        ("assign y_last = last_r;", "assign y_last = last_r & y_ready;", {"move"}),
        ("initial y_valid_r = 0;", "", {"reset", "power-up"}),
    ],
    ids=["waits for ready", "never waits", "last depends on ready", "no value at power-up"],
)
def test_planted_faults(pair, old, new, lemmas):
    manifest, text = pair
    assert text.count(old) == 1, text
    assert lemmas <= set(failed(manifest, text.replace(old, new)))


def test_the_unit_of_a_plan_has_the_lemmas_of_units(tmp_path):
    manifest = small_softmax(arrangement="parallel").emit(tmp_path)
    proof = prove_composite(manifest, (tmp_path / "softmax.v").read_text())
    assert "order" in [fact.name for fact in proof.facts]
    assert proof.verdict == "proved"


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
    assert lemmas == set(failed(manifest, text.replace(old, new)))
