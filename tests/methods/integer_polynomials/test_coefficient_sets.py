import numpy as np

from softgate.methods.integer_polynomials.coefficient_sets import FeasibleSet, join_pair


def feasible(*rows):
    """Return choices from (higher coefficients, lowest, highest)."""
    higher, low, high = zip(*rows, strict=True)
    return FeasibleSet(np.array(higher), np.array(low), np.array(high))


def rows(found):
    return sorted(zip(map(tuple, found.higher.tolist()), found.low.tolist(), found.high.tolist(), strict=True))


def test_lines_on_either_side_share_the_constant_coefficient():
    left = feasible(((5,), 0, 3), ((6,), 4, 9))
    right = feasible(((2,), 2, 5), ((3,), 9, 9))
    assert rows(join_pair(left, right)) == [((5, 2), 2, 3), ((6, 2), 4, 5), ((6, 3), 9, 9)]


def test_squares_share_the_first_coefficient_too():
    left = feasible(((5, 1), 0, 3), ((6, 1), 0, 9), ((6, 2), 3, 4))
    right = feasible(((6, 7), 2, 3), ((4, 7), 0, 9))
    assert rows(join_pair(left, right)) == [((6, 1, 7), 2, 3), ((6, 2, 7), 3, 3)]


def test_pairs_that_do_not_agree():
    assert join_pair(feasible(((5,), 0, 3)), feasible(((5,), 4, 9))) is None
    assert join_pair(feasible(((5, 1), 0, 3)), feasible(((6, 1), 0, 3))) is None


def test_a_side_without_inputs_takes_what_the_other_has():
    one, is_unconstrained = feasible(((5, 1), 0, 3)), FeasibleSet.unconstrained(2)
    assert rows(join_pair(one, is_unconstrained)) == rows(join_pair(is_unconstrained, one)) == [((5, 1, 1), 0, 3)]
    assert join_pair(is_unconstrained, is_unconstrained).is_unconstrained
    assert not one.is_unconstrained


def test_few_choices_are_left_as_they_are():
    few = FeasibleSet(np.array([[1], [2]]), np.array([3, 4]), np.array([5, 4]))
    assert few.at_most(4) is few
    unconstrained = FeasibleSet.unconstrained(1)
    assert unconstrained.at_most(1) is unconstrained


def test_many_choices_are_thinned_to_round_constants_of_the_first():
    many = FeasibleSet(np.array([[1], [2], [3]]), np.array([33, 7, 0]), np.array([63, 7, 9]))
    left = many.at_most(2)
    assert left.higher.tolist() == [[1], [2]]
    assert left.low.tolist() == left.high.tolist() == [48, 7]
