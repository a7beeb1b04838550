"""Minimax polynomials: the least largest error on each piece."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.polynomial.chebyshev import cheb2poly
from numpy.typing import NDArray

from ..pieces import Pieces
from .sampled import SampledFit
from .samples import Samples, chebyshev_values

__all__ = ["Minimax", "remez"]

_MOST_EXCHANGES = 24

_LEVEL = 1e-6
"""Extremes of the error whose sizes differ by less than this part are level."""

_GRID = 24
"""Points between two extremes among which the next ones are looked for."""


class Minimax(SampledFit):
    """The polynomial with the least largest error, which alternates in sign and is reached once more than it has terms.

    It is found by exchange (E. Remez, Sur la détermination des polynômes d'approximation de degré donnée, 1934; J.-M.
    Muller, Elementary Functions: Algorithms and Implementation, 2016, chapter 3), for all pieces at a time.
    """

    name = "minimax"

    def fit(self, samples: Samples, degree: int) -> Pieces:
        polynomials, missed = samples.oscillation(degree)
        return samples.fitted(polynomials, to_powers(remez(missed, degree)))


def to_powers(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums of Chebyshev polynomials, a row for each, as the coefficients of powers."""
    count = coefficients.shape[1]
    basis = np.zeros((count, count))
    for k in range(count):
        basis[k, : k + 1] = cheb2poly(np.eye(count)[k])[: k + 1]
    powers: NDArray[np.float64] = coefficients @ basis
    return powers


def remez(function: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return minimax polynomials over [-1, 1], function and polynomials in rows of Chebyshev coefficients.

    Places are angles, t = cos(angle), at which Chebyshev polynomials are cosines.
    """
    count = degree + 2
    size = np.abs(function).max(axis=1, keepdims=True)
    function = function / np.where(size > 0, size, 1.0)
    powers, grid = np.arange(function.shape[1]), _GRID * count
    places = np.tile(np.arange(count) * (pi / (count - 1)), (len(function), 1))  # of the extremes, in each row
    signs = (-1.0) ** np.arange(count)
    found = np.zeros((len(function), degree + 1))
    on_grid = chebyshev_values(function, grid)
    least = np.full(len(function), np.inf)
    open_ = np.flatnonzero(size[:, 0] > 0)
    for _ in range(_MOST_EXCHANGES if len(open_) else 0):
        here = places[open_]
        wanted = np.einsum("ijk,ik->ij", np.cos(here[:, :, None] * powers), function[open_])
        levels = np.broadcast_to(signs[:, None], (*here.shape, 1))
        system = np.concatenate([np.cos(here[:, :, None] * np.arange(degree + 1)), levels], axis=2)
        solved = np.linalg.solve(system, wanted[:, :, None])[:, :, 0]
        errors = on_grid[open_] - chebyshev_values(solved[:, :-1], grid)
        peaks = np.abs(errors).max(axis=1)
        better = peaks < least[open_]
        least[open_[better]] = peaks[better]
        found[open_[better]] = solved[better, :-1]
        level = np.abs(solved[:, -1])
        moved = [_extremes(row, count) for row in errors]
        going = (peaks > level * (1 + _LEVEL)) & better & np.array([each is not None for each in moved])
        open_ = open_[going]
        if not len(open_):
            break
        places[open_] = [each for each, goes in zip(moved, going, strict=True) if goes and each is not None]
    found *= size
    return found


def _extremes(errors: NDArray[np.float64], count: int) -> NDArray[np.float64] | None:
    """Return the angles of so many extremes of alternating sign, the largest among them; None if there are fewer."""
    starts = np.flatnonzero(np.diff(np.signbit(errors), prepend=not np.signbit(errors[0])))
    if len(starts) < count:
        return None
    sizes = np.abs(errors)
    heights = np.maximum.reduceat(sizes, starts)
    # Of more than are wanted, those in a row with the largest among them whose least is largest.
    top = int(heights.argmax())
    around = range(max(top - count + 1, 0), min(top, len(starts) - count) + 1)
    first = max(around, key=lambda at: heights[at : at + count].min())
    angles = []
    for run in range(first, first + count):
        stop = starts[run + 1] if run + 1 < len(starts) else len(errors)
        place = int(starts[run]) + int(sizes[starts[run] : stop].argmax())
        angles.append(float(place))
        if 0 < place < len(errors) - 1:  # where a parabola through it and its neighbours turns
            before, here, after = errors[place - 1 : place + 2]
            bend = before - 2 * here + after
            if bend:
                angles[-1] += float(np.clip((before - after) / (2 * bend), -0.5, 0.5))
    return np.array(angles) * (pi / (len(errors) - 1))
