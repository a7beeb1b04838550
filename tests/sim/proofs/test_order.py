"""Stretches and accumulators of composites are proved, and planted faults are named."""

import pytest
from composite_lemmas import fails, proved

pytestmark = pytest.mark.tools

KINDS = ["softmax", "log_softmax", "logsumexp", "neuron", "streamed neuron", "layer"]


@pytest.mark.parametrize("kind", [*KINDS, "rrelu_training"])
def test_a_sound_text_keeps_the_order(kind):
    assert proved(kind, "order").holds


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_text_begins_anew(kind):
    assert proved(kind, "anew").holds


def test_a_moved_last_is_seen():
    edit = ("share_last_r1 <= share_last;", "share_last_r1 <= share_last & ~share_value[0];")
    assert proved("softmax", "order", edit).wrong == ("y_last is not share_last, 3 clocks before",)


@pytest.mark.parametrize(
    ("kind", "old", "new", "wrong"),
    [
        (
            "softmax",
            "valid_next <= x_valid;",
            "valid_next <= x_valid & ~x_last;",
            "valid_in is not x_valid, 2 clocks before",
        ),
        ("softmax", "x_in <= x_next;", "x_in <= x_next & {4{~valid_in}};", "x_in depends on more than that"),
        (
            "softmax",
            "weigh_valid_r1 <= weigh_valid;",
            "weigh_valid_r1 <= weigh_valid | weigh_head_valid;",
            "t_valid is not weigh_valid, 3 clocks",
        ),
        (
            "log_softmax",
            "share_valid_r1 <= share_valid;",
            "share_valid_r1 <= share_valid & ~share_last;",
            "y_valid is not share_valid, 2 clocks",
        ),
        ("logsumexp", "summed <= t_valid & t_last;", "summed <= t_valid;", "y_valid is not t_valid with t_last, 3"),
        ("logsumexp", "of_sum <= t;", "of_sum <= begins ? maximum_r1 : t;", "y depends on more than that"),
        ("logsumexp", "result_valid_r1 <= summed;", "result_valid_r1 <= summed | single;", "y_valid is not t_valid"),
        ("logsumexp", "assign y_last = 1'b1;", "assign y_last = y[0];", "y_last is not t_last, 3 clocks before"),
        ("neuron", "done <= products_valid_r1 & ", "done <= ", "z_valid is not x_valid with x_last, 4 clocks before"),
        ("neuron", "product_r1 <= product;", "product_r1 <= product ^ argument_limited;", "z depends on more"),
        ("streamed neuron", "done_last <= products_last_r1;", "done_last <= fresh;", "z_last is not x_last, 3"),
        ("layer", "done_last <= started_last_r2;", "done_last <= started_last_r2 | fresh;", "z_last is not last_now, "),
        ("layer", "start_r <= products_first_r1 ?", "start_r <= products_first_r1 | fresh ?", "z depends on more"),
        (
            "rrelu_training",
            "valid_r2 <= valid_r1;",
            "valid_r2 <= valid_r1 & ~is_negative_r1;",
            "y_valid is not x_valid",
        ),
        ("rrelu_training", "is_negative_r2 <= is_neg", "is_negative_r2 <= y_valid & is_neg", "y depends on more"),
    ],
)
def test_faults_of_stretches(kind, old, new, wrong):
    assert fails(kind, "order", wrong, (old, new))


@pytest.mark.parametrize(
    ("kind", "old", "new", "wrong"),
    [
        ("softmax", "first <= valid_in ? last_in : first;", "first <= last_in;", "first does not follow the last"),
        (
            "softmax",
            "larger = valid_in & (first | ",
            "larger = valid_in & (first & ~renewed | ",
            "maximum begins with what it held",
        ),
        ("softmax", "maximum <= larger ? ", "maximum <= larger | ~valid_in ? ", "maximum changes without an element"),
        ("logsumexp", "(begins ? 8'd0 : total)", "(begins & ~single ? 8'd0 : total)", "total begins with what it held"),
        ("logsumexp", "{1'b0, w} : total;", "{1'b0, w ^ cut_weight_r1} : total;", "total depends on more than what it"),
        ("neuron", "starts_over ? 8'd4", "products_valid_r1 & starts_over ? 8'd4", "accumulator begins with what it"),
        (
            "neuron",
            "(products_valid_r1 | fresh)",
            "(products_valid_r1 | fresh | x_valid)",
            "accumulator changes without an",
        ),
        ("neuron", "x_last ? 3'd0 : weight_at", "x_last ? 3'd1 : weight_at", "weight_at does not count elements"),
        (
            "streamed neuron",
            "fresh <= products_valid_r1 ? products_ends_r1",
            "fresh <= products_valid_r1 ? products_ends_r1 & ~fresh",
            "fresh does not follow the last element",
        ),
        ("streamed neuron", "starts_over ? 10'd0", "starts_over & ~done ? 10'd0", "accumulator begins with what it"),
    ],
)
def test_faults_of_accumulators(kind, old, new, wrong):
    assert fails(kind, "anew", wrong, (old, new))


def test_an_accumulator_that_begins_in_the_midst():
    edits = ("fresh <= 1'b1;", "fresh <= 1'b0;"), ("initial fresh = 1;", "initial fresh = 0;")
    assert proved("layer", "anew", *edits).wrong == ("fresh is low before an element came",)


def test_an_accumulator_without_its_register():
    with pytest.raises(ValueError, match="there is no register fresh"):
        proved("neuron", "anew", ("(products_valid_r1 | fresh)", "(products_valid_r1 | x_valid)"))
