import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from specified import specify

from softgate.accuracy.admissible import admissible, ordered
from softgate.accuracy.monotonic import chains, directions, tighten
from softgate.functions.properties import Monotonicity
from softgate.plan.operations.base import Range


def codes(*values):
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], [1, 1, 1, 1]),
        ([0], [1, 1, -1, -1]),
        ([0.5], [1, 1, 0, -1]),  # between 0 and 1 either way will do
        ([-5], [-1, -1, -1, -1]),
        ([2], [1, 1, 1, 1]),
        ([-1, 1], [1, -1, -1, 1]),
        ([-0.5, 0.5], [1, 0, 0, 1]),
    ],
)
def test_directions_between_turns(turns, expected):
    assert directions(codes(-2, -1, 0, 1, 2), Monotonicity(tuple(turns))).tolist() == expected


def test_codes_that_are_not_neighbours_may_have_a_turn_between_them():
    assert directions(codes(-20, -10, 10, 20), Monotonicity((0,))).tolist() == [1, 0, -1]
    assert directions(np.array([1, 2**64 - 1], dtype=np.uint64), Monotonicity((-1,))).tolist() == [-1]


def test_a_function_may_fall_first():
    assert directions(codes(-2, -1, 0, 1), Monotonicity((0,), rises=False)).tolist() == [-1, -1, 1]
    assert directions(codes(-2, -1, 0, 1), Monotonicity(rises=False)).tolist() == [-1, -1, -1]


def test_chains_meet_at_a_turn():
    assert [chain.tolist() for chain in chains(codes(1, 1, -1))] == [[0, 1, 2], [3, 2]]
    assert [chain.tolist() for chain in chains(codes(1, 0, -1, -1))] == [[0, 1], [4, 3, 2]]
    assert chains(codes()) == []


def test_intervals_are_narrowed_by_hand():
    low, high = codes(0, 3, 1, 0), codes(9, 5, 4, 2)
    tighten(low, high, chains(codes(1, 1, -1)))
    assert low.tolist() == [0, 3, 3, 0]
    assert high.tolist() == [4, 4, 4, 2]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=2, max_size=6))
def test_what_is_left_is_what_sequences_that_rise_take_on(drawn):
    from itertools import combinations_with_replacement

    low, high = codes(*(start for start, _ in drawn)), codes(*(start + more for start, more in drawn))
    rising = [
        values
        for values in combinations_with_replacement(range(14), len(low))
        if all(a <= value <= b for a, value, b in zip(low.tolist(), values, high.tolist(), strict=True))
    ]
    tighten(low, high, [np.arange(len(low))])
    assert bool((low <= high).all()) == bool(rising)
    if rising:
        assert low.tolist() == np.min(rising, axis=0).tolist()
        assert high.tolist() == np.max(rising, axis=0).tolist()


def test_signs_are_kept_apart():
    specification = specify("tanh", "SQ4.4", "SQ1.3", "2ulp", monotonic=True, ends="free")
    low, high = ordered(specification, *admissible(specification), folded=True)
    assert high[127] <= low[128]
    low, high = ordered(specification, *admissible(specification))
    assert high[127] > low[128]


def test_nothing_is_narrowed_unasked():
    specification = specify("tanh", "SQ4.4", "SQ1.3", "2ulp")
    low, high = admissible(specification)
    assert ordered(specification, low, high, folded=True) == (low, high)


def test_too_many_inputs_to_see():
    message = (
        "--monotonic (monotonic=True) is checked at every input, for at most 16777216 codes; SQ4.21 has 33554432: "
        "leave it out, or give a range that holds fewer"
    )
    with pytest.raises(ValueError) as raised:
        specify("tanh", "SQ4.21", "SQ1.15", monotonic=True)
    assert str(raised.value) == message
    assert specify("tanh", "SQ4.21", "SQ1.15", input_range=Range(0, (1 << 24) - 1), monotonic=True).monotonic
