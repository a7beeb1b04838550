from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import formats

from softgate import requantize
from softgate.plan.requantize import ROUNDINGS

HALVES = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("half_even", [-2, -2, -2, -1, 0, 0, 0, 1, 2, 2, 2]),
        ("half_up", [-2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3]),
        ("half_away", [-3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3]),
        ("floor", [-3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2]),
        ("zero", [-2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2]),
    ],
)
def test_ties(rounding, expected):
    assert requantize(HALVES, "SQ4.1", "SQ4.0", rounding).tolist() == expected


def test_limits():
    assert requantize([-128, -17, 7, 127], "SQ4.4", "SQ1.4").tolist() == [-16, -16, 7, 15]
    assert requantize([-128, 127], "SQ4.4", "UQ4.6").tolist() == [0, 127 * 4]
    assert requantize([(1 << 64) - 1], "UQ64.0", "SQ64.0").tolist() == [(1 << 63) - 1]
    wide = requantize([1, 255], "UQ8.0", "UQ8.56")
    assert wide.dtype == np.uint64
    assert wide.tolist() == [1 << 56, 255 << 56]


def _rounded(value, rounding):
    down = floor(value)
    rest = value - down
    if rest == Fraction(1, 2):
        return {
            "half_even": down + down % 2,
            "half_up": down + 1,
            "half_away": down + (value > 0),
            "floor": down,
            "zero": down + (value < 0),
        }[rounding]
    if rounding == "floor":
        return down
    if rounding == "zero":
        return down + (value < 0 and rest > 0)
    return down + (rest > Fraction(1, 2))


@given(formats(), formats(), st.sampled_from(ROUNDINGS), st.data())
def test_any_two_formats(source, target, rounding, data):
    codes = data.draw(st.lists(st.integers(source.min_code, source.max_code), max_size=5))
    expected = [
        min(max(_rounded(source.value(code) / target.ulp, rounding), target.min_code), target.max_code)
        for code in codes
    ]
    assert requantize(codes, source, target, rounding).tolist() == expected


def test_shapes_and_masks():
    codes = np.ma.MaskedArray([[1, 99], [3, 4]], [[False, True], [False, False]])
    result = requantize(codes, "SQ4.0", "SQ4.1")
    assert result.tolist() == [[2, None], [6, 8]]
    assert requantize(np.int8(3), "SQ4.0", "SQ4.1").shape == ()
    assert requantize([], "SQ4.0", "SQ4.1").shape == (0,)


OUTSIDE = "codes must be from -8 to 7, the codes of source SQ4.0, but "


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0.5], "SQ4.0", "SQ4.1"), TypeError, "codes must be integers, but the one at [0] is 0.5"),
        (([[0, 8]], "SQ4.0", "SQ4.1"), ValueError, OUTSIDE + "the one at [0, 1] is 8"),
        ((-9, "SQ4.0", "SQ4.1"), ValueError, OUTSIDE + "it is -9"),
        (([0], "Q4.0", "SQ4.1"), ValueError, "source format 'Q4.0' is ambiguous"),
        (([0], "SQ4.0", 3), TypeError, "target format must be text such as 'SQ4.12', or (True, 4, 12), not 3"),
        (([0], "SQ4.0", "SQ4.1", "even"), ValueError, "rounding"),
    ],
)
def test_refusals(arguments, error, message):
    with pytest.raises(error) as raised:
        requantize(*arguments)
    assert message in str(raised.value)
