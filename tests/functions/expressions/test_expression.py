"""Functions from expressions: literal cases, and random trees judged by mpmath at 40 digits."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from drawn_expressions import EXPRESSIONS, BeyondError, UndefinedError, value
from flint import ctx
from hypothesis import HealthCheck, given, settings

from softgate.functions import create_function, find_function, from_expression
from softgate.functions.critical_points import monotonicity
from softgate.functions.expressions.expression import Expression
from softgate.functions.expressions.nodes import Prime, walk
from softgate.functions.number_types import BALLS, FLOATS, ball_ends, to_ball
from softgate.functions.series import taylor_series

POINTS = [Fraction(97 * place + 5, 256) for place in range(-10, 11, 2)]
"""Inputs within 4 of 0 at which no small fraction lies."""

LOW, HIGH = Fraction(-4), Fraction(4)


def close(ball, truth, digits):
    """Return whether a ball holds a number, or is as near it as mpmath's value is."""
    low, high = ball_ends(ball)
    slack = (abs(truth) + 1) * mpmath.mpf(10) ** -digits
    return mpmath_of(low) - slack <= truth <= mpmath_of(high) + slack


def mpmath_of(number):
    return mpmath.mpf(number.numerator) / number.denominator


def made(node):
    """Return the function of a tree that is defined from -4 to 4, or None if that is refused."""
    try:
        function = Expression(node)
        return function if function.undefined(LOW, HIGH) is None else None
    except ValueError:
        return None


def judged(node, x):
    """Return the true value, or None where mpmath cannot tell."""
    try:
        return value(node, mpmath_of(x))
    except UndefinedError:
        raise
    except (BeyondError, OverflowError):
        return None


drawn = settings(max_examples=500, suppress_health_check=list(HealthCheck))


@drawn
@given(EXPRESSIONS)
def test_values_of_drawn_expressions(node):
    function = made(node)
    if function is None:
        return
    derived = any(isinstance(part, Prime) for part in walk(node))
    with mpmath.workdps(160 if derived else 40), ctx.workprec(256):
        for x in POINTS:
            truth = judged(node, x)
            if truth is None:
                continue
            ball = function(to_ball(x), BALLS)
            assert close(ball, truth, 15 if derived else 35), (str(function), x)
            assert not ball.is_finite() or ball.rad() < 2.0**-60 * (1 + abs(ball)), (str(function), x)
            exact = function.exact(x)
            if exact is not None:
                assert abs(mpmath_of(exact) - truth) < mpmath.mpf(10) ** -15 * (1 + abs(truth)), (str(function), x)


@drawn
@given(EXPRESSIONS)
def test_where_drawn_expressions_are_not_defined(node):
    try:
        hole = Expression(node).undefined(LOW, HIGH)
    except ValueError:
        return
    if hole is not None:
        with mpmath.workdps(120), pytest.raises(BeyondError):
            value(node, mpmath_of(hole))


@drawn
@given(EXPRESSIONS)
def test_symmetries_of_drawn_expressions(node):
    function = made(node)
    if function is None or (symmetry := function.symmetry) is None:
        return
    with mpmath.workdps(120):
        # Differences say nothing of a derivative at a kink.
        kinks = [] if any(isinstance(part, Prime) for part in walk(node)) else [Fraction(0), *function.kinks]
        for x in [*POINTS, *kinks]:
            here, there = judged(node, x), judged(node, -x)
            if here is None or there is None:
                continue
            expected = symmetry.sign * here + mpmath_of(symmetry.slope) * mpmath_of(x) + mpmath_of(symmetry.total)
            assert abs(there - expected) < mpmath.mpf(10) ** -12 * (1 + abs(here)), (str(function), symmetry, x)


@drawn
@given(EXPRESSIONS)
def test_kinks_of_drawn_expressions(node):
    function = made(node)
    if function is None or any(isinstance(part, Prime) for part in walk(node)):
        return
    step = mpmath.mpf(10) ** -25
    with mpmath.workdps(80):
        for x in {Fraction(place, 24) for place in range(-72, 73)} - set(function.kinks):
            try:
                before, here, after = (value(node, mpmath_of(x) + at) for at in (-step, 0, step))
            except (BeyondError, OverflowError):
                continue
            left, right = (here - before) / step, (after - here) / step
            assert abs(left - right) < mpmath.mpf(10) ** -8 * (1 + abs(left)), (str(function), x)


@drawn
@given(EXPRESSIONS)
def test_ends_of_drawn_expressions(node):
    function = made(node)
    if function is None or any(isinstance(part, Prime) for part in walk(node)):
        return
    with mpmath.workdps(60):
        for end, sign in zip(function.ends, (-1, 1), strict=True):
            x = Fraction(sign << 17)
            try:
                truth = None if end is None else judged(node, x)
            except UndefinedError:
                continue
            if truth is not None:
                assert abs(truth - mpmath_of(end(x))) < 0.02, (str(function), end)


@drawn
@given(EXPRESSIONS)
def test_lines_of_drawn_expressions(node):
    function = made(node)
    if function is None or (pieces := function.piecewise_linear) is None:
        return
    for x in [*POINTS, *function.kinks]:
        assert pieces.lines[pieces.piece(x)](x) == function.exact(x), (str(function), x)


@drawn
@given(EXPRESSIONS)
def test_power_series_and_floats_of_drawn_expressions(node):
    function = made(node)
    if function is None:
        return
    with ctx.workprec(256):
        for x in POINTS[::3]:
            series = taylor_series(function, x, Fraction(1), 3, Fraction(0))
            ball = function(to_ball(x), BALLS)
            if series is not None and ball.is_finite():
                assert series[0].overlaps(ball)
                beside = function(to_ball(x + Fraction(1, 1 << 40)), BALLS) - ball
                slope = beside * (1 << 40)
                if abs(series[2]) < 1 << 10:
                    assert abs(slope - series[1]) < 2.0**-20, (str(function), x)
            found = function(np.array([float(x), float(x)]), FLOATS)
            assert found.shape == (2,)
            if ball.is_finite() and np.isfinite(found[0]) and abs(ball) < 1 << 20 and "sin" not in str(function):
                assert abs(to_ball(Fraction(float(found[0]))) - ball) < 1e-3 * (1 + abs(ball)), (str(function), x)


@pytest.mark.parametrize(
    ("text", "x", "truth"),
    [
        ("x*tanh(log(1+exp(x)))", "1", "0.86509838826731"),
        ("x^2/4", "3", "2.25"),
        ("1/(1+x^2)", "1/2", "0.8"),
        ("sin(pi*x)", "1/6", "0.5"),
        ("(x/2)^2 + x", "-3/2", "-0.9375"),
        ("where(x >= 0, 1, -1)", "0", "1"),
        ("where(x > 0, 1, -1)", "0", "-1"),
        ("where(x, exp(x), log(1 - x))", "-1", "0.693147180559945"),
        ("where(tanh(x)^2 > 0, exp(x), 0)", "-1", "0.367879441171442"),
        ("prime(max(x, 0))", "0", "0"),
        ("prime(abs(x))", "0", "0"),
        ("prime(sin(x)*x)", "2", "0.0770037537313969"),
        ("prime(prime(x^3))", "2", "12"),
        ("prime(sin(pi*prime(x^2)))", "1/2", "-6.28318530717959"),
        ("-x^2", "3", "-9"),
        ("2^-2*x", "1", "0.25"),
        ("x**-1", "4", "0.25"),
        ("1 - -x", "1", "2"),
        ("min(x, 1)*max(x, 1)", "3", "3"),
        ("1e-1*e*x", "1", "0.271828182845905"),
    ],
)
def test_values(text, x, truth):
    function = create_function(text)
    assert float(function(to_ball(Fraction(x)), BALLS)) == pytest.approx(float(truth), rel=1e-14, abs=1e-14)
    assert float(function(float(Fraction(x)), FLOATS)) == pytest.approx(float(truth), rel=1e-14, abs=1e-14)


def test_a_branch_that_is_not_taken_needs_no_value():
    function = create_function("where(x > 0, log(x), 0)")
    assert function.exact(Fraction(0)) == 0
    assert function(np.array([-1.0, 1.0]), FLOATS).tolist() == [0.0, 0.0]
    assert function.undefined(LOW, HIGH) is None


def test_exact_values_are_not_written_out_for_ever():
    text = "x^64"
    for _ in range(6):
        text = f"({text})^64"
    assert create_function(text).exact(Fraction(3, 2)) is None
    assert create_function("x^3").exact(Fraction(3, 2)) == Fraction(27, 8)


def test_an_expression_that_is_a_function_is_that_function():
    assert create_function("tanh(x)") == create_function("tanh")
    assert create_function("silu(x, beta=2)") == create_function("swish", beta=2)
    assert create_function("prime(tanh(x))") == create_function("tanh_derivative")
    assert create_function("prime(gelu(x))") == create_function("gelu.prime")
    assert create_function("tanh(x) + 0*x").spelling == "tanh(x) + 0*x"


def test_the_text_makes_the_function_again():
    function = create_function(" X*tanh( log(1+exp(x)) ) ")
    assert function.spelling == "x*tanh(log(1 + exp(x)))"
    assert create_function(function.spelling, **function.as_dict()) == function
    assert hash(create_function(function.spelling)) == hash(function)
    assert find_function(function.spelling).name == function.spelling


def test_a_name_for_units():
    assert from_expression("x^2/4", name="quarter").module_name == "quarter"
    assert from_expression("x^2/4").module_name == "expression"
    assert create_function("x^2/4") == from_expression("x^2/4", name="quarter")
    with pytest.raises(ValueError, match="is not a Verilog identifier"):
        from_expression("x^2/4", name="x^2/4")
    with pytest.raises(TypeError, match="an expression must be text such as"):
        from_expression(2)


@pytest.mark.parametrize("text", ["2", "pi*e", "tanh(1)"])
def test_constants_are_refused(text):
    with pytest.raises(ValueError, match="is a constant: it must contain x"):
        create_function(text)


def test_critical_points_of_an_expression():
    found = monotonicity(create_function("x*tanh(log(1+exp(x)))"), Fraction(-8), Fraction(8))
    assert [round(float(point), 6) for point in found.points] == [-1.192431]
    assert not found.rises
