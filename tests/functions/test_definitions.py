"""Every function against its published definition in mpmath: values, power series, and what it says of itself."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb_series, ctx
from function_definitions import DEFINITIONS, Definition

from softgate.functions import create_function, function_classes
from softgate.functions.critical_points import monotonicity
from softgate.functions.number_types import BALLS, FLOATS, FRACTIONS, SERIES, IrrationalError, to_ball, to_fraction
from softgate.functions.properties import Asymptote, Sign, Symmetry
from softgate.functions.series import taylor_series

each = pytest.mark.parametrize("definition", DEFINITIONS, ids=str)

FAR = [Fraction(text) for text in ("-1000", "-300", "-97/2", "-20", "97/2", "300", "1000")]

INPUTS = [Fraction(code, 64) for code in range(-640, 641, 39)] + [Fraction(1, 1 << 40), Fraction(-1, 1 << 40)]


def made(definition):
    return create_function(definition.name, **definition.parameters)


def defined(definition, inputs):
    holds = {
        "all": lambda x: True,
        "positive": lambda x: x > 0,
        "not negative": lambda x: x >= 0,
        "not zero": lambda x: x != 0,
    }[definition.defined]
    return [x for x in inputs if holds(x)]


def true_value(definition, x):
    """Return the value at a fraction, with digits enough for what cancels in the definition."""
    with mpmath.workdps(120 if abs(x) < 100 else 900 if abs(x) < 10**4 else 250):
        return fraction(definition.truth(mpmath.mpf(x.numerator) / x.denominator))


def fraction(value):
    """Return an mpmath number; what is too small to be seen anywhere as the power of two that is just as small."""
    sign, mantissa, exponent, _ = mpmath.mpf(value)._mpf_
    if mantissa and exponent < -5000:
        mantissa, exponent = 1, -5000
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


def test_every_function_is_in_the_table():
    assert {definition.name for definition in DEFINITIONS} == {cls.name for cls in function_classes()}


@each
def test_floats(definition):
    function = made(definition)
    inputs = defined(definition, INPUTS)
    values = function(np.array([float(x) for x in inputs]), FLOATS)
    for x, value in zip(inputs, values.tolist(), strict=True):
        exact = float(true_value(definition, Fraction(float(x))))
        assert value == pytest.approx(exact, rel=4e-14, abs=4e-15)
        assert float(function(float(x), FLOATS)) == pytest.approx(value, rel=4e-16, abs=1e-300)


@each
def test_floats_far_out(definition):
    truth = {x: true_value(definition, x) for x in defined(definition, FAR)}
    held = {x: float(value) for x, value in truth.items() if abs(value) < 1 << 1000}
    values = made(definition)(np.array([float(x) for x in held]), FLOATS)
    expected = list(held.values())
    assert values.tolist() == pytest.approx(expected, rel=1e-12, abs=1e-14)


@each
def test_balls(definition):
    """Hold the value, and no more than the last two digits of 40 beside it, or beside 1 where the value is smaller."""
    function = made(definition)
    for x in defined(definition, [*INPUTS, *FAR]):
        exact = true_value(definition, x)
        with ctx.workprec(140):
            ball = function(to_ball(x), BALLS)
            low, high = to_fraction(ball.lower()), to_fraction(ball.upper())
        slack = Fraction(1, 10**90)  # of what is written as 0 by the judge
        assert low - slack <= exact <= high + slack
        assert high - low <= Fraction(1, 10**38) * max(1, abs(exact), abs(x))


@each
def test_small_values_are_known_to_many_digits(definition):
    """Tails that tend to 0 are known relatively: nothing cancels there."""
    function = made(definition)
    for end, outwards in zip(definition.ends, (-1, 1), strict=True):
        if end is None or end[:2] != ("0", "0") or not end[2]:
            continue
        for size in (20, 48, 300):
            with ctx.workprec(140):
                ball = function(to_ball(Fraction(outwards * size)), BALLS)
                assert ball.rel_accuracy_bits() > 110


@each
def test_wide_balls_hold_the_values_within(definition):
    function = made(definition)
    for low, high in pairwise(defined(definition, [Fraction(k, 4) for k in range(-40, 41)])):
        if definition.defined != "all" and low <= 0:
            continue
        with ctx.workprec(140):
            ball = function(to_ball(low).union(to_ball(high)), BALLS)
        for part in range(5):
            exact = true_value(definition, low + (high - low) * part / 4)
            assert to_fraction(ball.lower()) <= exact <= to_fraction(ball.upper())


@each
def test_power_series(definition):
    function = made(definition)
    for x in defined(definition, [Fraction(text) for text in ("-5", "-7/4", "-3/8", "1/7", "5/8", "9/4", "13/2")]):
        with ctx.workprec(400):
            series = taylor_series(function, x, Fraction(1), 5, Fraction(0))
        with mpmath.workdps(100):
            taylor = mpmath.taylor(definition.truth, mpmath.mpf(x.numerator) / x.denominator, 4)
            expected = [fraction(coefficient) for coefficient in taylor]
        for ball, exact in zip(series, expected, strict=True):
            known = to_fraction(ball.mid())
            assert abs(known - exact) < Fraction(1, 10**40) * max(1, abs(exact))
            assert to_fraction(ball.rad()) < Fraction(1, 10**40) * max(1, abs(exact))


@each
def test_wide_power_series_hold_the_derivatives_within(definition):
    function = made(definition)
    kinks = [Fraction(kink) for kink in definition.kinks]
    for x in defined(definition, [Fraction(text) for text in ("-5", "-7/4", "-3/8", "5/8", "9/4", "13/2")]):
        radius = Fraction(1, 16)
        if any(abs(x - kink) <= radius for kink in kinks):
            continue
        with ctx.workprec(140):
            wide = taylor_series(function, x, Fraction(1), 3, radius)
            for place in (-1, 0, 1):
                narrow = taylor_series(function, x + place * radius, Fraction(1), 3, Fraction(0))
                assert all(a.overlaps(b) for a, b in zip(wide, narrow, strict=True))


@each
def test_kinks(definition):
    function = made(definition)
    assert function.kinks == tuple(map(Fraction, definition.kinks))
    for kink in function.kinks:
        with ctx.workprec(140):
            assert taylor_series(function, kink, Fraction(1), 3, Fraction(0)) is None
            assert taylor_series(function, kink + Fraction(1, 8), Fraction(1), 3, Fraction(1, 4)) is None


@each
def test_exact_values(definition):
    function = made(definition)
    for x, value in definition.exact.items():
        assert function.exact(Fraction(x)) == Fraction(value)


@each
def test_fractions_are_the_values_or_refused(definition):
    function = made(definition)
    for x in defined(definition, INPUTS):
        try:
            value = function(x, FRACTIONS)
        except IrrationalError:
            continue
        if isinstance(value, Fraction):
            assert abs(value - true_value(definition, x)) < Fraction(1, 10**100)


@each
def test_lines_are_the_function(definition):
    function = made(definition)
    if function.piecewise_linear is None:
        return
    pieces = function.piecewise_linear
    for x in [*INPUTS, *pieces.kinks]:
        assert pieces.lines[pieces.piece(x)](x) == function(x, FRACTIONS)
        assert abs(function(x, FRACTIONS) - true_value(definition, x)) < Fraction(1, 10**100)


@each
def test_scaling(definition):
    scaling = made(definition).scaling
    said = None if scaling is None else "adds" if scaling.adds else str(scaling.power)
    assert said == definition.scaling
    if scaling is None:
        return
    with mpmath.workdps(60):
        one, two = definition.truth(mpmath.mpf(1)), definition.truth(mpmath.mpf(2))
        for x, k in ((mpmath.mpf(3) / 7, 1), (mpmath.mpf(5), -3), (mpmath.mpf(1) / 9, 10)):
            scaled, value = definition.truth(x * mpmath.mpf(2) ** k), definition.truth(x)
            power = mpmath.mpf(scaling.power.numerator) / scaling.power.denominator
            follows = value + k * (two - one) if scaling.adds else value * mpmath.mpf(2) ** (k * power)
            assert abs(scaled - follows) < mpmath.mpf(10) ** -50


@each
def test_translation(definition):
    translation = made(definition).translation
    assert (translation is None) is (definition.step is None)
    if translation is None:
        return
    with mpmath.workdps(60), ctx.workprec(250):
        step, factor = definition.step[0](), definition.step[1]
        assert abs(mpmath.mpf(translation.step(BALLS).mid().str(60, radius=False)) - step) < mpmath.mpf(10) ** -50
        assert translation.factor == factor
        for x in (mpmath.mpf(3) / 7, mpmath.mpf(-5)):
            assert abs(definition.truth(x + step) - factor * definition.truth(x)) < mpmath.mpf(10) ** -50


@each
def test_symmetry(definition):
    expected = definition.symmetry
    symmetry = expected and Symmetry(expected[0], Fraction(expected[2]), Fraction(expected[1]))
    assert made(definition).symmetry == symmetry
    values = (
        [(x, true_value(definition, x), true_value(definition, -x)) for x in defined(definition, INPUTS)[:34]]
        if (definition.defined in ("all", "not zero"))
        else []
    )
    candidates = (
        [symmetry]
        if symmetry
        else [
            Symmetry(sign, total, slope)
            for sign in (1, -1)
            for total in (Fraction(0), Fraction(1), Fraction(-1))
            for slope in (Fraction(0), Fraction(1), Fraction(-1))
        ]
    )
    for each_one in candidates:
        gaps = [abs(there - each_one.sign * here - each_one.slope * x - each_one.total) for x, here, there in values]
        assert not values or (max(gaps) < Fraction(1, 10**80)) == (symmetry is not None)


@each
def test_ends(definition):
    function = made(definition)
    for end, found, outwards in zip(definition.ends, function.ends, (-1, 1), strict=True):
        if end is None:
            assert found is None
            continue
        slope, offset, side = end
        known = (
            -Fraction(definition.parameters.get("alpha", "1.6732632423543772848170429916717"))
            * Fraction(definition.ends[1][0])
            if offset is None
            else Fraction(offset)
        )
        assert found == Asymptote(Fraction(slope), known, side)
        gaps = {}
        for size in (Fraction(1, 1 << 20), Fraction(1, 2), Fraction(3), Fraction(7), Fraction(12), Fraction(10**6)):
            x = outwards * size
            gaps[size] = true_value(definition, x) - found(x)
            if side and size < 100:
                assert gaps[size] * side > 0
        assert abs(gaps[Fraction(10**6)]) <= (Fraction(1, 1000) if definition.slow else Fraction(1, 10**100))
        assert not (definition.slow and function.exponential)


@each
def test_sign(definition):
    sign = made(definition).sign
    for x in [x for x in defined(definition, [*INPUTS, Fraction(0)]) if sign is not Sign.UNKNOWN]:
        value = true_value(definition, x)
        assert (value > 0, value < 0) == ((True, False) if sign is Sign.POSITIVE else (x > 0, x < 0))


@each
def test_critical_points(definition):
    function = made(definition)
    low = Fraction(-6) if definition.defined == "all" else Fraction(1, 1024)
    found = monotonicity(function, low, Fraction(6))
    points, rises = definition.turns
    inner = [point for point in found.points if abs(point) < 6]
    assert [round(float(point), 7) for point in inner] == [point for point in points if abs(point) < 6]
    assert found.rises is rises


@each
def test_parameters_do_not_move_critical_points_out_of_sight(definition):
    function = made(definition)
    low, high = function.turning_range
    for kink in function.kinks:
        assert low is None or low < kink
        assert high is None or high > kink


@pytest.mark.parametrize(
    ("name", "parameters", "points"),
    [
        ("threshold", {"threshold": 100, "value": 200}, [100]),
        ("silu", {"beta": "1/64"}, [-81.8217307]),
        ("quick_gelu", {}, [-0.7511543]),
    ],
)
def test_critical_points_far_out(name, parameters, points):
    found = monotonicity(create_function(name, **parameters), Fraction(-4096), Fraction(4096))
    assert [round(float(point), 7) for point in found.points] == points


@pytest.mark.parametrize(
    ("name", "low", "high", "at"),
    [
        ("log", -2, 2, 0),
        ("log", -2, -1, -1),
        ("log", 0, 2, 0),
        ("log", 1, 2, None),
        ("log2", 0, 2, 0),
        ("rsqrt", 0, 2, 0),
        ("sqrt", -2, 2, -2),
        ("sqrt", 0, 2, None),
        ("reciprocal", -2, 2, 0),
        ("reciprocal", -2, -1, None),
        ("reciprocal", 1, 2, None),
        ("tanh", -2, 2, None),
    ],
)
def test_where_functions_are_undefined(name, low, high, at):
    assert create_function(name).undefined(Fraction(low), Fraction(high)) == at


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("elu", {"alpha": 0}, "alpha must be above 0, not 0"),
        ("celu", {"alpha": -1}, "alpha must be above 0, not -1"),
        ("selu", {"gamma": 0}, "scale must be above 0, not 0"),
        ("softplus", {"beta": 0}, "beta must be above 0, not 0"),
        ("rrelu", {"lower": 1}, "lower must be at most upper, but 1 > 1/3"),
        ("hard_shrink", {"lambda": -1}, "lambd must be a number, 0 or more, not -1"),
        ("soft_shrink", {"threshold": "x"}, "lambd must be a number, 0 or more, not 'x'"),
        ("sin", {"unit": "degrees"}, "there is no unit 'degrees'; choose one of radians, turns"),
        (
            "silu",
            {"beta": 1, "alpha": 2},
            "beta and alpha are the same parameter of function silu: give one of the two",
        ),
    ],
)
def test_refused_parameters(name, parameters, message):
    with pytest.raises(ValueError) as raised:
        create_function(name, **parameters)
    assert str(raised.value) == message


def test_quick_gelu_is_close_to_gelu():
    x = np.linspace(-8, 8, 160001)
    difference = np.abs(create_function("quick_gelu")(x, FLOATS) - create_function("gelu")(x, FLOATS))
    assert round(float(difference.max()), 4) == 0.0203


def test_the_short_cut_of_pytorchs_softplus():
    with mpmath.workdps(30):
        assert mpmath.nstr(mpmath.log1p(mpmath.exp(-20)), 3) == "2.06e-9"


def test_a_series_of_a_branch_that_is_constant():
    with ctx.workprec(140):
        for operation in (SERIES.expm1, SERIES.log1p, SERIES.log1p_exp, SERIES.tanh, SERIES.tanhshrink):
            name = operation.__name__
            value = getattr(BALLS, name)(to_ball(Fraction(1, 3)))
            assert isinstance(operation(to_ball(Fraction(1, 3))), arb_series)
            assert operation(to_ball(Fraction(1, 3)))[0].overlaps(value)


# The names that the frameworks have for functions, in lower case as they are typed here.
FRAMEWORKS = {
    "PyTorch": {
        "relu": "relu",
        "leakyrelu": "leaky_relu",
        "leaky_relu": "leaky_relu",
        "rrelu": "rrelu",
        "relu6": "relu6",
        "threshold": "threshold",
        "elu": "elu",
        "selu": "selu",
        "celu": "celu",
        "softplus": "softplus",
        "softsign": "softsign",
        "silu": "silu",
        "gelu": "gelu",
        "mish": "mish",
        "hardswish": "hard_swish",
        "hardtanh": "hard_tanh",
        "hardsigmoid": "hard_logistic",
        "sigmoid": "logistic",
        "tanh": "tanh",
        "logsigmoid": "log_sigmoid",
        "tanhshrink": "tanhshrink",
        "hardshrink": "hard_shrink",
        "softshrink": "soft_shrink",
        "exp": "exp",
        "exp2": "exp2",
        "log": "log",
        "log2": "log2",
        "erf": "erf",
        "sqrt": "sqrt",
        "rsqrt": "rsqrt",
        "reciprocal": "reciprocal",
        "sin": "sin",
        "cos": "cos",
        "atan": "atan",
        "arctan": "atan",
        "square": "square",
    },
    "Keras": {
        "relu": "relu",
        "leaky_relu": "leaky_relu",
        "relu6": "relu6",
        "threshold": "threshold",
        "elu": "elu",
        "selu": "selu",
        "celu": "celu",
        "exponential": "exp",
        "softplus": "softplus",
        "softsign": "softsign",
        "silu": "silu",
        "swish": "silu",
        "gelu": "gelu",
        "mish": "mish",
        "hard_silu": "hard_swish",
        "hard_swish": "hard_swish",
        "hard_tanh": "hard_tanh",
        "hard_sigmoid": "hard_logistic",
        "sigmoid": "logistic",
        "tanh": "tanh",
        "log_sigmoid": "log_sigmoid",
        "tanh_shrink": "tanhshrink",
        "hard_shrink": "hard_shrink",
        "soft_shrink": "soft_shrink",
    },
    "ONNX": {
        "Relu": "relu",
        "LeakyRelu": "leaky_relu",
        "Elu": "elu",
        "Selu": "selu",
        "Celu": "celu",
        "Softplus": "softplus",
        "Softsign": "softsign",
        "Swish": "silu",
        "Gelu": "gelu",
        "QuickGelu": "quick_gelu",
        "Mish": "mish",
        "HardSwish": "hard_swish",
        "HardSigmoid": "hard_logistic",
        "Sigmoid": "logistic",
        "Tanh": "tanh",
        "Exp": "exp",
        "Log": "log",
        "Erf": "erf",
        "Sqrt": "sqrt",
        "Reciprocal": "reciprocal",
        "Sin": "sin",
        "Cos": "cos",
        "Atan": "atan",
    },
}


@pytest.mark.parametrize(
    ("name", "function"), [(name, own) for names in FRAMEWORKS.values() for name, own in names.items()]
)
def test_frameworks_names(name, function):
    assert create_function(name).name == function


@pytest.mark.parametrize(
    ("name", "given", "own"),
    [
        ("leaky_relu", "alpha", "negative_slope"),
        ("silu", "alpha", "beta"),
        ("selu", "gamma", "scale"),
        ("hard_logistic", "alpha", "slope"),
        ("hard_logistic", "beta", "offset"),
        ("hard_shrink", "lambda", "lambd"),
        ("hard_shrink", "threshold", "lambd"),
        ("soft_shrink", "threshold", "lambd"),
        ("threshold", "default_value", "value"),
        ("hard_tanh", "max_val", "max"),
    ],
)
def test_frameworks_parameters(name, given, own):
    function = create_function(name, **{given: "3/4"})
    assert function == create_function(name, **{own: "3/4"})
    assert function.as_dict()[own] == "3/4"
    assert given == own or given not in function.as_dict()


@pytest.mark.parametrize(("name", "given", "own"), [("hard_tanh", "min_val", "min")])
def test_the_lower_limit_by_pytorchs_name(name, given, own):
    assert create_function(name, **{given: "-3/4"}) == create_function(name, **{own: "-3/4"})


def test_long_parameters_are_shown_as_decimals():
    shown = "selu(alpha=1.6732632423543772848170429916717, scale=1.0507009873554804934193349852946)"
    assert str(create_function("selu")) == shown


def test_definitions_are_printed_by_name():
    assert str(Definition("silu", mpmath.exp, parameters={"alpha": "1/2"})) == "silu-alpha=1/2"
