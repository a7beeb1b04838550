"""Questions about true values, decided by raising the precision: literal cases, and brute force on small fractions."""

from fractions import Fraction
from itertools import pairwise, product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import Tall

from softgate.accuracy.decide import PRECISIONS, Enclosure, decide, enclosed, stretches
from softgate.functions import create_function

ONE = Fraction(1)

SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=2)


@st.composite
def enclosures(draw):
    low, high = sorted(draw(st.tuples(SMALL, SMALL)))
    return Enclosure(low, high, *(low < high and draw(st.booleans()) for _ in range(2)))


def values(known):
    """Return values of an enclosure: its ends unless they are excluded, some beside them, and between."""
    steps = [known.low + (known.high - known.low) * Fraction(k, 64) for k in range(65)]
    return steps[known.above_low : len(steps) - known.below_high]


@given(enclosures(), SMALL)
def test_sides(known, point):
    sides = {(value > point) - (value < point) for value in values(known)}
    assert known.side(point) == (sides.pop() if len(sides) == 1 else None)


@given(enclosures(), SMALL, SMALL)
def test_clamped(known, one, other):
    low, high = min(one, other), max(one, other)
    limited = [min(max(value, low), high) for value in values(known)]
    found = known.clamped(low, high)
    assert (found.low, found.high) == (max(min(known.low, high), low), min(max(known.high, low), high))
    assert all(found.low <= value <= found.high for value in limited)
    assert not (found.above_low and found.low in limited)
    assert not (found.below_high and found.high in limited)
    if known.above_low and low <= known.low < high:
        assert found.above_low
    if known.below_high and low < known.high <= high:
        assert found.below_high


@given(enclosures(), SMALL)
def test_distances(known, point):
    found = known.distance(point)
    distances = [abs(value - point) for value in values(known)]
    assert all(found.low <= distance <= found.high for distance in distances)
    assert found.high == max(abs(known.low - point), abs(known.high - point))
    assert found.below_high == (found.high not in distances)
    assert not (found.above_low and found.low in distances)


@pytest.mark.parametrize(
    ("function", "x", "point"),
    [
        ("tanh", -(2**30), -512),
        ("tanh", 2**30, 512),
        ("logistic", -(2**30), 0),
        ("logistic", 2**30, 512),
        ("tanh_derivative", 2**30, 0),
        ("logistic_derivative", -(2**30), 0),
    ],
)
def test_limits_are_not_reached(function, x, point):
    for precision in PRECISIONS:
        known = enclosed(create_function(function), Fraction(x), Fraction(1, 512), precision)
        assert known.side(Fraction(point)) == (1 if x < 0 or function.endswith("derivative") else -1)
        assert known.low <= point <= known.high


def test_values_that_are_rational_are_known():
    for function, value in (("tanh", 0), ("logistic", 128), ("tanh_derivative", 256), ("logistic_derivative", 64)):
        known = enclosed(create_function(function), Fraction(0), Fraction(1, 256), PRECISIONS[0])
        assert known == Enclosure(Fraction(value), Fraction(value))
    ramp = create_function("hard_logistic", variant="torch")
    assert enclosed(ramp, Fraction(1, 4), ONE, 128) == Enclosure(*[Fraction(13, 24)] * 2)


@pytest.mark.parametrize("power", [10, 60, 300, 1500])
def test_what_is_close_is_told_apart_by_more_bits(power):
    """The values near 0 are a hair from that at 0, or from the tangent; mpmath has the digits to tell on which side."""
    x, used = Fraction(1, 1 << power), []

    def enclose(precision):
        used.append(precision)
        return enclosed(create_function("logistic"), x, ONE, precision)

    tangent = Fraction(1, 2) + x / 4
    known = decide(enclose, lambda known: known.side(tangent) is not None)
    with mpmath.workprec(8 * power + 100):
        value = 1 / (1 + mpmath.exp(-mpmath.ldexp(1, -power)))
        difference = mpmath.sign(value - mpmath.mpf(tangent.numerator) / tangent.denominator)
    # The difference is x**3 / 48: so many bits are needed, and no more are taken than that.
    enough = next((each for each in PRECISIONS if each > 3 * power + 5), PRECISIONS[-1])
    assert used == [each for each in PRECISIONS if each <= enough]
    assert known.side(tangent) == (int(difference) if 3 * power < PRECISIONS[-1] else None)


def test_functions_that_turn_reach_their_limits_on_neither_side():
    function = Tall()
    assert function.strict_limits(Fraction(-1)) == function.strict_limits(Fraction(1)) == (0, None)
    assert function.strict_limits(Fraction(0)) == (None, None)
    assert create_function("hard_tanh").strict_limits(Fraction(5)) == (None, None)  # it does reach it


@given(st.lists(st.integers(0, 5), max_size=40), st.booleans(), st.integers(-100, 100))
def test_stretches_are_those_of_every_code(answers, falling, start):
    answers.sort(reverse=falling)
    codes = np.arange(start, start + len(answers))
    found = list(stretches(codes, lambda code: answers[code - start]))
    assert [answer for first, last, answer in found for _ in range(first, last + 1)] == answers
    assert all(one[2] != other[2] and one[1] + 1 == other[0] for one, other in pairwise(found))


def test_long_stretches_take_few_questions():
    asked = []
    found = list(stretches(np.arange(1 << 20), lambda code: asked.append(code) or code > 12345))
    assert found == [(0, 12345, False), (12346, (1 << 20) - 1, True)]
    assert len(asked) <= 22


def test_every_kind_of_end():
    """An end that is excluded is told from, one that is not is not."""
    for above, below in product((False, True), repeat=2):
        known = Enclosure(ONE, 2 * ONE, above, below)
        assert (known.side(ONE), known.side(2 * ONE)) == (1 if above else None, -1 if below else None)
