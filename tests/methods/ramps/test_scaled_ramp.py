from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specified import specify

from softgate.functions import create_function
from softgate.methods.ramps.scaled_ramp import Line, ScaledRamp


def ramp(source, output, **parameters):
    return ScaledRamp.of(specify(create_function("hard_logistic", **parameters), source, output))


def test_a_ramp_in_codes():
    # x / 4 + 1/2 in steps of 1/8 of x and of 1/64 of y: two units a code, and 32 at 0
    found = ramp("SQ3.3", "UQ1.6")
    assert (found.slope, found.offset, found.low, found.high) == (2, 32, 0, 64)
    # a whole unit past the ends: 2 * -17 + 32 = -2, -16 is at the end itself; and 2 * 17 + 32 = 66
    assert (found.first, found.last) == (-17, 17)
    assert (found.value(-20), found.rounded(-20), found.rounded(5), found.rounded(20)) == (-8, 0, 42, 64)


def test_a_slope_that_is_no_shift():
    found = ramp("SQ3.3", "UQ1.6", variant="keras3")
    assert (found.slope, found.offset, found.grid) == (Fraction(4, 3), 32, 3)
    assert [found.rounded(code) for code in (1, 2, 3)] == [33, 35, 36]  # 33 1/3, 34 2/3, 36


def test_ends_are_those_of_the_output_format():
    found = ramp("SQ3.3", "UQ0.6", variant="taylor")
    assert (found.low, found.high) == (0, 63)


def test_what_has_no_ramp():
    with pytest.raises(ValueError, match="tanh is not a clamped linear function"):
        ScaledRamp.of(specify("tanh", "SQ3.3", "SQ1.6"))


@given(st.integers(1, 40), st.integers(3, 6), st.integers(-64, 200))
def test_no_code_is_off_by_more_than_the_bound(multiple, bits, after):
    found = ramp("SQ3.3", "UQ1.6", variant="keras3")
    line = Line(multiple, bits, after=32 + Fraction(after, 64))
    bound = found.largest_error(line)
    for code in range(found.first, found.last + 1):
        output = min(max(line.value(code) // 1, found.low), found.high)
        assert abs(output - min(max(found.value(code), found.low), found.high)) <= bound
