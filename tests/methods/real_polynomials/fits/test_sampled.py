"""The common part of fits to samples: errors, bounds of them, and one piece."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from fitted import benchmarks, errors, made
from made_up import Lopsided
from specified import specify

from softgate.methods.range_reduction.reduced_input import ReducedInput
from softgate.methods.real_polynomials.fits import find_fit, fit_classes
from softgate.methods.real_polynomials.fits.least_squares import LeastSquares
from softgate.plan.operations.base import Range

FITS = [LeastSquares("legendre"), LeastSquares("chebyshev"), find_fit("minimax")(), find_fit("continuous")()]
PLACES = np.cos(np.linspace(np.pi, 0, 33))


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(("function", "source", "output"), [*benchmarks(24)[1:3], ("tanh", "SQ4.44", "SQ1.47")])
@pytest.mark.parametrize(("count", "degree"), [(2, 4), (16, 1), (6, 7)])
def test_estimates_and_bounds_of_errors(fit, function, source, output, count, degree):
    segments = made(fit, specify(function, source, output), count, degree)
    with mpmath.workdps(60):
        largest = max(abs(error) for segment in range(segments.count) for error in errors(segments, segment, PLACES))
        assert segments.estimates[degree] == pytest.approx(float(largest), rel=0.05)
        bound = fit.approximation_error(segments, degree)
        occurring = max(
            abs(error)
            for segment in range(segments.count)
            for error in errors(segments, segment, PLACES)
            if segments.covered(segment).size == 1 << segments.shift
        )
        assert occurring * 0.9999 <= bound.numerator / mpmath.mpf(bound.denominator)
        assert bound <= max(Fraction(21, 20) * Fraction(segments.estimates[degree]), Fraction(1, 1 << 40))


@pytest.mark.parametrize("fit", FITS)
def test_what_is_hopeless_is_left_out(fit):
    domain = ReducedInput.of(specify("tanh", "SQ4.12", "SQ1.15", "1ulp"))
    degrees = [1, 2, 3, 4, 5]
    everything = {degree: segments.estimates[degree] for segments, degree in fit.polynomials(domain, 32, degrees, None)}
    some = [degree for _, degree in type(fit)().polynomials(domain, 32, degrees, Fraction(1))]
    assert list(everything) == degrees
    assert {degree for degree, error in everything.items() if error <= 1} <= set(some) < set(degrees)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("degree", [1, 4, 8])
@pytest.mark.parametrize("function", ["tanh", "logistic", "tanh_derivative", Lopsided()])
def test_one_piece_covers_what_it_is_good_for(fit, degree, function):
    specification = specify(function, "SQ4.12", "SQ2.14")
    segments = made(fit, specification, 1, degree)
    assert (segments.shift, segments.count) == (None, 1)
    assert segments.domain.inside.covers(segments.codes)
    assert segments.codes.low <= segments.origin <= segments.codes.high
    largest = segments.estimates[degree]
    if segments.codes != segments.domain.inside:
        # Beyond, the constant is as good as the polynomial is within, and not much better.
        _, limit = segments.ends
        beyond = abs(specification.true_value(specification.input_format.value(segments.codes.high + 1)) - limit)
        assert 0.8 * largest <= beyond <= largest
    taylor = made(find_fit("taylor")(), specification, 1, degree)
    assert largest < taylor.estimates[degree]
    bound = fit.approximation_error(segments, degree)
    assert 0.5 * largest < bound <= 1.02 * largest + 1e-9


@pytest.mark.parametrize("fit", FITS)
def test_a_piece_for_every_code(fit):
    segments = made(fit, specify("tanh", "SQ2.3", "SQ1.20"), 64, 2)
    assert segments.shift == 0
    for segment, coefficients in enumerate(segments.coefficients):
        truth = segments.domain.specification.true_value(segments.centre(segment))
        assert abs(coefficients[0] - truth) < 1e-20
    assert fit.approximation_error(segments, 0) < 1e-20


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("codes", [(-31, -17), (29, 44), (16, 32), (-5, 100)])
def test_ranges(fit, codes):
    specification = specify("logistic", "SQ4.4", "UQ0.12", input_range=Range(*codes))
    segments = made(fit, specification, 4, 3)
    worst = Fraction(0)
    for segment in range(segments.count):
        covered = segments.covered(segment)
        for code in range(covered.low, covered.high + 1):
            x = specification.input_format.value(code)
            h = x - segments.centre(segment)
            polynomial = sum(c * h**power for power, c in enumerate(segments.coefficients[segment]))
            worst = max(worst, abs(specification.true_value(x) - polynomial))
    assert worst <= fit.approximation_error(segments, 3) <= Fraction(segments.estimates[3]) * Fraction(21, 20)


def test_fits_are_found_by_name():
    assert [fit.name for fit in fit_classes()] == ["continuous", "least_squares", "minimax", "taylor"]
    with pytest.raises(ValueError, match="there is no fit 'remez'"):
        find_fit("remez")
