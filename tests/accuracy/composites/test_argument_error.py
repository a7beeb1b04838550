"""Functions of rounded and limited arguments: literal cases, and the worst of many sums."""

from fractions import Fraction

import numpy as np
import pytest

from softgate.accuracy.composites.argument_error import argument_error
from softgate.functions import create_function
from softgate.functions.number_types import FLOATS
from softgate.plan import FixedFormat

Q = FixedFormat.parse


def bounds(function, argument, output, low, high, exact=False):
    made = create_function(function)
    return argument_error(made, Q(argument), Q(output), Fraction(low), Fraction(high), exact=exact)


@pytest.mark.parametrize(
    ("function", "argument", "low", "high", "exact", "rounding", "limiting"),
    [
        ("relu", "SQ3.2", -4, 3, False, 2.0, 0.0),  # an eighth, in 16ths
        ("relu", "SQ3.2", -4, 3, True, 0.0, 0.0),
        ("relu", "SQ2.2", -4, 3, True, 0.0, 20.0),  # 3 counts as 7/4
        ("abs(x)", "SQ2.2", -4, 1, False, 2.0, 32.0),
        ("x*x", "SQ2.2", -2, 2, False, 7.75, 15.0),  # 4 - 1.875^2, and 4 - 1.75^2
        ("abs(x - 1/16)", "UQ1.2", 0, 1, False, 2.0, 0.0),
        ("min(max(1024*x, 0), 1)", "SQ2.2", -1, 1, True, 0.0, 0.0),
        ("min(max(1024*x, 0), 1)", "SQ2.2", -1, 1, False, 16.0, 0.0),  # a step: 1/8 counts as 1/4, -1/8 as 0
    ],
)
def test_literal(function, argument, low, high, exact, rounding, limiting):
    found = bounds(function, argument, "SQ4.4", low, high, exact)
    assert float(found.rounding) == pytest.approx(rounding, abs=1e-6)
    assert float(found.limiting) == pytest.approx(limiting, abs=1e-6)


@pytest.mark.parametrize(
    ("function", "argument", "output", "low", "high"),
    [
        ("tanh", "SQ3.5", "SQ1.7", -9, 9),
        ("sin(x)", "SQ3.4", "SQ1.7", -7, 7),
        ("x*logistic(x)", "SQ3.3", "SQ4.4", -5, 6),
        ("1/(1 + x*x)", "SQ2.3", "UQ1.6", -3, 3),
        ("exp", "SQ2.4", "UQ2.6", -3, 1),
        ("1/(1 + (x - 3)*(x - 3))", "SQ2.3", "UQ1.6", -3, 5),  # largest beyond the format
    ],
)
def test_no_sum_is_further_off(function, argument, output, low, high):
    found, fmt, to = bounds(function, argument, output, low, high), Q(argument), Q(output)
    made = create_function(function)
    sums = np.linspace(low, high, 200_001)
    codes = np.clip(np.floor(sums / float(fmt.ulp) + 0.5), fmt.min_code, fmt.max_code)
    ends = float(to.value(to.min_code)), float(to.value(to.max_code))
    exact, taken = (np.clip(made(x, FLOATS), *ends) for x in (sums, codes * float(fmt.ulp)))
    worst = float(np.abs(exact - taken).max() / float(to.ulp))
    assert worst <= float(found.largest) + 1e-9
    assert float(found.largest) <= worst + 0.05


def test_a_hole_is_refused():
    with pytest.raises(ValueError, match=r"log has no value at -?[\d.]+, and sums are from -1 to 1"):
        bounds("log", "SQ2.4", "SQ4.4", -1, 1)
