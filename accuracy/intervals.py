"""Intervals with rational ends, and such intervals around the values of polynomials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq, fmpq_poly

__all__ = ["NOTHING", "Interval", "close_values", "values"]

_MOST_TERMS = 24

_GRID = 64
"""Parts of [-1, 1] between whose ends the values are bounded by how much they bend."""

_POWERS = np.linspace(-1.0, 1.0, _GRID + 1)[:, None] ** np.arange(_MOST_TERMS)

_MEASURED = 1 << 40
"""A polynomial as large as this needs no close bound, and the terms of a smaller one are floats."""


@dataclass(frozen=True)
class Interval:
    """The numbers from `low` to `high`, exact ratios: a ball's radius would be rounded up to 30 bits."""

    low: fmpq
    high: fmpq

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def scaled(self, factor: fmpq) -> Interval:
        """Return the product with a non-negative number."""
        return Interval(self.low * factor, self.high * factor)

    @property
    def size(self) -> fmpq:
        """The largest magnitude."""
        return max(-self.low, self.high)


NOTHING = Interval(fmpq(0), fmpq(0))


def values(polynomial: fmpq_poly) -> Interval:
    """Return an interval around the values of a polynomial over [-1, 1]."""
    first, *others = polynomial.coeffs() or [fmpq(0)]
    swing = sum((abs(c) for c in others), fmpq(0))
    return Interval(first - swing, first + swing)


def close_values(polynomial: fmpq_poly) -> Interval:
    """Return an interval around the values of a polynomial over [-1, 1], closer than the sum of its terms.

    Between two points of a grid the values are no farther from the chord than the spacing squared, times the largest
    second derivative, over 8.
    """
    loose = values(polynomial)
    coefficients = [int(c.p) / int(c.q) for c in polynomial.coeffs()] if loose.size < _MEASURED else []
    if not 2 < len(coefficients) <= _MOST_TERMS:
        return loose
    terms = np.abs(coefficients)
    powers = np.arange(len(coefficients))
    bend = float((powers * (powers - 1) * terms).sum()) / (2 * _GRID**2)
    points = _POWERS[:, : len(coefficients)] @ coefficients
    # Each value is off by no more than 2 n roundings of its coefficients and powers and n of its sum; the bend, too.
    slack = bend + 2.0**-46 * float(terms.sum() + bend) + 2.0**-1000  # and what is too small for a float
    low, high = (fmpq(*float(end).as_integer_ratio()) for end in (points.min() - slack, points.max() + slack))
    return Interval(max(low, loose.low), min(high, loose.high))
