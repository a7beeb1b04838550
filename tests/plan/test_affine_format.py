from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.plan import AffineFormat, FixedFormat, Plan, PlanBuilder, parse_format
from softgate.plan import operations as op
from softgate.plan.any_format import affine_format, plan_format
from softgate.sim.golden.model import golden

INT8, UINT8 = FixedFormat(True, 8, 0), FixedFormat(False, 8, 0)


@pytest.mark.parametrize(
    ("text", "codes", "scale", "zero_point", "shown"),
    [
        ("int8:0.047:-3", INT8, Fraction(47, 1000), -3, "int8:0.047:-3"),
        ("uint8:1/256:5", UINT8, Fraction(1, 256), 5, "uint8:1/256:5"),
        (" UINT4 : 2^-3 : 8 ", FixedFormat(False, 4, 0), Fraction(1, 8), 8, "uint4:1/8:8"),
        ("int16:3e-4", FixedFormat(True, 16, 0), Fraction(3, 10000), 0, "int16:0.0003:0"),
        ("int8:1:-200", INT8, Fraction(1), -200, "int8:1:-200"),
    ],
)
def test_parse(text, codes, scale, zero_point, shown):
    fmt = parse_format(text)
    assert fmt == AffineFormat(codes, scale, zero_point)
    assert str(fmt) == shown
    assert repr(fmt) == f"AffineFormat('{shown}')"
    assert parse_format(shown) == fmt
    assert parse_format(fmt) is fmt


@pytest.mark.parametrize(
    ("text", "fixed"),
    [("int16:2^-12", "SQ4.12"), ("uint8:1/256:0", "UQ0.8"), ("int8:4", "SQ10.-2"), ("SQ4.12", "SQ4.12")],
)
def test_a_power_of_two_without_a_zero_point_is_fixed_point(text, fixed):
    assert parse_format(text) == FixedFormat.parse(fixed)


def test_a_scale_of_a_model_is_the_fraction_that_its_float_is():
    scale = Fraction(float(np.float32(0.047)))
    fmt = affine_format(INT8, scale, -3)
    assert fmt.ulp == scale != Fraction(47, 1000)
    assert parse_format(str(fmt)) == fmt


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "int8:x:3",
            "format 'int8:x:3' has a scale that is not a number, 'x'; write one above 0, such as 0.047 or 1/256",
        ),
        ("int8:0:3", "format 'int8:0:3' has a scale of 0; it must be above 0"),
        ("int8:-1/2:3", "format 'int8:-1/2:3' has a scale of -1/2; it must be above 0"),
        ("int0:0.1", "format 'int0:0.1' has 0 bits; 1 to 64 are possible"),
        ("int65:0.1", "format 'int65:0.1' has 65 bits; 1 to 64 are possible"),
        (
            "int8",
            "format 'int8' is invalid: an affine format is written as its type, scale and zero point, such as int8",
        ),
        ("int8:1e400:0", "format 'int8:1e400:0' has a scale of 1e400; it must be from 2^-64 to 2^64"),
        (
            "int8:0.1:1.5",
            "format 'int8:0.1:1.5' has a zero point that is not a whole number, '1.5'; write one such as -3",
        ),
        ("int8:0.1:", "has a zero point that is not a whole number, ''"),
        ("int8:0.1:9300000000000000000", "has a zero point of 9300000000000000000; it must be from -2^31 to 2^31"),
        ("int8:0.1:1:2", "format 'int8:0.1:1:2' is invalid: an affine format is written as its type, scale and zero"),
        ("int99999999999:0.1", "format 'int99999999999:0.1' has 99999999999 bits; 1 to 64 are possible"),
    ],
)
def test_text_that_is_refused(text, message):
    with pytest.raises(ValueError) as raised:
        parse_format(text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("i8", 1), TypeError, "codes_format must be a FixedFormat, or text such as 'int8', not 'i8'"),
        (("int65", 1), ValueError, "format SQ65.0 has 65 bits; 1 to 64 are possible"),
        ((FixedFormat(True, 4, 4), Fraction(1)), ValueError, "codes_format must have no fraction bits, but SQ4.4 has"),
        ((INT8, "0.5"), TypeError, "scale must be a fraction, an integer or a float, not '0.5'"),
        ((INT8, True), TypeError, "scale must be a fraction, an integer or a float, not True"),
        ((INT8, Fraction(-1)), ValueError, "an affine format has a scale of -1; it must be above 0"),
        ((INT8, 0.0), ValueError, "an affine format has a scale of 0; it must be above 0"),
        ((INT8, np.float32(np.nan)), ValueError, "scale must be a finite number above 0, not nan"),
        ((INT8, float("inf")), ValueError, "scale must be a finite number above 0, not inf"),
        ((INT8, 5e-324), ValueError, "it must be from 2^-64 to 2^64"),
        ((INT8, 1, 2**31 + 1), ValueError, "an affine format has a zero point of 2147483649; it must be from"),
        ((INT8, Fraction(1), 1.0), TypeError, "zero_point must be an integer, not 1.0"),
    ],
)
def test_arguments_that_are_refused(arguments, error, message):
    with pytest.raises(error) as raised:
        AffineFormat(*arguments)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "scale", "zero_point"),
    [
        (("int8", np.float32(0.047), np.int8(-3)), Fraction(6308233, 134217728), -3),
        ((" INT8 ", 3, 0), Fraction(3), 0),
        ((INT8, 0.75), Fraction(3, 4), 0),
        ((INT8, np.float64(0.1), 2), Fraction(0.1), 2),
        ((INT8, np.float16(0.1), 2), Fraction(819, 8192), 2),
        ((INT8, np.int64(2), np.int64(2**30)), Fraction(2), 2**30),
    ],
)
def test_numbers_of_a_model_are_taken_exactly(arguments, scale, zero_point):
    fmt = AffineFormat(*arguments)
    assert (fmt.codes_format, fmt.scale, fmt.zero_point) == (INT8, scale, zero_point)
    assert [type(fmt.scale), type(fmt.zero_point)] == [Fraction, int]
    assert hash(fmt) == hash(AffineFormat(INT8, scale, zero_point))


def test_a_format_that_a_binary_point_does_is_read_as_that():
    assert parse_format(AffineFormat("int8", Fraction(1, 16))) == FixedFormat(True, 4, 4)
    assert parse_format("int64:2^64:0") == FixedFormat(True, 128, -64)
    assert parse_format("int8:2^-64:0") == FixedFormat(True, -56, 64)


@pytest.mark.parametrize("zero_point", [2**31, -(2**31), 10**6, -300])
def test_zero_points_far_outside_the_codes(zero_point):
    fmt = parse_format(f"int8:0.1:{zero_point}")
    ends = [float(fmt.value(code)) for code in (-128, 127)]
    assert fmt.to_float([-128, 127]).tolist() == ends
    assert fmt.quantize([-1e300, 1e300]).tolist() == [-128, 127]
    assert fmt.quantize(np.array([-(2**63), 2**62])).tolist() == [-128, 127]
    assert fmt.quantize([0.0]).tolist() == [127 if zero_point > 0 else -128]


def test_values():
    fmt = parse_format("int8:0.25:-3")
    assert (fmt.min_code, fmt.max_code, fmt.width, fmt.signed, fmt.code_of_zero) == (-128, 127, 8, True, -3)
    assert (fmt.value(-3), fmt.value(-128), fmt.ulp) == (0, Fraction(-125, 4), Fraction(1, 4))
    assert (fmt.code_dtype, fmt.narrow_dtype) == (np.int64, np.int8)
    assert fmt.codes(-2, 1).tolist() == [-2, -1, 0, 1]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        # Ties go to an even number of units from the zero point, which is odd.
        ([0.0, 0.25, 0.5, 0.75, 1.25, -0.25, -0.75], [-3, -3, -2, -1, -1, -3, -5]),
        ([1e300, -1e300, np.inf, -np.inf, 65.0, -62.5], [127, -128, 127, -128, 127, -128]),
        ([0, 1, 2, -1, 10**9], [-3, -1, 1, -5, 127]),
    ],
)
def test_quantize(values, codes):
    quantized = parse_format("int8:1/2:-3").quantize(values)
    assert quantized.tolist() == codes
    assert quantized.dtype == np.int64


def test_quotients_near_a_tie_are_exact():
    fmt = parse_format("int16:0.1")
    # The float 0.45 is above 9/20, but in floats its quotient by 0.1 is 4.5.
    assert fmt.quantize([0.25, 0.45, np.nextafter(0.25, 1)]).tolist() == [2, 5, 3]


@given(
    st.sampled_from(["int8:0.047:-3", "uint8:1/3:200", "int16:0.001:7", "int64:1/7:1", "uint64:1e-9:0", "int2:5/7:-9"]),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
def test_quantize_is_exact(text, value):
    fmt = parse_format(text)
    units = round(Fraction(value) / fmt.scale) + fmt.zero_point
    assert int(fmt.quantize([value])[0]) == min(max(units, fmt.min_code), fmt.max_code)


@given(st.sampled_from(["int8:0.047:-3", "uint8:1/3:200", "int64:1/7:1", "uint64:1e-9:0"]), st.data())
def test_floats_are_nearest(text, data):
    fmt = parse_format(text)
    codes = data.draw(st.lists(st.integers(fmt.min_code, fmt.max_code), max_size=4))
    assert fmt.to_float(codes).tolist() == [float(fmt.value(code)) for code in codes]


def test_masks_and_shapes():
    fmt = parse_format("int8:1/3:1")
    masked = np.ma.MaskedArray([[np.nan, 1.0]], [[True, False]])
    assert fmt.quantize(masked).tolist() == [[None, 4]]
    assert fmt.to_float(np.ma.MaskedArray([4, 9], [False, True])).tolist() == [1.0, None]
    assert fmt.quantize(2.0).shape == ()
    assert fmt.quantize([]).shape == (0,)
    with pytest.raises(ValueError, match=r"there is a NaN at \[1\]"):
        fmt.quantize([0.0, np.nan])


def test_plans_hold_the_codes():
    fmt = parse_format("int8:0.25:-3")
    b = PlanBuilder()
    x = b.input("x", fmt)
    plan = b.build(y=(b.let("next", op.Bits(x, 0, 8, signed=True)), fmt))
    assert plan.points["x"] == 0
    assert [str(each) for _, each in plan.inputs] == ["int8:1/4:-3"]
    assert Plan.from_dict(plan.as_dict()) == plan
    held = plan.outputs[0].format
    assert (held.value(5), held.shown.value(5), held.shown, held.code_of_zero) == (5, 2, fmt, -3)
    assert golden(plan).floats([1.0, -1e9]).tolist() == [1.0, -31.25]
    assert plan_format(held) is held
    assert parse_format(held) is fmt
