"""Continuous polynomials: least squares, with neighbours that agree where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb_mat, ctx
from numpy.polynomial.legendre import leg2poly
from numpy.typing import NDArray

from ....functions.number_types import to_ball
from ..segments import Segments
from .sampled import SampledFit
from .samples import Samples

__all__ = ["Continuous"]


class Continuous(SampledFit):
    """The polynomials with the least mean square error among those that agree with their neighbours at the joints.

    A joint is the first code of the later segment. At 0, where a function that is symmetric about a point is folded,
    the polynomial agrees with its own mirror image. With the constant beyond the last segment none is made to agree:
    that is off by half an ulp there, which is more than the polynomials are otherwise.

    The conditions enter by a multiplier each (J.-L. Lagrange, Mécanique analytique, 1788; G. Golub, C. Van Loan, Matrix
    Computations, 2013, section 6.2). In Legendre polynomials, what they change is diagonal: so the multipliers alone
    are left, in a system with three diagonals.
    """

    name = "continuous"
    least_degree = 1
    joined = True

    def fit(self, samples: Samples, degree: int) -> Segments:
        projection = samples.projection("legendre", degree)
        if samples.segments.shift == 0:  # a segment is a single code, and has no ends
            return samples.fitted(projection)
        gaps = _gaps(samples, projection)
        inverse = np.array([float(samples.intervals[0].half / interval.half) for interval in samples.intervals])
        # How far a polynomial moves at one end for a unit of the multiplier there, and of that at the other end.
        near, far = (degree + 1) ** 2 / 2, (-1) ** degree * (degree + 1) / 2
        diagonal = near * (inverse + np.append(0.0, inverse[:-1]))
        if gaps[0] is None:  # nothing is asked of the start
            multipliers = np.append(0.0, _solved(diagonal[1:], -far * inverse[1:-1], gaps[1:]))
        else:
            multipliers = _solved(diagonal, -far * inverse[:-1], gaps)
        powers = np.arange(degree + 1)
        ends = np.append(multipliers[1:], 0.0)[:, None] - multipliers[:, None] * (-1.0) ** powers
        change = ends * (powers + 0.5) * inverse[:, None]
        return samples.fitted(projection, change @ _powers(degree))


def _gaps(samples: Samples, polynomials: Any) -> list[float | None]:
    """Return by how much each polynomial starts above where the one before it ends, the mirror image for the first."""
    domain = samples.segments.domain
    symmetry = domain.specification.function.reflection
    degree = polynomials.nrows() - 1
    with ctx.workprec(samples.precision):
        left, right = (arb_mat([[sign**k for k in range(degree + 1)]]) * polynomials for sign in (-1, 1))
        gaps: list[float | None] = [None]
        if domain.folded and symmetry is not None and symmetry.sign == -1 and samples.segments.covered(0).low == 0:
            centre = to_ball(symmetry.total / 2 / domain.specification.output_format.ulp)
            gaps = [float(left[0, 0] - centre)]
        return gaps + [float(left[0, k] - right[0, k - 1]) for k in range(1, samples.segments.count)]


def _powers(degree: int) -> NDArray[np.float64]:
    """Return the coefficients of powers in each Legendre polynomial."""
    rows = [leg2poly([0] * k + [1]) for k in range(degree + 1)]
    return np.array([np.append(row, np.zeros(degree + 1 - len(row))) for row in rows])


def _solved(diagonal: NDArray[np.float64], beside: NDArray[np.float64], wanted: Sequence[Any]) -> NDArray[np.float64]:
    """Solve a symmetric system with a dominant diagonal and one on either side (L. Thomas, 1949)."""
    pivots, values = diagonal.copy(), np.array(wanted, dtype=np.float64)
    for k, value in enumerate(beside):
        factor = value / pivots[k]
        pivots[k + 1] -= factor * value
        values[k + 1] -= factor * values[k]
    for k in range(len(values) - 1, -1, -1):
        values[k] = (values[k] - (beside[k] * values[k + 1] if k < len(beside) else 0.0)) / pivots[k]
    return values
