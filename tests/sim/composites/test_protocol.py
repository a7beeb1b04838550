"""Stalls and order are proved on the emitted text; planted faults break the lemma that they should, and show a run."""

import pytest
from composite_lemmas import manifest, prove
from small_softmax import small_softmax

from softgate.sim.composites.protocol import prove_composite

pytestmark = pytest.mark.tools

BEFORE = ["registers", "stall", "move"]
AFTER = ["reset", "power-up"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("softmax", [*BEFORE, *AFTER, "order", "anew", "rings", "room"]),
        ("log_softmax", [*BEFORE, *AFTER, "order", "anew", "rings", "room"]),
        ("logsumexp", [*BEFORE, *AFTER, "order", "anew", "rings", "room"]),
        ("neuron", [*BEFORE, *AFTER, "order", "anew"]),
        ("layer", [*BEFORE, "refuse", *AFTER, "order", "anew", "replay"]),
        ("rrelu_training", [*BEFORE, *AFTER, "gap", "order"]),
    ],
)
def test_a_sound_text_is_proved(kind, names):
    proof = prove(kind)
    assert [fact.detail for fact in proof.facts if not fact.proved] == []
    assert [fact.name for fact in proof.facts] == names
    assert proof.verdict == "proved"
    assert proof.counterexample is None
    if kind == "softmax":
        room = proof.facts[-1].statement
        assert room.startswith("as long as a vector has at most 3 elements, weigh and share have room")


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
    proof = prove("softmax", *edits)
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
    text = unit.verilog("unit")
    small_softmax.cache_clear()
    proof = prove_composite(manifest("softmax"), text)
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


@pytest.mark.parametrize(
    ("old", "new", "lemmas"),
    [
        ("wire taken = x_valid & room;", "wire taken = x_valid;", {"refuse"}),
        ("assign x_ready = advance & room;", "assign x_ready = room;", {"move"}),
        ("assign x_ready = advance & room;", "assign x_ready = advance & room & x_valid;", {"refuse"}),
        ("assign x_ready = advance & room;", "assign x_ready = 1'b1;", {"move"}),
        ("elements[store_at] <= x_in;", "elements[fill] <= x_in;", {"replay"}),
    ],
    ids=["takes what it refuses", "ready while an output waits", "ready waits for valid", "always ready", "elsewhere"],
)
def test_faults_of_a_layer(old, new, lemmas):
    proof = prove("layer", (old, new))
    assert lemmas <= {fact.name for fact in proof.facts if not fact.proved}


@pytest.mark.parametrize(
    ("kind", "old", "new", "lemma"),
    [
        ("log_softmax", "y_last = last_r;", "y_last = last_r & ~y[0];", "order"),
        ("log_softmax", "2'd0, share_ready};", "2'd0, share_ready & ~summed};", "rings"),
        ("logsumexp", "summed <= t_valid & t_last;", "summed <= t_valid;", "order"),
        ("logsumexp", "summed <= t_valid & t_last;", "summed <= t_valid & t_last & ~begins;", "order"),
        ("logsumexp", "(begins ? 8'd0 : total)", "(begins & ~single ? 8'd0 : total)", "anew"),
        ("logsumexp", "of_sum <= t;", "of_sum <= begins ? maximum_r1 : t;", "order"),
        ("neuron", "starts_over ? 8'd4", "starts_over & ~done ? 8'd4", "anew"),
        ("neuron", "x_last ? 3'd0 : weight_at", "x_last ? 3'd1 : weight_at", "anew"),
        ("streamed neuron", "done <= products_valid_r1 & ", "done <= ", "order"),
        ("streamed neuron", "done_last <= products_last_r1;", "done_last <= fresh;", "order"),
        ("layer", "read_half <= read_half ^ read_done;", "read_half <= read_half ^ ends;", "replay"),
        ("layer", "is_final = next_neuron == 2'd2", "is_final = next_neuron == 2'd1", "replay"),
        ("layer", "last_now <= read_done;", "last_now <= ends;", "replay"),
        ("layer", "room = ~(fill_half ? busy1 : busy0)", "room = ~(fill_half ? busy1 : busy0 & ~busy1)", "replay"),
        ("layer", "elements[{read_half, read}]", "elements[{fill_half, read}]", "replay"),
        ("layer", "done_last <= started_last_r2;", "done_last <= started_ends_r2;", "order"),
        ("rrelu_training", "valid_r2 <= valid_r1;", "valid_r2 <= valid_r1 & ~is_negative_r1;", "order"),
        ("rrelu_training", "from_0_r2 <= from_0_r1;", "from_0_r2 <= from_0;", "order"),
    ],
)
def test_faults_of_order_are_shown(kind, old, new, lemma):
    proof = prove(kind, (old, new))
    assert lemma in [fact.name for fact in proof.facts if not fact.proved]
    assert proof.verdict == "refuted"
    assert proof.counterexample.complaint
    assert len(proof.counterexample.table().splitlines()) == len(proof.counterexample.moments) + 1
