"""Constants are values or codes, and what a format does not hold is refused by its place."""

import numpy as np
import pytest

from softgate.accuracy.composites.constant_codes import read_constants


def read(given):
    return read_constants("weights", given, -128, 127, 7, "SQ1.7").tolist()


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (np.array([0.5, -1.0, 127 / 128]), [64, -128, 127]),
        (np.array([0.5, 1.5, 2.5, -0.5]) / 128, [0, 2, 2, 0]),  # half to even
        (np.array([3, -128]), [3, -128]),
        ([[0.25], [0.5]], [[32], [64]]),
        ("1/4", 32),
        (np.array([0.1], np.float32), [13]),
    ],
)
def test_values_and_codes(given, codes):
    assert read(given) == codes


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (np.array([0.0, 1.0]), ValueError, r"weights at \[1\] must be from -1 to 0.992188, which SQ1.7 holds, not 1"),
        (np.array([[0, 0], [0, -129]]), ValueError, r"weights at \[1, 1\] must be from -1"),
        (np.array([0.0, np.nan]), ValueError, r"weights must be numbers, but there is a NaN at \[1\]"),
        (np.array([np.inf]), ValueError, r"weights at \[0\] must be finite, not inf"),
        (np.array(["a"]), TypeError, "weights must be integers, not text"),
        ("quarter", ValueError, r"weights must be a number such as 0.25, or an array \(.npy\), not 'quarter'"),
        (np.ma.MaskedArray([0.5], mask=[True]), ValueError, "some are masked"),
        (np.array([True]), TypeError, "weights must be integers, not bool"),
    ],
)
def test_refusals(given, error, message):
    with pytest.raises(error, match=message):
        read(given)
