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
@pytest.mark.parametrize(("segments", "degree"), [(2, 1), (2, 4), (8, 2), (32, 7)])
def test_neighbours_agree(function, source, output, segments, degree):
    pieces = made(Continuous(), specify(function, source, output), segments, degree)
    with mpmath.workdps(60):
        for piece in range(1, pieces.count):
            joint, _ = ends(pieces, piece)
            gap = value(pieces, piece - 1, joint) - value(pieces, piece, joint)
            assert abs(gap) <= 1e-12 * pieces.estimates[degree]


@pytest.mark.parametrize(("function", "centre"), [("tanh", 0), ("logistic", 0.5)])
@pytest.mark.parametrize("segments", [1, 2, 8])
def test_the_mirror_image_agrees_at_0(function, centre, segments):
    pieces = made(Continuous(), specify(function, "SQ4.8", "SQ2.11"), segments, 2)
    with mpmath.workdps(60):
        assert value(pieces, 0, 0) == pytest.approx(centre * 2**11, abs=1e-9)
    free = made(LeastSquares(), specify(function, "SQ4.8", "SQ2.11"), segments, 2)
    assert abs(value(free, 0, 0) - centre * 2**11) > 1e-3


def squares(pieces):
    """Return the sum of the squared errors over all pieces, of one width."""
    with mpmath.workdps(40):
        places = [mpmath.mpf(place) / 50 for place in range(-49, 50, 2)]
        return float(sum(error**2 for piece in range(pieces.count) for error in errors(pieces, piece, places)))


def test_it_is_the_least_that_agrees():
    """Moving a joint up or down makes it worse; without the joints it would be better."""
    specification = specify("tanh", "SQ4.20", "SQ1.23")
    pieces = made(Continuous(), specification, 8, 1)
    least = squares(pieces)
    assert squares(made(LeastSquares(), specification, 8, 1)) < least
    joint, _ = ends(pieces, 2)
    half = number(pieces.reach)
    for move in (1, -1):
        changed = [list(coefficients) for coefficients in pieces.coefficients]
        rise = move * pieces.estimates[1] / 20
        for piece, sign in ((1, 1), (2, -1)):  # a hat, 0 at the other ends
            changed[piece][0] += type(changed[piece][0])(rise / 2)
            changed[piece][1] += type(changed[piece][1])(float(sign * rise / (2 * half)))
        moved = type(pieces)(
            pieces.domain, pieces.shift, pieces.origin, pieces.codes, tuple(map(tuple, changed)), pieces.estimates
        )
        assert value(moved, 1, joint) == pytest.approx(value(moved, 2, joint), rel=1e-9)
        assert squares(moved) > least


def test_one_degree_of_freedom_at_least():
    assert Continuous.least_degree == 1
