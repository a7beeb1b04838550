"""Polynomials between kinks, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq_poly

from ..properties import Line, PiecewiseLinear
from .rationals import from_fmpq, to_fmpq, value_at
from .regions import Regions

__all__ = ["IDENTITY", "PiecewisePolynomial", "constant", "select"]


@dataclass(frozen=True)
class PiecewisePolynomial:
    """A function that is a polynomial with rational coefficients between its kinks.

    Attributes
    ----------
    kinks
        The inputs at which one polynomial ends and the next begins, ascending.
    polynomials
        The polynomials in ascending order of inputs, one more than there are kinks.
    at
        The values at the kinks.

    """

    kinks: tuple[Fraction, ...]
    polynomials: tuple[fmpq_poly, ...]
    at: tuple[Fraction, ...]

    def __call__(self, x: Fraction) -> Fraction:
        """Return the value at `x`."""
        if x in self.kinks:
            return self.at[self.kinks.index(x)]
        return value_at(self.polynomials[sum(kink < x for kink in self.kinks)], x)

    def __add__(self, other: PiecewisePolynomial) -> PiecewisePolynomial:
        """Return the sum."""
        return self._combined(other, lambda a, b: a + b)

    def __sub__(self, other: PiecewisePolynomial) -> PiecewisePolynomial:
        """Return the difference."""
        return self + -other

    def __mul__(self, other: PiecewisePolynomial) -> PiecewisePolynomial:
        """Return the product."""
        return self._combined(other, lambda a, b: a * b)

    def __neg__(self) -> PiecewisePolynomial:
        """Return the function with the other sign."""
        return self.scaled(Fraction(-1))

    def __pow__(self, exponent: int) -> PiecewisePolynomial:
        """Return the power to an exponent that is not negative."""
        return self._each(lambda polynomial: polynomial**exponent, lambda value: value**exponent)

    def scaled(self, factor: Fraction) -> PiecewisePolynomial:
        """Return the function times a factor."""
        return self._each(lambda polynomial: polynomial * to_fmpq(factor), lambda value: value * factor)

    def derivative(self, at: tuple[Fraction, ...]) -> PiecewisePolynomial:
        """Return the derivative, which has the values `at` at the kinks of the function."""
        return _simplified(self.kinks, tuple(polynomial.derivative() for polynomial in self.polynomials), at)

    @property
    def mirrored(self) -> PiecewisePolynomial:
        """The function of -x."""
        return PiecewisePolynomial(
            tuple(-kink for kink in reversed(self.kinks)),
            tuple(polynomial(fmpq_poly([0, -1])) for polynomial in reversed(self.polynomials)),
            tuple(reversed(self.at)),
        )

    @property
    def degree(self) -> int:
        """The largest degree of the polynomials, -1 if all are 0."""
        return max(int(polynomial.degree()) for polynomial in self.polynomials)

    @property
    def line(self) -> Line | None:
        """The function as a straight line, if it is one."""
        return None if self.kinks or self.degree > 1 else _line(self.polynomials[0])

    @property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        """The function by its lines, if all its polynomials are lines."""
        if self.degree > 1:
            return None
        lines = [_line(self.polynomials[0])]
        kinks: list[Fraction] = []
        closed: list[bool] = []
        for kink, value, polynomial in zip(self.kinks, self.at, self.polynomials[1:], strict=True):
            line = _line(polynomial)
            if value != lines[-1](kink) and value != line(kink):  # the kink is a piece of its own
                lines.append(Line(Fraction(0), value))
                kinks.append(kink)
                closed.append(True)
                closed.append(False)
            else:
                closed.append(value != lines[-1](kink))
            kinks.append(kink)
            lines.append(line)
        return PiecewiseLinear(tuple(lines), tuple(kinks), tuple(closed) if any(closed) else ())

    def split(self, kinks: tuple[Fraction, ...]) -> list[fmpq_poly]:
        """Return the polynomials between `kinks`, which contain those of the function."""
        return [self.polynomials[sum(own < kink for own in self.kinks)] for kink in kinks] + [self.polynomials[-1]]

    def _each(self, of: Callable[[Any], Any], at: Callable[[Fraction], Fraction]) -> PiecewisePolynomial:
        return _simplified(self.kinks, tuple(map(of, self.polynomials)), tuple(map(at, self.at)))

    def _combined(self, other: PiecewisePolynomial, combine: Callable[[Any, Any], Any]) -> PiecewisePolynomial:
        kinks = tuple(sorted({*self.kinks, *other.kinks}))
        polynomials = tuple(map(combine, self.split(kinks), other.split(kinks)))
        return _simplified(kinks, polynomials, tuple(combine(self(kink), other(kink)) for kink in kinks))


def constant(value: Fraction) -> PiecewisePolynomial:
    """Return the function that has one value everywhere."""
    return PiecewisePolynomial((), (fmpq_poly([to_fmpq(value)]),), ())


def select(regions: Regions, then: PiecewisePolynomial, otherwise: PiecewisePolynomial) -> PiecewisePolynomial:
    """Return one function where a condition holds, and another elsewhere."""
    kinks = tuple(sorted({*regions.points, *then.kinks, *otherwise.kinks}))
    holds = [regions.gaps[sum(point < kink for point in regions.points)] for kink in kinks]
    holds.append(regions.gaps[-1])
    polynomials = tuple(
        a if true else b for true, a, b in zip(holds, then.split(kinks), otherwise.split(kinks), strict=True)
    )
    at = tuple(then(kink) if regions.holds(kink) else otherwise(kink) for kink in kinks)
    return _simplified(kinks, polynomials, at)


def _simplified(
    kinks: tuple[Fraction, ...], polynomials: tuple[fmpq_poly, ...], at: tuple[Fraction, ...]
) -> PiecewisePolynomial:
    """Return the function without the kinks at which nothing changes."""
    kept: list[tuple[Fraction, Fraction]] = []
    left = [polynomials[0]]
    for kink, value, polynomial in zip(kinks, at, polynomials[1:], strict=True):
        if polynomial == left[-1] and value == value_at(polynomial, kink):
            continue
        kept.append((kink, value))
        left.append(polynomial)
    return PiecewisePolynomial(tuple(k for k, _ in kept), tuple(left), tuple(v for _, v in kept))


def _line(polynomial: fmpq_poly) -> Line:
    return Line(from_fmpq(polynomial[1]), from_fmpq(polynomial[0]))


IDENTITY = PiecewisePolynomial((), (fmpq_poly([0, 1]),), ())
