"""Critical points: literal values to many digits, and what cannot be isolated."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from piecewise_functions import ABS, DROPPING, HARD_SHRINK, SOFT_SHRINK, lines

from softgate.functions import create_function
from softgate.functions.base import Function
from softgate.functions.critical_points import monotonicity, simplest

HALF, TINY = Fraction(1, 2), Fraction(1, 1 << 100)


@dataclass(frozen=True)
class Given(Function):
    """A function given by a formula for a test."""

    name = "given"
    summary = "for a test"

    formula: Any = field(default=None)

    def __call__(self, x, m):
        return self.formula(x, m)


@pytest.mark.parametrize(
    ("name", "at", "rises"),
    [("gelu", -0.7517915, False), ("silu", -1.2784645, False), ("tanh_derivative", 0, True)],
)
def test_the_one_critical_point(name, at, rises):
    found = monotonicity(create_function(name), Fraction(-16), Fraction(16))
    assert [round(float(point), 7) for point in found.points] == [at]
    assert found.rises is rises


def test_an_irrational_point_is_known_to_30_digits():
    (point,) = monotonicity(create_function("silu"), Fraction(-8), Fraction(8)).points
    with mpmath.workdps(50):
        exact = mpmath.findroot(lambda x: 1 + mpmath.exp(-x) + x * mpmath.exp(-x), -1.28)
        assert abs(mpmath.mpf(point.numerator) / point.denominator - exact) < mpmath.mpf(10) ** -40


@pytest.mark.parametrize(
    ("name", "first", "count", "rises"),
    [("sin", Fraction(-649, 2), 977, False), ("cos", Fraction(-324), 976, True)],
    ids=["sin", "cos"],
)
def test_many_periods(name, first, count, rises):
    """From -1020 to 2048 lie all multiples of pi from -324 to 651, and halves from -324.5 to 651.5."""
    found = monotonicity(create_function(name), Fraction(-1020), Fraction(2048))
    with mpmath.workdps(60):
        places = [mpmath.mpf(point.numerator) / point.denominator / mpmath.pi for point in found.points]
        expected = [mpmath.mpf(first.numerator) / first.denominator + i for i in range(count)]
        assert len(places) == count
        assert max(abs(a - b) for a, b in zip(places, expected, strict=True)) < mpmath.mpf(2) ** -140
    assert found.rises is rises


def test_many_periods_of_turns_are_exact():
    found = monotonicity(create_function("cos", unit="turns"), Fraction(0), Fraction(4096))
    assert found.points == tuple(Fraction(i, 2) for i in range(1, 8192))
    assert not found.rises


def test_a_function_that_repeats_itself_and_has_no_points():
    found = monotonicity(create_function("exp"), Fraction(-64), Fraction(1 << 16))
    assert (found.points, found.rises) == ((), True)


def test_points_beyond_the_inputs_are_left_out():
    assert monotonicity(create_function("gelu"), Fraction(0), Fraction(8)).points == ()
    assert monotonicity(create_function("gelu"), Fraction(0), Fraction(8)).rises
    assert not monotonicity(create_function("gelu"), Fraction(-8), Fraction(-1)).rises


@pytest.mark.parametrize(
    ("formula", "low", "high", "points", "rises"),
    [
        (lambda x, m: x * x, -3, 2, [0], False),
        (lambda x, m: x * x * x, -3, 2, [], True),  # a root of even order of the derivative
        (lambda x, m: x * x * x - 3 * x, -3, 3, [-1, 1], True),
        (lambda x, m: m.abs(x) - x / 2, -3, 3, [0], False),
        (lambda x, m: 0 * x, -3, 3, [], True),
        (lambda x, m: m.sin(m.pi() * x), 0, 3, [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)], True),
    ],
)
def test_literal_points(formula, low, high, points, rises):
    found = monotonicity(Given(formula), Fraction(low), Fraction(high))
    assert (list(found.points), found.rises) == (points, rises)


def test_too_many_points_are_refused():
    with pytest.raises(ValueError) as raised:
        monotonicity(Given(lambda x, m: m.sin(10000 * x)), Fraction(-100), Fraction(100))
    assert "more critical points from -100 to 100 than can be isolated; give a range" in str(raised.value)


@pytest.mark.parametrize(
    ("low", "high", "simple"),
    [
        ("1/3", "2/3", "1/2"),
        ("-1", "5", "0"),
        ("5", "9", "8"),
        ("-9", "-5", "-8"),
        ("7", "7", "7"),
        ("5/8", "3/4", "3/4"),
    ],
)
def test_simplest(low, high, simple):
    assert simplest(Fraction(low), Fraction(high)) == Fraction(simple)


@pytest.mark.parametrize(
    ("function", "points", "rises"),
    [
        (ABS, [0], False),
        (SOFT_SHRINK, [], True),
        (HARD_SHRINK, [], True),  # its jumps go up
        (DROPPING, [HALF + TINY], False),  # 3 at 1/2 itself, then down to 1/2 and up again
        (lines((1, 0), 100, (1, -5)), [100, 100 + TINY], True),
        (lines((1, 0), 100, (1, -5), closed=(True,)), [100 - TINY, 100], True),
        (lines((1, 0), 100, (-1, 200)), [100], True),  # beyond 64
    ],
)
def test_a_jump_is_critical_where_it_goes_against_the_lines(function, points, rises):
    found = monotonicity(function, Fraction(-1000), Fraction(1000))
    assert (list(found.points), found.rises) == (points, rises)


@pytest.mark.parametrize(
    ("text", "points", "rises"),
    [
        ("where(x > 0, x - 5, x)", [0, TINY], True),
        ("where(x >= 0, x - 5, x)", [-TINY, 0], True),
        ("where(x > 0, x + 5, x)", [], True),
        ("where(x > 1/2, exp(x), -exp(x))", [Fraction(1, 2)], False),
        ("where(x > 1/2, 5 + x, -exp(x))", [Fraction(1, 2)], False),
        ("where(x > 1/2, exp(x) - 9, exp(x))", [Fraction(1, 2), Fraction(1, 2) + TINY], True),
        ("where(x > 1/3, exp(x) - 9, exp(x))", [Fraction(1, 3) - TINY, Fraction(1, 3) + TINY], True),
        ("where(x >= 1/3, exp(x) + 9, exp(x))", [], True),
        ("where(x > 1/3, -exp(x), exp(x))", [Fraction(1, 3) - TINY], True),
        ("max(x, x/8)", [], True),
    ],
)
def test_jumps(text, points, rises):
    found = monotonicity(create_function(text), Fraction(-2), Fraction(2))
    assert list(found.points) == points
    assert found.rises is rises


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("cos(max(2*x + 2, 2*x + 2))", [-1]),
        ("max(x/3, x/3)*exp(x)", [-1]),
        ("3*abs(relu(x)) - exp(x)", [0]),
        ("clip(relu(x), 0, 1) + exp(x)", []),
        ("softsign(relu(x))", []),
        ("hard_swish(relu(x + 3) - 3)", [-1.5]),
        ("abs(clip(x, -1, 1) - 1) + exp(x)", [-1, 0]),
    ],
)
def test_branches_that_rest_on_a_kink(text, points):
    found = monotonicity(create_function(text), Fraction(-2), Fraction(1, 2))
    assert [float(point) for point in found.points] == points


def test_irrational_roots_of_even_order():
    found = monotonicity(create_function("x - cos(x + 1/3)"), Fraction(-8), Fraction(8))
    assert (found.points, found.rises) == ((), True)
