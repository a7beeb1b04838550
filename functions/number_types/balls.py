"""Arb balls, a midpoint with a rigorous radius each, and Arb power series, whose coefficients are balls."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .base import Arithmetic

__all__ = ["BALLS", "SERIES", "ball_ends", "to_ball", "to_fraction"]


_SMALLEST = 512

_LARGEST = 1 << 20
"""Exponents of two beyond which a number is not written out."""


class _Analytic:
    """What balls and power series do alike."""

    def rational(self, value: Fraction) -> Any:
        return to_ball(value)

    def pi(self) -> Any:
        from flint import arb

        return arb.pi()

    def exp(self, x: Any) -> Any:
        return x.exp()

    def log(self, x: Any) -> Any:
        return x.log()

    def erf(self, x: Any) -> Any:
        return x.erf()

    def erfc(self, x: Any) -> Any:
        return x.erfc()

    def sqrt(self, x: Any) -> Any:
        return x.sqrt()

    def sin(self, x: Any) -> Any:
        return x.sin()

    def cos(self, x: Any) -> Any:
        return x.cos()

    def atan(self, x: Any) -> Any:
        return x.atan()


class _Balls(_Analytic):
    """Arb balls."""

    def expm1(self, x: Any) -> Any:
        return x.expm1()

    def log1p(self, x: Any) -> Any:
        return x.log1p()

    def log1p_exp(self, x: Any) -> Any:
        return x.exp().log1p()

    def abs(self, x: Any) -> Any:
        return abs(x)

    def minimum(self, x: Any, y: Any) -> Any:
        return _ball(x).min(_ball(y))

    def maximum(self, x: Any, y: Any) -> Any:
        return _ball(x).max(_ball(y))

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return x.max(to_ball(low)).min(to_ball(high))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        if condition > 0:
            return positive
        return otherwise if condition <= 0 else _ball(positive).union(_ball(otherwise))


class _Series(_Analytic):
    """Arb power series. At a kink there is none; beside it, it is that of the branch."""

    def expm1(self, x: Any) -> Any:
        return x.exp() - 1

    def log1p(self, x: Any) -> Any:
        return (x + 1).log()

    def log1p_exp(self, x: Any) -> Any:
        return (x.exp() + 1).log()

    def abs(self, x: Any) -> Any:
        return x if self._is_positive(x) else -x

    def minimum(self, x: Any, y: Any) -> Any:
        return y if self._is_positive(x - y) else x

    def maximum(self, x: Any, y: Any) -> Any:
        return x if self._is_positive(x - y) else y

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return self.minimum(self.maximum(x, self._constant(low)), self._constant(high))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        return positive if self._is_positive(condition) else otherwise

    def _constant(self, value: Fraction) -> Any:
        from flint import arb_series

        return arb_series([to_ball(value)])

    def _is_positive(self, x: Any) -> bool:
        from flint import arb_series

        first = x[0] if isinstance(x, arb_series) else x  # a constant is a ball
        if first > 0 or first < 0:
            return bool(first > 0)
        raise ValueError("a kink has no power series")


BALLS: Arithmetic = _Balls()
SERIES: Arithmetic = _Series()


def _ball(value: Any) -> Any:
    from flint import arb

    return arb(value)


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
    if exponent > _LARGEST:
        raise ValueError(f"a value of more than 2**{_LARGEST} is beyond every format")
    if mantissa and exponent + mantissa.bit_length() < -_SMALLEST:
        return Fraction(1 if mantissa > 0 else -1, 1 << _SMALLEST)
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


def ball_ends(ball: Any) -> tuple[Fraction, Fraction]:
    """Return numbers that a ball lies between: its ends, rounded outwards next to 0."""
    low, high = to_fraction(ball.lower()), to_fraction(ball.upper())
    tiny = Fraction(1, 1 << _SMALLEST)
    return Fraction(0) if 0 < low <= tiny else low, Fraction(0) if -tiny <= high < 0 else high
