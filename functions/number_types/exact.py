"""Fractions: exact where a value is rational and known to be so."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from .base import Arithmetic, IrrationalError

__all__ = ["FRACTIONS"]


_LARGEST_POWER = 1 << 12
"""The largest power of two that is written out: no format has a number so large or so small."""

_COSINES = {
    Fraction(0): Fraction(1),
    Fraction(1, 3): Fraction(1, 2),
    Fraction(1, 2): Fraction(0),
    Fraction(2, 3): Fraction(-1, 2),
    Fraction(1): Fraction(-1),
}
"""The rational cosines, by rational numbers of half turns: there are no others (I. Niven, Irrational Numbers, 1956)."""


class _Unknown:
    """A finite number other than 0 that is not known as a fraction, such as ``sqrt(2)``.

    Zero times it is 0; in a sum, a product or a quotient with a fraction it stays unknown.
    """

    def _with(self, other: Any) -> _Unknown:
        if isinstance(other, _Unknown):
            raise IrrationalError("of two numbers that are not known as fractions, nothing is known")
        return self

    def __add__(self, other: Any) -> _Unknown:
        self._with(other)
        if other:  # a sum may be 0: of that nothing is known
            raise IrrationalError("a sum with a number that is not known as a fraction may be 0")
        return self

    __radd__ = __sub__ = __rsub__ = __add__

    def __neg__(self) -> _Unknown:
        return self

    def __mul__(self, other: Any) -> Any:
        return Fraction(0) if other == 0 else self._with(other)

    __rmul__ = __rtruediv__ = __mul__

    def __truediv__(self, other: Any) -> _Unknown:
        return self._with(other)


class _Fractions:
    """Exact rational numbers.

    Of a rational number other than 0, neither exponential, sine nor arctangent is rational; of one other than 1, the
    logarithm is not (F. Lindemann, Ueber die Zahl pi, 1882). A power of 2 is rational only where the exponent is a
    whole number, since the root of 2 is not.
    """

    def rational(self, value: Fraction) -> Fraction:
        return value

    def pi(self) -> Any:
        return _Unknown()

    def exp(self, x: Any) -> Any:
        return self._at(x, 0, 1)

    def expm1(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def exp2(self, x: Any) -> Any:
        power = Fraction(self._known(x))
        if power.denominator > 1 or abs(power) > _LARGEST_POWER:
            return _Unknown()
        return Fraction(2) ** int(power)

    def log(self, x: Any) -> Any:
        if not isinstance(x, _Unknown) and x <= 0:
            raise ZeroDivisionError(f"the logarithm of {x}")
        return self._at(x, 1, 0)

    def log2(self, x: Any) -> Any:
        self.log(x)  # which refuses what has no logarithm
        value = Fraction(x)
        power = value.numerator.bit_length() - value.denominator.bit_length()
        return Fraction(power) if value == Fraction(2) ** power else _Unknown()

    def log1p(self, x: Any) -> Any:
        return self.log(x + 1)

    def log1p_exp(self, x: Any) -> Any:
        self._known(x)
        return _Unknown()

    def tanh(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def tanhshrink(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def erf(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def erfc(self, x: Any) -> Any:
        return self._at(x, 0, 1)

    def sqrt(self, x: Any) -> Any:
        if isinstance(x, _Unknown):
            return x
        if x < 0:
            raise ZeroDivisionError(f"the square root of {x}")
        value = Fraction(x)
        root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
        return root if root * root == value else _Unknown()

    def sin(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def cos(self, x: Any) -> Any:
        return self._at(x, 0, 1)

    def sin_pi(self, x: Any) -> Any:
        return self.cos_pi(self._known(x) - Fraction(1, 2))

    def cos_pi(self, x: Any) -> Any:
        angle = abs((self._known(x) + 1) % 2 - 1)
        return _COSINES[angle] if angle in _COSINES else _Unknown()

    def atan(self, x: Any) -> Any:
        return self._at(x, 0, 0)

    def abs(self, x: Any) -> Any:
        return abs(self._known(x))

    def minimum(self, x: Any, y: Any) -> Any:
        return min(self._known(x), self._known(y))

    def maximum(self, x: Any, y: Any) -> Any:
        return max(self._known(x), self._known(y))

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        return min(max(self._known(x), low), high)

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        return positive if self._known(condition) > 0 else otherwise

    def _known(self, x: Any) -> Any:
        if isinstance(x, _Unknown):
            raise IrrationalError("a number that is not known as a fraction")
        return x

    def _at(self, x: Any, point: int, value: int) -> Any:
        """Return the value at the one point where it is rational."""
        return Fraction(value) if self._known(x) == point else _Unknown()


FRACTIONS: Arithmetic = _Fractions()
