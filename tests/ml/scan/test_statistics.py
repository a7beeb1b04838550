import numpy as np

from softgate.ml.scan.statistics import Statistics, statistics_of


def test_ranges_of_several_arrays():
    seen = statistics_of([np.arange(0.0, 5001), np.arange(5001.0, 10001).reshape(2, -1)])
    assert seen == Statistics(10001, 0.0, 10000.0, (5.0, 9995.0))


def test_what_is_not_finite_is_counted_apart():
    assert statistics_of([np.array([1.0, np.inf, np.nan, 3.0])]) == Statistics(4, 1.0, 3.0, (1.001, 2.999), 2, 1)


def test_nothing():
    assert statistics_of([]) is None
    assert statistics_of([np.zeros(0), np.array([np.nan])]) is None
