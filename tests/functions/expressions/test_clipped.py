"""Functions whose input is limited first."""

from fractions import Fraction

import mpmath
import pytest

from softgate import design
from softgate.functions import create_function
from softgate.functions.expressions.clipped import clipped
from softgate.functions.number_types import BALLS, FLOATS, to_ball, to_fraction


def clip(text, low, high, **parameters):
    return clipped(create_function(text, **parameters), Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("text", "parameters", "spelling"),
    [
        ("tanh", {}, "tanh(clip(x, -4, 4))"),
        ("silu", {"beta": 2}, "silu(clip(x, -4, 4), beta=2)"),
        ("x^2/4 + x", {}, "clip(x, -4, 4)^2/4 + clip(x, -4, 4)"),
        ("where(x < 1, x, exp(x))", {}, "where(clip(x, -4, 4) < 1, clip(x, -4, 4), exp(clip(x, -4, 4)))"),
        ("-abs(x)", {}, "-abs(clip(x, -4, 4))"),
    ],
)
def test_the_text_is_an_expression_that_makes_it_again(text, parameters, spelling):
    function = clip(text, -4, 4, **parameters)
    assert str(function) == spelling
    assert create_function(str(function)) == function


@pytest.mark.parametrize(
    ("text", "truth"), [("tanh", mpmath.tanh), ("silu", lambda x: x / (1 + mpmath.exp(-x))), ("gelu.prime", None)]
)
def test_values(text, truth):
    function, plain = clip(text, -2, "5/2"), create_function(text)
    for x in (Fraction(each, 4) for each in range(-20, 21)):
        inside = min(max(x, Fraction(-2)), Fraction(5, 2))
        assert function(to_ball(x), BALLS).overlaps(plain(to_ball(inside), BALLS))
        if truth is not None:
            with mpmath.workdps(40):
                exact = truth(mpmath.mpf(inside.numerator) / inside.denominator)
                assert abs(to_fraction(function(to_ball(x), BALLS).mid()) - Fraction(str(exact))) < Fraction(1, 10**12)


def test_what_is_found_of_it():
    assert clip("tanh", -4, 4).symmetry.sign == -1
    assert clip("tanh", -4, 5).symmetry is None
    assert clip("tanh", -4, 5).kinks == (-4, 5)
    assert clip("relu", -1, 6).piecewise_linear.kinks == (0, 6)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, -2)])
def test_limits_that_leave_nothing_are_refused(low, high):
    with pytest.raises(ValueError, match="the lower limit of a clip must be below the upper one"):
        clip("tanh", low, high)


def test_the_input_of_a_derivative_is_not_replaced():
    with pytest.raises(ValueError, match=r"write clip\(x, lo, hi\) into it"):
        clip("x*prime(tanh(x))", -1, 1)


@pytest.mark.parametrize(
    ("function", "source", "output", "limits"),
    [("tanh", "SQ4.4", "SQ1.7", "-2:2"), ("log", "SQ4.4", "SQ4.4", "1/16:6"), ("exp", "SQ5.3", "UQ3.5", (-3, "3/2"))],
)
def test_a_unit_saturates_its_input(function, source, output, limits):
    unit = design(function, source, output, clip=limits)
    low, high = (Fraction(end) for end in (limits.split(":") if isinstance(limits, str) else limits))
    step, ulp = (fmt.ulp for fmt in (unit.specification.input_format, unit.specification.output_format))
    codes = unit.specification.input_format.codes()
    for code, found in zip(codes.tolist(), unit.golden(codes).tolist(), strict=True):
        inside = min(max(code * step, low), high)
        assert abs(found - float(create_function(function)(float(inside), FLOATS) / float(ulp))) < 1
