from fractions import Fraction

import numpy as np
import pytest

from softgate.functions.number_types import FLOATS, FRACTIONS, Dual, Duals, IrrationalError

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("formula", "value", "slope"),
    [
        (lambda x, m: x + 1 + x, 2, 2),
        (lambda x, m: 1 - x - x, 0, -2),
        (lambda x, m: x - 3, "-5/2", 1),
        (lambda x, m: 3 * x * x, "3/4", 3),
        (lambda x, m: 1 / x, 2, -4),
        (lambda x, m: (x + 1) / (x - 1), -3, -8),
        (lambda x, m: x / 4, "1/8", "1/4"),
        (lambda x, m: -m.abs(x - 2), "-3/2", 1),
        (lambda x, m: m.abs(x - HALF), 0, 0),
        (lambda x, m: m.maximum(x, 2 * x - HALF), "1/2", 1),
        (lambda x, m: m.minimum(3 * x, x), "1/2", 1),
        (lambda x, m: m.maximum(x, m.exp(0 * x)), 1, 0),
        (lambda x, m: m.clip(x, HALF, Fraction(1)), "1/2", 0),
        (lambda x, m: m.clip(x, Fraction(0), Fraction(1)), "1/2", 1),
        (lambda x, m: m.where(x - 1, x, 3 * x), "3/2", 3),
        (lambda x, m: m.sqrt(x / 2), "1/2", "1/2"),
        (lambda x, m: m.atan(x - HALF), 0, 1),
        (lambda x, m: m.expm1(x - HALF), 0, 1),
        (lambda x, m: m.log(x + HALF), 0, 1),
        (lambda x, m: m.log1p(2 * x - 1), 0, 2),
        (lambda x, m: m.sin(2 * x - 1), 0, 2),
        (lambda x, m: m.cos(2 * x - 1), 1, 0),
    ],
)
def test_exact_slopes(formula, value, slope):
    found = formula(Dual(HALF, Fraction(1)), Duals(FRACTIONS))
    assert (found.value, found.slope) == (Fraction(value), Fraction(slope))


@pytest.mark.parametrize(
    ("name", "x", "slope"),
    [
        ("exp", 1.0, 2.718281828459045),
        ("log1p_exp", 0.0, 0.5),
        ("erf", 0.5, 0.8787825789354449),
        ("erfc", 0.5, -0.8787825789354449),
        ("cos", 1.0, -0.8414709848078965),
        ("exp2", 1.0, 1.3862943611198906),
        ("log2", 2.0, 0.7213475204444817),
        ("tanh", 0.5, 0.7864477329659274),
        ("tanhshrink", 0.5, 0.21355226703407257),
        ("sin_pi", 0.25, 2.221441469079183),
        ("cos_pi", 0.25, -2.221441469079183),
    ],
)
def test_slopes_in_floats(name, x, slope):
    found = getattr(Duals(FLOATS), name)(Dual(np.array([x, x]), 1.0))
    assert found.slope == pytest.approx([slope, slope], rel=1e-15)


def test_second_derivatives():
    twice = Duals(Duals(FRACTIONS))
    x = Dual(Dual(HALF, Fraction(1)), Fraction(1))
    assert (x * x * x).slope.slope == 3
    assert (twice.pi() * 0 * x).slope.value == 0
    assert twice.maximum(x * x, x * x - 1).slope.slope == 2


def test_a_slope_that_is_needed_and_not_known():
    m = Duals(FRACTIONS)
    with pytest.raises(IrrationalError):
        m.maximum(Dual(HALF, FRACTIONS.exp(HALF)), Dual(HALF, Fraction(1)))
