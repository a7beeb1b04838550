from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS
from flint import fmpq, fmpq_poly

from softgate.functions import find_function
from softgate.functions.expressions.parser import parse
from softgate.functions.expressions.piecewise import piecewise_polynomial, regions_of
from softgate.functions.expressions.piecewise_polynomial import PiecewisePolynomial
from softgate.functions.expressions.regions import Regions, UnknownRootError


@pytest.mark.parametrize(
    ("text", "kinks", "polynomials", "at"),
    [
        ("x^2 - 2*x/3", (), ([0, fmpq(-2, 3), 1],), ()),
        ("-(x + 1)^3", (), ([-1, -3, -3, -1],), ()),
        ("abs(x - 1)", (1,), ([1, -1], [-1, 1]), (0,)),
        ("max(x, x^2)", (0, 1), ([0, 0, 1], [0, 1], [0, 0, 1]), (0, 1)),
        ("min(x, 2)", (2,), ([0, 1], [2]), (2,)),
        ("clip(2*x, -1, 1)", ("-1/2", "1/2"), ([-1], [0, 2], [1]), (-1, 1)),
        ("where(x >= 1, 3, x)", (1,), ([0, 1], [3]), (3,)),
        ("where(tanh(x) > 0, x, 1)", (0,), ([1], [0, 1]), (1,)),
        ("hard_tanh(x - 1, min=-1/2)", ("1/2", 2), ([fmpq(-1, 2)], [-1, 1], [1]), ("-1/2", 1)),
        ("hard_shrink(2*x)", ("-1/4", "1/4"), ([0, 2], [], [0, 2]), (0, 0)),
        ("prime(abs(x))", (0,), ([-1], [1]), (0,)),
        ("prime(tanh(2))", (), ([],), ()),
    ],
)
def test_piecewise_polynomials(text, kinks, polynomials, at):
    definitions = DEFINITIONS | {"hard_shrink": find_function("hard_shrink")}
    assert piecewise_polynomial(parse(text, definitions)) == PiecewisePolynomial(
        tuple(map(Fraction, kinks)), tuple(map(fmpq_poly, polynomials)), tuple(map(Fraction, at))
    )


@pytest.mark.parametrize(
    "text", ["exp(x)", "pi*x", "1/x", "x/(1 + abs(x))", "x^-1", "(x^64)^5", "max(x^2, 2)", "tanh(x)", "x/(x - x)"]
)
def test_what_is_not_recognised(text):
    assert piecewise_polynomial(parse(text, DEFINITIONS)) is None


@pytest.mark.parametrize(
    ("condition", "regions"),
    [
        ("x < 1/2", Regions((Fraction(1, 2),), (True, False), (False,))),
        ("exp(x) >= 0", Regions((), (True,), ())),
        ("pi > e", Regions((), (True,), ())),
        ("1 > e", Regions((), (False,), ())),
        ("x*exp(x) <= 0", Regions((Fraction(0),), (True, False), (True,))),
    ],
)
def test_regions(condition, regions):
    assert regions_of(parse(f"where({condition}, 1, 0)", DEFINITIONS).condition) == regions


@pytest.mark.parametrize("condition", ["sin(x) > 0", "x^2 > 2", "exp(x) > x", "pi - pi > 0"])
def test_ends_that_are_not_found(condition):
    with pytest.raises(UnknownRootError):
        regions_of(parse(f"where({condition}, 1, 0)", DEFINITIONS).condition)
