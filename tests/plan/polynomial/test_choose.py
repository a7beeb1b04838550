import numpy as np

from softgate.plan.polynomial.choose import choose
from softgate.plan.polynomial.core import ANY
from softgate.plan.polynomial.fit import Choices
from softgate.plan.polynomial.shape import Shape

LINE = Shape(2, (1, 2), 0, (0,), (0,), (False,), (False,))


def choices(*rows):
    """Return choices from (slope, lowest, highest)."""
    slopes, low, high = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Choices(slopes[:, None], low, high)


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
        given.append(Choices(random.integers(0, 20, (5, 2)), low, low + random.integers(0, 4, 5)))
    shape = Shape(2, (1, 2, 3), 0, (0, 0), (0, 0), (False, False), (False, False))
    tables = choose(shape, given)
    for one, row in zip(given, zip(*tables, strict=True), strict=True):
        assert any(
            tuple(higher) == row[1:] and low <= row[0] <= high
            for higher, low, high in zip(one.higher.tolist(), one.low, one.high, strict=True)
        )


def test_common_coefficients():
    shape = Shape(2, (1, 2), 0, (0,), (1,), (False,), (False,))
    common = choose(shape, [choices((5, 0, 1), (6, 2, 3)), choices((6, 4, 5), (7, 6, 7))])
    assert common[1] == (6, 6)
    assert choose(shape, [choices((5, 0, 1)), choices((6, 4, 5))]) is None
    anything = Choices(np.zeros((1, 1), np.int64), np.array([-ANY]), np.array([ANY]))
    assert choose(shape, [choices((5, 2, 2)), anything])[1] == (5, 5)
