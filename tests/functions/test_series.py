from fractions import Fraction

import mpmath
import pytest
from flint import ctx

from softgate.functions import create_function
from softgate.functions.series import taylor_series

FUNCTIONS = [("tanh", mpmath.tanh), ("logistic", lambda x: 1 / (1 + mpmath.exp(-x)))]


def series(name, centre=0, scale=1, terms=8, radius=0):
    with ctx.workprec(200):
        coefficients = taylor_series(create_function(name), Fraction(centre), Fraction(scale), terms, Fraction(radius))
        return coefficients and [mid_and_radius(c) for c in coefficients]


def mid_and_radius(ball):
    with mpmath.workdps(60):
        return mpmath.mpf(ball.mid().str(60, radius=False)), mpmath.mpf(ball.rad().str(30, radius=False))


@pytest.mark.parametrize(
    ("name", "coefficients"),
    [
        ("logistic", "1/2 1/4 0 -1/48 0 1/480 0 -17/80640"),
        ("tanh", "0 1 0 -1/3 0 2/15 0 -17/315"),
    ],
)
def test_coefficients_about_0(name, coefficients):
    with mpmath.workdps(60):
        for (mid, _), text in zip(series(name), coefficients.split(), strict=True):
            exact = Fraction(text)
            assert abs(mid - mpmath.mpf(exact.numerator) / exact.denominator) < 1e-50


@pytest.mark.parametrize(
    ("name", "function"), [("tanh", mpmath.tanh), ("logistic", lambda x: 1 / (1 + mpmath.exp(-x)))]
)
@pytest.mark.parametrize("centre", ["1/2", "-7/4", "6"])
def test_coefficients_about_any_centre(name, function, centre):
    with mpmath.workdps(60):
        x = mpmath.mpf(Fraction(centre).numerator) / Fraction(centre).denominator
        expected = mpmath.taylor(function, x, 5)
        for (mid, _), exact in zip(series(name, centre, terms=6), expected, strict=True):
            assert abs(mid - exact) < 1e-40


def test_scale_is_the_unit_of_the_variable():
    with mpmath.workdps(60):
        for power, ((scaled, _), (plain, _)) in enumerate(
            zip(series("tanh", 1, "1/8"), series("tanh", 1), strict=True)
        ):
            assert abs(scaled - plain / 8**power) < 1e-50


def test_a_radius_encloses_the_coefficients_at_every_centre():
    with mpmath.workdps(60):
        wide = series("tanh", 1, radius="1/16")
        for centre in ("15/16", "1", "33/32", "17/16"):
            for (mid, radius), (exact, _) in zip(wide, series("tanh", centre), strict=True):
                assert abs(mid - exact) <= radius


def test_the_last_coefficient_bounds_the_remainder():
    degree, reach = 5, Fraction(1, 4)
    with mpmath.workdps(60):
        mid, radius = series("tanh", 1, terms=degree + 2, radius=reach)[-1]
        bound = (abs(mid) + radius) * mpmath.mpf(0.25) ** (degree + 1)
        polynomial = [coefficient for coefficient, _ in series("tanh", 1, terms=degree + 1)]
        errors = []
        for h in mpmath.linspace(-0.25, 0.25, 41):
            errors.append(abs(sum(c * h**k for k, c in enumerate(polynomial)) - mpmath.tanh(1 + h)))
        assert max(errors) <= bound < 100 * max(errors)


def test_no_bound_beyond_a_pole():
    assert series("logistic", radius=40) is None


def test_a_kink_has_no_series():
    assert series("hard_tanh", 1) is None
    assert series("hard_tanh", 0, radius=2) is None
    assert series("hard_tanh", "1/2", terms=2) == [(0.5, 0), (1, 0)]


def test_the_context_is_left_as_it_was():
    cap = ctx.cap
    series("tanh", terms=cap + 5)
    assert ctx.cap == cap
