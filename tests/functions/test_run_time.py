from fractions import Fraction

import pytest

from softgate.functions import create_function, find_function, function_classes
from softgate.functions.properties import Line
from softgate.functions.run_time import run_time_function, run_time_functions


@pytest.mark.parametrize("name", run_time_functions())
def test_lines_are_affine_in_the_parameter_and_kinks_stay(name):
    function = run_time_functions()[name]
    assert len(function.lines) == len(function.kinks) + 1
    for value in map(Fraction, ("0", "1", "-1", "1/3", "-7/2", "100", "-1/1024")):
        pieces = function.at(value).piecewise_linear
        assert pieces.kinks == function.kinks
        assert pieces.lines == tuple(
            Line(
                line.start.slope + value * line.change.slope,
                line.start.offset + value * line.change.offset,
            )
            for line in function.lines
        )
        for left, right, kink in zip(pieces.lines[:-1], pieces.lines[1:], pieces.kinks, strict=True):
            assert left(kink) == right(kink)


@pytest.mark.parametrize("parameter", ["slope", "weight", "alpha"])
def test_prelu_is_the_leaky_rectifier(parameter):
    prelu = run_time_function("PReLU", parameter)
    assert str(prelu) == "prelu(x, slope)"
    assert prelu.at(Fraction(1, 3)) == create_function("leaky_relu", negative_slope="1/3")


def test_an_alias_of_the_function_is_one_of_it_with_a_port():
    assert run_time_function("leakyrelu", "alpha") is run_time_function("leaky_relu", "negative_slope")


def test_a_name_is_either_that_of_a_function_of_x_too_or_not():
    named = {name for cls in function_classes() for name in (cls.name, *cls.aliases)}
    assert {name for name in run_time_functions() if name not in named} == {"prelu"}
    with pytest.raises(
        ValueError,
        match=r"^prelu has its slope at run time: give the format of that port, --port slope=SQ1\.7 "
        r'\(ports=\{"slope": "SQ1\.7"\}\); leaky_relu has a fixed one$',
    ):
        find_function("prelu")


@pytest.mark.parametrize(
    ("function", "parameter", "match"),
    [
        (
            "silu",
            "beta",
            "^silu has no parameter that can be a port; those that can are negative_slope of leaky_relu and",
        ),
        ("prelu", "slop", r"^prelu has no parameter 'slop' that can be a port; did you mean slope\?$"),
        (abs, "slope", "has no parameter that can be a port"),
        ("prelu", ["slope"], "has no parameter"),
    ],
)
def test_what_cannot_be_a_port_is_refused(function, parameter, match):
    with pytest.raises(ValueError, match=match):
        run_time_function(function, parameter)
