from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.support.parameters import (
    Parameter,
    nearest,
    parameters_by_name,
    parse_number,
    read_name,
    read_parameters,
    show_number,
)

DEGREE = Parameter("degree", int, "degree", minimum=0, maximum=12)
SIZE = Parameter("size", int, "size", default=3, minimum=1)
SLOPE = Parameter("slope", Fraction, "slope")
VARIANT = Parameter("variant", str, "whose", default="keras2", choices={"keras2": ("onnx",), "keras3": ("torch",)})


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, Fraction(3)),
        (Fraction(1, 6), Fraction(1, 6)),
        (0.2, Fraction(1, 5)),
        (1e-4, Fraction(1, 10000)),
        ("0.2", Fraction(1, 5)),
        (" 1/6 ", Fraction(1, 6)),
        ("-3", Fraction(-3)),
        ("1e-4", Fraction(1, 10000)),
        ("2^-12", Fraction(1, 4096)),
        ("2 ^ 10", Fraction(1024)),
        ("0.5^2", Fraction(1, 4)),
        ("-2^2", Fraction(-4)),
        (" -2^-3", Fraction(-1, 8)),
        ("1e400", Fraction(10**400)),
        (np.float64(0.2), Fraction(1, 5)),
        (np.int64(3), Fraction(3)),
        (np.float32(0.5), Fraction(1, 2)),
        (Decimal("0.2"), Fraction(1, 5)),
    ],
)
def test_parse_number(value, number):
    assert parse_number(value) == number


@given(st.fractions())
def test_fractions_round_trip_as_text(value):
    if len(str(value)) <= 100:
        assert parse_number(str(value)) == value


NO_NUMBERS = ["", "--2^2", "x", "1/0", "0^-1", "2^x", "2^-1025", "2^1e3", "1e401", "1e-401", "inf", "nan", "1" * 101]
HUGE_BASE = "1e401^1"  # is read: 1e999999999^1 fills the memory


@pytest.mark.parametrize(
    ("value", "error"),
    [
        *((value, ValueError) for value in (*NO_NUMBERS, HUGE_BASE, float("nan"), float("inf"), Decimal("nan"))),
        *((value, TypeError) for value in (True, None, [1], 1j)),
    ],
)
def test_what_is_no_number(value, error):
    with pytest.raises(error) as raised:
        parse_number(value)
    assert str(raised.value) == f"{value!r} is not a number"


@pytest.mark.parametrize(
    ("parameter", "value", "read"),
    [
        (DEGREE, "7", 7),
        (DEGREE, 12.0, 12),
        (SLOPE, "1/6", Fraction(1, 6)),
        (VARIANT, "keras3", "keras3"),
        (VARIANT, "torch", "keras3"),
    ],
)
def test_read(parameter, value, read):
    result = parameter.read(value)
    assert result == read
    assert type(result) is type(read)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (DEGREE, "x", "degree must be a whole number from 0 to 12, not 'x'"),
        (DEGREE, 2.5, "degree must be a whole number from 0 to 12, not 2.5"),
        (DEGREE, 13, "degree must be a whole number from 0 to 12, not 13"),
        (DEGREE, -1, "degree must be a whole number from 0 to 12, not -1"),
        (SIZE, 0, "size must be a whole number, 1 or more, not 0"),
        (SLOPE, "steep", "slope must be a number, not 'steep'"),
        (VARIANT, "tork", "there is no variant 'tork'; did you mean torch?"),
        (VARIANT, 7, "variant must be a name such as keras2, not 7"),
        (VARIANT, ["onnx"], "variant must be a name such as keras2, not ['onnx']"),
        (DEGREE, [], "degree must be a whole number from 0 to 12, not []"),
        (SLOPE, True, "slope must be a number, not True"),
    ],
)
def test_read_refuses(parameter, value, message):
    with pytest.raises((TypeError, ValueError)) as raised:
        parameter.read(value)
    assert str(raised.value) == message
    wrong_kind = value is True or isinstance(value, list) or (parameter is VARIANT and not isinstance(value, str))
    assert isinstance(raised.value, TypeError) == wrong_kind


def test_names_are_read_in_any_case():
    assert VARIANT.read("ONNX") == "keras2"
    assert read_name("size", " Large ", ["small", "large"]) == "large"
    with pytest.raises(ValueError, match=r"^there is no size 'LARG'; did you mean large\?$"):
        read_name("size", "LARG", ["small", "large"])


def test_read_parameters():
    declared = (DEGREE, SIZE, VARIANT)
    assert read_parameters("method taylor", declared, {}) == {"degree": None, "size": 3, "variant": "keras2"}
    assert read_parameters("method taylor", declared, {"size": "5", "degree": None, "variant": "onnx"}) == {
        "degree": None,
        "size": 5,
        "variant": "keras2",
    }


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ((DEGREE, SIZE), "method taylor has no parameter 'degre'; did you mean degree?"),
        ((SIZE, SLOPE), "method taylor has no parameter 'degre'; choose one of size, slope"),
        ((), "method taylor has no parameter 'degre'; it has no parameters"),
    ],
)
def test_unknown_parameters(declared, message):
    with pytest.raises(ValueError) as raised:
        read_parameters("method taylor", declared, {"degre": 3})
    assert str(raised.value) == message


def test_nearest():
    assert nearest("tahn", ["tanh", "logistic"]) == "did you mean tanh?"
    assert nearest("?", ["tanh", "logistic"]) == "choose one of tanh, logistic"


FACTOR = Parameter("beta", Fraction, "factor", default=Fraction(1), aliases=("alpha", "gain"))


@pytest.mark.parametrize("name", ["beta", "alpha", "gain"])
def test_a_parameter_is_given_by_any_of_its_names(name):
    assert read_parameters("function silu", (FACTOR,), {name: "1/3"}) == {"beta": Fraction(1, 3)}
    assert read_parameters("function silu", (FACTOR,), {name: None}) == {"beta": 1}


@pytest.mark.parametrize("given", [{"beta": 1, "alpha": 2}, {"alpha": 1, "gain": 1}])
def test_a_parameter_is_given_once(given):
    with pytest.raises(ValueError) as raised:
        read_parameters("function silu", (FACTOR,), given)
    first, second = given
    assert str(raised.value) == (f"{first} and {second} are the same parameter of function silu: give one of the two")


def test_a_name_that_is_none_does_not_count_as_given():
    assert read_parameters("function silu", (FACTOR,), {"beta": None, "alpha": 2}) == {"beta": 2}


def test_hints_hold_other_names():
    with pytest.raises(ValueError, match=r"has no parameter 'alpa'; did you mean alpha\?"):
        read_parameters("function silu", (FACTOR,), {"alpa": 1})


def test_a_proper_name_goes_before_an_alias():
    other = Parameter("alpha", Fraction, "another")
    assert parameters_by_name((FACTOR, other)) == {"beta": FACTOR, "alpha": FACTOR, "gain": FACTOR} | {"alpha": other}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2), "1/2"),
        (Fraction(-1, 100), "-1/100"),
        (Fraction("16666670143604279/100000000000000000"), "0.16666670143604279"),
        (Fraction("-1.6732632423543772848170429916717"), "-1.6732632423543772848170429916717"),
        (Fraction(10**20, 3 * 10**10 + 1), "100000000000000000000/30000000001"),
        ("tanh", "tanh"),
        (3, "3"),
    ],
)
def test_numbers_are_shown_as_they_are_read(value, text):
    assert show_number(value) == text
    if isinstance(value, Fraction):
        assert parse_number(text) == value
