from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import formats

from softgate.plan import FixedFormat

parse = FixedFormat.parse


@pytest.mark.parametrize(
    ("text", "signed", "integer_bits", "fraction_bits", "shown"),
    [
        ("SQ4.12", True, 4, 12, "SQ4.12"),
        ("UQ0.16", False, 0, 16, "UQ0.16"),
        ("sq1.0", True, 1, 0, "SQ1.0"),
        (" UQ64.0 ", False, 64, 0, "UQ64.0"),
        ("ap_fixed<16,4>", True, 4, 12, "SQ4.12"),
        ("ap_fixed< 16 , 16 >", True, 16, 0, "SQ16.0"),
        ("ap_ufixed<16,0>", False, 0, 16, "UQ0.16"),
        ("AP_UFIXED<1,1>", False, 1, 0, "UQ1.0"),
        ("SQ0.8", True, 0, 8, "SQ0.8"),
        ("SQ-2.10", True, -2, 10, "SQ-2.10"),
        ("UQ12.-4", False, 12, -4, "UQ12.-4"),
        ("ap_fixed<8,-1>", True, -1, 9, "SQ-1.9"),
        ("ap_ufixed<8,12>", False, 12, -4, "UQ12.-4"),
        ((True, 4, 12), True, 4, 12, "SQ4.12"),
    ],
)
def test_parse(text, signed, integer_bits, fraction_bits, shown):
    fmt = parse(text)
    assert fmt == FixedFormat(signed, integer_bits, fraction_bits)
    assert str(fmt) == shown
    assert repr(fmt) == f"FixedFormat('{shown}')"
    assert fmt.width == integer_bits + fraction_bits


@given(formats())
def test_text_round_trip(fmt):
    assert parse(str(fmt)) == fmt
    assert parse(fmt) is fmt


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Q4.12",
            "format 'Q4.12' is ambiguous: write SQ4.12 if its 4 integer bits include the sign (16 bits), "
            "SQ5.12 if the sign comes on top (17 bits) or UQ4.12 if there is no sign (16 bits)",
        ),
        (
            "Q0.15",
            "format 'Q0.15' is ambiguous: write SQ1.15 if the sign comes on top (16 bits) or UQ0.15 if there is no "
            "sign (15 bits)",
        ),
        ("UQ0.0", "format 'UQ0.0' has 0 bits; 1 to 64 are possible"),
        ("SQ33.32", "format 'SQ33.32' has 65 bits; 1 to 64 are possible"),
        ("ap_fixed<0,0>", "format 'ap_fixed<0,0>' has 0 bits; 1 to 64 are possible"),
        (
            "SQ80.-70",
            "format 'SQ80.-70' has its binary point 70 places outside its 10 bits; at most 64 are possible",
        ),
    ],
)
def test_text_that_is_refused(text, message):
    with pytest.raises(ValueError) as raised:
        parse(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((True, 4.0, 4), TypeError, "integer_bits must be an integer, not 4.0"),
        ((True, 4, True), TypeError, "fraction_bits must be an integer, not True"),
        ((True, 4, -4), ValueError, "format SQ4.-4 has 0 bits; 1 to 64 are possible"),
    ],
)
def test_arguments_that_are_refused(arguments, error, message):
    with pytest.raises(error) as raised:
        FixedFormat(*arguments)
    assert str(raised.value) == message


def test_signed_must_be_a_bool():
    with pytest.raises(TypeError, match="signed must be"):
        FixedFormat("no", 4, 4)


def test_a_format_is_written_as_text():
    with pytest.raises(TypeError) as raised:
        parse(16)
    assert str(raised.value) == "format must be text such as 'SQ4.12', or (True, 4, 12), not 16"


@pytest.mark.parametrize(
    ("text", "low", "high", "ulp"),
    [
        ("SQ1.0", -1, 0, Fraction(1)),
        ("UQ0.1", 0, 1, Fraction(1, 2)),
        ("SQ4.4", -128, 127, Fraction(1, 16)),
        ("UQ0.16", 0, 65535, Fraction(1, 65536)),
        ("SQ64.0", -(1 << 63), (1 << 63) - 1, Fraction(1)),
        ("UQ0.64", 0, (1 << 64) - 1, Fraction(1, 1 << 64)),
        ("SQ-2.10", -128, 127, Fraction(1, 1024)),
        ("UQ12.-4", 0, 255, Fraction(16)),
    ],
)
def test_limits(text, low, high, ulp):
    fmt = parse(text)
    assert (fmt.min_code, fmt.max_code, fmt.ulp) == (low, high, ulp)
    assert fmt.value(high) == high * ulp
    assert fmt.code_dtype is (np.uint64 if high >= 1 << 63 else np.int64)


@pytest.mark.parametrize(
    ("text", "values", "codes"),
    [
        ("SQ6.-2", [-31, 2, 6, 7, 1 << 62], [-8, 0, 2, 2, 7]),
        ("SQ4.2", [-9, -8, 1, 7, 1 << 62], [-32, -32, 4, 28, 31]),
    ],
)
def test_quantize_integers(text, values, codes):
    assert parse(text).quantize(values).tolist() == codes
    assert parse(text).quantize(np.array(values[:4], np.int8)).tolist() == codes[:4]


def test_codes():
    assert parse("SQ2.1").codes().tolist() == [-4, -3, -2, -1, 0, 1, 2, 3]
    assert parse("UQ0.2").codes().tolist() == [0, 1, 2, 3]
    assert parse("SQ2.1").codes(-1, 2).tolist() == [-1, 0, 1, 2]
    assert parse("SQ2.1").codes(1).tolist() == [1, 2, 3]
    assert parse("SQ8.56").codes(high=3 - (1 << 63)).tolist() == [-(1 << 63) + k for k in range(4)]
    assert parse("UQ0.64").codes((1 << 64) - 2).tolist() == [(1 << 64) - 2, (1 << 64) - 1]
    with pytest.raises(ValueError) as raised:
        parse("SQ29.0").codes()
    assert str(raised.value) == "536870912 codes of SQ29.0 are too many to list; 2**28 at most"


@pytest.mark.parametrize(
    ("text", "values", "codes"),
    [
        ("SQ3.1", [-1.25, -0.75, -0.25, 0.25, 0.75, 1.25], [-2, -2, 0, 0, 2, 2]),  # ties to even
        ("SQ3.1", [-0.251, 0.249, 0.251], [-1, 0, 1]),
        ("SQ3.1", [-4.0, -4.3, -1e300, 3.5, 3.7, 4.0, np.inf, -np.inf], [-8, -8, -8, 7, 7, 7, 7, -8]),
        ("UQ0.2", [-0.1, -5.0, -0.0, 0.6, 0.9, 1e9], [0, 0, 0, 2, 3, 3]),
        ("SQ1.63", [0.5, 1.0, -1.0, 1e308], [1 << 62, (1 << 63) - 1, -(1 << 63), (1 << 63) - 1]),
        ("SQ6.-2", [-31.0, 2.0, 6.0, 6.1, 1e9], [-8, 0, 2, 2, 7]),
        ("SQ-2.6", [0.0625, 1 / 128, 3 / 128, -0.5], [4, 0, 2, -8]),
        ("UQ64.0", [2.0**63, 1.8e19, 2.0**64], [1 << 63, 18 * 10**18, (1 << 64) - 1]),
    ],
)
def test_quantize(text, values, codes):
    quantized = parse(text).quantize(values)
    assert quantized.tolist() == codes
    assert quantized.dtype == parse(text).code_dtype


def test_quantize_keeps_the_shape():
    assert parse("SQ3.1").quantize(0.5).shape == ()
    assert parse("SQ3.1").quantize(np.zeros((2, 3))).shape == (2, 3)


def test_quantize_refuses_nan():
    with pytest.raises(ValueError, match=r"values must be numbers, but there is a NaN at \[1\]"):
        parse("SQ3.1").quantize([0.0, float("nan")])


@pytest.mark.parametrize(
    ("text", "codes", "values"),
    [
        ("SQ3.1", [-8, 0, 7], [-4.0, 0.0, 3.5]),
        ("UQ64.0", [(1 << 64) - 1, 3], [2.0**64, 3.0]),
        ("SQ1.63", [-(1 << 63)], [-1.0]),
    ],
)
def test_to_float(text, codes, values):
    assert parse(text).to_float(np.array(codes, dtype=parse(text).code_dtype)).tolist() == values


@given(st.data())
def test_quantize_inverts_to_float(data):
    fmt = data.draw(formats(st.integers(1, 53)))
    codes = data.draw(st.lists(st.integers(fmt.min_code, fmt.max_code), min_size=1))
    assert fmt.quantize(fmt.to_float(codes)).tolist() == codes
    assert [Fraction(value) for value in fmt.to_float(codes).tolist()] == [fmt.value(code) for code in codes]


@given(formats(), st.fractions(-(1 << 65), 1 << 65))
def test_quantize_is_the_nearest_code(fmt, value):
    rounded = Fraction(float(value))
    nearest = min(max(round(rounded / fmt.ulp), fmt.min_code), fmt.max_code)
    assert int(fmt.quantize(float(value))) == nearest
