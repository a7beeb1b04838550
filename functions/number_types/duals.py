"""Dual numbers over any number type: a value and its derivative, by the rules of differentiation.

At a kink the derivative is what frameworks take for it. PyTorch has 0 for ``abs`` at 0 (``sgn``), for ``clip`` at both
ends (``hardtanh_backward``), and for relu at 0 (``threshold_backward``): of the two that a maximum or minimum of equal
numbers may have, it is the one of smaller magnitude here, and 0 where they differ in sign alone. ``where`` takes that
of the branch that it takes the value of.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Arithmetic, IrrationalError

__all__ = ["Dual", "Duals"]


@dataclass(frozen=True)
class Dual:
    """A value and its derivative, of any number type."""

    __array_ufunc__ = None  # arrays leave the operators to dual numbers

    value: Any
    slope: Any

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.slope - other.slope)
        return Dual(self.value - other, self.slope)

    def __rsub__(self, other: Any) -> Dual:
        return Dual(other - self.value, -self.slope)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
        return Dual(self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.slope - quotient * other.slope) / other.value)
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other: Any) -> Dual:
        quotient = other / self.value
        return Dual(quotient, -(quotient / self.value) * self.slope)


class Duals:
    """The arithmetic of dual numbers over the numbers of `over`, which may be dual numbers themselves."""

    def __init__(self, over: Arithmetic) -> None:
        self.over = over

    def rational(self, value: Fraction) -> Any:
        return self.over.rational(value)

    def pi(self) -> Any:
        return Dual(self.over.pi(), self._zero)

    def exp(self, x: Any) -> Any:
        x = self._lifted(x)
        value = self.over.exp(x.value)
        return Dual(value, value * x.slope)

    def expm1(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.expm1(x.value), self.over.exp(x.value) * x.slope)

    def exp2(self, x: Any) -> Any:
        x = self._lifted(x)
        value = self.over.exp2(x.value)
        return Dual(value, value * self._log_of_2 * x.slope)

    def log(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.log(x.value), x.slope / x.value)

    def log2(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.log2(x.value), x.slope / (x.value * self._log_of_2))

    def log1p(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.log1p(x.value), x.slope / (x.value + 1))

    def log1p_exp(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.log1p_exp(x.value), x.slope / (self.over.exp(-x.value) + 1))

    def tanh(self, x: Any) -> Any:
        x = self._lifted(x)
        # 1 - tanh(x)**2 without a difference that cancels
        secant = self.over.rational(Fraction(2)) / (self.over.exp(x.value) + self.over.exp(-x.value))
        return Dual(self.over.tanh(x.value), secant * secant * x.slope)

    def tanhshrink(self, x: Any) -> Any:
        x = self._lifted(x)
        tangent = self.over.tanh(x.value)
        return Dual(self.over.tanhshrink(x.value), tangent * tangent * x.slope)

    def erf(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.erf(x.value), self._bell(x.value) * x.slope)

    def erfc(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.erfc(x.value), -(self._bell(x.value) * x.slope))

    def sqrt(self, x: Any) -> Any:
        x = self._lifted(x)
        value = self.over.sqrt(x.value)
        return Dual(value, x.slope / (value * 2))

    def sin(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.sin(x.value), self.over.cos(x.value) * x.slope)

    def cos(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.cos(x.value), -(self.over.sin(x.value) * x.slope))

    def sin_pi(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.sin_pi(x.value), self.over.cos_pi(x.value) * self.over.pi() * x.slope)

    def cos_pi(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.cos_pi(x.value), -(self.over.sin_pi(x.value) * self.over.pi() * x.slope))

    def atan(self, x: Any) -> Any:
        x = self._lifted(x)
        return Dual(self.over.atan(x.value), x.slope / (x.value * x.value + 1))

    def abs(self, x: Any) -> Any:
        x = self._lifted(x)
        slope = self._by_sign(x.value, x.slope, self._zero, -x.slope)
        return Dual(self.over.abs(x.value), slope)

    def minimum(self, x: Any, y: Any) -> Any:
        x, y = self._lifted(x), self._lifted(y)
        slope = self._by_sign(x.value - y.value, y.slope, self._tie(x, y), x.slope)
        return Dual(self.over.minimum(x.value, y.value), slope)

    def maximum(self, x: Any, y: Any) -> Any:
        x, y = self._lifted(x), self._lifted(y)
        slope = self._by_sign(x.value - y.value, x.slope, self._tie(x, y), y.slope)
        return Dual(self.over.maximum(x.value, y.value), slope)

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        x = self._lifted(x)
        below, above = x.value - self.over.rational(low), self.over.rational(high) - x.value
        inside = self.over.where(above, x.slope, self._zero)
        return Dual(self.over.clip(x.value, low, high), self.over.where(below, inside, self._zero))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        tested = condition.value if isinstance(condition, Dual) else condition
        positive, otherwise = self._lifted(positive), self._lifted(otherwise)
        return Dual(
            self.over.where(tested, positive.value, otherwise.value),
            self.over.where(tested, positive.slope, otherwise.slope),
        )

    @property
    def _log_of_2(self) -> Any:
        return self.over.log(self.over.rational(Fraction(2)))

    @property
    def _zero(self) -> Any:
        return self.over.rational(Fraction(0))

    def _lifted(self, x: Any) -> Dual:
        return x if isinstance(x, Dual) else Dual(x, self._zero)

    def _bell(self, x: Any) -> Any:
        """Return the derivative of the error function."""
        return self.over.exp(-(x * x)) * 2 / self.over.sqrt(self.over.pi())

    def _by_sign(self, tested: Any, positive: Any, zero: Any, negative: Any) -> Any:
        return self.over.where(tested, positive, self.over.where(-tested, negative, zero))

    def _tie(self, x: Dual, y: Dual) -> Any:
        """Return the slope of smaller magnitude; 0 where that is not one of them."""
        try:
            difference = self.over.abs(x.slope) - self.over.abs(y.slope)
            differing = self._by_sign(x.slope - y.slope, self._zero, x.slope, self._zero)
            return self._by_sign(difference, y.slope, differing, x.slope)
        except (ValueError, IrrationalError) as error:
            # Power series have no value at a tie, and of fractions it is needed there only.
            if isinstance(error, IrrationalError) and _real(x) == _real(y):
                raise
            return x.slope


def _real(x: Any) -> Any:
    """Return the value of a dual number whose parts may be dual numbers."""
    return _real(x.value) if isinstance(x, Dual) else x
