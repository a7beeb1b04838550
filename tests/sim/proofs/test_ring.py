"""Rings of a softmax move as they should, and planted faults are named; `test_protocol` proves that they have room."""

import pytest
from softmax_lemmas import proved

from softgate.sim.proofs.ring import ring_lemma

pytestmark = pytest.mark.tools


def test_a_sound_text():
    assert proved(ring_lemma).holds


def test_what_leaves_is_what_was_written():
    answer = proved(ring_lemma, ("weigh_last <= weigh_head[4];", "weigh_last <= weigh_head[4] & ~weigh_head[0];"))
    assert answer.wrong == ("weigh: another element leaves",)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (
            "weigh_write <= weigh_write + {2'd0, valid_in};",
            "weigh_write <= weigh_write + {2'd0, valid_in & ~complete};",
            "weigh: write does not go on by one",
        ),
        (
            "share_limit <= of_vector_valid ? share_write_r1_r2",
            "share_limit <= of_vector_valid ? share_write_r1_r2 + {2'd0, single}",
            "share: limit",
        ),
    ],
    ids=["dropped at n", "a limit too far"],
)
def test_faults_of_rings(old, new, wrong):
    answer = proved(ring_lemma, (old, new))
    assert any(label.startswith(wrong) for label in answer.wrong), answer


def test_a_ring_without_its_registers():
    with pytest.raises(ValueError, match="there is no register weigh_done"):
        proved(ring_lemma, ("weigh_values[weigh_done];", "weigh_values[weigh_known];"))
