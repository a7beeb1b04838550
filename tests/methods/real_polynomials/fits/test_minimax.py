from itertools import pairwise

import numpy as np
import pytest
from fitted import errors, made
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.chebyshev import chebval
from specified import specify

from softgate.methods.real_polynomials.fits.least_squares import LeastSquares
from softgate.methods.real_polynomials.fits.minimax import Minimax, remez

PLACES = np.cos(np.linspace(np.pi, 0, 301))


def alternations(missed, share):
    """Return how often an error reaches this share of its largest size with a sign other than the time before."""
    largest = max(map(abs, missed))
    signs = [error > 0 for error in missed if abs(error) >= share * largest]
    return 1 + sum(before != after for before, after in pairwise(signs))


@pytest.mark.parametrize(
    ("function", "source", "output", "count"),
    [("tanh", "SQ4.8", "SQ1.11", 8), ("logistic", "SQ3.20", "UQ0.24", 2), ("tanh_derivative", "SQ4.40", "UQ0.50", 8)],
)
@pytest.mark.parametrize("degree", [0, 1, 4, 7])
def test_errors_are_level(function, source, output, count, degree):
    segments = made(Minimax(), specify(function, source, output), count, degree)
    for segment in range(0, segments.count, 5):
        assert alternations(errors(segments, segment, PLACES), 0.999) >= degree + 2


@pytest.mark.parametrize("count", [2, 5, 16, 64])
@pytest.mark.parametrize("degree", range(5))
def test_no_worse_than_least_squares(count, degree):
    specification = specify("logistic", "SQ4.12", "UQ0.16")
    best, near, far = (
        made(fit, specification, count, degree).estimates[degree]
        for fit in (Minimax(), LeastSquares("chebyshev"), LeastSquares("legendre"))
    )
    assert best <= near * (1 + 1e-9)
    assert near < far
    if count <= 5:
        assert best < near * 0.99


@given(st.integers(0, 5), st.lists(st.floats(-1, 1).map(lambda x: round(x, 3)), min_size=1, max_size=12))
def test_no_polynomial_is_better(degree, higher):
    """The error alternates, so that the least of its extremes is a bound for every polynomial (La Vallée Poussin)."""
    function = np.array([0.0] * (degree + 1) + higher)
    (found,) = remez(function[None], degree)
    missed = chebval(PLACES, function) - chebval(PLACES, found)
    largest = np.abs(missed).max()
    assert largest == 0 or alternations(missed, 0.99) >= degree + 2


def test_extremes_between_the_points_of_the_grid():
    function = np.array([0, 0, 0.188, 0, 0.375, 0.5, 0.75, -1, 0, 1, 0, -0.5, -0.5])
    ((constant,),) = remez(function[None], 0)
    values = chebval(PLACES, function)
    assert constant == pytest.approx((values.max() + values.min()) / 2, abs=1e-3)


def test_nothing_to_do():
    assert (remez(np.zeros((3, 9)), 2) == 0).all()
    assert remez(np.zeros((0, 9)), 2).shape == (0, 3)


def test_rows_are_found_together_as_alone():
    rows = np.array([[0, 0, 0, 1.0, 0.5, 0.2], [0] * 6, [0, 0, 0, 0, 1.0, 0], [1e-30 * k for k in (0, 0, 0, 1, 2, 3)]])
    together = remez(rows, 2)
    for row, alone in zip(together, rows, strict=True):
        assert row == pytest.approx(remez(alone[None], 2)[0], rel=1e-9, abs=1e-45)
