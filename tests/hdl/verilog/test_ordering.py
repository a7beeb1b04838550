import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.hdl.verilog.ordering import place


def test_the_order_asked_for_where_nothing_stands_against_it():
    needs = {"a": [], "b": [], "c": ["a"]}
    assert list(place(["b", "a", "c"], needs)) == ["b", "a", "c"]


def test_what_is_needed_comes_first_and_once():
    needs = {"sum": ["left", "right"], "left": ["x"], "right": ["x"], "x": []}
    assert place(["sum", "x"], needs) == {"x": 0, "left": 1, "right": 2, "sum": 3}


@pytest.mark.parametrize("needs", [{"a": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["a"]}])
def test_a_wire_that_needs_itself(needs):
    with pytest.raises(ValueError, match=r"^wire a depends on itself$"):
        place(["a"], needs)


@given(st.lists(st.lists(st.integers(0, 30), max_size=4), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_every_wire_follows_what_it_needs(drawn, random):
    needs = {number: [need for need in each if need < number] for number, each in enumerate(drawn)}
    names = list(needs)
    random.shuffle(names)
    placed = place(names, needs)
    assert sorted(placed.values()) == list(range(len(needs)))
    assert all(placed[need] < placed[name] for name, each in needs.items() for need in each)


def test_long_chains_do_not_recurse():
    needs = {number: [number - 1] if number else [] for number in range(5000)}
    assert list(place([4999], needs)) == list(range(5000))
