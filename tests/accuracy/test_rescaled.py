from fractions import Fraction

import numpy as np
import pytest
from flint import ctx

from softgate.accuracy.rescaled import between_codes
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.functions.number_types import BALLS, FLOATS, to_ball
from softgate.plan import parse_format
from softgate.plan.any_format import plan_format

FORMATS = [
    ("int8:0.05:0", "uint8:0.03:7"),
    ("int8:0.05:-10", "SQ4.4"),
    ("SQ4.4", "int8:0.06:-70"),
    ("uint8:1/30:128", "int8:0.1:0"),
]
FUNCTIONS = ["logistic", "tanh", "gelu", "softplus", "relu6", "elu", "hard_swish", "exp", "sin"]


def made(name, source, target):
    function = create_function(name)
    return function, between_codes(function, parse_format(source), parse_format(target))


@pytest.mark.parametrize(("source", "target"), FORMATS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_it_says_of_itself_is_true_of_its_values(name, source, target):
    function, rescaled = made(name, source, target)
    x, y = plan_format(parse_format(source)), plan_format(parse_format(target))
    codes = np.arange(x.min_code, x.max_code + 1)
    places = codes * float(x.ulp)
    expected = function(x.to_float(codes), FLOATS) / float(y.shown.ulp) * float(y.ulp) + y.code_of_zero
    values = rescaled(places, FLOATS)
    assert np.allclose(values, expected, rtol=1e-12, atol=1e-12)
    if (symmetry := rescaled.symmetry) is not None:
        mirrored = symmetry.sign * values + float(symmetry.slope) * places + float(symmetry.total)
        assert np.allclose(rescaled(-places, FLOATS), mirrored, rtol=1e-9, atol=1e-9)
    for end, far in zip(rescaled.ends, (-1e4, 1e4), strict=True):
        if end is not None:
            assert rescaled(np.float64(far), FLOATS) == pytest.approx(float(end(Fraction(far))), rel=1e-6, abs=1e-6)
    for place in map(Fraction, (-20, -3, 0, 5, 30)):
        low, high = rescaled.strict_limits(place)
        with ctx.workprec(300):
            ball = rescaled(to_ball(place), BALLS)
            assert low is None or ball > to_ball(low)
            assert high is None or ball < to_ball(high)
        value = float(ball)
        if (exact := rescaled.exact(place)) is not None:
            assert float(exact) == pytest.approx(value, rel=1e-12)
    if (pieces := rescaled.piecewise_linear) is not None:
        for place in map(Fraction, range(-128, 128, 7)):
            line = pieces.lines[pieces.piece(place)]
            assert float(line(place)) == pytest.approx(float(rescaled(to_ball(place), BALLS)), rel=1e-12, abs=1e-12)
    assert [float(kink) for kink in rescaled.kinks] == [
        float(kink / x.shown.ulp * x.ulp + x.code_of_zero) for kink in function.kinks
    ]


def test_symmetry_needs_a_zero_point_of_0():
    assert made("tanh", "int8:0.05:0", "uint8:0.01:100")[1].symmetry.total == 200
    assert made("tanh", "int8:0.05:1", "int8:0.01:0")[1].symmetry is None


def test_fixed_point_formats_leave_a_function_as_it_is():
    function, same = made("tanh", "SQ4.4", "SQ1.7")
    assert same is function


def test_inputs_and_outputs_are_told_as_values():
    with pytest.raises(ValueError) as raised:
        Specification.between(create_function("log"), parse_format("uint8:0.1:5"), parse_format("int8:0.1:0"))
    assert str(raised.value) == (
        "log is defined for x > 0, and 0 is an input of uint8:0.1:5; give an input format or a range that leaves such "
        "inputs out (--range, input_range)"
    )
    with pytest.raises(ValueError) as raised:
        Specification.between(create_function("exp"), parse_format("int8:0.1:5"), parse_format("uint8:0.25:9"))
    assert str(raised.value) == (
        "output format uint8:1/4:9 holds -2.25 to 61.5, but exp of int8:0.1:5 goes from 1.67449e-06 to 198789; "
        "choose a format that holds them, or accept the loss with --saturate (saturate=True)"
    )


def test_the_value_at_0_is_required_at_the_zero_point():
    asked = parse_format("int8:0.1:5"), parse_format("int8:1/100:-20")
    specification = Specification.between(create_function("tanh"), *asked, saturate=True)
    assert (5, -20) in [
        (each.codes.low, each.output) for each in specification.reference.required if each.codes.size == 1
    ]
