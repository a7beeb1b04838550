"""The roots of piecewise polynomials, and where these are above or below 0."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from flint import fmpq_poly

from .nodes import Node
from .piecewise_polynomial import PiecewisePolynomial
from .rationals import from_fmpq, value_at
from .regions import Regions, UnknownRootError
from .spelling import text

__all__ = ["MOST_KINKS", "compare_with_zero", "holds"]

MOST_KINKS = 64
"""Kinks of a piecewise polynomial, and inputs at which a condition changes."""


def compare_with_zero(function: PiecewisePolynomial, relation: str, shown: Node) -> Regions:
    """Return the inputs at which the comparison of a function with 0 holds.

    Raises
    ------
    UnknownRootError
        If the function is 0 at an irrational input or at too many; the message shows the expression `shown`.

    """
    kinks = function.kinks
    points = set(kinks)
    for place, polynomial in enumerate(function.polynomials):
        low = kinks[place - 1] if place else None
        high = kinks[place] if place < len(kinks) else None
        points.update(_roots(polynomial, low, high, shown))
    if len(points) > MOST_KINKS:
        raise UnknownRootError(f"{text(shown)} is 0 at too many inputs")
    ordered = sorted(points)
    between = (
        [ordered[0] - 1, *((a + b) / 2 for a, b in pairwise(ordered)), ordered[-1] + 1] if ordered else [Fraction(0)]
    )
    return Regions(
        tuple(ordered),
        tuple(holds(function(x), relation) for x in between),
        tuple(holds(function(x), relation) for x in ordered),
    )


def holds(value: Fraction, relation: str) -> bool:
    """Return whether the comparison of a value with 0 holds."""
    if relation[0] == "<":
        value = -value
    return value >= 0 if relation.endswith("=") else value > 0


def _roots(polynomial: fmpq_poly, low: Fraction | None, high: Fraction | None, shown: Node) -> Iterator[Fraction]:
    """Yield the rational roots of a polynomial between two inputs; `UnknownRootError` if others are real, too."""
    if polynomial.degree() < 1:
        return
    for factor, _ in polynomial.factor()[1]:
        if factor.degree() == 1:
            root = -from_fmpq(factor[0]) / from_fmpq(factor[1])
            if (low is None or low < root) and (high is None or root < high):
                yield root
        elif _count_real_roots(factor, low, high):
            raise UnknownRootError(f"{text(shown)} is 0 at an irrational input, which cannot be found exactly")


def _count_real_roots(polynomial: fmpq_poly, low: Fraction | None, high: Fraction | None) -> int:
    """Return the number of real roots between two inputs of a polynomial without multiple ones, by Sturm's theorem."""
    chain = [fmpq_poly(polynomial.coeffs()), polynomial.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))

    def changes(at: Fraction | None, far: int) -> int:
        signs = []
        for each in chain:
            value = from_fmpq(each.leading_coefficient()) * far ** each.degree() if at is None else value_at(each, at)
            if value:
                signs.append(value > 0)
        return sum(a != b for a, b in pairwise(signs))

    return changes(low, -1) - changes(high, 1)
