"""A function sampled on the segments of a domain, and the error of polynomials at the samples.

Every segment is seen from t in [-1, 1], its first and last code at the ends. Values are those at the zeros of a
Chebyshev polynomial, in as many digits as the output may need; sums over them are integrals, by the rules of J. Gauss
(of the weight 1/sqrt(1 - t^2)) and L. Fejér (of none; Mechanische Quadraturen mit positiven Cotesschen Zahlen, 1933).
Projections are computed with all digits. What they miss the function by is a number of few digits, of whatever size: so
what improves on them is found in floats, and added (decision 018).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import pi
from typing import Any, NamedTuple

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_poly, fmpz_poly
from numpy.typing import NDArray

from ....accuracy.taylor_models import ratio
from ....functions.number_types import BALLS, to_ball, to_fraction
from ....functions.number_types.working_precision import VALUE_BITS
from ..segments import Segments

__all__ = ["WEIGHTS", "Samples", "chebyshev_values"]

WEIGHTS = ("legendre", "chebyshev")
"""Weights of an error: the same everywhere, or 1/sqrt(1 - t^2), more towards the ends."""

_NODES, _NODES_OF_FEW, _FEW_SEGMENTS = 32, 128, 8
"""Nodes of a segment; the second number where segments are few, and so wide."""

_GRID = 4
"""Points at which an error is measured, for every node."""


class _Interval(NamedTuple):
    """The values between which t goes from -1 to 1, by their middle and half their distance."""

    middle: Fraction
    half: Fraction


@dataclass(frozen=True, eq=False)
class Samples:
    """The function on the segments of a domain.

    Parameters
    ----------
    segments
        The segments.
    joined
        Whether a segment goes on to the code after its last one, with which the next one begins.

    """

    segments: Segments
    joined: bool = False

    @cached_property
    def intervals(self) -> tuple[_Interval, ...]:
        """The scale of t on each segment."""
        segments, source = self.segments, self.segments.domain.specification.input_format
        found = []
        for segment in range(segments.count):
            low, high = segments.codes
            if segments.shift is not None:  # all of it, whatever occurs of it: polynomials of a few codes may be wild
                low = segments.origin + (segment << segments.shift)
                high = low + (1 << segments.shift) - 1 + self.joined
            found.append(_Interval((source.value(low) + source.value(high)) / 2, source.value(high - low) / 2))
        return tuple(found)

    @property
    def precision(self) -> int:
        """Bits of what is computed with all digits."""
        return VALUE_BITS + self.segments.domain.specification.output_format.width

    @property
    def nodes(self) -> int:
        """Number of values of each segment."""
        return _NODES_OF_FEW if self.segments.count <= _FEW_SEGMENTS else _NODES

    @cached_property
    def values(self) -> Any:
        """The function at the nodes, in ulp: ball matrix, (nodes, segments)."""
        specification = self.segments.domain.specification
        with ctx.workprec(self.precision):
            scale = to_ball(1 / specification.output_format.ulp)
            columns = []
            for interval in self.intervals:
                middle, half = to_ball(interval.middle), to_ball(interval.half)
                columns.append([specification.function(middle + half * t, BALLS) * scale for t in _nodes(self.nodes)])
            return _middles(arb_mat(columns).transpose())

    def projection(self, weight: str, degree: int) -> Any:
        """Return the polynomials of least squares in powers of t: ball matrix, (degree + 1, segments)."""
        with ctx.workprec(self.precision):
            return _middles(_projection(weight, self.nodes, degree, self.precision) * self.values)

    def missed(self, polynomials: Any) -> NDArray[np.float64]:
        """Return function minus polynomials, in Chebyshev coefficients: float64, (segments, terms)."""
        with ctx.workprec(self.precision):
            count = self.nodes
            powers = arb_mat([[t**k for k in range(polynomials.nrows())] for t in _nodes(count)])
            left = _middles(self.values - powers * polynomials)
        values = np.array([[float(value) for value in row] for row in left.tolist()])
        angles = (np.arange(count) + 0.5) * (pi / count)
        cosines = np.cos(np.outer(np.arange(count), angles)) * (2 / count)
        cosines[0] /= 2
        found: NDArray[np.float64] = (cosines @ values).T
        return found

    @lru_cache(maxsize=8)  # noqa: B019  # samples are few, and short-lived
    def oscillation(self, degree: int) -> tuple[Any, NDArray[np.float64]]:
        """Return the polynomials of least squares by the Chebyshev weight, and their error (see `missed`)."""
        polynomials = self.projection("chebyshev", degree)
        return polynomials, self.missed(polynomials)

    def least_error(self, degree: int) -> float:
        """Return a lower bound, in ulp, of the largest error of any polynomials of a degree.

        It is pi/4 times the first coefficient that is missed, c: with the weight, the mean of the error times that
        Chebyshev polynomial is c/2, and that of the Chebyshev polynomial's size 2/pi.
        """
        return float(pi / 4 * np.abs(self.oscillation(degree)[1][:, degree + 1]).max())

    def fitted(self, polynomials: Any, correction: NDArray[np.float64] | None = None) -> Segments:
        """Return the segments with polynomials, (degree + 1, segments), plus a correction, (segments, degree + 1)."""
        if correction is not None:
            with ctx.workprec(self.precision):
                polynomials = _middles(polynomials + arb_mat(correction.T.tolist()))
        degree = polynomials.nrows() - 1
        errors = chebyshev_values(self.missed(polynomials), _GRID * self.nodes)
        estimates = (float("inf"),) * degree + (float(np.abs(errors).max()),)
        segments, moved = self.segments, self._moved(polynomials)
        coefficients = tuple(
            tuple(to_fraction(moved[power, segment]) for power in range(degree + 1))
            for segment in range(segments.count)
        )
        return Segments(segments.domain, segments.shift, segments.origin, segments.codes, coefficients, estimates)

    def _moved(self, polynomials: Any) -> Any:
        """Convert polynomials in t to polynomials in the distance from the centre; all segments have one scale."""
        (middle, half), count = self.intervals[0], polynomials.nrows()
        if not half:  # a single code
            return polynomials
        with ctx.workprec(self.precision):
            affine = fmpq_poly([ratio((self.segments.centre(0) - middle) / half), ratio(1 / half)])
            powers = [affine**power for power in range(count)]
            return _middles(arb_mat([[arb(each[power]) for each in powers] for power in range(count)]) * polynomials)


def chebyshev_values(coefficients: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """Evaluate sums of Chebyshev polynomials, (segments, terms), at ``cos(pi k / points)``: (segments, points + 1)."""
    powers = np.arange(coefficients.shape[1])
    values: NDArray[np.float64] = coefficients @ np.cos(np.outer(powers, np.arange(points + 1)) * (pi / points))
    return values


def _middles(matrix: Any) -> Any:
    return matrix.mid()


@lru_cache(maxsize=4)
def _nodes(count: int) -> list[Any]:
    """Return the zeros of a Chebyshev polynomial, from 1 down."""
    with ctx.workprec(1024):
        return [arb.cos_pi_fmpq(fmpq(2 * node + 1, 2 * count)) for node in range(count)]


@lru_cache(maxsize=64)
def _projection(weight: str, count: int, degree: int, precision: int) -> Any:
    """Return the matrix that takes values at the nodes to the coefficients of the powers of t of their projection."""
    with ctx.workprec(precision):
        rows = [[arb(0)] * count for _ in range(degree + 1)]
        for k in range(degree + 1):
            if weight == "chebyshev":
                shares, norm, basis = [arb(1) / count] * count, 2 if k else 1, fmpq_poly(fmpz_poly.chebyshev_t(k))
            else:  # the square of a Legendre polynomial has a mean of 1 / (2 k + 1)
                shares, norm, basis = _fejer(count), 2 * k + 1, fmpq_poly.legendre_p(k)
            coefficients = [arb(c) for c in basis.coeffs()]
            for node, (t, share) in enumerate(zip(_nodes(count), shares, strict=True)):
                value = sum((c * t**power for power, c in enumerate(coefficients)), arb(0)) * share * norm
                for power, c in enumerate(coefficients):
                    rows[power][node] += value * c
        return _middles(arb_mat(rows))


@lru_cache(maxsize=4)
def _fejer(count: int) -> list[Any]:
    """Return the weight of each node in the mean over [-1, 1]."""
    with ctx.workprec(1024):
        terms = [(arb.cos_pi_fmpq, 2 * j, fmpq(2, 4 * j * j - 1)) for j in range(1, count // 2 + 1)]
        return [
            (1 - sum((cos(fmpq(j * (2 * node + 1), 2 * count)) * share for cos, j, share in terms), arb(0))) / count
            for node in range(count)
        ]
