"""Arithmetic of ends, each case beside functions of t that have these ends."""

from fractions import Fraction

import pytest

from softgate.functions.expressions.end_arithmetic import (
    Infinite,
    Towards,
    add,
    direction,
    divide,
    limit,
    maximum,
    minimum,
    multiply,
    negate,
    scale,
)
from softgate.functions.properties import Line


def line(slope, offset, *, fast=True):
    return Towards(Line(Fraction(slope), Fraction(offset)), fast)


ONE, ZERO, SLOW_ZERO = limit(Fraction(1), True), limit(Fraction(0), True), limit(Fraction(0), False)
UP, SQUARE, EXP = Infinite(1), Infinite(1, 1), Infinite(1, 2)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (add(line(1, 2), line(-3, "1/2")), line(-2, "5/2")),
        (add(ONE, SLOW_ZERO), line(0, 1, fast=False)),  # 1 + 1/t
        (add(line(2, 0), SQUARE), SQUARE),  # 2t + t^2
        (add(SQUARE, EXP), EXP),
        (add(line(-1, 0), SQUARE), None),
        (add(EXP, Infinite(-1, 2)), None),
        (add(ONE, None), None),
        (multiply(line(2, 1), line(0, 3)), line(6, 3)),
        (multiply(line(1, 0), line(-1, 4)), Infinite(-1, 1)),
        (multiply(line(1, 0), SLOW_ZERO), None),  # t * 1/t
        (multiply(line(1, 0), ZERO), line(0, 0)),  # t exp(-t)
        (multiply(SQUARE, ZERO), ZERO),  # t^2 exp(-t)
        (multiply(SQUARE, SLOW_ZERO), None),  # t^2 / t
        (multiply(EXP, ZERO), None),  # exp(t) exp(-t)
        (multiply(EXP, limit(Fraction(-2), True)), Infinite(-1, 2)),
        (multiply(SQUARE, line(-1, 0)), Infinite(-1, 1)),
        (divide(ONE, line(2, 1)), SLOW_ZERO),
        (divide(ONE, EXP), ZERO),
        (divide(SQUARE, EXP), ZERO),
        (divide(EXP, SQUARE), None),
        (divide(line(3, 1), line(2, 5)), line(0, "3/2", fast=False)),
        (divide(line(3, 1), limit(Fraction(2), True)), line("3/2", "1/2")),
        (divide(ONE, ZERO), None),
        (maximum(line(1, 0), line(2, -9)), line(2, -9)),
        (maximum(line(1, 0), line(1, 3)), line(1, 3)),
        (maximum(line(-1, 0), ONE), ONE),
        (maximum(SQUARE, UP), SQUARE),
        (maximum(ONE, line(0, 1, fast=False)), line(0, 1, fast=False)),
        (maximum(Infinite(-1), line(-1, 0)), None),
        (minimum(line(1, 0), line(2, -9)), line(1, 0)),
        (minimum(line(1, 0), ONE), ONE),
        (minimum(SQUARE, UP), None),
        (negate(line(1, -2)), line(-1, 2)),
        (scale(EXP, Fraction(-1, 2)), Infinite(-1, 2)),
        (scale(EXP, Fraction(0)), None),
    ],
)
def test_ends_of_two_functions(found, expected):
    assert found == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [(line(2, 1), (1, 1)), (line(-2, 1), (-1, 1)), (ONE, (0, 0)), (EXP, (1, 2)), (Infinite(-1), (-1, 0))],
)
def test_directions(end, expected):
    assert direction(end) == expected
