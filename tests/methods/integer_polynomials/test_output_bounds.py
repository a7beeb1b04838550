import numpy as np

from softgate.methods.integer_polynomials.folded_function import ANY
from softgate.methods.integer_polynomials.output_bounds import OutputBounds


def bounds_of(low, high, shortfall):
    low, high = np.array(low), np.array(high)
    return OutputBounds(low, high, np.zeros_like(low, dtype=np.int8), np.array(shortfall)[:, None])


def test_targets_of_both_signs_lie_on_one_curve():
    # 10 times the magnitude: u for the first sign, u + 1 for the second, whose results are one lower
    targets = bounds_of([[0, 10, 20], [9, 19, 29]], [[0, 12, 20], [9, 19, 29]], [0, 1]).targets(slice(1, 3))
    assert targets.t.tolist() == [0, 1, 1, 2]
    assert targets.centre.tolist() == [11, 20, 20, 30]
    assert targets.width.tolist() == [3, 1, 1, 1]


def test_inputs_that_do_not_occur_are_no_targets():
    bounds = bounds_of([[1, -ANY, 3]], [[1, ANY, 3]], [0])
    assert bounds.targets(slice(0, 3)).t.tolist() == [0, 2]
    assert not len(bounds.targets(slice(1, 2)).t)


def test_targets_of_many_inputs_are_spread_from_the_first_to_the_last():
    values = np.arange(1000)[None]
    t = bounds_of(values, values, [0]).targets(slice(0, 1000)).t
    assert (len(t), t[0], t[-1]) == (128, 0, 999)


def test_bounds_that_cross_are_infeasible():
    assert bounds_of([[1, 2]], [[1, 2]], [0]).feasible
    assert not bounds_of([[1, 3]], [[1, 2]], [0]).feasible
