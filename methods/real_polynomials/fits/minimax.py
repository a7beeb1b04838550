"""Minimax polynomials: the least largest error on each segment."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.polynomial.chebyshev import cheb2poly
from numpy.typing import NDArray

from ..segments import Segments
from .sampled import SampledFit
from .samples import Samples, chebyshev_values

__all__ = ["Minimax", "remez"]

_MOST_EXCHANGES = 24

_LEVEL = 1e-6
"""Extremes of the error whose sizes differ by less than this part are level."""

_GRID = 24
"""Points of the grid on which extremes are looked for: to each of them, or to two of the function's highest term."""


class Minimax(SampledFit):
    """The polynomial with the least largest error, which alternates in sign and is reached once more than it has terms.

    It is found by exchange (E. Remez, Sur la détermination des polynômes d'approximation de degré donnée, 1934; J.-M.
    Muller, Elementary Functions: Algorithms and Implementation, 2016, chapter 3), for all segments at a time.
    """

    name = "minimax"

    def fit(self, samples: Samples, degree: int) -> Segments:
        polynomials, missed = samples.oscillation(degree)
        return samples.fitted(polynomials, to_powers(remez(missed, degree)))


def to_powers(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert Chebyshev coefficients, (segments, degree + 1), to coefficients of powers, of the same shape."""
    count = coefficients.shape[1]
    basis = np.zeros((count, count))
    for k in range(count):
        basis[k, : k + 1] = cheb2poly(np.eye(count)[k])[: k + 1]
    powers: NDArray[np.float64] = coefficients @ basis
    return powers


def remez(function: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return minimax polynomials over [-1, 1], (segments, degree + 1), of functions, (segments, terms).

    Both are Chebyshev coefficients. Those of the functions are 0 up to the degree: so 0 is the polynomial of least
    squares by the Chebyshev weight, and its error has alternating extremes enough to begin with. Extremes are at
    angles, t = cos(angle), at which Chebyshev polynomials are cosines.
    """
    count = degree + 2
    size = np.abs(function).max(axis=1, keepdims=True)
    function = function / np.where(size > 0, size, 1.0)
    found = np.zeros((len(function), degree + 1))
    grid = _GRID * max(count, function.shape[1] // 2)
    on_grid = chebyshev_values(function, grid)
    least = np.abs(on_grid).max(axis=1)
    errors, signs = on_grid.copy(), (-1.0) ** np.arange(count)
    going = np.flatnonzero(size[:, 0] > 0)
    for _ in range(_MOST_EXCHANGES):
        extremes = [_extremes(row, count) for row in errors[going]]
        going = going[[each is not None for each in extremes]]
        if not len(going):
            break
        angles = np.array([each for each in extremes if each is not None])[:, :, None]
        wanted = (np.cos(angles * np.arange(function.shape[1])) @ function[going, :, None])[:, :, 0]
        levels = np.broadcast_to(signs[:, None], angles.shape)
        system = np.concatenate([np.cos(angles * np.arange(degree + 1)), levels], axis=2)
        solved = np.linalg.solve(system, wanted[:, :, None])[:, :, 0]
        errors[going] = on_grid[going] - chebyshev_values(solved[:, :-1], grid)
        peaks, level = np.abs(errors[going]).max(axis=1), np.abs(solved[:, -1])
        better = peaks < least[going]
        found[going[better]], least[going[better]] = solved[better, :-1], peaks[better]
        going = going[peaks > level * (1 + _LEVEL)]
    found *= size
    return found


def _extremes(errors: NDArray[np.float64], count: int) -> NDArray[np.float64] | None:
    """Return the angles of `count` extremes of alternating sign, the largest among them; None if there are fewer."""
    starts = np.flatnonzero(np.diff(np.signbit(errors), prepend=not np.signbit(errors[0])))
    if len(starts) < count:
        return None
    sizes = np.abs(errors)
    kept = _largest(np.maximum.reduceat(sizes, starts).tolist(), count)
    angles = []
    for run in kept:
        stop = starts[run + 1] if run + 1 < len(starts) else len(errors)
        peak = int(starts[run]) + int(sizes[starts[run] : stop].argmax())
        angles.append(float(peak))
        if 0 < peak < len(errors) - 1:  # where a parabola through it and its neighbours turns
            before, here, after = errors[peak - 1 : peak + 2]
            bend = before - 2 * here + after
            if bend:
                angles[-1] += float(np.clip((before - after) / (2 * bend), -0.5, 0.5))
    return np.array(angles) * (pi / (len(errors) - 1))


def _largest(heights: list[float], count: int) -> list[int]:
    """Return the indices of `count` extremes to keep: drop the smallest, with a neighbour or at an end."""
    kept = list(range(len(heights)))
    while len(kept) > count:
        least = min(range(len(kept)), key=lambda at: heights[kept[at]])
        if len(kept) == count + 1 or least in (0, len(kept) - 1):
            del kept[0 if heights[kept[0]] < heights[kept[-1]] else -1]
        else:
            first = least if heights[kept[least + 1]] < heights[kept[least - 1]] else least - 1
            del kept[first : first + 2]
    return kept
