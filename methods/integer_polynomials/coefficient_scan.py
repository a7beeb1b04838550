"""Higher coefficients worth trying: those around a least-squares fit, the nearest first."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .datapath_shape import DatapathShape
from .folded_function import ANY

__all__ = ["least_squares", "nearest_candidates", "paired_least_squares", "scan", "spread_indices"]

_MOST_CANDIDATES = 1 << 16
"""The most candidates of a segment: the nearest to the first fit."""

_LONG_DEGREE, _MOST_OF_LONG = 4, 1 << 12
"""From this degree on, the most candidates: more take minutes and hardly make units smaller."""

_MOST_FITTED = 1 << 9
"""The most inputs that a polynomial is fitted to: more hardly change it."""


@lru_cache(maxsize=256)
def spread_indices(size: int, most: int) -> NDArray[np.int64]:
    """Return at most `most` of the indices below `size`, evenly spread from first to last: int64, (indices,)."""
    return np.linspace(0, size - 1, min(most, size)).astype(np.int64)


def scan(shape: DatapathShape, t: NDArray[np.float64], fitted: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """Return higher coefficients around those of a fit, the nearest first.

    Parameters
    ----------
    shape
        Word lengths of the coefficients, and which of them are signed.
    t : float64, (inputs,)
        The factor at the inputs of the segment.
    fitted : float64, (degree + 1,)
        Coefficients of the fit in ulp of the output, the constant one first.
    width
        The largest width of the bounds at one input, in ulp.

    Returns
    -------
    int64, (candidates, degree)
        Codes of the coefficients of t, its square and so on.

    """
    rows = _signed(shape, fitted[None])
    reach = max(float(np.abs(t).max()), 2.0)
    most = _MOST_CANDIDATES if shape.degree < _LONG_DEGREE else _MOST_OF_LONG
    for power in _scanned(shape):
        # By its Chebyshev polynomial, t to a power is 2 * (reach / 4)**power from the nearest polynomial of lower
        # degree.
        around = int(np.ceil(width / 2 * 2.0 ** shape.points[power] / (2 * (reach / 4) ** power))) + 1
        rows = _around(shape, power, rows, t, min(around, max(most // (2 * len(rows)), 1)))
    higher = _with_derived(shape, rows)
    return higher[_has_signs(shape, higher)]


def nearest_candidates(
    shape: DatapathShape, t: NDArray[np.float64], fitted: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the nearest candidates of several segments, of those that `scan` would return.

    Parameters
    ----------
    shape
        Word lengths of the coefficients, and which of them are signed.
    t : float64, (inputs,)
        The factor at the inputs of every segment.
    fitted : float64, (segments, degree + 1)
        Coefficients of the fits in ulp of the output, the constant one first.

    Returns
    -------
    higher : int64, (segments, candidates, degree)
    signs_allowed : bool, (segments, candidates)
        Whether only signed coefficients are negative.

    """
    rows = _signed(shape, fitted)
    for power in _scanned(shape):
        rows = _around(shape, power, rows, t, 1)
    higher = _with_derived(shape, rows).reshape(len(fitted), len(rows) // len(fitted), shape.degree)
    return higher, _has_signs(shape, higher)


def _scanned(shape: DatapathShape) -> range:
    """Return the powers whose coefficients are scanned, the highest first: only that of t if the others are derived."""
    return range(min(shape.degree, 1) if shape.ratios else shape.degree, 0, -1)


def _with_derived(shape: DatapathShape, rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return higher coefficients, (candidates, degree), with those that are derived from that of t."""
    higher = rows.astype(np.int64)
    if shape.ratios:
        for power in range(2, shape.degree + 1):
            higher[:, power - 1] = higher[:, power - 2] >> shape.dropped_bits(power)
    return higher


def _signed(shape: DatapathShape, fitted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the higher coefficients of fits, (fits, degree), with the signs as stored."""
    return fitted[:, 1:] * _stored_signs(shape.minus)


@lru_cache(maxsize=64)
def _stored_signs(minus: tuple[bool, ...]) -> NDArray[np.int64]:
    return np.cumprod(np.where(minus, -1, 1))


def _has_signs(shape: DatapathShape, higher: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether only signed coefficients are negative, along the last axis `degree`."""
    found = np.ones(higher.shape[:-1], dtype=bool)
    for column, signed in enumerate(shape.signed):  # an axis so short takes longer to reduce than to walk
        found &= higher[..., column] >= (-ANY if signed else 0)
    return found


def _around(
    shape: DatapathShape, power: int, rows: NDArray[np.float64], t: NDArray[np.float64], around: int
) -> NDArray[np.float64]:
    """Replace a coefficient of rows, (candidates, degree), by codes on either side; adapt the lower ones to each."""
    unit = 2.0 ** shape.points[power]
    centre = np.rint(rows[:, power - 1] * unit)
    codes = centre[:, None] + _nearest_first(around)
    rows = np.repeat(rows, codes.shape[1], axis=0)
    difference = codes.ravel() / unit - rows[:, power - 1]
    rows[:, power - 1] = codes.ravel()
    sign = 1.0
    lower = _nearest_below(t.tobytes(), power)
    for lower_power in range(power - 1, 0, -1):
        sign *= -1.0 if shape.minus[lower_power] else 1.0
        rows[:, lower_power - 1] -= sign * lower[lower_power] * difference
    return rows


@lru_cache(maxsize=256)
def _nearest_first(around: int) -> NDArray[np.int64]:
    """Return the integers from ``-around`` to `around`, 0 first: 0, -1, 1, -2 and so on."""
    places = np.arange(2 * around + 1)
    return np.where(places % 2, -(places + 1), places) // 2


@lru_cache(maxsize=256)
def _nearest_below(t_bytes: bytes, power: int) -> NDArray[np.float64]:
    """Return the polynomial of lower degree nearest to a power of t; cached, since the same t recur."""
    t = np.frombuffer(t_bytes)
    return least_squares(t, t**power, power - 1)


def least_squares(t: NDArray[np.float64], values: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return the polynomial nearest to some values.

    Parameters
    ----------
    t : float64, (inputs,)
        Where the values are.
    values : float64, (inputs,) or (inputs, segments)
        The values.
    degree
        Degree of the polynomial.

    Returns
    -------
    float64, (degree + 1,) or (degree + 1, segments)
        Its coefficients, the constant one first.

    """
    chosen = spread_indices(len(t), _MOST_FITTED)
    t, values = t[chosen], values[chosen]
    reach = max(float(np.abs(t).max()), 1.0)
    powers = np.vander(t / reach, degree + 1, increasing=True)
    solution = np.linalg.lstsq(powers, values, rcond=None)[0]
    return np.asarray((solution.T / reach ** np.arange(degree + 1)).T, dtype=np.float64)


def paired_least_squares(
    t: NDArray[np.float64], values: NDArray[np.float64], right: NDArray[np.bool_], degree: int
) -> NDArray[np.float64]:
    """Fit a pair of segments that share all but the highest coefficient: float64, (2, degree + 1), left one first."""
    reach = max(float(np.abs(t).max()), 1.0)
    powers = np.vander(t / reach, degree + 1, increasing=True)
    columns = np.column_stack([powers[:, :-1], np.where(right, 0, powers[:, -1]), np.where(right, powers[:, -1], 0)])
    solution = np.linalg.lstsq(columns, values, rcond=None)[0]
    sides = np.stack([solution[:-1], np.append(solution[:-2], solution[-1])])
    return np.asarray(sides / reach ** np.arange(degree + 1), dtype=np.float64)
