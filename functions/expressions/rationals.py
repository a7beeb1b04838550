"""Fractions as python-flint's rationals and back, and the values of its polynomials."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_poly

__all__ = ["from_fmpq", "to_fmpq", "value_at"]


def to_fmpq(value: Fraction) -> fmpq:
    """Return a fraction as a rational of python-flint."""
    return fmpq(value.numerator, value.denominator)


def from_fmpq(value: fmpq) -> Fraction:
    """Return a rational or integer of python-flint as a fraction."""
    value = fmpq(value)
    return Fraction(int(value.p), int(value.q))


def value_at(polynomial: fmpq_poly, x: Fraction) -> Fraction:
    """Return the value of a polynomial at `x`."""
    return from_fmpq(polynomial(to_fmpq(x)))
