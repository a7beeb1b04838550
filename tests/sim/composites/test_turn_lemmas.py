"""Stalls are proved harmless to a cell with an interval; planted faults break the lemma that they should."""

import re

import pytest
from small_cells import small_gru, small_lstm

from softgate.sim.composites.protocol import prove_composite

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cell")
    manifest = small_lstm(interval=5).emit(folder)
    return manifest, (folder / "lstm_cell.v").read_text()


def failed(manifest, text):
    return {fact.name for fact in prove_composite(manifest, text).facts if not fact.proved}


def test_a_sound_text_is_proved(pair):
    proof = prove_composite(*pair)
    assert proof.verdict == "proved"
    names = ["registers", "stall", "move", "turn", "order", "reset", "power-up"]
    assert [fact.name for fact in proof.facts] == names


def test_products_over_several_clocks_are_proved(tmp_path):
    manifest = small_gru(interval=4, products="logic", interface="axis").emit(tmp_path)
    assert prove_composite(manifest, (tmp_path / "gru_cell.v").read_text()).verdict == "proved"


@pytest.mark.parametrize(
    ("old", "new", "lemmas"),
    [
        (r"wire advance = h_ready \| ~valid_r20;", "wire advance = h_ready;", {"move"}),
        pytest.param(
            *(r"wire advance = h_ready \| ~valid_r20;", "wire advance = h_ready | ~valid_r20 | turn[2];"),
            {"stall", "move"},
            marks=pytest.mark.slow,
        ),
        (r"turn <= \{turn\[3:0\], turn\[4\]\};", "turn <= {turn[2:0], turn[4:3]};", {"turn"}),
        (r"assign i_ready = advance & turn\[0\];", "assign i_ready = advance & turn[1];", {"turn"}),
        (r"(core0_y_late1) <= .*;", r"\1 <= \1;", {"order"}),
        (r"valid_r1 <= i_valid & turn\[0\];", "valid_r1 <= i_valid;", {"order"}),
        (r"initial valid_r3 = 0;", "", {"power-up"}),
    ],
    ids=[
        "waits for ready",
        "does not always wait",
        "skips turns",
        "another turn",
        "state kept",
        "any turn",
        "no value",
    ],
)
def test_planted_faults(pair, old, new, lemmas):
    manifest, text = pair
    changed, count = re.subn(old, new, text, count=1)
    assert count == 1, text
    assert lemmas <= failed(manifest, changed)


def test_a_fault_is_shown_by_a_run(pair):
    manifest, text = pair
    changed, count = re.subn(r"(core0_y_late1) <= .*;", r"\1 <= \1;", text, count=1)
    assert count == 1
    proof = prove_composite(manifest, changed)
    assert proof.verdict == "refuted"
    assert proof.counterexample.complaint.startswith(("h is", "c_next is"))
