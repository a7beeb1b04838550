import numpy as np
import pytest
from small_cells import small_lstm

from examples.vad.hardware import HardwareCell, Recorded, States
from examples.vad.lstm import Gates, run_lstm

RANDOM = np.random.default_rng(2)
X = RANDOM.normal(0, 1, (6, 2, 3)).astype(np.float32)
WEIGHTS = RANDOM.normal(0, 1, (16, 3)).astype(np.float32), RANDOM.normal(0, 1, (16, 4)).astype(np.float32)


def small_cell():
    return HardwareCell(small_lstm("SQ3.3", "UQ0.6", "SQ3.5", "SQ1.5", order="iofc"))


def test_sums_are_rounded_to_codes_in_the_order_of_onnx():
    sums = np.array([[0, 1, 2, 3, -1, -9, 0.015, 0.5], [4, 5, -5, 0, 1, 1, 1, 1]], np.float32)
    codes = small_cell().codes(sums, np.array([[0.03, -4], [1, 3.999]], np.float32))
    assert {name: each.tolist() for name, each in codes.items()} == {
        "i": [0, 8, 31, 31],
        "o": [16, 24, -32, 0],
        "f": [-8, -32, 8, 8],
        "g": [0, 4, 8, 8],
        "c": [1, -128, 32, 127],
    }


def test_in_the_loop_of_an_lstm_it_stays_near_the_float_cell():
    cell, exact = Recorded(small_cell()), Recorded(Gates.exact())
    found, expected = run_lstm(cell, X, *WEIGHTS)[0], run_lstm(exact, X, *WEIGHTS)[0]
    assert 0 < abs(found - expected).max() < 0.2
    assert (found.dtype, found.shape) == (np.float32, (6, 1, 2, 4))
    sums, old = cell.inputs()
    h, new = cell.outputs()
    assert (sums.shape, old.shape) == ((12, 16), (12, 4))
    np.testing.assert_array_equal(h.reshape(6, 1, 2, 4), found)
    np.testing.assert_array_equal(old[2:], new[:-2])
    assert not np.array_equal(exact.inputs()[0], sums)


@pytest.mark.tools
def test_its_verilog_makes_the_codes_of_the_golden_model(tmp_path):
    cell, recorded = small_cell(), Recorded(Gates.exact())
    run_lstm(recorded, 3 * X, *WEIGHTS)
    codes = cell.joined(recorded.inputs(), recorded.inputs())
    golden = cell.golden(codes)
    assert golden.h.shape == (96,)
    assert len(np.unique(golden.c_next)) >= 30
    assert golden.differences(cell.verilog(codes, tmp_path)) == 0


def test_an_element_differs_if_either_of_its_states_does():
    one = States(np.array([1, 2, 3, 4]), np.array([5, 6, 7, 8]))
    assert one.differences(States(np.array([1, 0, 3, 0]), np.array([5, 6, 0, 0]))) == 3
