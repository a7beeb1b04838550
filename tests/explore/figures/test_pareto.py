import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.explore.figures.pareto import pareto_front

# Few different values, so that ties of every kind come up.
COSTS = st.one_of(st.integers(0, 4), st.just(float("nan")), st.just(float("inf")), st.floats(-3, 3))


def dominates(one, other):
    return all(a <= b for a, b in zip(one, other, strict=True)) and one != other


def by_definition(points):
    known = [point for point in points if not np.isnan(point).any()]
    return [point in known and not any(dominates(other, point) for other in known) for point in points]


@given(st.lists(st.tuples(COSTS, COSTS)))
def test_it_is_what_its_definition_says(points):
    first, second = [point[0] for point in points], [point[1] for point in points]
    assert pareto_front(first, second).tolist() == by_definition(points)


def test_equal_points_are_on_the_front_together():
    assert pareto_front([1, 1, 1, 2, 2], [5, 5, 6, 5, 4]).tolist() == [True, True, False, False, True]


def test_what_is_not_known_keeps_nothing_off_the_front():
    assert pareto_front([0, 1, np.nan], [np.nan, 1, 0]).tolist() == [False, True, False]


@pytest.mark.parametrize("count", [0, 1])
def test_few_points(count):
    assert pareto_front([3.0] * count, [4.0] * count).tolist() == [True] * count


@pytest.mark.parametrize(("first", "second"), [([1, 2], [1]), ([[1]], [[1]]), (1, 1)])
def test_shapes_that_are_wrong(first, second):
    with pytest.raises(ValueError, match="first and second must be as long as one another"):
        pareto_front(first, second)
