"""The memory of a layer is read in order, and planted faults are named."""

import pytest
from composite_lemmas import changed, fails, proved

pytestmark = pytest.mark.tools


def test_a_sound_text():
    assert proved("layer", "replay").holds


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("if (valid_in) elements[store_at]", "if (valid_in & ~last_in) elements[store_at]", "an element is not kept"),
        ("elements[store_at] <= x_in;", "elements[fill] <= x_in;", "an element is not kept"),
        ("x_now <= elements_read;", "x_now <= elements_read & {4{reading}};", "another element leaves"),
        ("elements[{read_half, read}]", "elements[{fill_half, read}]", "another element leaves"),
        ("taken ? (x_last ? 3'd0 : fill + 3'd1) : fill;", "x_last ? 3'd0 : fill + 3'd1;", "fill does not go on"),
        ("fill_half ^ (taken & x_last)", "fill_half ^ taken", "the half that is filled does not change"),
        ("read == (read_half ? end1 : end0)", "read == (read_half ? end0 : end1)", "times are not counted"),
        ("read_half <= read_half ^ read_done;", "read_half <= read_half ^ ends;", "the half that is read"),
        ("is_final = next_neuron == 2'd2", "is_final = next_neuron == 2'd1", "times are not counted"),
        ("wire taken = x_valid & room;", "wire taken = x_valid;", "what is taken is not stored"),
        ("room = ~(fill_half ? busy1 : busy0)", "room = ~(busy1 & busy0)", "x_ready is not whether there is room"),
        ("end0 <= end0_part ? fill : end0;", "end0 <= end0_part ? fill : read;", "the end of a vector is another"),
        ("is_final ? 4'd0 : row + 4'd5", "is_final ? 4'd0 : row + 4'd4", "weights are not those of the time"),
        ("next_weight + 4'd1 : next_weight", "next_weight : next_weight", "a weight is not that of the element"),
        ("last_now <= read_done;", "last_now <= ends;", "last leaves with another element"),
        ("first_now <= read == 3'd0;", "first_now <= read == 3'd1;", "first leaves with another element"),
        ("x_in <= x;", "x_in <= x & {4{~x_last}};", "another element is stored"),
    ],
)
def test_faults(old, new, wrong):
    assert fails("layer", "replay", wrong, (old, new))


@pytest.mark.parametrize(
    ("name", "first", "wrong"),
    [("read_half", 1, "at first, halves are not filled by turns"), ("read", 1, "at first, a vector is not read from")],
)
def test_other_first_values(name, first, wrong):
    text = changed("layer")
    bits = {"read_half": "1'b0", "read": "3'd0"}[name]
    assert text.count(f" {name} <= {bits};") == 1
    edit = (f" {name} <= {bits};", f" {name} <= {bits[:-1]}{first};")
    assert text.count(f"    initial {name} = ") == 1
    start = text[text.index(f"    initial {name} = ") :].splitlines()[0]
    assert fails("layer", "replay", wrong, edit, (start, f"    initial {name} = {first};"))
