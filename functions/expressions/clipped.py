"""A function whose input is limited first: beyond either limit its value is that at the limit."""

from __future__ import annotations

from fractions import Fraction

from ..base import Function
from .expression import Expression
from .nodes import (
    Apply,
    Call,
    Comparison,
    Input,
    Negative,
    Node,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
)

__all__ = ["clipped"]


def clipped(function: Function, low: Fraction, high: Fraction) -> Expression:
    """Return ``f(clip(x, low, high))``, whose units have the name of those of f.

    Raises
    ------
    ValueError
        If the lower limit is not below the upper one, or the kinks cannot be found.

    """
    if low >= high:
        raise ValueError(f"the lower limit of a clip must be below the upper one, but {low} >= {high}")
    limited = Apply("clip", (Input(), Number(low), Number(high)))
    node = substitute(function.node, limited) if isinstance(function, Expression) else Call(function, limited)
    return Expression(node, function.module_name)


def substitute(node: Node, argument: Node) -> Node:
    """Return an expression with another argument in place of x."""

    def inner(part: Node) -> Node:
        return substitute(part, argument)

    match node:
        case Input():
            return argument
        case Negative(of):
            return Negative(inner(of))
        case Sum(terms):
            return Sum(tuple(map(inner, terms)))
        case Product(factors):
            return Product(tuple(map(inner, factors)))
        case Quotient(numerator, denominator):
            return Quotient(inner(numerator), inner(denominator))
        case Power(base, exponent):
            return Power(inner(base), exponent)
        case Apply(name, arguments):
            return Apply(name, tuple(map(inner, arguments)))
        case Call(function, of):
            return Call(function, inner(of))
        case Where(condition, then, otherwise):
            compared = Comparison(inner(condition.left), condition.relation, inner(condition.right))
            return Where(compared, inner(then), inner(otherwise))
        case Prime(of):
            raise ValueError(
                "the input of an expression with prime(...) cannot be clipped as a whole; write clip(x, lo, hi) into it"
            )
        case _:
            return node
