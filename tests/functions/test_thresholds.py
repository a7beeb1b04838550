"""Thresholds, against their definition: a sum of comparisons."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_series

from softgate.functions import create_function, from_thresholds
from softgate.functions.number_types import BALLS, FLOATS, FRACTIONS, SERIES, ball_ends
from softgate.functions.properties import Asymptote

STAIRS = from_thresholds([0.5, -1.25, 0.5, 3.0])


@pytest.mark.parametrize(("x", "count"), [(-2, 0), ("-5/4", 1), (0, 1), ("1/2", 3), (2, 3), (3, 4), (100, 4)])
def test_values(x, count):
    x = Fraction(x)
    assert STAIRS.exact(x) == STAIRS(x, FRACTIONS) == count
    assert STAIRS(float(x), FLOATS) == count
    assert STAIRS(np.array([float(x)]), FLOATS).tolist() == [count]
    assert STAIRS(arb(float(x)), BALLS) == count


def test_a_number_just_below_a_threshold_is_below_it():
    third = from_thresholds([1 / 3])
    assert third.exact(Fraction(1, 3)) == 1  # the float is below a third
    assert third.exact(Fraction(1 / 3) - Fraction(1, 1 << 200)) == 0
    assert third.exact(Fraction(1 / 3)) == 1


def test_balls_and_series():
    low, high = ball_ends(STAIRS(arb(0, 0.75), BALLS))
    assert 1 - 1e-6 < low <= 1
    assert 3 <= high < 3 + 1e-6
    assert STAIRS(arb_series([0, 1]), SERIES) == 1
    with pytest.raises(ValueError, match="no power series at a threshold"):
        STAIRS(arb_series([arb("0.5"), 1]), SERIES)


def test_steps():
    pieces = STAIRS.piecewise_linear
    assert [line.offset for line in pieces.lines] == [0, 1, 3, 4]
    assert pieces.kinks == (Fraction(-5, 4), Fraction(1, 2), Fraction(3))
    assert pieces.closed == (True, True, True)
    assert STAIRS.ends == (Asymptote.limit(0), Asymptote.limit(4))
    assert not STAIRS.analytic


def test_the_order_does_not_matter():
    again = from_thresholds([3.0, 0.5, 0.5, -1.25])
    assert again == STAIRS
    assert create_function("thresholds", **again.as_dict()) == STAIRS
    assert str(STAIRS).startswith("thresholds(4 values, sha256 ")


def test_without_values():
    with pytest.raises(ValueError, match="function thresholds needs its values: give an array"):
        create_function("thresholds")
