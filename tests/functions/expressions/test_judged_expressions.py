"""Functions from the text of random expressions, judged by sympy and mpmath, or refused with a reason that is true.

A few dozen are drawn in every run; `pytest -m slow` draws 200.
"""

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from flint import ctx
from hypothesis import HealthCheck, given, settings
from judged_expressions import WRITTEN

from softgate.functions import create_function
from softgate.functions.critical_points import monotonicity
from softgate.functions.number_types import BALLS, ball_ends, to_ball

LOW, HIGH = Fraction(-4), Fraction(4)

POINTS = [Fraction(97 * place + 5, 256) for place in range(-10, 11)]
"""Inputs within 4 of 0 at which no small fraction lies."""

DIGITS = 60


def mpf(number):
    return mpmath.mpf(number.numerator) / number.denominator


def judge_values(function, written):
    with ctx.workprec(256):
        for x in POINTS:
            truth = written(mpf(x))
            low, high = (mpf(end) for end in ball_ends(function(to_ball(x), BALLS)))
            assert truth is not None
            slack = mpmath.mpf(10) ** -40 * (1 + abs(truth))
            assert low - slack <= truth <= high + slack, x
            assert high - low < mpmath.mpf(2) ** -60 * (1 + abs(truth)), x


def judge_symmetry(function, written):
    symmetry = function.symmetry
    if symmetry is None:
        return
    for x in [*POINTS, *function.kinks]:
        here, there = written(mpf(x)), written(-mpf(x))
        expected = symmetry.sign * here + mpf(symmetry.slope) * mpf(x) + mpf(symmetry.total)
        assert abs(there - expected) < mpmath.mpf(10) ** -40 * (1 + abs(here)), x


def meetings(written):
    """Yield the inputs at which branches meet: where the difference of a condition's sides changes its sign."""
    grid = [mpf(LOW) + mpmath.mpf(8 * place) / 399 for place in range(400)]
    for condition in written.conditions:
        for low, high in pairwise(grid):
            before, after = (mpmath.sign(mpmath.re(condition(x))) for x in (low, high))
            if before * after < 0:
                yield mpmath.findroot(condition, (low, high), solver="anderson", tol=mpmath.mpf(10) ** -90)


def is_kink(written, x):
    """Return whether value, slope or curvature differ to either side of an input."""
    step = mpmath.mpf(10) ** -12
    sides = []
    for side in (-step, step):
        near, far, farther = (written(x + side * count) for count in (1, 2, 3))
        if near is None or far is None or farther is None:
            return False
        curvature = (farther - 2 * far + near) / side**2
        slope = (far - near) / side
        sides.append((near, slope, curvature))
    return any(abs(a - b) > mpmath.mpf(10) ** -5 * (1 + abs(a)) for a, b in zip(*sides, strict=True))


def judge_kinks(function, written):
    for x in meetings(written):
        if is_kink(written, x):
            assert any(abs(mpf(kink) - x) < mpmath.mpf(10) ** -20 for kink in function.kinks), x


def judge_critical_points(function, written):
    try:
        turns = monotonicity(function, LOW, HIGH)
    except ValueError as refusal:
        assert "more critical points from -4 to 4 than can be isolated; give a range" in str(refusal)
        return
    cuts = [mpf(LOW), *map(mpf, turns.points), mpf(HIGH)]
    rises = turns.rises
    for low, high in pairwise(cuts):
        # Where it jumps, two points enclose the jump more closely than any two input codes lie.
        steps = 12 + int(30 * (high - low)) if high - low > mpmath.mpf(2) ** -90 else 1
        values = [written(low + (high - low) * step / steps) for step in range(steps + 1)]
        moves = [after - before for before, after in pairwise(values)]
        against = max(-move if rises else move for move in moves)
        assert against <= mpmath.mpf(10) ** -38 * (1 + max(map(abs, values))), (low, high)
        rises = not rises


def judge_ends(function, written):
    for end, sign in zip(function.ends, (-1, 1), strict=True):
        far = [Fraction(sign << bits) for bits in (20, 40)]
        truths = [written(mpf(x)) for x in far]
        if end is not None and None not in truths:
            near, farther = (abs(truth - mpf(end(x))) for truth, x in zip(truths, far, strict=True))
            assert farther < 0.1, end
            assert farther <= near / 2 or farther < mpmath.mpf(10) ** -30, end


def judge(written):
    """Hold all that is found of an expression, or the reason why it is refused, to sympy's and mpmath's values."""
    with mpmath.workdps(DIGITS):
        try:
            function = create_function(written.text)
        except ValueError as refusal:
            assert "has branches that begin where no exact input is known: " in str(refusal)
            assert written.conditions
            return
        hole = function.undefined(LOW, HIGH)
        if hole is not None:
            assert not written.has_value(mpf(hole)), hole
            return
        judge_values(function, written)
        judge_values(create_function(written.derivative.text), written.derivative)
        judge_symmetry(function, written)
        judge_ends(function, written)
        judge_critical_points(function, written)
    with mpmath.workdps(2 * DIGITS):
        judge_kinks(function, written)


def drawn(count):
    return settings(max_examples=count, suppress_health_check=list(HealthCheck))


@drawn(24)
@given(WRITTEN)
def test_drawn_expressions(written):
    judge(written)


@pytest.mark.slow
@drawn(200)
@given(WRITTEN)
def test_many_drawn_expressions(written):
    judge(written)
