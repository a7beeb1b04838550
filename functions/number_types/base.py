"""The operations that a function may use, and what tells that a value is not rational."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

__all__ = ["Arithmetic", "IrrationalError"]


class IrrationalError(ArithmeticError):
    """A value that is not known as a fraction."""


class Arithmetic(Protocol):
    """Operations that a function may use beyond ``+ - * /``."""

    def rational(self, value: Fraction) -> Any:
        """Return the number `value`."""

    def pi(self) -> Any:
        """Return the ratio of a circle's circumference to its diameter."""

    def exp(self, x: Any) -> Any:
        """Return the exponential of `x`."""

    def expm1(self, x: Any) -> Any:
        """Return ``exp(x) - 1``, accurate for small `x`."""

    def exp2(self, x: Any) -> Any:
        """Return 2 to the power `x`."""

    def log(self, x: Any) -> Any:
        """Return the natural logarithm of `x`."""

    def log2(self, x: Any) -> Any:
        """Return the logarithm of `x` to the base 2."""

    def log1p(self, x: Any) -> Any:
        """Return ``log(1 + x)``, accurate for small `x`."""

    def log1p_exp(self, x: Any) -> Any:
        """Return ``log(1 + exp(x))``, which overflows nowhere."""

    def tanh(self, x: Any) -> Any:
        """Return the hyperbolic tangent of `x`."""

    def tanhshrink(self, x: Any) -> Any:
        """Return ``x - tanh(x)``, without a slope that cancels near 0."""

    def erf(self, x: Any) -> Any:
        """Return the error function of `x`."""

    def erfc(self, x: Any) -> Any:
        """Return ``1 - erf(x)``, accurate for large `x`."""

    def sqrt(self, x: Any) -> Any:
        """Return the square root of `x`."""

    def sin(self, x: Any) -> Any:
        """Return the sine of `x` in radians."""

    def cos(self, x: Any) -> Any:
        """Return the cosine of `x` in radians."""

    def sin_pi(self, x: Any) -> Any:
        """Return the sine of `x` half turns, ``sin(pi x)``."""

    def cos_pi(self, x: Any) -> Any:
        """Return the cosine of `x` half turns, ``cos(pi x)``."""

    def atan(self, x: Any) -> Any:
        """Return the arctangent of `x` in radians."""

    def abs(self, x: Any) -> Any:
        """Return the magnitude of `x`."""

    def minimum(self, x: Any, y: Any) -> Any:
        """Return the smaller of two numbers."""

    def maximum(self, x: Any, y: Any) -> Any:
        """Return the larger of two numbers."""

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        """Return `x` limited to ``[low, high]``."""

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        """Return `positive` where `condition` is above 0, else `otherwise`."""
