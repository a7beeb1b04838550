from dataclasses import replace

import numpy as np
import pytest

from softgate.plan.polynomial.shape import Factor, Shape, digits_of, row_sum

VALUES = np.array([0, 1, 2, -1])


@pytest.mark.parametrize("signs", [1, 2])
@pytest.mark.parametrize("shift", range(1, 10))
def test_digits_are_those_of_the_place(shift, signs):
    digits = digits_of(shift, signs)
    assert len(digits) == shift // 2 + 1
    total = sum(VALUES[digit] << 2 * number for number, digit in enumerate(digits))
    assert np.array_equal(total, np.arange(1 << shift) + np.arange(signs)[:, None])


def test_digits_by_hand():
    low, high, top = digits_of(4, 2)
    # 7 = 2 * 4 - 1; 7 + 1 = 2 * 4; 15 = 16 - 1; 15 + 1 = 16
    assert [(int(d[0, 7]), int(d[1, 7])) for d in (low, high, top)] == [(3, 0), (2, 2), (0, 0)]
    assert [(int(d[0, 15]), int(d[1, 15])) for d in (low, high, top)] == [(3, 0), (0, 0), (1, 1)]


def test_rows_by_hand():
    digits = [np.array([3, 1, 0]), np.array([1, 2, 3])]
    # 13 times -1 and 4, the complements one short: (-14 >> 1) + (52 >> 1), (13 >> 1) + (104 >> 1), 0 + (-53 >> 1)
    assert row_sum(np.array([13]), digits, 0, 1).tolist() == [-7 + 26, 6 + 52, -27]
    assert row_sum(np.array([13]), digits, 1, 1).tolist() == [26, 52, -27]
    # Where bits are appended instead, a complement has ones there.
    assert row_sum(np.array([13]), digits, 1, 0).tolist() == [52, 104, -53]


@pytest.mark.parametrize("cut", [0, 1, 3, 6, 9])
def test_rows_add_up_to_the_product(cut):
    digits = digits_of(5, 2)
    t = np.arange(32) + np.arange(2)[:, None]
    for multiplicand in (0, 1, 77, 255, -100):
        exact = multiplicand * t / 2.0**cut
        off = row_sum(np.array(multiplicand), digits, 0, cut) - exact
        assert off.max() <= 0
        assert off.min() > -3.0 - (cut == 0)  # less than one a row, and the units that are left out


def test_products_by_hand():
    factor = Factor.of(2, 2)
    assert factor.t.tolist() == [0, 1, 2, 3, 1, 2, 3, 4]
    rows = Shape(2, (1, 2, 3), 0, (0, 0), (0, 0), (False, True), (False, False))
    whole, last = (replace(rows, whole=count) for count in (2, 1))
    multiplicand = np.array([[7], [-7]])
    # 7 t / 2 and -7 t / 2, each cut off as one; as rows three is four less one, and less another that is left out
    exact = [[0, 3, 7, 10, 3, 7, 10, 14], [0, -4, -7, -11, -4, -7, -11, -14]]
    assert whole.whole == 2
    assert factor.product(whole, 1, multiplicand).tolist() == exact
    assert factor.product(last, 1, multiplicand).tolist() == exact
    in_rows = [[0, 3, 7, -4 + 14, 3, 7, -4 + 14, 14], [0, -4, -7, 3 - 14, -4, -7, 3 - 14, -14]]
    assert factor.product(rows, 1, multiplicand).tolist() == in_rows
    assert factor.product(last, 2, np.array([[3]])).tolist() == [[0, -1, -3, 2 - 6, -1, -3, 2 - 6, -6]]
    assert factor.product(whole, 2, np.array([[3]])).tolist() == [[0, -1, -3, -4, -1, -3, -4, -6]]
    assert factor.at(np.array([3, 7])).product(whole, 1, multiplicand).tolist() == [[10, 14], [-11, -14]]
    # With fewer bits than what it is added to, zeros are appended.
    assert factor.product(replace(whole, points=(4, 2, 3)), 1, np.array([[3]])).tolist() == [
        [0, 12, 24, 36, 12, 24, 36, 48]
    ]


def test_a_shape_says_its_degree():
    assert (Shape(4, (3, 5)).degree, Shape(4, (3, 5)).guard) == (1, 3)
