from fractions import Fraction

import numpy as np
import pytest

from softgate.functions import create_function
from softgate.ml.scan.find import Activation
from softgate.ml.scan.propose import NoUnitError, propose, saturation
from softgate.ml.scan.statistics import Statistics
from softgate.plan import AffineFormat, FixedFormat


def proposed(name, low, high, bits=8, formats=(None, None), **parameters):
    function = create_function(name, **parameters)
    activation = Activation("node", ("Operator",), function, name, None, "x", "y", *formats)
    return propose(activation, Statistics(10, low, high, (low, high)), bits)


@pytest.mark.parametrize(
    ("name", "low", "high", "source", "output", "clip"),
    [
        ("tanh", -1.5, 1.5, "SQ2.6", "SQ1.7", None),
        ("tanh", -39.0, 39.0, "SQ3.5", "SQ1.7", None),  # from 3.12 on it is 1 to half an ulp
        ("logistic", -39.0, 39.0, "SQ4.4", "UQ0.8", None),
        ("logistic", 0.25, 0.75, "UQ0.8", "UQ0.8", None),
        ("relu", -100.0, 3.0, "SQ3.5", "UQ2.6", None),
        ("relu", -1.0, 4.0, "SQ3.5", "UQ2.6", None),  # 4 is the first value that it does not hold
        ("silu", -20.0, 6.0, "SQ4.4", "SQ4.4", None),
        ("exp", -30.0, 0.0, "SQ4.4", "UQ0.8", None),
        ("sqrt", 0.0, 10.0, "UQ4.4", "UQ2.6", None),
        ("reciprocal", 0.25, 3.0, "UQ2.6", "UQ2.6", "1/4:255/64"),
        ("log", 0.001, 1.0, "UQ0.8", "SQ4.4", "1/256:255/256"),
        ("hard_swish", -8.0, 2.5, "SQ3.5", "SQ3.5", None),
        ("tanh", 0.0, 0.0, "UQ-7.15", "SQ1.7", None),
        ("logistic", -5.5, -3.5, "SQ4.4", "UQ0.8", None),  # other data may lie above
        ("relu6", -1.0, 1.0, "SQ1.7", "UQ3.5", None),
        ("sin", -0.125, 0.125, "SQ-2.10", "SQ-2.10", None),
    ],
)
def test_formats_hold_what_was_seen(name, low, high, source, output, clip):
    found = proposed(name, low, high)
    assert (found.input, found.output, found.clip) == (source, output, clip)
    assert found.max_error == "1ulp"


def test_formats_of_the_model_stay():
    affine = AffineFormat(FixedFormat(True, 8, 0), Fraction(1, 3), -3)
    found = proposed("logistic", -5.0, 5.0, 12, (affine, FixedFormat(False, 0, 8)))
    assert (found.input, found.output, found.max_error) == ("int8:1/3:-3", "UQ0.8", "0.5ulp")
    assert proposed("logistic", -5.0, 5.0, 12, (affine, None)).output == "UQ0.12"


@pytest.mark.parametrize(("name", "low", "high"), [("reciprocal", -1.0, 1.0), ("log", 0.0, 1.0), ("rsqrt", 0.0, 2.0)])
def test_no_unit_where_there_is_no_value(name, low, high):
    with pytest.raises(NoUnitError, match="it has no value at 0, which is in the range that was seen"):
        proposed(name, low, high)


def test_parameters_are_carried():
    assert proposed("hard_tanh", -3.0, 3.0, min=-2, max="1/2").parameters == (("max", "1/2"), ("min", "-2"))


def test_saturation_points_of_tanh():
    below, above = saturation(create_function("tanh"), FixedFormat(True, 1, 7))
    wanted = np.arctanh(1 - 2.0**-8)
    assert abs(above - wanted) < 2**-15
    assert abs(below + wanted) < 2**-15


@pytest.mark.parametrize(
    ("name", "points"), [("relu", (0.0, None)), ("exp2", (-9.0, None)), ("sqrt", (None, None)), ("sin", (None, None))]
)
def test_saturation_points_of_others(name, points):
    found = saturation(create_function(name), FixedFormat(False, 0, 8))
    assert [None if each is None else round(each, 3) for each in found] == list(points)
