import mpmath
import pytest
from fitted import ends, errors, made, number, value
from made_up import Lopsided
from specified import specify

from softgate.methods.real_polynomials.fits.continuous import Continuous
from softgate.methods.real_polynomials.fits.least_squares import LeastSquares

SPECIFICATIONS = [
    ("tanh", "SQ4.8", "SQ1.11"),
    ("logistic", "SQ3.29", "UQ0.32"),
    ("tanh_derivative", "SQ4.40", "UQ0.50"),
    ("logistic", "UQ3.9", "UQ0.12"),
    (Lopsided(), "SQ4.8", "SQ1.11"),
]


@pytest.mark.parametrize(("function", "source", "output"), SPECIFICATIONS)
@pytest.mark.parametrize(("count", "degree"), [(2, 1), (2, 4), (8, 2), (32, 7)])
def test_neighbours_agree(function, source, output, count, degree):
    segments = made(Continuous(), specify(function, source, output), count, degree)
    with mpmath.workdps(60):
        for segment in range(1, segments.count):
            joint, _ = ends(segments, segment)
            gap = value(segments, segment - 1, joint) - value(segments, segment, joint)
            assert abs(gap) <= 1e-12 * segments.estimates[degree]


@pytest.mark.parametrize(("function", "centre"), [("tanh", 0), ("logistic", 0.5)])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_the_mirror_image_agrees_at_0(function, centre, count):
    segments = made(Continuous(), specify(function, "SQ4.8", "SQ2.11"), count, 2)
    with mpmath.workdps(60):
        assert value(segments, 0, 0) == pytest.approx(centre * 2**11, abs=1e-9)
    free = made(LeastSquares(), specify(function, "SQ4.8", "SQ2.11"), count, 2)
    assert abs(value(free, 0, 0) - centre * 2**11) > 1e-3


def squares(segments):
    """Return the sum of the squared errors over all pieces, of one width."""
    with mpmath.workdps(40):
        places = [mpmath.mpf(place) / 50 for place in range(-49, 50, 2)]
        return float(sum(error**2 for segment in range(segments.count) for error in errors(segments, segment, places)))


def test_it_is_the_least_that_agrees():
    """Moving a joint up or down makes it worse; without the joints it would be better."""
    specification = specify("tanh", "SQ4.20", "SQ1.23")
    segments = made(Continuous(), specification, 8, 1)
    least = squares(segments)
    assert squares(made(LeastSquares(), specification, 8, 1)) < least
    joint, _ = ends(segments, 2)
    half = number(segments.reach)
    for move in (1, -1):
        changed = [list(coefficients) for coefficients in segments.coefficients]
        rise = move * segments.estimates[1] / 20
        for segment, sign in ((1, 1), (2, -1)):  # a hat, 0 at the other ends
            changed[segment][0] += type(changed[segment][0])(rise / 2)
            changed[segment][1] += type(changed[segment][1])(float(sign * rise / (2 * half)))
        moved = type(segments)(
            segments.domain,
            segments.shift,
            segments.origin,
            segments.codes,
            tuple(map(tuple, changed)),
            segments.estimates,
        )
        assert value(moved, 1, joint) == pytest.approx(value(moved, 2, joint), rel=1e-9)
        assert squares(moved) > least


def test_one_degree_of_freedom_at_least():
    assert Continuous.least_degree == 1
