from fractions import Fraction

import flint
import numpy as np
import pytest

from softgate.functions.number_types import (
    BALLS,
    FLOATS,
    FRACTIONS,
    SERIES,
    Arithmetic,
    Duals,
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


OPERATIONS = [
    ("exp2", "3", "8"),
    ("exp2", "-2", "1/4"),
    ("log2", "8", "3"),
    ("log2", "1/16", "-4"),
    ("tanh", "0", "0"),
    ("tanhshrink", "0", "0"),
    ("sin_pi", "1/2", "1"),
    ("sin_pi", "-7/6", "1/2"),
    ("sin_pi", "5", "0"),
    ("sin_pi", "100000000001/2", "1"),
    ("cos_pi", "1/3", "1/2"),
    ("cos_pi", "-2/3", "-1/2"),
    ("cos_pi", "7/2", "0"),
    ("cos_pi", "-3", "-1"),
]


@pytest.mark.parametrize(("operation", "x", "value"), OPERATIONS)
def test_rational_values_in_all_number_types(operation, x, value):
    x, value = Fraction(x), Fraction(value)
    assert getattr(FRACTIONS, operation)(x) == value
    assert getattr(FLOATS, operation)(float(x)) == pytest.approx(float(value), abs=1e-15)
    assert getattr(BALLS, operation)(to_ball(x)).overlaps(to_ball(value))
    series = getattr(SERIES, operation)(flint.arb_series([to_ball(x), 1], prec=3))
    assert series[0].overlaps(to_ball(value))
    assert series[0].rad() < 1e-9


@pytest.mark.parametrize(
    ("operation", "x", "value", "slope"),
    [
        ("exp2", 0.5, 1.4142135623730951, 0.9802581434685472),
        ("log2", 3.0, 1.584962500721156, 0.4808983469629878),
        ("tanh", 1.0, 0.7615941559557649, 0.4199743416140261),
        ("tanhshrink", 1.0, 0.23840584404423515, 0.5800256583859739),
        ("tanhshrink", -0.25, -0.005081337596924495, 0.05998515119362203),
        ("sin_pi", 0.25, 0.7071067811865476, 2.221441469079183),
        ("cos_pi", 0.25, 0.7071067811865476, -2.221441469079183),
        ("log1p_exp", 40.0, 40.0, 1.0),
        ("log1p_exp", -40.0, 4.248354255291589e-18, 4.248354255291589e-18),
        ("expm1", 1e-20, 1e-20, 1.0),
        ("log1p", 1e-20, 1e-20, 1.0),
    ],
)
def test_values_and_slopes(operation, x, value, slope):
    assert getattr(FLOATS, operation)(x) == pytest.approx(value, rel=1e-14)
    assert float(getattr(BALLS, operation)(flint.arb(x)).mid()) == pytest.approx(value, rel=1e-14)
    series = getattr(SERIES, operation)(flint.arb_series([flint.arb(x), 1], prec=2))
    assert [float(series[k].mid()) for k in range(2)] == pytest.approx([value, slope], rel=1e-13)


@pytest.mark.parametrize(
    ("operation", "x"), [("exp2", "1/2"), ("log2", "3"), ("tanh", "1"), ("tanhshrink", "-1/3"), ("sin_pi", "1/4")]
)
def test_what_is_not_rational_is_not_known(operation, x):
    value = getattr(FRACTIONS, operation)(Fraction(x))
    assert not isinstance(value, Fraction)
    with pytest.raises(IrrationalError):
        value + 1


def test_powers_of_two_too_large_for_any_format_are_not_written_out():
    assert not isinstance(FRACTIONS.exp2(Fraction(1 << 60)), Fraction)


@pytest.mark.parametrize("operation", ["log", "log2"])
def test_no_logarithm_of_0(operation):
    with pytest.raises(ZeroDivisionError, match="the logarithm of 0"):
        getattr(FRACTIONS, operation)(Fraction(0))


def test_slopes_are_known_over_wide_balls():
    """Close to an asymptote and close to 0, where a slope computed as a difference would have either sign."""
    far = SERIES.log1p_exp(flint.arb_series([flint.arb(30, 0.25), 1], prec=2))
    assert far[1] < 1
    near = SERIES.tanhshrink(flint.arb_series([flint.arb(0.001, 0.0003), 1], prec=2))
    assert near[1] > 0


@pytest.mark.parametrize("m", [FLOATS, FRACTIONS, BALLS, SERIES, Duals(BALLS)], ids=lambda m: type(m).__name__)
def test_every_number_type_has_every_operation(m):
    operations = {name for name in vars(Arithmetic) if not name.startswith("_")}
    assert {"exp", "tanhshrink", "where"} <= operations
    assert [name for name in sorted(operations) if not callable(getattr(m, name, None))] == []
