import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.monotonic import is_monotonic
from softgate.accuracy.reference import Reference
from softgate.functions import create_function, find_function, function_classes
from softgate.functions.critical_points import monotonicity
from softgate.functions.hard_logistic import HardLogistic
from softgate.functions.number_types import BALLS, FLOATS, FRACTIONS, to_ball, to_fraction
from softgate.functions.properties import EVEN, ODD, Ramp, Symmetry
from softgate.functions.series import taylor_series
from softgate.plan import FixedFormat

VARIANTS = {"taylor": Fraction(1, 4), "keras2": Fraction(1, 5), "keras3": Fraction(1, 6), "qkeras": Fraction(1, 2)}
X = [Fraction(code, 16) for code in range(-160, 161, 7)]


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


def test_functions_are_found_by_name():
    assert [cls.name for cls in function_classes()] == sorted(cls.name for cls in function_classes())
    assert {"hard_logistic", "hard_tanh", "logistic", "tanh"} <= {cls.name for cls in function_classes()}
    assert {"logistic_derivative", "tanh_derivative"} <= {cls.name for cls in function_classes()}
    assert find_function("sigmoid").name == "logistic"
    assert find_function("sigmoid_derivative").name == "logistic_derivative"
    assert find_function("hard_sigmoid").name == find_function("hardsigmoid").name == "hard_logistic"
    assert find_function("hardtanh").name == "hard_tanh"


@pytest.mark.parametrize("cls", function_classes())
def test_every_function_is_described(cls):
    assert cls.summary
    assert all(parameter.help for parameter in cls.parameters)
    function = cls.create({})
    assert cls.create(function.as_dict()) == function
    assert hash(cls.create({})) == hash(function)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tahn", "there is no function 'tahn'; did you mean tanh?"),
    ],
)
def test_unknown_functions(name, message):
    with pytest.raises(ValueError) as raised:
        create_function(name)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("tanh", {"slope": 1}, "function tanh has no parameter 'slope'; it has no parameters"),
        ("hard_logistic", {"slop": 1}, "function hard_logistic has no parameter 'slop'; did you mean slope?"),
        ("hard_logistic", {"slope": 0}, "slope must be above 0, not 0"),
        ("hard_logistic", {"slope": "-1/4"}, "slope must be above 0, not -1/4"),
        ("hard_logistic", {"variant": "kears3"}, "there is no variant 'kears3'; did you mean keras3?"),
        ("hard_tanh", {"min": 1}, "min must be below max, but 1 >= 1"),
    ],
)
def test_bad_parameters(name, parameters, message):
    with pytest.raises(ValueError) as raised:
        create_function(name, **parameters)
    assert str(raised.value) == message


def test_a_variant_is_checked_when_the_function_is_made():
    with pytest.raises(ValueError, match="variant"):
        HardLogistic("torch")


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("logistic", logistic),
        ("tanh", mpmath.tanh),
        ("logistic_derivative", lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2),
        ("tanh_derivative", lambda x: mpmath.sech(x) ** 2),
    ],
)
def test_one_definition_over_floats_and_balls(name, truth):
    function = create_function(name)
    with mpmath.workdps(40):
        for x in X:
            exact = truth(mpmath.mpf(x.numerator) / x.denominator)
            assert abs(function(float(x), FLOATS) - exact) < 1e-15
            ball = function(to_ball(x), BALLS)
            assert to_fraction(ball.lower()) <= Fraction(str(exact)) <= to_fraction(ball.upper())
    values = function(np.array([-1000.0, 0.0, 1000.0]), FLOATS)
    assert values.tolist() == [float(function.limits[0]), float(truth(0)), float(function.limits[1])]


@pytest.mark.parametrize(("name", "of"), [("logistic_derivative", "logistic"), ("tanh_derivative", "tanh")])
def test_derivatives_are_those_of_the_functions(name, of):
    for x in X:
        with ctx.workprec(200):
            series = taylor_series(create_function(of), x, Fraction(1), 2, Fraction(0))
            assert create_function(name)(to_ball(x), BALLS).overlaps(series[1])


@pytest.mark.parametrize("name", [cls.name for cls in function_classes()])
def test_functions_turn_where_they_say(name):
    function = create_function(name)
    low, high = X[0], X[-1]
    while (hole := function.undefined(low, high)) is not None:
        low = max(hole + Fraction(1, 64), Fraction(0))
    turns = monotonicity(function, low, high)
    x = np.array([*(float(each) for each in X if each >= low), *map(float, turns.points)])
    x.sort()
    values = function(x, FLOATS)
    if function.analytic:
        rising = [(sum(float(turn) <= at for turn in turns.points) % 2 == 0) == turns.rises for at in x[:-1].tolist()]
        assert [bool(up) for up in np.diff(values) >= 0] == rising
    assert is_monotonic(x, values, turns)
    assert not is_monotonic(x, -values, turns)


@pytest.mark.parametrize(
    ("name", "parameters", "ramp"),
    [
        ("hard_logistic", {}, (Fraction(1, 4), Fraction(1, 2), 0, 1)),
        ("hard_logistic", {"variant": "onnx"}, (Fraction(1, 5), Fraction(1, 2), 0, 1)),
        ("hard_logistic", {"variant": "torch"}, (Fraction(1, 6), Fraction(1, 2), 0, 1)),
        ("hard_logistic", {"variant": "qkeras"}, (Fraction(1, 2), Fraction(1, 2), 0, 1)),
        ("hard_logistic", {"slope": 0.3, "offset": "0.4"}, (Fraction(3, 10), Fraction(2, 5), 0, 1)),
        ("hard_tanh", {}, (1, 0, -1, 1)),
        ("hard_tanh", {"min": 0, "max": 6}, (1, 0, 0, 6)),
    ],
)
def test_ramps(name, parameters, ramp):
    function = create_function(name, **parameters)
    assert function.ramp == Ramp(*map(Fraction, ramp))
    assert not function.analytic
    slope, offset, low, high = ramp
    for x in X:
        exact = min(max(slope * x + offset, low), high)
        assert function(x, FRACTIONS) == exact
        assert function(float(x), FLOATS) == pytest.approx(float(exact), abs=1e-15)
        assert abs(function(to_ball(x), BALLS) - to_ball(Fraction(exact))) < arb(1) / 10**12


@pytest.mark.parametrize(
    ("name", "parameters", "symmetry"),
    [
        ("logistic", {}, Symmetry(-1, Fraction(1))),
        ("tanh", {}, ODD),
        ("hard_logistic", {}, Symmetry(-1, Fraction(1))),
        ("hard_logistic", {"offset": "0.4"}, None),
        ("hard_tanh", {}, ODD),
        ("hard_tanh", {"min": 0}, None),
        ("logistic_derivative", {}, EVEN),
        ("tanh_derivative", {}, EVEN),
    ],
)
def test_symmetry(name, parameters, symmetry):
    function = create_function(name, **parameters)
    assert function.symmetry == symmetry
    here, there = (np.array([float(function(sign * float(x), FLOATS)) for x in X]) for sign in (1, -1))
    even, point = np.ptp(there - here) < 1e-14, np.ptp(there + here) < 1e-14
    assert (even, point) == (symmetry == EVEN, symmetry is not None and symmetry.sign == -1)
    if symmetry is not None:
        assert there == pytest.approx(symmetry.sign * here + float(symmetry.total), abs=1e-14)


@pytest.mark.parametrize(
    ("name", "parameters", "text"),
    [
        ("tanh", {}, "tanh"),
        ("hard_logistic", {}, "hard_logistic(variant=taylor)"),
        ("hard_logistic", {"slope": "1/7"}, "hard_logistic(variant=taylor, slope=1/7)"),
        ("hard_tanh", {"max": 6}, "hard_tanh(min=-1, max=6)"),
    ],
)
def test_text(name, parameters, text):
    assert str(create_function(name, **parameters)) == text


@pytest.mark.parametrize(
    ("variant", "error"), [("taylor", 0.1192), ("keras2", 0.0759), ("keras3", 0.0692), ("qkeras", 0.2689)]
)
def test_how_far_the_hard_logistic_is_from_the_logistic(variant, error):
    ends = [-0.5 / float(VARIANTS[variant]), 0.5 / float(VARIANTS[variant])]
    x = np.append(np.linspace(-8, 8, 160001), ends)
    hard = create_function("hard_logistic", variant=variant)
    difference = np.abs(hard(x, FLOATS) - create_function("logistic")(x, FLOATS))
    assert round(float(difference.max()), 4) == error


def test_the_default_variant_is_the_tangent_at_0():
    assert create_function("hard_logistic").ramp.slope == Fraction(1, 4)
    step = 1e-6
    logistic_of = create_function("logistic")
    assert (logistic_of(step, FLOATS) - logistic_of(-step, FLOATS)) / (2 * step) == pytest.approx(0.25)


@pytest.mark.parametrize("cls", [cls for cls in function_classes() if cls.identity])
def test_identities(cls):
    function, identity = cls.create({}), cls.identity
    base = create_function(identity.of)
    assert base.limits is not None
    assert not base.parameters
    for x in X:
        value = base(to_ball(x * Fraction(2) ** identity.scale), BALLS)
        polynomial = sum(to_ball(c) * value**k for k, c in enumerate(identity.coefficients))
        assert polynomial.overlaps(function(to_ball(x), BALLS))
        assert polynomial.rad() < arb(10) ** -9


def test_a_wide_hard_tanh_is_the_identity():
    fmt = FixedFormat.parse("SQ4.4")
    reference = Reference(create_function("hard_tanh", min=-100, max=100), fmt, fmt)
    assert measure_errors(lambda codes: codes, reference).max_ulp == 0
    assert math.isclose(measure_errors(lambda codes: codes * 0, reference).max_abs, 8)
