from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS

from softgate.functions.expressions.parser import parse
from softgate.functions.expressions.symmetry import find_symmetry
from softgate.functions.properties import EVEN, ODD, Symmetry


def even_but(slope):
    return Symmetry(1, Fraction(0), Fraction(slope))


def odd_but(total):
    return Symmetry(-1, Fraction(total))


@pytest.mark.parametrize(
    ("text", "symmetry"),
    [
        ("x^2", EVEN),
        ("x^3/2", ODD),
        ("x^2 + x", even_but(-2)),
        ("x^3 + 1/4", odd_but("1/2")),
        ("x^2 + x + x^3", None),
        ("1/(1+x^2)", EVEN),
        ("x/(1+abs(x))", ODD),
        ("sin(pi*x)", ODD),
        ("cos(x)*x^2", EVEN),
        ("cos(x + 1)", None),
        ("abs(tanh(x))", EVEN),
        ("tanh(x)^3", ODD),
        ("tanh(x)^-2", EVEN),
        ("erfc(x)", odd_but(2)),
        ("1/(1 + exp(-x))", odd_but(1)),
        ("3/(2 + 2*exp(x^3))", odd_but("3/2")),
        ("1/(1 + 2*exp(x))", None),
        ("1/(1 + exp(x + 1))", None),
        ("x/(1 + exp(-2*x))", even_but(-1)),
        ("x*logistic(3*x)", even_but(-1)),
        ("x*erfc(-x)/2", even_but(-1)),
        ("log(1 + exp(x/3))", even_but("-1/3")),
        ("log1p(exp(-x))", even_but(1)),
        ("log(1 + exp(x^3))", None),
        ("log(2 + exp(x))", None),
        ("exp(x) + exp(-x)", EVEN),
        ("exp(2*x) - exp(-2*x)", ODD),
        ("exp(x) - 2*exp(-x)", None),
        ("exp(x) + exp(-x) + x^2", EVEN),
        ("exp(x) + exp(-x) + tanh(x)", None),
        ("max(x, 0)", even_but(-1)),
        ("max(x, x/8)", even_but("-9/8")),
        ("max(tanh(x), 0)", None),
        ("max(silu(x), 0)", None),
        ("max(silu(x), x/2)", even_but(-1)),
        ("tanh(x)*exp(x)", None),
        ("clip(x + 1/2, 0, 1)", odd_but(1)),
        ("clip(x, -1, 2)", None),
        ("clip(sin(x), -1/2, 1/2)", ODD),
        ("where(abs(x) > 1, x, tanh(x))", ODD),
        ("where(x > 1, x, tanh(x))", None),
        ("where(x > 0, 1, -1)", None),
        ("where(x > 0, 1, where(x < 0, -1, 0))", ODD),
        ("silu(2*x, beta=1/2) + 1", even_but(-2)),
        ("silu(x^3)", None),
        ("gelu(x^2)", EVEN),
        ("logistic(x^3)", odd_but(1)),
        ("logistic(x) + tanh(x)", odd_but(1)),
        ("logistic(x)*tanh(x)", None),
        ("pi*tanh(x)", ODD),
        ("pi*logistic(x)", None),
        ("prime(x*logistic(2*x))", odd_but(1)),
        ("prime(tanh(x)^3)", EVEN),
        ("prime(abs(x))", ODD),
        ("prime(max(x, 0))", None),
        ("x*tanh(log(1 + exp(x)))", None),
        ("exp(cos(x))", EVEN),
        ("exp(x)", None),
    ],
)
def test_symmetries(text, symmetry):
    assert find_symmetry(parse(text, DEFINITIONS)) == symmetry
