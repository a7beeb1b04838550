"""Expressions from callables: what is recorded, and what a callable cannot do."""

import math
from fractions import Fraction

import numpy as np
import pytest

from softgate.functions import create_function, from_callable
from softgate.functions.properties import ODD


def mish(x):
    return x * np.tanh(np.log1p(np.exp(x)))


class Scaled:
    """A callable that is not a function."""

    def __call__(self, x):
        return 0.5 * x


def doubled(x):
    for _ in range(100):
        x = x + x * x
    return x


def nested(x):
    for _ in range(70):
        x = np.tanh(x)
    return x


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (mish, "x*tanh(log1p(exp(x)))"),
        (lambda x: 0.1 * x + x / 3 - 2, "1/10*x + x/3 - 2"),
        (lambda x: 1 - x, "1 - x"),
        (lambda x: 2 / (1 + x**2), "2/(1 + x^2)"),
        (lambda x: -(x**-3), "-x^-3"),
        (lambda x: Fraction(1, 3) * +x, "1/3*x"),
        (lambda x: np.float64(0.5) * x + np.float32(0.25) + np.int8(2), "1/2*x + 1/4 + 2"),
        (lambda x: x - x * 2, "x - x*2"),
        (abs, "abs(x)"),
        (np.tanh, "tanh(x)"),
        (Scaled(), "1/2*x"),
        (lambda x: np.maximum(x, 0) + np.minimum(1, x) + np.abs(x), "max(x, 0) + min(1, x) + abs(x)"),
        (lambda x: np.clip(x, -1, 1) - np.clip(x, 0, None), "clip(x, -1, 1) - max(x, 0)"),
        (lambda x: np.where(x > 0, x, x / 8), "where(x > 0, x, x/8)"),
        (lambda x: np.where(np.greater_equal(0, x), np.expm1(x), x), "where(0 >= x, expm1(x), x)"),
        (lambda x: np.where(np.less(x, 1), 0, x), "where(x < 1, 0, x)"),
        (lambda x: np.where(x, 1, 0) * x, "where(x > 0, 1, 0)*x"),
        (lambda x: np.square(x) + np.reciprocal(1 + np.exp(-x)), "x^2 + 1/(1 + exp(-x))"),
        (lambda x: np.power(x, 3) + np.add(1, x) + np.negative(np.arctan(x)), "x^3 + 1 + x - atan(x)"),
        (lambda x, m: m.silu(x, beta=2) + m.gelu(x, approximate="tanh"), "silu(x, beta=2) + gelu(x, approximate=tanh)"),
        (lambda x, m: m.where(x > 0, x, m.exp(x) - 1), "where(x > 0, x, exp(x) - 1)"),
        (lambda x, m: m.sin(m.pi * x) / m.e, "sin(pi*x)/e"),
        (lambda x, m: m.prime(m.max(x, m.maximum(x, 0))), "prime(max(x, max(x, 0)))"),
        (lambda x, m: m.clip(x, -1, 1), "clip(x, -1, 1)"),
    ],
)
def test_the_expression_of_a_callable(function, text):
    made = from_callable(function)
    assert made == create_function(text)


def test_properties_are_those_of_the_expression():
    assert from_callable(lambda x: x / (1 + np.abs(x))).symmetry == ODD
    assert from_callable(lambda x: np.where(x > 1, x, 1)).kinks == (1,)


def test_the_name_of_its_units():
    assert from_callable(mish).module_name == "mish"
    assert from_callable(mish, name="other").module_name == "other"
    assert from_callable(lambda x: x * x).module_name == "expression"
    assert from_callable(np.tanh).spelling == "tanh"


def test_arguments_with_defaults_stay_at_them():
    assert from_callable(lambda x, scale=3: scale * x) == create_function("3*x")


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (
            lambda x: x if x > 0 else 0,
            TypeError,
            "whether x > 0 is not known before x is: write where(condition, a, b)",
        ),
        (lambda x: max(x, 0), TypeError, "whether x < 0 is not known before x is: write where(condition, a, b)"),
        (lambda x: x if 0 < x < 1 else 0, TypeError, "whether x > 0 is not known before x is: write where("),
        (lambda x: (x > 0) & (x < 1), TypeError, "whether x > 0 is not known before x is: write where("),
        (lambda x: x or 1, TypeError, "an expression in x is neither true nor false: x; write where("),
        (lambda x: x if x == 0 else 1, TypeError, "conditions are <, <=, > and >=, not == or !=; write where("),
        (lambda x: x if x != 0 else 1, TypeError, "conditions are <, <=, > and >=, not == or !=; write where("),
        (lambda x: np.add(x > 0, 1), TypeError, "conditions cannot be part of numpy's add; nest where("),
        (lambda x: np.exp(x) + math.exp(x), TypeError, "the value of x is not known yet, so x cannot become a float"),
        (lambda x: math.floor(2 * x), TypeError, "the value of x is not known yet, so 2*x cannot become a float"),
        (lambda x: x**0.5, ValueError, "an exponent must be a whole number from -64 to 64, not 0.5; there are sqrt"),
        (lambda x: x**x, ValueError, "an exponent must be a whole number from -64 to 64, not x; there are sqrt"),
        (lambda x: x**65, ValueError, "an exponent must be a whole number from -64 to 64, not 65; there are sqrt"),
        (lambda x: 2**x, ValueError, "2 to the power of an expression: only exp(v) and exp2(v) are there"),
        (lambda x: x / 0, ValueError, "the callable divides by 0"),
        (lambda x: 3, ValueError, "the expression 3 is a constant: it must contain x"),
        (lambda x: None, TypeError, "a callable must return a number made of x, not None"),
        (lambda x: [x], TypeError, "a callable must return a number made of x, not [x]"),
        (lambda x: x > 0, TypeError, "a callable must return a number made of x, not x > 0; write where("),
        (lambda x: np.array([1, 2]) * x, TypeError, "multiply takes numbers, not array([1, 2])"),
        (lambda x: np.array([x, 1.0]), TypeError, "x is one number"),
        (list, TypeError, "x is one number, not an array"),
        (
            np.sign,
            ValueError,
            "there is no 'sign', at column 1 of the expression 'sign(...)'; did you mean",
        ),
        (
            lambda x, m: m.silu(x, gamma=1),
            ValueError,
            "function silu has no parameter 'gamma'; choose one of alpha, beta",
        ),
        (lambda x, m: m.exp("x"), TypeError, "exp takes numbers, not 'x'"),
        (lambda x: np.add(x, "a"), TypeError, "add needs numbers, not 'a'"),
        (lambda x: np.exp(x, out=np.zeros(1)), TypeError, "numpy's exp takes numbers here, and no more"),
        (np.add.reduce, TypeError, "numpy's add takes numbers here, and no more"),
        (lambda x: x * float("nan"), ValueError, "nan is not a number"),
        (lambda x, y, z: x, TypeError, "a callable must take x, or x and the operations m, not 3 arguments"),
        (lambda x, *, m: x, TypeError, "a callable must take x, or x and the operations m, not 2 arguments"),
        (
            doubled,
            ValueError,
            "the callable makes an expression of more than 1000 characters: what it",
        ),
        (nested, ValueError, "an expression is at most 60 deep"),
    ],
)
def test_refusals(function, error, message):
    with pytest.raises(error) as refusal:
        from_callable(function)
    assert str(refusal.value).startswith(message)


def test_an_error_of_the_callable_is_its_own():
    with pytest.raises(ZeroDivisionError):
        from_callable(lambda x: x * (1 / 0))
