import numpy as np
import pytest

from softgate.functions.packed_values import PackedValues, pack, read_array, summary, unpack


def test_the_text_of_an_array():
    assert pack(np.array([1.0, -0.5, -0.0])) == "3ff0000000000000" + "bfe0000000000000" + "0" * 16
    assert unpack("3ff0000000000000bfe0000000000000").tolist() == [1.0, -0.5]
    assert summary("3ff0000000000000") == "1 value, sha256 4c230013fc82"


def test_random_values_come_back():
    values = np.random.default_rng(1).normal(size=50) * 1e-300
    assert (unpack(pack(values)) == values).all()


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (3, TypeError, "values must be text such as `pack` returns, not 3"),
        ("", ValueError, "values must be 16 hexadecimal digits for each float64, not ''"),
        ("3ff000000000000", ValueError, "values must be 16 hexadecimal digits for each float64, not '3ff"),
        ("3ff0000000000000ff", ValueError, "values must be 16 hexadecimal digits for each float64"),
        ("3ff0 0000 0000 0000 ", ValueError, "values must be 16 hexadecimal digits for each float64"),
        ("zff0000000000000", ValueError, "values must be 16 hexadecimal digits for each float64"),
        ("7ff0000000000000", ValueError, "values must hold finite values, but there is inf at [0]"),
    ],
)
def test_texts_that_are_no_values(value, error, message):
    with pytest.raises(error) as refusal:
        PackedValues("values", str, "for a test").read(value)
    assert str(refusal.value).startswith(message)


def test_floats_of_any_size_are_values():
    for dtype in ("f2", "f4", "f8", ">f4"):
        assert read_array(np.array([0.5, -3], dtype=dtype), "table").tolist() == [0.5, -3.0]
    assert read_array([0.1, 1.0], "table").tolist() == [0.1, 1.0]


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        (
            np.arange(4),
            TypeError,
            "table must hold values as floats, not int64, which may be codes: convert values as ",
        ),
        (np.array([True]), TypeError, "table must be floats, not bool"),
        (np.array(["a"]), TypeError, "table must be floats, not text"),
        (np.ones(3) * 1j, TypeError, "table must be floats, not complex128"),
        (np.ones(3, np.longdouble), TypeError, "table must hold values of at most 64 bits, not "),
        (np.ones((2, 2)), ValueError, "table must be an array of one axis, not of shape (2, 2)"),
        (np.float64(1), ValueError, "table must be an array of one axis, not of shape ()"),
        (np.array([0.5, np.nan]), ValueError, "table must be numbers, but there is a NaN at [1]"),
        (np.array([0.5, -np.inf]), ValueError, "table must hold finite values, but there is -inf at [1]"),
        (np.zeros(0), ValueError, "table must hold from 1 to 1048576 values, not 0"),
        (np.zeros((1 << 20) + 1), ValueError, "table must hold from 1 to 1048576 values, not 1048577"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), ValueError, "table must hold all its values, but some are masked"),
    ],
)
def test_arrays_that_are_refused(array, error, message):
    with pytest.raises(error) as refusal:
        read_array(array, "table")
    assert str(refusal.value).startswith(message)
