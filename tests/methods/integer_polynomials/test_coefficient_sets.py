import numpy as np

from softgate.methods.integer_polynomials.coefficient_sets import Choices, joined


def choices(*rows):
    """Return choices from (higher coefficients, lowest, highest)."""
    higher, low, high = zip(*rows, strict=True)
    return Choices(np.array(higher), np.array(low), np.array(high))


def rows(found):
    return sorted(zip(map(tuple, found.higher.tolist()), found.low.tolist(), found.high.tolist(), strict=True))


def test_lines_on_either_side_share_the_constant_coefficient():
    left = choices(((5,), 0, 3), ((6,), 4, 9))
    right = choices(((2,), 2, 5), ((3,), 9, 9))
    assert rows(joined(left, right)) == [((5, 2), 2, 3), ((6, 2), 4, 5), ((6, 3), 9, 9)]


def test_squares_share_the_first_coefficient_too():
    left = choices(((5, 1), 0, 3), ((6, 1), 0, 9), ((6, 2), 3, 4))
    right = choices(((6, 7), 2, 3), ((4, 7), 0, 9))
    assert rows(joined(left, right)) == [((6, 1, 7), 2, 3), ((6, 2, 7), 3, 3)]


def test_pairs_that_do_not_agree():
    assert joined(choices(((5,), 0, 3)), choices(((5,), 4, 9))) is None
    assert joined(choices(((5, 1), 0, 3)), choices(((6, 1), 0, 3))) is None


def test_a_side_without_inputs_takes_what_the_other_has():
    one, free = choices(((5, 1), 0, 3)), Choices.anything(2)
    assert rows(joined(one, free)) == rows(joined(free, one)) == [((5, 1, 1), 0, 3)]
    assert joined(free, free).free
    assert not one.free


def test_few_choices_are_left_as_they_are():
    few = Choices(np.array([[1], [2]]), np.array([3, 4]), np.array([5, 4]))
    assert few.thinned(4) is few
    anything = Choices.anything(1)
    assert anything.thinned(1) is anything


def test_many_choices_are_thinned_to_round_constants_of_the_first():
    many = Choices(np.array([[1], [2], [3]]), np.array([33, 7, 0]), np.array([63, 7, 9]))
    left = many.thinned(2)
    assert left.higher.tolist() == [[1], [2]]
    assert left.low.tolist() == left.high.tolist() == [48, 7]
