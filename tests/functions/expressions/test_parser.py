from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS

from softgate.functions import create_function
from softgate.functions.expressions.nodes import Input, Negative, Number, Power, Product, Quotient, Sum
from softgate.functions.expressions.parser import is_expression, parse

X = Input()


def number(value):
    return Number(Fraction(value))


@pytest.mark.parametrize(
    ("given", "tree"),
    [
        ("x", X),
        ("1/6", number("1/6")),
        ("1e-3", number("1/1000")),
        ("2^-12", number("1/4096")),
        ("-2^2", number(-4)),
        ("2^2^3", number(256)),
        (".5", number("1/2")),
        ("-x^2", Negative(Power(X, 2))),
        ("(-x)**2", Power(Negative(X), 2)),
        ("x - 1 + x", Sum((X, number(-1), X))),
        ("1 + 2 + x", Sum((number(3), X))),
        ("x/2/3", Quotient(Quotient(X, number(2)), number(3))),
        ("x*2/3*x", Product((Quotient(Product((X, number(2))), number(3)), X))),
        ("--x", X),
        ("x^1", X),
        ("x*-x", Product((X, Negative(X)))),
    ],
)
def test_trees(given, tree):
    assert parse(given, DEFINITIONS) == tree


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "foo(x) + tanh(x)",
            "there is no 'foo', at column 1 of the expression 'foo(x) + tanh(x)'; choose one of abs, ",
        ),
        ("1 + tahn(x)", "there is no 'tahn', at column 5 of the expression '1 + tahn(x)'; did you mean tanh?"),
        ("2*y", "there is no 'y', at column 3 of the expression '2*y'; choose one of abs, "),
        ("x^0.5", "an exponent must be a whole number, not 1/2, at column 3 of "),
        ("x^x", "an exponent must be a whole number, not x, at column 3 of "),
        ("x^1000000", "an exponent must be a whole number from -64 to 64, not 1000000, at column 3 of "),
        ("2^1000000", "an exponent must be a whole number from -1024 to 1024, not 1000000, at column 3 of "),
        ("x*(2^1000)^1000", "numbers have at most 4096 bits above and below their fraction line, at column 11 of "),
        ("x +", "a number, x or a function is missing at the end, at column 4 of the expression 'x +'"),
        ("x + * 2", "a number, x or a function is missing before '*', at column 5 of "),
        ("()", "a number, x or a function is missing before ')', at column 2 of "),
        ("tanh(x", "a ')' is missing before the end for the '(' at column 5, at column 7 of "),
        ("x)", "there is a ')' without its '(', at column 2 of "),
        ("2x", "an operator is missing before 'x', at column 2 of "),
        ("x $ 3", "an expression cannot contain '$', at column 3 of "),
        ("x*tanh", "tanh needs its argument in parentheses, such as tanh(x), at column 3 of "),
        ("tanh(x, 2)", "tanh takes 1 argument, not 2, at column 1 of "),
        ("1+tanh()", "tanh takes 1 argument, not 0, at column 3 of "),
        ("max(x)", "max takes 2 arguments, not 1, at column 1 of "),
        ("max(x, 1, 2)", "max takes 2 arguments, not 3, at column 1 of "),
        ("where(x, 1)", "where takes 3 arguments, a condition and two values, not 2, at column 1 of "),
        ("where(x < 1 < 2, 1, 0)", "a ')' is missing before '<' for the '(' at column 6, at column 13 of "),
        ("clip(x, 1, -1)", "clip takes a value and two numbers, the lower one first, such as clip(x, -1, 1), at "),
        ("clip(x, 1, x)", "clip takes a value and two numbers, the lower one first, such as clip(x, -1, 1), at "),
        ("silu(x, bta=2)", "function silu has no parameter 'bta'; did you mean beta?, at column 9 of "),
        ("silu(x, beta=-1)", "beta must be above 0, not -1, at column 9 of "),
        ("silu(x, beta=)", "the value of a parameter is missing, at column 14 of "),
        ("silu(x, beta=1, beta=2)", "parameter beta is given twice, at column 17 of "),
        ("silu(beta=1, x)", "parameters stand behind the arguments, at column 14 of "),
        ("abs(x, beta=2)", "abs has no parameters, at column 1 of "),
        ("x/0", "this divides by 0, at column 2 of "),
        ("0^-1*x", "this divides by 0, at column 2 of "),
        ("1e999*x", "1e999 is not a number that can be read, at column 1 of "),
        ("x = 2*x", "an operator is missing before '=', at column 3 of "),
        ("(" * 61 + "x" + ")" * 61, "an expression is at most 60 deep, at column 62 of "),
        ("x/" * 61 + "x", "an expression is at most 60 deep, not 62: "),
        ("x*" * 500 + "x", "an expression has at most 1000 characters, not 1001"),
        ("2^1000*x + " * 10 + "x", "an expression with its numbers written out has at most 1000 characters: "),
    ],
)
def test_refusals(given, message):
    with pytest.raises(ValueError) as raised:
        create_function(given)
    assert str(raised.value).startswith(message)


def test_the_deepest_expression():
    assert create_function("-(" * 29 + "x + 1" + ")" * 29).exact(Fraction(1)) == -2


@pytest.mark.parametrize(
    ("given", "is_one"),
    [("x", True), ("2", True), ("x^2", True), ("abs(x)", True), ("pi", True), ("tanh", False), ("gelu.prime", False)],
)
def test_what_is_an_expression(given, is_one):
    assert is_expression(given) is is_one
