from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS

from softgate.functions.expressions.parser import parse
from softgate.functions.expressions.piecewise import piecewise_polynomial
from softgate.functions.expressions.symmetry_pair import EVEN, NEITHER, ODD, Factor, SymmetryPair


def pair(slope=None, total=None):
    return SymmetryPair(*(None if value is None else Fraction(value) for value in (slope, total)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", pair(0, 6)),
        ("2*x + 1", pair(-4, 2)),
        ("x^2 + x", pair(-2)),
        ("x^3 - 1/2", pair(None, -1)),
        ("x^3 + x^2", NEITHER),
        ("abs(x)", EVEN),
        ("abs(x - 1)", NEITHER),
        ("max(x, 0)", pair(-1)),
        ("clip(x, -1, 1)", ODD),
        ("where(x > 0, 1, -1)", NEITHER),  # but for the value at 0
        ("where(x > 0, 1, where(x < 0, 1, 0))", EVEN),
        ("where(abs(x) > 1, x, -x)", ODD),
    ],
)
def test_piecewise_polynomials(text, expected):
    assert SymmetryPair.of(piecewise_polynomial(parse(text, DEFINITIONS))) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (pair(1, 2) + pair(3, 4), pair(4, 6)),
        (pair(1, 2) + EVEN, pair(1)),
        (EVEN + ODD, NEITHER),
        (pair(1, 2) - pair(3, 5), pair(-2, -3)),
        (-pair(1, 2), pair(-1, -2)),
        (pair(None, 2).scaled(Fraction(3, 2)), pair(None, 3)),
        (pair(1, 2).common(pair(1, 3)), pair(1)),
        (pair(1, 2).common(pair(None, 2)), pair(None, 2)),
        (pair(3).derivative, pair(None, -3)),
        (pair(None, 3).derivative, EVEN),
        (ODD.parity(even=True), EVEN),
        (ODD.parity(even=False), ODD),
        (EVEN.parity(even=False), EVEN),
        (pair(1, 2).parity(even=True), NEITHER),
    ],
)
def test_pairs_of_made_functions(found, expected):
    assert found == expected


CONSTANT = Factor(pair(0, 4), constant=Fraction(2))
TRIPLE = Factor(pair(-6, 0), multiple=Fraction(3))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Factor(ODD) * Factor(ODD), Factor(EVEN)),
        (Factor(ODD) * Factor(EVEN), Factor(ODD)),
        (Factor(EVEN) * Factor(EVEN), Factor(EVEN)),
        (Factor(pair(1)) * Factor(EVEN), Factor(NEITHER)),
        (Factor(pair(1, 3)) * CONSTANT, Factor(pair(2, 6))),
        (CONSTANT * TRIPLE, Factor(pair(-12, 0), multiple=Fraction(6))),
        (CONSTANT * CONSTANT, Factor(pair(0, 8), constant=Fraction(4))),
        (TRIPLE * Factor(pair(None, 1)), Factor(pair(-3))),  # as of 3 x logistic(x)
        (TRIPLE * Factor(EVEN), Factor(ODD)),
    ],
)
def test_products_of_factors(found, expected):
    assert found == expected
