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
    """Operations that balls and power series share."""

    def rational(self, value: Fraction) -> Any:
        return to_ball(value)

    def pi(self) -> Any:
        from flint import arb

        return arb.pi()

    def exp(self, x: Any) -> Any:
        return x.exp()

    def exp2(self, x: Any) -> Any:
        from flint import arb

        return (x * arb.const_log2()).exp()

    def log(self, x: Any) -> Any:
        return x.log()

    def log2(self, x: Any) -> Any:
        from flint import arb

        return x.log() / arb.const_log2()

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

    def sin_pi(self, x: Any) -> Any:
        return x.sin_pi()

    def cos_pi(self, x: Any) -> Any:
        return x.cos_pi()

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

    def tanh(self, x: Any) -> Any:
        return x.tanh()

    def tanhshrink(self, x: Any) -> Any:
        return x - x.tanh()

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
    """Arb power series. A function has no series at a kink; beside it, the series is that of the branch."""

    def expm1(self, x: Any) -> Any:
        x = self._series(x)
        return self._with_value(x[0].expm1(), x.exp())

    def log1p(self, x: Any) -> Any:
        x = self._series(x)
        return self._with_value(x[0].log1p(), (x + 1).log())

    def log1p_exp(self, x: Any) -> Any:
        x = self._series(x)
        # With the smaller of the two exponentials, the slope is as close to that of its asymptote as it should be.
        series = x + ((-x).exp() + 1).log() if x[0] > 0 else (x.exp() + 1).log()
        return self._with_value(BALLS.log1p_exp(x[0]), series)

    def tanh(self, x: Any) -> Any:
        x = self._series(x)
        return self._with_value(x[0].tanh(), 1 - 2 / ((2 * x).exp() + 1))

    def tanhshrink(self, x: Any) -> Any:
        x = self._series(x)
        tangent = self.tanh(x)  # the integral of its square: in the difference, the slope would cancel
        return self._with_value(BALLS.tanhshrink(x[0]), (tangent * tangent * x.derivative()).integral())

    def abs(self, x: Any) -> Any:
        return x if self._is_positive(x) else -x

    def minimum(self, x: Any, y: Any) -> Any:
        return y if self._is_positive(x - y) else x

    def maximum(self, x: Any, y: Any) -> Any:
        return x if self._is_positive(x - y) else y

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return self.minimum(self.maximum(x, to_ball(low)), to_ball(high))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        return positive if self._is_positive(condition) else otherwise

    def _series(self, x: Any) -> Any:
        """Return a constant, such as a branch that was chosen, as a series."""
        from flint import arb, arb_series

        return arb_series([x]) if isinstance(x, arb) else x

    def _with_value(self, value: Any, series: Any) -> Any:
        """Return a series whose first coefficient, in which a sum may have cancelled, is known better."""
        from flint import arb_series

        return arb_series([value, *series.coeffs()[1:]], prec=series.prec)

    def _is_positive(self, x: Any) -> bool:
        from flint import arb_series

        first = x[0] if isinstance(x, arb_series) else x  # a constant is a ball
        if first > 0 or first < 0:
            return bool(first > 0)
        if first is x and first == 0:  # wherever it is looked at, and not just where the series is about
            return False
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


def to_fraction(value: Any, *, limited: bool = False) -> Fraction:
    """Return the value of an Arb number without radius, such as a ball's ``upper()``.

    It is exact, but for magnitudes below 2**-512, which are rounded away from 0 to that: the ratio would have as many
    digits as the number has zeros, and ``exp(-2**31)`` has three billion. Magnitudes of more than 2**(2**20), which no
    format has, are that if they are to be `limited`.

    Raises
    ------
    ValueError
        If the magnitude is more than that, and not to be `limited`.

    """
    mantissa, exponent = (int(part) for part in value.man_exp())
    if exponent > _LARGEST:
        if limited:
            return Fraction((1 if mantissa > 0 else -1) << _LARGEST)
        raise ValueError(f"a value of more than 2**{_LARGEST} is beyond every format")
    if mantissa and exponent + mantissa.bit_length() < -_SMALLEST:
        return Fraction(1 if mantissa > 0 else -1, 1 << _SMALLEST)
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


def ball_ends(ball: Any) -> tuple[Fraction, Fraction]:
    """Return numbers that a ball lies between: its ends, rounded outwards next to 0, limited beyond every format."""
    low, high = to_fraction(ball.lower(), limited=True), to_fraction(ball.upper(), limited=True)
    tiny = Fraction(1, 1 << _SMALLEST)
    return Fraction(0) if 0 < low <= tiny else low, Fraction(0) if -tiny <= high < 0 else high
