"""Bounds of the errors of a softmax from those of its parts.

The maximum is subtracted, and a softmax computed in base 2, without a division: with t the scaled distance to the
maximum, y = 2^-(t + L), where L is the logarithm of the sum of all 2^-t, rounded upwards (M. Milakov, N. Gimelshein,
Online normalizer calculation for softmax, 2018, has the subtraction; the logarithm in place of the quotient is that of
log-softmax).

Write p for the softmax, s for that of the scaled distances as they are rounded, Q for the sum of all 2^-t.

* Scaling by a multiple that is off by the factor h changes an output by at most |ln h| (0.224 + ln(n - 1)/4), since
  dp/dlog(scale) = p (sum of p_j ln(p/p_j)), which is at most p (1-p) (ln(p/(1-p)) + ln(n - 1)).
* Distances rounded down by less than 2^-e: every weight grows by a factor from 1 to 2^(2^-e) = 1 + r. That moves p by
  at most p (1-p) r.
* A weight is within the relative error a of 2^-t, and cut below 2^-g, except for that of the maximum, which is exactly
  1. So the sum S satisfies (1-a) Q - (n-1) 2^-g <= S <= Q + a (Q-1).
* L is at least log2(Q (1+b)), where b is the relative error of the last power, since S, cut to m bits below its first,
  is raised by 2^-m + (n-1) 2^-g and multiplied by (1+b)/(1-a). So the outputs never sum to more than 1.
* What this takes away is at most the factor 1-d, with d = 1 - (1-b)/((1 + 2^-m + (n-1) 2^-g) 2^(offset + l)), and a
  further a (1-1/Q), where 1/Q is at least s; and at last less than an ulp, since outputs are rounded down.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, exp2, expm1, log, log1p, log2
from typing import NamedTuple

from .base import Words

__all__ = ["MARGIN", "Bounds", "log_offset", "scale_of", "softmax_bounds"]

MARGIN = 1 + 2.0**-40
"""Factor on results of floats, far beyond their rounding errors, of which there are some forty."""

_STEEPEST = 0.224
"""A bound of p (1-p) ln(p/(1-p)), whose largest value is 0.22387."""


class Bounds(NamedTuple):
    """Bounds of a softmax.

    Attributes
    ----------
    error
        Of the error of any output.
    deficit
        Of what the outputs sum to less than 1.

    """

    error: float
    deficit: float


def scale_of(base: str) -> float:
    """Return the logarithm of the base to base 2."""
    return 1 / log(2) if base == "e" else 1.0


def log_offset(weight: Fraction, logarithm: Fraction, share: Fraction, bits: int) -> Fraction:
    """Return what the logarithm is raised by for the errors of all parts, in multiples of ``2**-bits``.

    The errors are absolute, of powers from 1/2 to 1, so that their relative errors are up to twice as large.
    """
    a, b = 2 * float(weight), 2 * float(share)
    raised = (float(logarithm) + (log1p(b) - log1p(-a)) / log(2)) * MARGIN
    return Fraction(ceil(raised * (1 << bits)), 1 << bits)


def softmax_bounds(
    base: str,
    count: int,
    output_bits: int,
    words: Words,
    errors: tuple[Fraction, Fraction, Fraction],
    offset: Fraction,
    *,
    limited: bool,
) -> Bounds:
    """Return the bounds of a softmax.

    Parameters
    ----------
    base
        ``e`` or ``2``.
    count
        The most elements of a vector.
    output_bits
        Fraction bits of the output.
    words
        See `exponential_sum.ExponentialSum.words`.
    errors
        Largest errors of the parts: of the weights, the logarithm and the shares, absolute.
    offset
        What is added to the logarithm (see `log_offset`).
    limited
        Whether distances are limited, beyond which the true weight is not 0 but less than ``2**-words["farthest"]``.

    """
    a, logarithm, b = 2 * float(errors[0]), float(errors[1]), 2 * float(errors[2])
    others = count - 1
    exact = base == "2" and words["shift"] <= 0
    r = 0.0 if exact else expm1(log(2) * 2.0 ** -words["distance_bits"])
    scale = words["multiple"] / 2.0 ** words["multiple_bits"]
    h = abs(log(scale / scale_of(base))) if base == "e" else 0.0
    raised = 2.0 ** -words["index_bits"] + others * 2.0 ** -words["sum_bits"]
    d = 1 - (1 - b) / ((1 + raised) * exp2(float(offset) + logarithm))
    curved = a + r
    largest = (curved + d) ** 2 / (4 * curved) if curved > d else d  # of p d + p (1-p) curved
    ulp = 2.0**-output_bits
    beyond = others * 2.0 ** -words["farthest"] if limited else 0.0
    error = largest + (d + a) * r / 4 + h * (_STEEPEST + log(others) / 4) + beyond + ulp
    deficit = d + a * (1 - 1 / count) + count * ulp
    return Bounds(error * MARGIN, deficit * MARGIN)


def whole_bits(value: float) -> int:
    """Return the largest k with ``value <= 2**-k``."""
    return -ceil(log2(value))
