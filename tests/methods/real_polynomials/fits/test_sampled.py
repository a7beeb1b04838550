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
@pytest.mark.parametrize(("segments", "degree"), [(2, 4), (16, 1), (6, 7)])
def test_estimates_and_bounds_of_errors(fit, function, source, output, segments, degree):
    pieces = made(fit, specify(function, source, output), segments, degree)
    with mpmath.workdps(60):
        largest = max(abs(error) for piece in range(pieces.count) for error in errors(pieces, piece, PLACES))
        assert pieces.estimates[degree] == pytest.approx(float(largest), rel=0.05)
        bound = fit.remainder(pieces, degree)
        occurring = max(
            abs(error)
            for piece in range(pieces.count)
            for error in errors(pieces, piece, PLACES)
            if pieces.covered(piece).size == 1 << pieces.shift
        )
        assert occurring * 0.9999 <= bound.numerator / mpmath.mpf(bound.denominator)
        assert bound <= max(Fraction(21, 20) * Fraction(pieces.estimates[degree]), Fraction(1, 1 << 40))


@pytest.mark.parametrize("fit", FITS)
def test_what_is_hopeless_is_left_out(fit):
    domain = ReducedInput.of(specify("tanh", "SQ4.12", "SQ1.15", "1ulp"))
    degrees = [1, 2, 3, 4, 5]
    everything = {degree: pieces.estimates[degree] for pieces, degree in fit.trials(domain, 32, degrees, None)}
    some = [degree for _, degree in type(fit)().trials(domain, 32, degrees, Fraction(1))]
    assert list(everything) == degrees
    assert {degree for degree, error in everything.items() if error <= 1} <= set(some) < set(degrees)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("degree", [1, 4, 8])
@pytest.mark.parametrize("function", ["tanh", "logistic", "tanh_derivative", Lopsided()])
def test_one_piece_covers_what_it_is_good_for(fit, degree, function):
    specification = specify(function, "SQ4.12", "SQ2.14")
    pieces = made(fit, specification, 1, degree)
    assert (pieces.shift, pieces.count) == (None, 1)
    assert pieces.domain.inside.covers(pieces.codes)
    assert pieces.codes.low <= pieces.origin <= pieces.codes.high
    largest = pieces.estimates[degree]
    if pieces.codes != pieces.domain.inside:
        # Beyond, the constant is as good as the polynomial is within, and not much better.
        _, limit = pieces.ends
        beyond = abs(specification.true_value(specification.input_format.value(pieces.codes.high + 1)) - limit)
        assert 0.8 * largest <= beyond <= largest
    taylor = made(find_fit("taylor")(), specification, 1, degree)
    assert largest < taylor.estimates[degree]
    bound = fit.remainder(pieces, degree)
    assert 0.5 * largest < bound <= 1.02 * largest + 1e-9


@pytest.mark.parametrize("fit", FITS)
def test_a_piece_for_every_code(fit):
    pieces = made(fit, specify("tanh", "SQ2.3", "SQ1.20"), 64, 2)
    assert pieces.shift == 0
    for piece, coefficients in enumerate(pieces.coefficients):
        truth = pieces.domain.specification.true_value(pieces.centre(piece))
        assert abs(coefficients[0] - truth) < 1e-20
    assert fit.remainder(pieces, 0) < 1e-20


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("codes", [(-31, -17), (29, 44), (16, 32), (-5, 100)])
def test_ranges(fit, codes):
    specification = specify("logistic", "SQ4.4", "UQ0.12", input_range=Range(*codes))
    pieces = made(fit, specification, 4, 3)
    worst = Fraction(0)
    for piece in range(pieces.count):
        covered = pieces.covered(piece)
        for code in range(covered.low, covered.high + 1):
            x = specification.input_format.value(code)
            h = x - pieces.centre(piece)
            polynomial = sum(c * h**power for power, c in enumerate(pieces.coefficients[piece]))
            worst = max(worst, abs(specification.true_value(x) - polynomial))
    assert worst <= fit.remainder(pieces, 3) <= Fraction(pieces.estimates[3]) * Fraction(21, 20)


def test_fits_are_found_by_name():
    assert [fit.name for fit in fit_classes()] == ["continuous", "least_squares", "minimax", "taylor"]
    with pytest.raises(ValueError, match="there is no fit 'remez'"):
        find_fit("remez")
