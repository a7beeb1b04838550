import numpy as np
import pytest
from small_cells import small_update


def test_literal_values():
    found = small_update().golden(n=[0, 15, -16, 4], update=[0, 15, 8, 4], h=[7, -8, 5, 7])
    assert found._fields == ("h_next",)
    # tanh is 0, 1, -1 and 3/4 or so.
    assert found.h_next.tolist() == [0, -7, -1, 6]


def test_a_gate_above_one_goes_beyond_the_state():
    found = small_update(gate="UQ1.3").golden(n=0, update=[8, 12, 15], h=[-4, -4, -6])
    assert found.h_next.tolist() == [-4, -6, -8]


def test_transfers_are_the_inputs_in_order():
    x = [np.array([value]) for value in (3, 5, 7)]
    found = small_update().golden(n=x[0], update=x[1], h=x[2])
    assert [each.tolist() for each in small_update().golden.transfers(x)] == [found.h_next.tolist()]


def test_refusals():
    with pytest.raises(ValueError, match=r"update is 16, not a code of UQ0\.4"):
        small_update().golden(n=0, update=16, h=0)
