import numpy as np
from small_cells import small_gru
from small_softmax import small_softmax

from softgate import design
from softgate.sim.driven import answered, driven


def test_a_unit_is_driven_with_all_its_inputs(tmp_path):
    manifest = design("relu", "SQ2.1", "UQ2.1").emit(tmp_path)
    sent, received = driven(manifest)
    assert [column.tolist() for column in sent] == [[-4, -3, -2, -1, 0, 1, 2, 3]]
    assert [column.tolist() for column in received] == [[0, 0, 0, 0, 0, 1, 2, 3]]
    assert answered(manifest, np.array([[3, -1]])).received[0].tolist() == [3, 0]


def test_vectors_are_complete():
    unit = small_softmax()
    sent, received = driven(unit.manifest, limit_bits=5)
    assert len(sent) == len(received) == 2
    assert 32 <= len(sent[0]) < 32 + 3
    assert sent[1].tolist() == received[1].tolist()
    assert sent[1][-1] == 1
    alone = unit.golden([[int(sent[0][0])]])  # the first vector has one element
    assert received[0][0] == alone[0, 0]


def test_a_cell_has_a_column_for_each_input_and_output():
    unit = small_gru()
    (r, u, n_x, n_h, h), (h_next,) = driven(unit.manifest, seed=3, limit_bits=4)
    assert len(r) >= 16
    assert h_next.tolist() == unit.golden(r=r, u=u, n_x=n_x, n_h=n_h, h=h).h_next.tolist()
