from dataclasses import replace

import numpy as np

from softgate.methods.integer_polynomials.coefficient_choice import choose
from softgate.methods.integer_polynomials.coefficient_sets import FeasibleSet
from softgate.methods.integer_polynomials.datapath_shape import DatapathShape

LINE = DatapathShape(2, (1, 2))


def choices(*rows):
    """Return choices from (slope, lowest, highest)."""
    slopes, low, high = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return FeasibleSet(slopes[:, None], low, high)


def test_bits_that_are_the_same_everywhere_are_preferred():
    found = choose(LINE, [choices((5, 3, 9), (6, 2, 3)), choices((4, 7, 8), (7, 16, 17))])
    assert found == [(8, 8), (5, 7)] or found is not None
    constants, slopes = found
    assert constants == (8, 8)
    assert slopes in {(5, 4), (5, 7)}


def test_what_is_chosen_is_among_the_choices():
    random = np.random.default_rng(3)
    given = []
    for _ in range(40):
        low = random.integers(0, 50, 5)
        given.append(FeasibleSet(random.integers(0, 20, (5, 2)), low, low + random.integers(0, 4, 5)))
    tables = choose(DatapathShape(2, (1, 2, 3)), given)
    for one, row in zip(given, zip(*tables, strict=True), strict=True):
        assert any(
            tuple(higher) == row[1:] and low <= row[0] <= high
            for higher, low, high in zip(one.higher.tolist(), one.low, one.high, strict=True)
        )


def test_where_anything_will_do_there_is_what_a_neighbour_has():
    found = choose(
        LINE, [FeasibleSet.unconstrained(1), choices((5, 3, 3)), FeasibleSet.unconstrained(1), choices((6, 4, 4))]
    )
    assert found == [(3, 3, 3, 4), (5, 5, 5, 6)]
    assert choose(LINE, [FeasibleSet.unconstrained(1)] * 3) == [(0, 0, 0), (0, 0, 0)]


def test_the_highest_coefficients_of_pairs_are_side_by_side():
    pair = FeasibleSet(np.array([[7, 2]]), np.array([5]), np.array([5]))
    other = FeasibleSet(np.array([[6, 3]]), np.array([4]), np.array([4]))
    assert choose(replace(LINE, paired=True), [pair, other]) == [(5, 4), (7, 6, 2, 3)]


def test_of_millions_of_choices_round_ones_are_told_apart():
    wide = np.full(1 << 12, 1 << 19)
    given = [FeasibleSet(np.arange(1 << 12)[:, None], place - wide, place + wide + 5) for place in (3 << 20, 5 << 20)]
    constants, slopes = choose(LINE, given)
    assert constants == (3 << 20, 5 << 20)
    assert slopes[0] == slopes[1]
