import numpy as np
import pytest
from small_cells import small_gru


def test_literal_values():
    found = small_gru().golden(r=[0, 15, -16], u=[-16, 15, 0], n_x=[2, 15, -16], n_h=[1, 15, 3], h=[7, -8, 5])
    assert found.h_next.tolist() == [6, -7, -1]


def test_transfers_are_the_inputs_in_order():
    unit = small_gru()
    x = [np.array([value]) for value in (3, -5, 7, 9, 1)]
    (h,) = unit.golden.transfers(x)
    assert h.tolist() == unit.golden(r=[3], u=[-5], n_x=[7], n_h=[9], h=[1]).h_next.tolist()


def test_floats_are_rounded_first():
    unit = small_gru()
    (h,) = unit.golden.floats(r=0.1, u=0.0, n_x=0.5, n_h=[-0.24], h=0.5)
    assert h.tolist() == [unit.golden(r=0, u=0, n_x=2, n_h=[-1], h=4).h_next[0] / 8]


def test_refusals():
    with pytest.raises(TypeError, match="the cell takes r, u, n_x, n_h, h by name, not z"):
        small_gru().golden(z=0)
