"""Simpler expressions of the same sign, by which zeros are found exactly."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from ..properties import Sign
from .construction import add, multiply, negate, power
from .nodes import Apply, Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, Where

__all__ = ["is_positive", "same_sign"]

_ONE = Number(Fraction(1))


def is_positive(node: Node) -> bool:
    """Return whether its form shows that an expression is above 0 wherever it is defined."""
    match node:
        case Number(value):
            return value > 0
        case Constant():
            return True
        case Apply("exp" | "erfc", _):
            return True
        case Apply("sqrt" | "abs" | "log1p", (of,)):
            return is_positive(of)
        case Apply("log", (Sum((Number(value), *rest)),)):
            return value >= 1 and all(map(_is_nonnegative, rest)) and (value > 1 or any(map(is_positive, rest)))
        case Apply("max", arguments):
            return any(map(is_positive, arguments))
        case Apply("min", arguments):
            return all(map(is_positive, arguments))
        case Call(function, _):
            return function.sign is Sign.POSITIVE
        case Sum(terms):
            return all(map(_is_nonnegative, terms)) and any(map(is_positive, terms))
        case Product(factors):
            return all(map(is_positive, factors))
        case Quotient(numerator, denominator):
            return is_positive(numerator) and is_positive(denominator)
        case Power(base, _):
            return is_positive(base)
        case Where(_, then, otherwise):
            return is_positive(then) and is_positive(otherwise)
        case _:
            return False


def _is_nonnegative(node: Node) -> bool:
    match node:
        case Number(value):
            return value >= 0
        case Apply("abs" | "sqrt", _):
            return True
        case Power(_, exponent) if exponent % 2 == 0:
            return True
        case Sum(parts) | Product(parts):
            return all(map(_is_nonnegative, parts))
        case _:
            return is_positive(node)


def same_sign(node: Node) -> Node:
    """Return an expression that is positive, zero and negative where this one is, as simple as its form allows."""
    if is_positive(node):
        return _ONE
    match node:
        case Negative(of):
            return negate(same_sign(of))
        case Product(factors):
            return reduce(multiply, map(same_sign, factors))
        case Quotient(numerator, denominator):
            return multiply(same_sign(numerator), same_sign(denominator))
        case Power(base, exponent):
            return power(same_sign(base), 1 if exponent % 2 else 2)
        case Apply("atan" | "erf" | "expm1" | "sqrt" | "log1p", (of,)):
            return same_sign(of)
        case Sum((Apply("exp", (of,)), Number(value))) if value == -1:
            return same_sign(of)
        case Apply("log", (of,)):
            return same_sign(add(of, Number(Fraction(-1))))
        case Apply("abs", (of,)):
            return power(same_sign(of), 2)
        case Call(function, argument) if function.sign is Sign.OF_ARGUMENT:
            return same_sign(argument)
        case _:
            return node
