from fractions import Fraction

import pytest

from softgate.functions.expressions.construction import add, divide, multiply, negate, power
from softgate.functions.expressions.nodes import Input, Negative, Number, Power, Product, Quotient, Sum

X = Input()


def number(value):
    return Number(Fraction(value))


@pytest.mark.parametrize(
    ("made", "tree"),
    [
        (add(number(1), number("1/2")), number("3/2")),
        (add(X, number(1)), Sum((X, number(1)))),
        (add(add(X, X), add(X, number(1))), Sum((X, X, X, number(1)))),
        (add(number(1), add(number(2), X)), Sum((number(3), X))),
        (negate(number(2)), number(-2)),
        (negate(negate(X)), X),
        (negate(X), Negative(X)),
        (multiply(number(2), number("1/4")), number("1/2")),
        (multiply(multiply(X, X), X), Product((X, X, X))),
        (multiply(number(2), multiply(number(3), X)), Product((number(6), X))),
        (divide(number(1), number(6)), number("1/6")),
        (divide(X, number(2)), Quotient(X, number(2))),
        (power(X, 0), number(1)),
        (power(X, 1), X),
        (power(number(2), -2), number("1/4")),
        (power(X, -1), Power(X, -1)),
    ],
)
def test_trees(made, tree):
    assert made == tree


def test_division_by_0():
    with pytest.raises(ZeroDivisionError):
        divide(X, number(0))
    with pytest.raises(ZeroDivisionError):
        power(number(0), -1)
