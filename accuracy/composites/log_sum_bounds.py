"""Bounds of the error of the logarithm of a sum of powers, from those of the parts.

Write Q for the exact sum of b^-d over the distances d to the maximum, which has b^0 = 1 among at most n terms, and S
for the sum that is computed. All bounds are of ln S - ln Q.

* Scaling distances by a multiple that is off by the factor h: -d ln(sum of e^-cd) / d ln c is the mean of cd, weighted
  by the powers. It is largest where the n-1 others are at the same distance, and is then the w with w e^w = (n-1)/e. So
  that changes ln Q by at most |ln h| w.
* Distances rounded down by less than 2^-e octaves: at most ln 2 2^-e.
* A weight is within the relative error a: at most -ln(1-a). It is cut below 2^-g, except for that of the maximum, which
  is a whole number; the sum is then cut to m bits below its first. Half of what that could take away is added by the
  part, which leaves at most ln(1+c), with c = 2^-(m+1) + (n-1) 2^-(g+1).
* A distance that is limited counts too much, by at most 2^-farthest: at most (n-1) 2^-farthest.
"""

from __future__ import annotations

from fractions import Fraction
from math import exp, inf, log, log1p

from .base import Words
from .softmax_bounds import MARGIN, scale_of

__all__ = ["centre", "log_sum_bound"]


def centre(count: int, words: Words) -> Fraction:
    """Return half of what is cut of a normalised sum of `count` weights."""
    return Fraction(1, 2 << words["index_bits"]) + Fraction(count - 1, 2 << words["sum_bits"])


def log_sum_bound(base: str, count: int, words: Words, errors: tuple[Fraction, Fraction], *, limited: bool) -> float:
    """Return the bound of the error of the logarithm of the sum, to base `base`.

    Parameters
    ----------
    base
        ``e`` or ``2``.
    count
        The most elements of a vector.
    words
        See `exponential_sum.ExponentialSum.words`.
    errors
        Largest errors of the parts: of the weights and of the logarithm, absolute.
    limited
        Whether distances are limited.

    """
    others = count - 1
    a = 2 * float(errors[0])  # of powers from 1/2 to 1
    if a >= 1:
        return inf
    exact = base == "2" and words["shift"] <= 0
    rounded = 0.0 if exact else log(2) * 2.0 ** -words["distance_bits"]
    scale = words["multiple"] / 2.0 ** words["multiple_bits"]
    scaled = abs(log(scale / scale_of(base))) * _mean_distance(others) if base == "e" else 0.0
    beyond = others * 2.0 ** -words["farthest"] if limited else 0.0
    natural = scaled + rounded - log1p(-a) + log1p(float(centre(count, words))) + beyond
    if base == "2":
        return (natural / log(2) + float(errors[1])) * MARGIN
    octave = 2.0 ** -(words["log_bits"] + 1)  # multiples of ln 2 are rounded to the bits of the logarithm
    return (natural + float(errors[1]) + octave) * MARGIN


def _mean_distance(others: int) -> float:
    """Return an upper bound of the w with w e^w = others / e."""
    w = 0.0
    while w * exp(w) < others / exp(1):
        w += 1 / 64
    return w
