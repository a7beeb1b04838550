import numpy as np
import pytest

from softgate.sim.golden.code_table import CodeTable


def test_entries_of_codes_from_the_first_on():
    table = CodeTable(-2, (np.array([10, 11, 12, 13]), np.array([-1, 0, 300, 5])))
    first, second = table.outputs(np.array([[1, -2], [0, -1]]), [np.int64, np.int16])
    assert first.tolist() == [[13, 10], [12, 11]]
    assert second.tolist() == [[5, -1], [300, 0]]
    assert (first.dtype, second.dtype) == (np.int64, np.int16)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64, ">i2"])
def test_codes_of_any_integer_type(dtype):
    table = CodeTable(3, (np.array([7, 8, 9]),))
    assert table.outputs(np.array([5, 3], dtype), [np.int64])[0].tolist() == [9, 7]


@pytest.mark.parametrize(
    "codes",
    [
        np.array([0, -3]),
        np.array([0, 2]),
        np.array([1 << 62]),
        np.array([-(1 << 63)]),
        np.array([(1 << 64) - 1], np.uint64),  # -1 as a signed number
    ],
)
def test_codes_without_an_entry(codes):
    assert CodeTable(-2, (np.array([10, 11, 12, 13]),)).outputs(codes, [np.int64]) is None


def test_codes_beyond_one_chunk():
    table = CodeTable(-128, (np.arange(256) ** 2,))
    codes = np.tile(np.arange(-128, 128), 200)
    assert np.array_equal(table.outputs(codes, [np.int64])[0], (codes + 128) ** 2)
    codes[-1] = 128  # in the last chunk
    assert table.outputs(codes, [np.int64]) is None


def test_codes_of_64_unsigned_bits():
    table = CodeTable(0, (np.array([0, (1 << 64) - 1], np.uint64),))
    assert table.outputs(np.array([1, 0]), [np.uint64])[0].tolist() == [(1 << 64) - 1, 0]
