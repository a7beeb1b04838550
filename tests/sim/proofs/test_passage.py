"""Stretches and accumulators of a softmax are proved, and planted faults are named."""

import pytest
from softmax_lemmas import proved

from softgate.sim.proofs.passage import anew_lemma, order_lemma, ranks

pytestmark = pytest.mark.tools


def test_ranks_are_in_order():
    assert ranks(["x_r10", "y_r1", "x_r2", "x", "x_r1"], "x") == ("x_r1", "x_r2", "x_r10")


def test_a_sound_text():
    assert proved(order_lemma).holds
    assert proved(anew_lemma).holds


def test_a_moved_last_is_seen():
    answer = proved(order_lemma, ("share_last_r1 <= share_last;", "share_last_r1 <= share_last & ~share_value[0];"))
    assert answer.wrong == ("y_last is not share_last, 3 clocks before",)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("valid_next <= x_valid;", "valid_next <= x_valid & ~x_last;", "valid_in is not x_valid, 2 clocks before"),
        ("x_in <= x_next;", "x_in <= x_next & {4{~valid_in}};", "x_in depends on more than that"),
        (
            "weigh_valid_r1 <= weigh_valid;",
            "weigh_valid_r1 <= weigh_valid | weigh_head_valid;",
            "t_valid is not weigh_valid, 3 clocks",
        ),
    ],
    ids=["dropped", "an element before", "early"],
)
def test_faults_of_stretches(old, new, wrong):
    answer = proved(order_lemma, (old, new))
    assert any(label.startswith(wrong) for label in answer.wrong), answer


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("first <= valid_in ? last_in : first;", "first <= last_in;", "first does not follow the last element"),
        (
            "larger = valid_in & (first | ",
            "larger = valid_in & (first & ~renewed | ",
            "maximum begins with what it held",
        ),
        ("maximum <= larger ? ", "maximum <= larger | ~valid_in ? ", "maximum changes without an element"),
    ],
    ids=["a gap", "not cleared", "a gap in the maximum"],
)
def test_faults_of_accumulators(old, new, wrong):
    answer = proved(anew_lemma, (old, new))
    assert any(label.startswith(wrong) for label in answer.wrong), answer
