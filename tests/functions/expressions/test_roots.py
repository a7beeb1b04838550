from fractions import Fraction

import pytest
from flint import fmpq, fmpq_poly

from softgate.functions.expressions.nodes import Input
from softgate.functions.expressions.piecewise_polynomial import PiecewisePolynomial
from softgate.functions.expressions.regions import Regions, UnknownRootError
from softgate.functions.expressions.roots import compare_with_zero, holds


def polynomial(*coefficients):
    return PiecewisePolynomial((), (fmpq_poly(list(coefficients)),), ())


@pytest.mark.parametrize(
    ("function", "relation", "points", "gaps", "at"),
    [
        (polynomial(1), ">", (), (True,), ()),
        (polynomial(), ">=", (), (True,), ()),
        (polynomial(), "<", (), (False,), ()),
        (polynomial(-1, 2), ">", ("1/2",), (False, True), (False,)),
        (polynomial(-1, 2), "<=", ("1/2",), (True, False), (True,)),
        (polynomial(fmpq(-1, 9), 0, 1), "<", ("-1/3", "1/3"), (False, True, False), (False, False)),
        (polynomial(0, 0, 1), ">", (0,), (True, True), (False,)),
        (polynomial(1, 0, 1), ">", (), (True,), ()),
        (polynomial(0, 1, 0, 1), ">=", (0,), (False, True), (True,)),
    ],
)
def test_polynomials(function, relation, points, gaps, at):
    assert compare_with_zero(function, relation, Input()) == Regions(tuple(map(Fraction, points)), gaps, at)


def test_irrational_roots_beyond_a_kink_do_not_matter():
    square = fmpq_poly([-2, 0, 1])
    function = PiecewisePolynomial((Fraction(-1), Fraction(1)), (fmpq_poly([1]), square, fmpq_poly([1])), (1, 1))
    assert compare_with_zero(function, "<", Input()).gaps == (False, True, False)
    function = PiecewisePolynomial((Fraction(-1), Fraction(3, 2)), (fmpq_poly([1]), square, fmpq_poly([1])), (1, 1))
    with pytest.raises(UnknownRootError, match=r"^x is 0 at an irrational input, which cannot be found exactly$"):
        compare_with_zero(function, "<", Input())


def test_irrational_roots_at_either_end_matter():
    for kinks, polynomials in [
        ((Fraction(0),), ([-2, 0, 1], [1])),
        ((Fraction(0),), ([1], [-2, 0, 1])),
    ]:
        with pytest.raises(UnknownRootError):
            compare_with_zero(PiecewisePolynomial(kinks, tuple(map(fmpq_poly, polynomials)), (1,)), ">", Input())


def test_more_roots_than_are_kept():
    product = fmpq_poly([1])
    for root in range(65):
        product *= fmpq_poly([-root, 1])
    with pytest.raises(UnknownRootError, match=r"^x is 0 at too many inputs$"):
        compare_with_zero(PiecewisePolynomial((), (product,), ()), ">", Input())


@pytest.mark.parametrize(
    ("relation", "signs"), [(">", (False, False, True)), (">=", (False, True, True)), ("<=", (True, True, False))]
)
def test_relations(relation, signs):
    assert tuple(holds(Fraction(value), relation) for value in (-1, 0, 1)) == signs
