from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS

from softgate.functions.expressions.ends import find_ends
from softgate.functions.expressions.parser import parse

ZERO = (0, 0)


@pytest.mark.parametrize(
    ("text", "below", "above"),
    [
        ("2*x + 1", (2, 1), (2, 1)),
        ("x^2", None, None),
        ("1/(1+x^2)", ZERO, ZERO),
        ("x/(1 + abs(x))", (0, -1), (0, 1)),
        ("x^2/(1 + x^2)", None, None),
        ("x/(1 + exp(-x))", ZERO, (1, 0)),
        ("x*logistic(x) - 1", (0, -1), (1, -1)),
        ("x*(1 + x^-2)", None, None),
        ("x^2*exp(x)", ZERO, None),
        ("x*exp(-x^2)", ZERO, ZERO),
        ("log(1 + exp(2*x + 1))", ZERO, (2, 1)),
        ("x*tanh(log(1 + exp(x)))", ZERO, (1, 0)),
        ("tanh(x)*erf(-x)", (0, -1), (0, -1)),
        ("atan(x)", None, None),
        ("sin(x)", None, None),
        ("sin(exp(-x))", None, ZERO),
        ("abs(x - 1)", (-1, 1), (1, -1)),
        ("abs(tanh(x) - 2)", (0, 3), (0, 1)),
        ("max(x, tanh(x))", (0, -1), (1, 0)),
        ("x*max(tanh(x), x/(1 + abs(x)))", None, None),
        ("max(x + exp(-x^2), 2*x)", (1, 0), (2, 0)),
        ("min(exp(x), 3)", ZERO, (0, 3)),
        ("clip(x^3, -1, 1)", (0, -1), (0, 1)),
        ("where(x > 0, x, exp(x) - 1)", (0, -1), (1, 0)),
        ("gelu(-2*x)", (-2, 0), ZERO),
        ("logistic(x^2)", (0, 1), (0, 1)),
        ("logistic(logistic(-x))", None, (0, Fraction(1, 2))),
        ("hard_tanh(x) + x", (1, -1), (1, 1)),
        ("sqrt(1 + x^2)", None, None),
        ("exp(x) - exp(x)", ZERO, None),
        ("prime(x*logistic(x))", ZERO, (0, 1)),
        ("prime(x*erf(x))", (0, -1), (0, 1)),
        ("prime(sin(x))", None, None),
        ("erfc(x)", (0, 2), ZERO),
    ],
)
def test_ends(text, below, above):
    found = [None if end is None else (end.slope, end.offset) for end in find_ends(parse(text, DEFINITIONS))]
    assert found == [below, above]
