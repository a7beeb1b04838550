"""Arrays that models, formats and `requantize` refuse: a sentence each that names the argument and the index."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from refused import check_sentence

from softgate import requantize, rounded
from softgate.plan import parse_format

FORMATS = [parse_format("SQ3.2"), parse_format("int8:0.047:-3")]
MASKED = np.ma.MaskedArray
DEEP = np.zeros((2, 2, 2))
DEEP[1, 1, 0] = np.nan


@pytest.fixture(scope="module")
def model():
    return rounded("tanh", "SQ3.2", "SQ1.4")


@pytest.fixture(scope="module")
def affine():
    return rounded("tanh", "int8:0.047:-3", "int8:1/128:0", saturate=True)


NEITHER = {
    "None": (None, ", not None"),
    "text": ("0.5", ", not "),
    "bytes": (b"0.5", ", not "),
    "bool": (True, ", not "),
    "numpy bool": (np.True_, ", not "),
    "complex": (1j, ", not "),
    "set": ({0.5}, ", not {0.5}"),
    "dict": ({"a": 1}, ", not {'a': 1}"),
    "generator": (iter([1]), ", not <"),
    "fraction": (Fraction(1, 2), ", not Fraction(1, 2)"),
    "decimal": (Decimal("0.5"), ", not Decimal('0.5')"),
    "type": (float, ", not <class 'float'>"),
    "function": (len, ", not <built-in function len>"),
    "slice": (slice(1), ", not slice(None, 1, None)"),
    "None in a list": ([None], ", but the one at [0] is None"),
    "text in a list": (["a"], "'a'|text"),
    "bool in a list": ([True], "True|bool"),
    "complex in a list": ([[1j]], "1j|complex128"),
    "fraction in a list": ([Fraction(1, 2)], ", but the one at [0] is Fraction(1, 2)"),
    "empty dict in a list": ([{}], ", but the one at [0] is {}"),
    "array of bools": (np.zeros(2, bool), ", not bool"),
    "array of complex": (np.zeros((1, 2), complex), ", not complex128"),
    "array of text": (np.array(["a"]), ", not text"),
    "array of bytes": (np.array([b"a"]), ", not bytes"),
    "array of dates": (np.array(["2020-01-01"], "M8[D]"), ", not datetime64[D]"),
    "array of times": (np.array([3], "m8[s]"), ", not timedelta64[s]"),
    "records": (np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]), ", not void"),
    "objects": (np.array([[None, "x"]], object), ", but the one at [0, 0] is None"),
    "masked text": (MASKED(["a", "b"], [False, True]), ", not text"),
    "masked bools": (MASKED([True, False], [False, True]), ", not bool"),
    "masked objects": (MASKED(np.array([None, "x"], object), [True, False]), ", but the one at [1] is 'x'"),
    "lists of different lengths": ([[1], [2, 3]], "must be an array, not lists of different lengths or depths"),
    "lists of different depths": ([1, [2]], "must be an array, not lists of different lengths or depths"),
}

NO_VALUES = {
    "int": (3, ", not int64, which may be codes: call golden(codes) for codes, or make floats of values, as in"),
    "list of ints": ([1, 2], "which may be codes"),
    "range": (range(3), "which may be codes"),
    "int8": (np.zeros(2, np.int8), ", not int8, which may be codes"),
    "uint64": (np.zeros(2, np.uint64), ", not uint64, which may be codes"),
    "masked ints": (MASKED([1, 2], [True, False]), "which may be codes"),
    "NaN": (float("nan"), "must be numbers, but there is a NaN"),
    "NaN in an array": (DEEP, "must be numbers, but there is a NaN at [1, 1, 0]"),
    "NaN in float16": (np.array([np.nan], np.float16), "there is a NaN at [0]"),
    "NaN in a long double": (np.array([0, np.nan], np.longdouble), "there is a NaN at [1]"),
    "NaN that is not masked": (MASKED([np.nan, np.nan], [True, False]), "there is a NaN at [1]"),
    "None among floats": ([[0.5, None]], ", but the one at [0, 1] is None"),
    "bool among floats": (np.array([0.5, True], object), ", but the one at [1] is True"),
    "int among objects": (np.array([0.5, 3], object), ", but the one at [1] is 3"),
    "masked arrays in a list": ([MASKED([0.5], [False]), MASKED([np.nan], [False])], "there is a NaN at [1, 0]"),
}

NO_CODES = {
    "float": (0.5, "must be integers, not 0.5; call floats() for values"),
    "whole float": (1.0, "must be integers, not 1.0; call floats() for values"),
    "NaN": (float("nan"), "must be integers, not nan; call floats() for values"),
    "list of floats": ([0, 0.5], "but the one at [1] is 0.5; call floats() for values"),
    "float32": (np.zeros(2, np.float32), ", not float32; call floats() for values"),
    "None among codes": ([[0, None]], "but the one at [0, 1] is None"),
    "above": (16, "must be within [-16, 15], the codes of SQ3.2, but it is 16"),
    "below": ([0, -17], "but the one at [1] is -17"),
    "deep": (np.where(np.isnan(DEEP), 99, 0), "but the one at [1, 1, 0] is 99"),
    "int8 beyond": (np.array([127], np.int8), "but the one at [0] is 127"),
    "uint64 beyond": (np.array([2**64 - 1], np.uint64), "but the one at [0] is 18446744073709551615"),
    "beyond all types": (2**70, "but it is 1180591620717411303424"),
    "beyond all types in a list": ([0, -(2**70)], "but the one at [1] is -1180591620717411303424"),
    "not masked": (MASKED([99, 98], [True, False]), "but the one at [1] is 98"),
}


def refused(call, *named):
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    check_sentence(str(raised.value))
    for each in named:
        assert any(part in str(raised.value) for part in each.split("|")), str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("kind", NEITHER)
def test_neither_values_nor_codes(kind, model, affine):
    given, end = NEITHER[kind]
    for call, named in (
        (model.floats, "values of x must be "),
        (affine.floats, "values of x must be "),
        (model, "codes of x must be "),
        (affine, "codes of x must be "),
        *((fmt.quantize, "values must be ") for fmt in FORMATS),
        *((fmt.to_float, "codes must be ") for fmt in FORMATS),
        (lambda codes: requantize(codes, "SQ3.2", "SQ1.4"), "codes must be "),
    ):
        message = refused(lambda call=call: call(given), named, end)
        assert "floats()" not in message  # it would be refused there, too


@pytest.mark.parametrize("kind", NO_VALUES)
def test_no_values(kind, model, affine):
    given, end = NO_VALUES[kind]
    refused(lambda: model.floats(given), "values of x must be ", end)
    refused(lambda: affine.floats(given), "values of x must be ", end)


@pytest.mark.parametrize("kind", NO_CODES)
def test_no_codes(kind, model):
    given, end = NO_CODES[kind]
    message = refused(lambda: model(given), "codes of x must be ", end)
    if "floats()" in message and "nan" not in message:
        model.floats(given)
    refused(lambda: requantize(given, "SQ3.2", "SQ1.4"), "codes must be ")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model([0], dtype="int8"), "dtype must be None or \"narrow\", not 'int8'"),
        (lambda model: model([0], dtype=np.int8), 'dtype must be None or "narrow", not <class'),
        (lambda model: model([0], dtype=["narrow"]), "dtype must be None or \"narrow\", not ['narrow']"),
        (lambda model: model([0], [0]), "the plan has 1 input, but 2 arrays were given"),
        (lambda model: model(*[]), "the plan has 1 input, but 0 arrays were given"),
        (lambda model: model.floats(*[]), "the plan has 1 input, but 0 arrays were given"),
        (lambda model: model.floats([0.0], [0.0]), "the plan has 1 input, but 2 arrays were given"),
        (lambda model: model.trace([0, 1]), "trace takes one code of x, not 2 codes"),
        (lambda model: model.trace(0.5), "codes of x must be integers, not 0.5"),
        (lambda model: model.trace(99), "codes of x must be within [-16, 15]"),
        (lambda model: model.trace(MASKED([1], [True])), "trace takes one code of x, not masked codes"),
        (
            lambda _: requantize([0], "SQ3.2", "SQ1.4", "up"),
            "there is no rounding 'up'; choose one of floor, half_away",
        ),
        (lambda _: requantize([0], "SQ3.2", "SQ1.4", ""), "there is no rounding ''"),
        (lambda _: requantize([0], "SQ3.2", "SQ1.4", None), "rounding must be a name such as half_even, not None"),
        (lambda _: requantize([0], "SQ3.2", "SQ1.4", 3), "rounding must be a name such as half_even, not 3"),
        (lambda _: requantize([0], "SQ3.2", None), "target format must be text such as 'SQ4.12', or (True, 4, 12)"),
        (
            lambda _: requantize(-129, "int8:0.1:-3", "SQ1.4"),
            "codes must be from -128 to 127, the codes of source int8",
        ),
    ],
)
def test_other_arguments(call, message, model):
    refused(lambda: call(model), message)
