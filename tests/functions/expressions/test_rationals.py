from fractions import Fraction

from flint import fmpq, fmpq_poly, fmpz

from softgate.functions.expressions.rationals import from_fmpq, to_fmpq, value_at


def test_there_and_back():
    assert to_fmpq(Fraction(-3, 8)) == fmpq(-3, 8)
    assert from_fmpq(fmpq(-3, 8)) == Fraction(-3, 8)
    assert from_fmpq(fmpz(5)) == Fraction(5)


def test_a_value():
    assert value_at(fmpq_poly([1, fmpq(1, 2), 3]), Fraction(-1, 3)) == Fraction(7, 6)
