import mpmath
import numpy as np
import pytest
from fitted import errors, made
from specified import specify

from softgate.methods.real_polynomials.fits.least_squares import LeastSquares

NODES = 24
PIECES = [
    ("tanh", "SQ4.8", "SQ1.11", 8),
    ("logistic", "SQ3.20", "UQ0.24", 4),
    ("tanh_derivative", "SQ4.40", "UQ0.50", 16),
]


def moments(segments, segment, weight, degree):
    """Return the mean, by the weight, of the error times each power up to a degree, and that of the error's size."""
    with mpmath.workdps(60):
        if weight == "chebyshev":
            rule = [(mpmath.cos((2 * k + 1) * mpmath.pi / (2 * NODES)), mpmath.mpf(1) / NODES) for k in range(NODES)]
        else:
            nodes, weights = np.polynomial.legendre.leggauss(NODES)
            rule = [(mpmath.mpf(t), mpmath.mpf(w) / 2) for t, w in zip(nodes, weights, strict=True)]
        missed = errors(segments, segment, [t for t, _ in rule])
        sizes = sum(abs(error) * share for error, (_, share) in zip(missed, rule, strict=True))
        sums = [sum(e * t**k * share for e, (t, share) in zip(missed, rule, strict=True)) for k in range(degree + 1)]
        return [float(each / sizes) for each in sums]


@pytest.mark.parametrize("weight", ["legendre", "chebyshev"])
@pytest.mark.parametrize(("function", "source", "output", "count"), PIECES)
@pytest.mark.parametrize("degree", [0, 1, 3, 4])
def test_what_is_missed_is_orthogonal_to_lower_powers(function, source, output, count, degree, weight):
    segments = made(LeastSquares(weight), specify(function, source, output), count, degree)
    for segment in range(0, segments.count, 5):
        assert moments(segments, segment, weight, degree) == pytest.approx([0] * (degree + 1), abs=1e-9)
        # Not so the next power: there are no more conditions.
        assert abs(moments(segments, segment, weight, degree + 1)[-1]) > 1e-4


@pytest.mark.parametrize("degree", [1, 2, 4])
def test_the_chebyshev_weight_makes_ends_better_and_the_mean_worse(degree):
    specification = specify("tanh", "SQ4.12", "SQ1.15")
    plain, weighted = (made(LeastSquares(weight), specification, 16, degree) for weight in ("legendre", "chebyshev"))
    assert weighted.estimates[degree] < plain.estimates[degree]
    places = np.linspace(-1, 1, 101)
    squares = [sum(error**2 for error in errors(segments, 1, places)) for segments in (plain, weighted)]
    assert squares[0] < squares[1]


def test_legendre_is_the_default():
    specification = specify("tanh", "SQ4.4", "SQ1.7")
    default, legendre = (made(fit, specification, 4, 2) for fit in (LeastSquares(), LeastSquares("legendre")))
    assert default.coefficients == legendre.coefficients
