from fractions import Fraction
from math import floor

import numpy as np
import pytest
from small_rrelu import small_rrelu


def drawn(state, count, bits):
    """Return the numbers of the slopes, as a register of 61 bits gives them, step by step."""
    register = [state >> place & 1 for place in range(61)]
    found = []
    for _ in range(count):
        number = 0
        for place in range(bits):
            number += register[0] << place
            register = [*register[1:], register[0] ^ register[1] ^ register[15] ^ register[16]]
        found.append(number)
    return found


@pytest.mark.parametrize(("bits", "seed"), [(1, 0), (5, 1), (8, 65535), (16, 3)])
def test_slopes_are_those_of_the_register(bits, seed):
    unit = small_rrelu(slope_bits=bits, seed=seed)
    words = unit.words
    expected = [words["slope_first"] + j * words["slope_step"] for j in drawn(words["state"], 1000, bits)]
    assert unit.golden.slopes(1000).tolist() == expected
    for start in (1, 12, 61, 937):
        assert unit.golden.slopes(63, start=start).tolist() == expected[start : start + 63]
    assert unit.golden.slopes(0).tolist() == []


def test_slopes_far_on_are_those_of_the_next_seed():
    first, second = small_rrelu(seed=1), small_rrelu(seed=2)
    assert (first.golden.slopes(100, start=1 << 44) == second.golden.slopes(100)).all()
    period = (1 << 61) - 1
    assert (first.golden.slopes(100, start=period) == first.golden.slopes(100)).all()


def test_slopes_are_spread_evenly():
    unit = small_rrelu()
    slopes = unit.golden.slopes(32_000)
    number = (slopes - unit.words["slope_first"]) // unit.words["slope_step"]
    counts = np.bincount(number, minlength=32)
    assert len(counts) == 32
    assert np.abs(counts - 1000).max() < 130  # four standard deviations
    pairs = np.bincount(number[:-1] * 32 + number[1:], minlength=1024)
    assert np.abs(pairs - 31.25).max() < 28


@pytest.mark.parametrize("output", ["SQ3.3", "SQ2.9", "SQ3.1"])
def test_outputs_are_exact_products_rounded_once(output):
    unit = small_rrelu(output=output)
    fmt, point = unit.asked.output_format, unit.words["slope_point"]
    x = np.arange(-64, 64)
    slopes = [Fraction(int(slope), 1 << point) for slope in unit.golden.slopes(128)]
    for code, slope, y in zip(x.tolist(), slopes, unit.golden(x).tolist(), strict=True):
        exact = Fraction(code, 16) * (slope if code < 0 else 1)
        rounded = floor(exact / fmt.ulp + Fraction(1, 2))
        assert y == min(max(rounded, fmt.min_code), fmt.max_code)


def test_literal_values_and_shapes():
    unit = small_rrelu(output="SQ3.4")
    assert unit.golden([[32, -32], [-32, -32]]).tolist() == [[32, -7], [-4, -9]]
    assert unit.golden.floats([2.0, -2.0]).tolist() == [2.0, -0.4375]
    assert unit.golden([-32, -32], start=2).tolist() == [-4, -9]


def test_what_is_not_negative_takes_a_slope_too():
    unit = small_rrelu()
    y, last = unit.golden.transfers([np.array([1, -40, 1, -40]), np.array([0, 1, 0, 1])])
    assert y.tolist() == [unit.golden([x], start=at)[0] for at, x in enumerate([1, -40, 1, -40])]
    assert last.tolist() == [0, 1, 0, 1]


def test_refusals():
    golden = small_rrelu().golden
    with pytest.raises(ValueError, match=r"x at \[1\] is 64, not a code of SQ3\.4"):
        golden([0, 64])
    with pytest.raises(ValueError, match="start must be 0 or more, not -1"):
        golden([0], start=-1)
    with pytest.raises(ValueError, match="codes of x must not be masked"):
        golden(np.ma.array([0, 1], mask=[0, 1]))
    with pytest.raises(ValueError, match="values of x must not be masked"):
        golden.floats(np.ma.array([0.0, 1.0], mask=[0, 1]))
    with pytest.raises(TypeError):
        golden([0.5])
