"""Derivatives of functions: by mpmath's differences, and PyTorch's values at kinks."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import ctx

from softgate.functions import (
    create_function,
    derivative_of,
    find_function,
    from_table,
    from_thresholds,
    function_classes,
)
from softgate.functions.critical_points import monotonicity
from softgate.functions.derivative import Derivative
from softgate.functions.number_types import BALLS, FLOATS, ball_ends, to_ball
from softgate.functions.properties import Symmetry
from softgate.functions.series import taylor_series

X = [Fraction(code, 32) for code in range(-257, 258, 19)]

TRUTHS = {
    "gelu": lambda x: x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "exp": mpmath.exp,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "tanh_derivative": lambda x: mpmath.sech(x) ** 2,
}


def analytic():
    """Return the names of the functions with a derivative at every input."""
    return [cls.name for cls in function_classes() if cls.create({}).analytic]


@pytest.mark.parametrize("name", TRUTHS)
def test_values(name):
    function = create_function(f"{name}.prime")
    with mpmath.workdps(60), ctx.workprec(200):
        for x in X:
            truth = mpmath.diff(TRUTHS[name], mpmath.mpf(x.numerator) / x.denominator)
            low, high = ball_ends(function(to_ball(x), BALLS))
            slack = mpmath.mpf(10) ** -25
            assert low.numerator / mpmath.mpf(low.denominator) - slack < truth
            assert truth < high.numerator / mpmath.mpf(high.denominator) + slack
            assert high - low < Fraction(1, 1 << 150)
            assert abs(function(float(x), FLOATS) - truth) < 1e-14 * max(1, abs(truth))


@pytest.mark.parametrize("name", analytic())
def test_power_series_are_those_of_the_function(name):
    function = create_function(name)
    low = 0 if function.undefined(Fraction(-9), Fraction(9)) is None else 1
    with ctx.workprec(200):
        for x in X:
            if x < low and low:
                continue
            whole = taylor_series(function, x, Fraction(3, 2), 6, Fraction(0))
            derived = taylor_series(Derivative(function), x, Fraction(3, 2), 5, Fraction(0))
            for order, coefficient in enumerate(derived):
                # d/dh of f(x + 3/2 h) is 3/2 f'(x + 3/2 h)
                assert (whole[order + 1] * (order + 1)).overlaps(coefficient * to_ball(Fraction(3, 2)))


def test_an_array_has_no_derivative():
    with pytest.raises(ValueError, match=r"has no derivative, since it is an array: give the derivative as a table"):
        derivative_of(from_table(np.array([0.0, 1.0, 4.0, 9.0]), 0, 1))
    with pytest.raises(ValueError, match=r"has no derivative, since it is an array"):
        derivative_of(from_thresholds(np.array([0.5, 1.5])))


def test_two_derivatives_have_names_of_their_own():
    assert create_function("tanh.prime") == create_function("tanh_derivative")
    assert create_function("sigmoid.prime") == create_function("logistic_derivative")
    assert find_function("tanh.prime").module_name == "tanh_derivative"


def test_parameters_are_those_of_the_function():
    function = create_function("swish.prime", beta=2)
    assert str(function) == "silu.prime(beta=2)"
    assert create_function(function.spelling, **function.as_dict()) == function
    assert function.module_name == find_function("silu.prime").module_name == "silu_derivative"
    with pytest.raises(ValueError, match=r"function silu.prime has no parameter 'bta'; did you mean beta\?"):
        create_function("silu.prime", bta=1)
    with pytest.raises(ValueError, match=r"there is no function 'gelu.prim'; did you mean gelu.prime\?"):
        create_function("gelu.prim")


@pytest.mark.parametrize(
    ("name", "symmetry", "ends"),
    [
        ("gelu.prime", Symmetry(-1, Fraction(1)), (0, 1)),
        ("silu.prime", Symmetry(-1, Fraction(1)), (0, 1)),
        ("tanh_derivative.prime", Symmetry(-1, Fraction(0)), (0, 0)),
        ("hard_tanh.prime", Symmetry(1, Fraction(0)), (0, 0)),
        ("exp.prime", None, (0, None)),
    ],
)
def test_symmetry_and_ends_follow(name, symmetry, ends):
    function = create_function(name)
    assert function.symmetry == symmetry
    assert tuple(None if end is None else end.offset for end in function.ends) == ends


# Of PyTorch: hardtanh_backward, hardsigmoid_backward, hardshrink_backward and softshrink_backward are 0 at both ends,
# threshold_backward (relu) and sgn at 0. test_torch_functions.py asks PyTorch itself.
@pytest.mark.parametrize(
    ("name", "x", "slope"),
    [
        ("hard_tanh.prime", -1, 0),
        ("hard_tanh.prime", Fraction(-1, 2), 1),
        ("hard_tanh.prime", 1, 0),
        ("hard_logistic.prime", -2, 0),
        ("hard_logistic.prime", 0, Fraction(1, 4)),
        ("hard_logistic.prime", 2, 0),
        ("soft_shrink.prime", Fraction(-1, 2), 0),
        ("soft_shrink.prime", Fraction(1, 2), 0),
        ("hard_shrink.prime", Fraction(1, 2), 0),
        ("relu6.prime", 6, 0),
        ("prime(max(x, 0))", 0, 0),
        ("prime(max(0, x))", 0, 0),
        ("prime(max(x, x/8))", 0, Fraction(1, 8)),
        ("prime(min(x, 6))", 6, 0),
        ("prime(abs(x))", 0, 0),
        ("prime(max(x, -x))", 0, 0),
        ("prime(where(x > 0, 2*x, x))", 0, 1),
        ("prime(where(x >= 0, 2*x, x))", 0, 2),
    ],
)
def test_conventions_at_kinks(name, x, slope):
    function, x = create_function(name), Fraction(x)
    assert function.exact(x) == slope
    assert function(float(x), FLOATS) == float(slope)
    assert function(to_ball(x), BALLS) == to_ball(Fraction(slope))
    pieces = function.piecewise_linear
    assert pieces.lines[pieces.piece(x)](x) == slope


def test_steps_of_a_ramp():
    pieces = create_function("hard_tanh.prime").piecewise_linear
    assert [line.offset for line in pieces.lines] == [0, 1, 0]
    assert pieces.kinks == (-1, 1)
    assert pieces.closed == (False, True)


def test_critical_points():
    found = monotonicity(create_function("gelu.prime"), Fraction(-8), Fraction(8))
    assert [round(float(point), 9) for point in found.points] == [-1.414213562, 1.414213562]
    assert not found.rises


def test_floats_of_arrays_that_overflow():
    values = create_function("silu.prime")(np.array([-1000.0, 0.0, 1000.0, np.nan]), FLOATS)
    assert values[:3].tolist() == [0.0, 0.5, 1.0]
    assert np.isnan(values[3])


def test_a_root_has_no_slope_at_0():
    assert create_function("sqrt").undefined(Fraction(0), Fraction(4)) is None
    assert create_function("sqrt.prime").undefined(Fraction(0), Fraction(4)) == 0
    assert create_function("sqrt.prime").undefined(Fraction(1, 8), Fraction(4)) is None
