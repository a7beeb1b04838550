from dataclasses import replace

import numpy as np
import pytest

from softgate.methods.integer_polynomials.datapath_shape import DatapathShape, Factor

ROWS = DatapathShape(2, (1, 2, 3), lowest=(0, 0), minus=(False, True), signed=(False, False), widths=(None, None))


def test_products_by_hand():
    whole, last = (replace(ROWS, whole=count) for count in (2, 1))
    factor = Factor.of(whole, 2)
    assert factor.t.tolist() == [0, 1, 2, 3, 1, 2, 3, 4]
    multiplicand = np.array([[7], [-7]])
    # 7 t / 2 and -7 t / 2, each cut off as one
    exact = [[0, 3, 7, 10, 3, 7, 10, 14], [0, -4, -7, -11, -4, -7, -11, -14]]
    assert factor.product(whole, 1, multiplicand).tolist() == exact
    assert factor.product(whole, 2, np.array([[3]])).tolist() == [[0, -1, -3, -4, -1, -3, -4, -6]]
    assert factor.at(np.array([3, 7])).product(whole, 1, multiplicand).tolist() == [[10, 14], [-11, -14]]
    # With fewer bits than what it is added to, zeros are appended.
    assert factor.product(replace(whole, points=(4, 2, 3)), 1, np.array([[3]])).tolist() == [
        [0, 12, 24, 36, 12, 24, 36, 48]
    ]
    # Rows are counted from two further on, and so is a whole product beside them; a negative one is one unit short.
    factor = Factor.of(ROWS, 2)
    assert factor.t.tolist() == [-2, -1, 0, 1, -1, 0, 1, 2]
    assert factor.product(last, 1, multiplicand[:1]).tolist() == [[-7, -4, 0, 3, -4, 0, 3, 7]]
    assert factor.product(ROWS, 1, multiplicand[:1]).tolist() == [[-8, -4, 0, 3, -4, 0, 3, 7]]
    assert factor.product(last, 2, np.array([[3]])).tolist() == [[4, 2, 0, -1, 2, 0, -1, -3]]


@pytest.mark.parametrize("shift", range(2, 9))
@pytest.mark.parametrize("signs", [1, 2])
def test_pairs_meet_near_their_origin(shift, signs):
    paired = replace(ROWS, shift=shift, paired=True)
    size = 1 << paired.bits
    assert paired.bits == shift + 1
    assert abs(paired.middle(signs) - paired.origin(signs)) <= size / 32
    assert 0 < paired.middle(signs) < size
    assert paired.middle(signs) % max(size // 16, 1) == 0
    exact = replace(paired, whole=2)
    assert exact.origin(signs) == exact.middle(signs) == 1 << shift


def test_additions_that_take_carries():
    # Five bits and a sign are three digits: two additions of rows, and that of the constant coefficient.
    assert replace(ROWS, shift=5).additions(2) == 3
    assert replace(ROWS, shift=5, lowest=(1, 0)).additions(2) == 2
    assert replace(ROWS, shift=5, minus=(True, False)).additions(2) == 2  # it is subtracted from
    assert replace(ROWS, shift=5, whole=1).additions(2) == 1
    assert DatapathShape(5, (0,)).additions(2) == 0


def test_a_shape_says_its_degree():
    assert (DatapathShape(4, (3, 5)).degree, DatapathShape(4, (3, 5)).guard) == (1, 3)
    assert (DatapathShape(4, (3, 5), stored=1).fill, DatapathShape(4, (3, 5)).fill) == (3, 7)
