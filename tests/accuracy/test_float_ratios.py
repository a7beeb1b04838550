"""Floats as ratios of integers, against Python's own fractions."""

from fractions import Fraction

import numpy as np
import pytest

from softgate.accuracy.float_ratios import integer_ratios


@pytest.mark.parametrize(
    ("values", "unit", "numerators", "denominator"),
    [
        ([0.0, 1.0, -0.75], Fraction(1, 4), [0, 4, -3], 1),
        ([0.0, 0.375], Fraction(1, 4), [0, 3], 2),
        ([3.0, -5.0], Fraction(2), [3, -5], 2),
        ([0.0, 0.0], Fraction(1, 16), [0, 0], 1),
        ([5e-324], Fraction(1), [1], 1 << 1074),
        ([2.0**1023, 2.0**-30], Fraction(1), [1 << 1053, 1], 1 << 30),
    ],
)
def test_ratios(values, unit, numerators, denominator):
    found, under = integer_ratios(np.array(values), unit)
    assert (found.tolist(), under) == (numerators, denominator)


def test_random_floats_of_all_sizes():
    rng = np.random.default_rng(1)
    values = np.ldexp(rng.uniform(-1, 1, 200), rng.integers(-1060, 1000, 200))
    numerators, denominator = integer_ratios(values, Fraction(1, 1 << 7))
    assert [Fraction(n, denominator) for n in numerators.tolist()] == [Fraction(v) * 128 for v in values.tolist()]
