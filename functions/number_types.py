"""Number types that a function can be evaluated over.

A function is written once, with ``+ - * /`` and the few operations of `Arithmetic`. Floats serve plots, Arb balls
rigorous values, Arb power series the derivatives of every order, and fractions the piecewise linear functions, exactly.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

__all__ = [
    "BALLS",
    "FLOATS",
    "FRACTIONS",
    "SERIES",
    "Arithmetic",
    "IrrationalError",
    "ball_ends",
    "to_ball",
    "to_fraction",
]


_SMALLEST = 512


class IrrationalError(ArithmeticError):
    """A value that no fraction is."""


class Arithmetic(Protocol):
    """Operations that a function may use beyond ``+ - * /``."""

    def rational(self, value: Fraction) -> Any:
        """Return the number `value`."""

    def exp(self, x: Any) -> Any:
        """Return the exponential of `x`."""

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        """Return `x` limited to ``[low, high]``."""


class _Floats:
    """Numpy floats, scalar or arrays."""

    def rational(self, value: Fraction) -> float:
        return float(value)

    def exp(self, x: Any) -> Any:
        import numpy as np

        with np.errstate(over="ignore", under="ignore"):
            return np.exp(x)

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        import numpy as np

        return np.clip(x, float(low), float(high))


class _Fractions:
    """Exact rational numbers; the exponential is one at 0 alone (F. Lindemann, Ueber die Zahl pi, 1882)."""

    def rational(self, value: Fraction) -> Fraction:
        return value

    def exp(self, x: Any) -> Any:
        if x:
            raise IrrationalError(f"the exponential of {x} is not rational")
        return Fraction(1)

    def clip(self, x: Fraction, low: Fraction, high: Fraction) -> Fraction:
        return min(max(x, low), high)


class _Balls:
    """Arb balls: a midpoint with a rigorous radius."""

    def rational(self, value: Fraction) -> Any:
        return to_ball(value)

    def exp(self, x: Any) -> Any:
        return x.exp()

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return x.max(to_ball(low)).min(to_ball(high))


class _Series(_Balls):
    """Arb power series; a kink has none, so there is no clip."""

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        raise TypeError("a clipped function has no power series")


FLOATS: Arithmetic = _Floats()
FRACTIONS: Arithmetic = _Fractions()
BALLS: Arithmetic = _Balls()
SERIES: Arithmetic = _Series()


def to_ball(value: Fraction) -> Any:
    """Return `value` as an Arb ball at the working precision."""
    import flint  # many times faster than to import the names from it, and this is called for every code

    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def to_fraction(value: Any) -> Fraction:
    """Return the value of an Arb number without radius, such as a ball's ``upper()``.

    It is exact, but for magnitudes below 2**-512, which are rounded away from 0 to that: the ratio would have as many
    digits as the number has zeros, and ``exp(-2**31)`` has three billion.
    """
    mantissa, exponent = (int(part) for part in value.man_exp())
    if mantissa and exponent + mantissa.bit_length() < -_SMALLEST:
        return Fraction(1 if mantissa > 0 else -1, 1 << _SMALLEST)
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


def ball_ends(ball: Any) -> tuple[Fraction, Fraction]:
    """Return numbers that a ball lies between: its ends, rounded outwards next to 0."""
    low, high = to_fraction(ball.lower()), to_fraction(ball.upper())
    tiny = Fraction(1, 1 << _SMALLEST)
    return Fraction(0) if 0 < low <= tiny else low, Fraction(0) if -tiny <= high < 0 else high
