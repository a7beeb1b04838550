from fractions import Fraction

import flint
import numpy as np
import pytest

from softgate.functions.number_types import (
    BALLS,
    FLOATS,
    FRACTIONS,
    SERIES,
    IrrationalError,
    ball_ends,
    to_ball,
    to_fraction,
)


@pytest.mark.parametrize("m", [FLOATS, FRACTIONS, BALLS], ids=["floats", "fractions", "balls"])
@pytest.mark.parametrize(("x", "clipped"), [("-3", "-1/2"), ("-1/2", "-1/2"), ("1/4", "1/4"), ("9", "2")])
def test_clip(m, x, clipped):
    assert m.clip(m.rational(Fraction(x)), Fraction(-1, 2), Fraction(2)) == m.rational(Fraction(clipped))


def test_the_exponential():
    assert FRACTIONS.exp(Fraction(0)) == 1
    with pytest.raises(IrrationalError, match="may be 0"):
        FRACTIONS.exp(Fraction(1, 2)) - 1
    assert FLOATS.exp(np.array([0.0, -1e9, 1e9])).tolist() == [1.0, 0.0, np.inf]  # without a warning
    assert BALLS.exp(to_ball(Fraction(0))) == 1
    assert SERIES.exp(flint.arb_series([0, 1], prec=3))[2] == to_ball(Fraction(1, 2))


def test_a_kink_has_no_power_series():
    with pytest.raises(ValueError, match="a kink has no power series"):
        SERIES.clip(flint.arb_series([0, 1]), Fraction(0), Fraction(1))


@pytest.mark.parametrize("text", ["0", "3/4", "-5/1024", "123456789", "1/3"])
def test_a_ball_holds_its_number(text):
    value = Fraction(text)
    low, high = ball_ends(to_ball(value))
    assert low <= value <= high
    assert (low == high) == (value.denominator & (value.denominator - 1) == 0)


def test_tiny_numbers_are_rounded_away_from_0():
    tiny = Fraction(1, 1 << 512)
    assert to_fraction(flint.arb(2) ** -512) == tiny
    assert to_fraction(flint.arb(2) ** -(10**9)) == tiny
    assert to_fraction(-(flint.arb(2) ** -(10**9))) == -tiny
    assert to_fraction(flint.arb(2) ** 200) == 1 << 200


def test_ends_of_tiny_balls_are_rounded_outwards():
    tiny = Fraction(1, 1 << 512)
    assert ball_ends(flint.arb(2) ** -1000) == (0, tiny)
    assert ball_ends(-(flint.arb(2) ** -1000)) == (-tiny, 0)
