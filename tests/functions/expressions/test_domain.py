from fractions import Fraction

import pytest

from softgate.functions import create_function


@pytest.mark.parametrize(
    ("text", "hole"),
    [
        ("log(x)", -8),
        ("log(x + 8)", -8),
        ("log(x + 9)", None),
        ("sqrt(x + 8)", None),
        ("prime(sqrt(x + 8))", -8),
        ("prime(sqrt(x + 9))", None),
        ("sqrt(8 - x)", None),
        ("1/x", 0),
        ("1/(x - 1/3)", Fraction(1, 3)),
        ("1/(x^2 + 1)", None),
        ("(x^2 - 1)^-1", -1),
        ("1/(x^2 - 2*x + 1)", 1),
        ("log(x^2)", 0),
        ("log(1/x)", 0),
        ("log(exp(x))", None),
        ("log(2 + sin(x))", None),
        ("1/tanh(x)", 0),
        ("1/(1 + exp(-x))", None),
        ("where(x > 0, log(x), 0)", None),
        ("where(x >= 0, log(x), 0)", 0),
        ("where(x > 0, where(x > 1/2, 1/(x - 1/4), 1), 0)", None),
        ("where(abs(x) > 1, 1/(x - 1/4), 0)", None),
        ("where(abs(x) < 1, 1/(x - 1/4), 0)", Fraction(1, 4)),
        ("log1p(x)", -8),
        ("log1p(max(x, -1/2))", None),
        ("reciprocal(x)/3", 0),
        ("reciprocal(x^2 - 1)", -1),
        ("reciprocal(silu(7*x + 6))", Fraction(-6, 7)),
        ("reciprocal(x^2 + 1)", None),
        ("rsqrt(x + 8)", -8),
        ("log2(x + 9) + rsqrt(9 - x)", None),
        ("prime(reciprocal(2*x))", 0),
        ("sqrt.prime(3*x^2)", 0),
        ("sqrt.prime(3*x^2 + 1/7)", None),
    ],
)
def test_holes(text, hole):
    assert create_function(text).undefined(Fraction(-8), Fraction(8)) == hole


def test_a_pole_that_no_fraction_is_at_is_near_the_input_that_is_named():
    with pytest.raises(ValueError) as raised:
        create_function("1/(exp(x) - 2)").undefined(Fraction(0), Fraction(8))
    assert str(raised.value) == (
        "it cannot be decided whether 1/(exp(x) - 2) has a value at every input, such as near 0.693147"
    )


def test_a_pole_at_an_input_whose_value_is_not_known_exactly():
    assert create_function("1/sin(pi*x)").undefined(Fraction(1, 2), Fraction(3, 2)) == 1
    assert create_function("1/sin(pi*x)").undefined(Fraction(1, 4), Fraction(3, 4)) is None
