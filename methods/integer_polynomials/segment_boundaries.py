"""Bounds that keep neighbouring segments in order, so that monotonic segments make a monotonic function.

Segments are fitted one by one, and each can be made monotonic by itself. For the step from the last address of one to
the first address of the next, a *separator* is chosen in advance: a result that neither segment may cross. It lies half
way between the values of two preliminary polynomials, where it excludes few coefficients of either segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from ...accuracy.monotonic import chains, tighten
from .coefficient_scan import least_squares
from .output_bounds import OutputBounds

__all__ = ["segment_starts", "separate_segments"]


@dataclass(frozen=True)
class _Boundaries:
    """The steps from one segment to the next that must be in order, by ascending magnitude of the input.

    An input that is not negative has the magnitude of its address, a negative one of the same address one more. So the
    boundaries come in order of their addresses, and of the signs at the same address.

    The arrays are int64 and have shape ``(boundaries,)``.

    Attributes
    ----------
    sign
        Index of the sign.
    direction
        1 if results must not fall across the boundary, -1 if they must not rise.
    lower, upper
        The addresses on either side: the result at `lower` must not exceed that at `upper`.
    preferred
        The result half way between the preliminary polynomials, in ulp, with the sign's shortfall added.

    """

    sign: NDArray[np.int64]
    direction: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    preferred: NDArray[np.int64]


def segment_starts(stop: int, size: int, middle: int) -> list[int]:
    """Return the first address of every segment, and the address after the last segment.

    Segments begin at every multiple of `size` below `stop`, and `middle` further on if that is not the end.
    """
    multiples = range(0, max(stop, 1), size)
    return sorted({multiple + offset for multiple in multiples for offset in (0, middle, size)})


def separate_segments(bounds: OutputBounds, starts: Sequence[int], degree: int) -> OutputBounds:
    """Narrow bounds until results within them are monotonic from each segment to the next.

    Bounds without required directions are returned as they are.

    Parameters
    ----------
    bounds
        Admissible results.
    starts
        The first address of every segment in ascending order, and the address after the last segment.
    degree
        Degree of the polynomials that the segments are to have.

    """
    if not bounds.directions.any():
        return bounds
    boundaries = _boundaries(bounds, starts, degree)
    separators = _ordered_separators(bounds, boundaries) - bounds.shortfall[boundaries.sign, 0]
    low, high = bounds.low.copy(), bounds.high.copy()
    np.minimum.at(high, (boundaries.sign, boundaries.lower), separators)
    np.maximum.at(low, (boundaries.sign, boundaries.upper), separators)
    for sign, directions in enumerate(bounds.directions):
        tighten(low[sign], high[sign], chains(directions))
    return replace(bounds, low=low, high=high)


def _boundaries(bounds: OutputBounds, starts: Sequence[int], degree: int) -> _Boundaries:
    """Return the boundaries that need a separator: with a required direction, and inputs in both segments."""
    signs = len(bounds.low)
    at_start, at_last = _values_at_ends(_preliminary_polynomials(bounds, starts, degree), np.diff(starts), signs)
    preferred = np.floor((at_last[:-1] + at_start[1:]) / 2 + 0.5).ravel()  # (boundaries of segments, signs) in a row
    last = np.repeat(np.array(starts[1:-1], dtype=np.int64) - 1, signs)  # the last address of each left segment
    sign = np.tile(np.arange(signs), len(starts) - 2)
    direction = bounds.directions[sign, last].astype(np.int64)
    needed = (direction != 0) & ~np.isnan(preferred)
    sign, direction, last = sign[needed], direction[needed], last[needed]
    return _Boundaries(
        sign, direction, last + (direction < 0), last + (direction > 0), preferred[needed].astype(np.int64)
    )


def _preliminary_polynomials(bounds: OutputBounds, starts: Sequence[int], degree: int) -> NDArray[np.float64]:
    """Fit a polynomial to the middles of the bounds in each segment.

    Returns
    -------
    float64, (segments, degree + 1)
        Coefficients of the powers of `Targets.t`, the constant one first; NaN for segments without inputs.

    """
    polynomials = np.full((len(starts) - 1, degree + 1), np.nan)
    for segment, start in enumerate(starts[:-1]):
        targets = bounds.targets(slice(start, starts[segment + 1]))
        if len(targets.t):
            polynomials[segment] = least_squares(targets.t, targets.centre, degree)
    return polynomials


def _values_at_ends(
    polynomials: NDArray[np.float64], sizes: NDArray[np.int64], signs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Evaluate each segment's polynomial at its first and at its last address.

    Parameters
    ----------
    polynomials : float64, (segments, degree + 1)
        See `_preliminary_polynomials`.
    sizes : int64, (segments,)
        Number of addresses of each segment.
    signs
        Number of signs.

    Returns
    -------
    at_start, at_last : float64, (segments, signs)

    """
    coefficients = polynomials.T[:, :, None]  # (degree + 1, segments, 1)
    first_t = np.broadcast_to(np.arange(signs), (len(sizes), signs))
    last_t = first_t + sizes[:, None] - 1
    at_start, at_last = (polyval(t, coefficients, tensor=False) for t in (first_t, last_t))
    return np.asarray(at_start), np.asarray(at_last)


def _ordered_separators(bounds: OutputBounds, boundaries: _Boundaries) -> NDArray[np.int64]:
    """Return separators near to the preferred ones that are admissible, and in the order that results must have.

    As long as the direction stays the same, each separator is no further back than the one before it: noise of the
    preliminary polynomials must not reverse their order.

    Returns
    -------
    int64, (boundaries,)
        In ulp of the output, with the sign's shortfall added.

    """
    shortfall = bounds.shortfall[boundaries.sign, 0]
    lowest = bounds.low[boundaries.sign, boundaries.lower] + shortfall
    highest = bounds.high[boundaries.sign, boundaries.upper] + shortfall
    separators: list[int] = []
    last_direction = 0
    columns = (boundaries.direction, boundaries.preferred, lowest, highest)
    for direction, preferred, least, most in zip(*(column.tolist() for column in columns), strict=True):
        separator = preferred
        if direction == last_direction:
            separator = max(separator, separators[-1]) if direction > 0 else min(separator, separators[-1])
        separators.append(min(max(separator, least), most))
        last_direction = direction
    return np.array(separators, dtype=np.int64)
