"""Rings of composites move as they should, and planted faults are named; `test_protocol` proves that they have room."""

import pytest
from composite_lemmas import fails, proved

pytestmark = pytest.mark.tools


@pytest.mark.parametrize("kind", ["softmax", "log_softmax", "logsumexp"])
def test_a_sound_text(kind):
    assert proved(kind, "rings").holds


def test_what_leaves_is_what_was_written():
    edit = ("weigh_last <= weigh_head[4];", "weigh_last <= weigh_head[4] & ~weigh_head[0];")
    assert proved("softmax", "rings", edit).wrong == ("weigh: another element leaves",)


@pytest.mark.parametrize(
    ("kind", "old", "new", "wrong"),
    [
        (
            "softmax",
            "weigh_write <= weigh_write + {2'd0, valid_in};",
            "weigh_write <= weigh_write + {2'd0, valid_in & ~complete};",
            "weigh: write does not go on by one",
        ),
        (
            "softmax",
            "share_limit <= of_vector_valid ? share_write_r1_r2",
            "share_limit <= of_vector_valid ? share_write_r1_r2 + {2'd0, single}",
            "share: limit",
        ),
        (
            "logsumexp",
            "weigh_done <= weigh_done + {2'd0, weigh_ends};",
            "weigh_done <= weigh_done + {2'd0, weigh_ends & ~complete};",
            "weigh: done does not go on by one",
        ),
    ],
    ids=["dropped at n", "a limit too far", "a value read twice"],
)
def test_faults_of_rings(kind, old, new, wrong):
    assert fails(kind, "rings", wrong, (old, new))


def test_a_ring_without_its_registers():
    with pytest.raises(ValueError, match="there is no register weigh_done"):
        proved("softmax", "rings", ("weigh_values[weigh_done];", "weigh_values[weigh_known];"))
