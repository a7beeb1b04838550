import numpy as np
import pytest

from softgate.methods.integer_polynomials.folded_function import ANY
from softgate.methods.integer_polynomials.output_bounds import OutputBounds
from softgate.methods.integer_polynomials.segment_boundaries import segment_starts, separate_segments


def around(centres, room, directions, shortfall=(0,)):
    """Return bounds of `room` ulp to either side of centres, (signs, addresses), with one direction for all."""
    centres = np.array(centres)
    steps = np.full(centres.shape, directions, dtype=np.int8)
    steps[:, -1] = 0
    return OutputBounds(centres - room, centres + room, steps, np.array(shortfall)[:, None])


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [((16, 8, 8), [0, 8, 16]), ((17, 8, 8), [0, 8, 16, 24]), ((16, 8, 3), [0, 3, 8, 11, 16]), ((0, 8, 8), [0, 8])],
)
def test_starts_by_hand(arguments, starts):
    assert segment_starts(*arguments) == starts


@pytest.mark.parametrize("direction", [1, -1])
def test_a_separator_is_half_way_between_the_polynomials(direction):
    # Lines through 0, 2, 4, 6 and 20, 22, 24, 26: 6 and 20 beside the boundary, 13 half way.
    centres = direction * np.array([[0, 2, 4, 6, 20, 22, 24, 26]])
    bounds = separate_segments(around(centres, 30, direction), [0, 4, 8], 1)
    rising = bounds if direction > 0 else OutputBounds(-bounds.high, -bounds.low, bounds.directions, bounds.shortfall)
    assert rising.high[0, :4].tolist() == [13, 13, 13, 13]
    assert rising.low[0, 4:].tolist() == [13, 13, 13, 13]


def test_a_separator_is_admissible_on_either_side():
    # Half way between 15 and 10 is 13, but the left segment gives 14 at least; mirrored, the right one 14 at most.
    low, high = np.array([[14, -10]]), np.array([[16, 30]])
    asked = OutputBounds(low, high, np.array([[1, 0]], dtype=np.int8), np.array([[0]]))
    bounds = separate_segments(asked, [0, 1, 2], 0)
    assert (bounds.high[0, 0], bounds.low[0, 1]) == (14, 14)
    asked = OutputBounds(28 - high[:, ::-1], 28 - low[:, ::-1], asked.directions, asked.shortfall)
    bounds = separate_segments(asked, [0, 1, 2], 0)
    assert (bounds.high[0, 0], bounds.low[0, 1]) == (14, 14)


def test_separators_keep_their_order_along_the_function():
    # Segments of one address at 0, 10, 4, 4: half way are 5, 7 and 4, of which the last is reversed.
    bounds = separate_segments(around([[0, 10, 4, 4]], 20, 1), [0, 1, 2, 3, 4], 0)
    assert bounds.low[0, 1:].tolist() == [5, 7, 7]
    assert bounds.high[0, :3].tolist() == [5, 7, 7]


def test_separators_of_both_signs_keep_one_order():
    # The second sign is an ulp lower; with that added its separator is not below that of the first sign.
    centres = [[0, 0, 8, 8], [-1, -1, 7, 7]]
    bounds = separate_segments(around(centres, 20, 1, shortfall=(0, 1)), [0, 2, 4], 0)
    assert (bounds.high[0, 1], bounds.low[0, 2]) == (4, 4)
    assert (bounds.high[1, 1], bounds.low[1, 2]) == (3, 3)


def test_a_turn_begins_a_new_order():
    # Up to 10 and down again: 5, then 5.
    asked = around([[0, 10, 0]], 20, [1, -1, 0])
    bounds = separate_segments(asked, [0, 1, 2, 3], 0)
    assert bounds.low[0].tolist() == [-20, 5, -20]
    assert bounds.high[0].tolist() == [5, 30, 5]


def test_bounds_stay_where_no_order_is_required_or_no_input_occurs():
    free = around([[0, 2, 4, 6]], 3, 0)
    assert separate_segments(free, [0, 2, 4], 1) is free
    half = around([[0, 0, 0, 0]], 3, [1, 0, 0, 0])
    half.low[0, 2:], half.high[0, 2:] = -ANY, ANY
    bounds = separate_segments(half, [0, 2, 4], 1)
    assert np.array_equal(bounds.low, half.low)
    assert np.array_equal(bounds.high, half.high)


@pytest.mark.parametrize("seed", range(20))
def test_any_results_within_the_bounds_are_in_order_across_boundaries(seed):
    random = np.random.default_rng(seed)
    centres = np.cumsum(random.integers(0, 4, (1, 32)), axis=1)
    starts = [0, 8, 16, 24, 32]
    bounds = separate_segments(around(centres, 5, 1), starts, 2)
    assert (bounds.low <= bounds.high).all()
    for start in starts[1:-1]:
        assert bounds.high[0, start - 1] <= bounds.low[0, start]
