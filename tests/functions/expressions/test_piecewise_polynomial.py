"""Arithmetic of piecewise polynomials, on the absolute value and on a step that has a value of its own at 0."""

from fractions import Fraction

import pytest
from flint import fmpq, fmpq_poly

from softgate.functions.expressions.piecewise_polynomial import IDENTITY, PiecewisePolynomial, constant, select
from softgate.functions.expressions.regions import Regions
from softgate.functions.properties import Line

ZERO = Fraction(0)
X = fmpq_poly([0, 1])

ABSOLUTE = PiecewisePolynomial((ZERO,), (-X, X), (ZERO,))
SIGN = PiecewisePolynomial((ZERO,), (fmpq_poly([-1]), fmpq_poly([1])), (ZERO,))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (ABSOLUTE + constant(Fraction(1, 2)), ((0,), ([fmpq(1, 2), -1], [fmpq(1, 2), 1]), (Fraction(1, 2),))),
        (ABSOLUTE + IDENTITY, ((0,), ([], [0, 2]), (0,))),
        (ABSOLUTE - ABSOLUTE, ((), ([],), ())),
        (ABSOLUTE * ABSOLUTE, ((), ([0, 0, 1],), ())),
        (ABSOLUTE * SIGN, ((), ([0, 1],), ())),
        (SIGN * SIGN, ((0,), ([1], [1]), (0,))),
        (-SIGN, ((0,), ([1], [-1]), (0,))),
        (ABSOLUTE**3, ((0,), ([0, 0, 0, -1], [0, 0, 0, 1]), (0,))),
        (ABSOLUTE.scaled(Fraction(-1, 3)), ((0,), ([0, fmpq(1, 3)], [0, fmpq(-1, 3)]), (0,))),
        (ABSOLUTE.derivative((ZERO,)), ((0,), ([-1], [1]), (0,))),
        ((SIGN + IDENTITY).mirrored, ((0,), ([1, -1], [-1, -1]), (0,))),
    ],
)
def test_sums_products_and_powers(found, expected):
    kinks, polynomials, at = expected
    assert found == PiecewisePolynomial(kinks, tuple(map(fmpq_poly, polynomials)), at)


def test_values():
    assert [SIGN(Fraction(x)) for x in (-2, 0, "1/3")] == [-1, 0, 1]
    assert [(ABSOLUTE + IDENTITY)(Fraction(x)) for x in (-2, 0, "1/3")] == [0, 0, Fraction(2, 3)]


def test_selection():
    above = Regions((Fraction(1),), (False, True), (True,))
    assert select(above, IDENTITY, constant(Fraction(1))) == PiecewisePolynomial(
        (Fraction(1),), (fmpq_poly([1]), X), (Fraction(1),)
    )
    assert select(above, SIGN, ABSOLUTE) == PiecewisePolynomial(
        (ZERO, Fraction(1)), (-X, X, fmpq_poly([1])), (ZERO, Fraction(1))
    )
    assert select(above, IDENTITY, IDENTITY) == IDENTITY


def test_lines():
    assert (IDENTITY.scaled(Fraction(2)) + constant(Fraction(1, 3))).line == Line(Fraction(2), Fraction(1, 3))
    assert (IDENTITY**2).line is None
    assert ABSOLUTE.line is None
    assert (ABSOLUTE * IDENTITY).piecewise_linear is None
    assert ABSOLUTE.piecewise_linear.lines == (Line(Fraction(-1), ZERO), Line(Fraction(1), ZERO))
    # The value at a jump that neither line has is a piece of its own.
    assert SIGN.piecewise_linear.lines == tuple(Line(ZERO, Fraction(value)) for value in (-1, 0, 1))
    assert SIGN.piecewise_linear.closed == (True, False)
