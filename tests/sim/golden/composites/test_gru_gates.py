import numpy as np
import pytest
from small_cells import small_gates


def test_literal_values():
    found = small_gates().golden(r=[0, 15, -16, 15], u=[-16, 15, 0, 4], h=[7, -8, 5, 7])
    assert found._fields == ("update", "rh")
    assert found.update.tolist() == [0, 15, 8, 12]
    assert found.rh.tolist() == [4, -7, 0, 7]


def test_the_product_is_rounded_and_limited_to_its_format():
    found = small_gates(hidden="SQ2.3", rh="SQ1.2").golden(r=[15, 15, 15], u=0, h=[15, -16, 3])
    # 15/8, -2 and 3/8 of what is nearly 1: above 3/4, below -1, and 1.46 quarters.
    assert found.rh.tolist() == [3, -4, 1]


def test_transfers_are_the_inputs_in_order():
    x = [np.array([value]) for value in (3, -5, 7)]
    found = small_gates().golden(r=x[0], u=x[1], h=x[2])
    assert [each.tolist() for each in small_gates().golden.transfers(x)] == [found.update.tolist(), found.rh.tolist()]


def test_floats():
    found = small_gates().golden.floats(r=0.0, u=[0.1], h=0.5)
    assert (found.update.tolist(), found.rh.tolist()) == ([0.5], [0.25])


def test_refusals():
    with pytest.raises(TypeError, match="the cell takes r, u, h by name, not r, u"):
        small_gates().golden(r=0, u=0)
