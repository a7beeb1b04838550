import numpy as np
import pytest
from small_cells import small_gru, small_lstm
from small_softmax import small_softmax

from softgate.sim.composite_arrays import CompositeArrays


def arrays_of(unit):
    return CompositeArrays(unit.manifest)


def test_vectors_of_a_stream():
    unit, x = small_softmax(), np.array([[[0, 0, 0], [7, -8, -8]]])
    model = arrays_of(unit)
    assert (model.takes_vectors, {name: str(fmt) for name, fmt in model.inputs.items()}) == (True, {"x": "SQ2.2"})
    assert model(x).tolist() == [[[20, 20, 20], [57, 1, 1]]]
    assert model(x[0, :, :1]).tolist() == [[63], [63]]
    assert model(np.zeros((0, 3), int)).shape == (0, 3)
    assert np.array_equal(model.floats(x / 4), unit.golden.floats(x / 4))


def test_vectors_at_once():
    model = arrays_of(small_softmax(arrangement="parallel"))
    assert (list(model.inputs), list(model.outputs), model.takes_vectors) == (["x"], ["y"], True)
    assert model([[0, 0, 0], [7, -8, -8]]).tolist() == [[20, 20, 20], [57, 1, 1]]
    with pytest.raises(ValueError, match="vectors must have 3 elements along the last axis, not 2"):
        model([[0, 0]])


@pytest.mark.parametrize("asked", [{}, {"interface": "axis", "tlast": True}])
def test_cells(asked):
    unit = small_lstm(**asked)
    model = arrays_of(unit)
    assert (list(model.inputs), list(model.outputs)) == (["i", "f", "g", "o", "c"], ["h", "c_next"])
    h, c_next = model(0, [3, -3], 5, [[1], [2]], 4)
    expected = unit.golden(i=0, f=[3, -3], g=5, o=[[1], [2]], c=4)
    assert h.tolist() == expected.h.tolist()
    assert c_next.tolist() == expected.c_next.tolist()
    values = [np.float32(0.5)] * 5
    assert [each.dtype for each in model.floats(*values)] == [np.float32, np.float32]


@pytest.mark.parametrize(
    ("unit", "codes", "message"),
    [
        (small_softmax, [[0, 8]], r"x at \[1\] is 8, not a code of SQ2.2"),
        (small_softmax, [0], "an array needs an axis for the elements of a vector"),
        (small_softmax, [[0] * 4], "vectors must have 1 to 3 elements"),
        (small_gru, [[0, 1], [0, 1, 2], 0, 0, 0], "inputs must have shapes that broadcast to one"),
    ],
)
def test_refusals(unit, codes, message):
    with pytest.raises(ValueError, match=message):
        arrays_of(unit())(*codes)
