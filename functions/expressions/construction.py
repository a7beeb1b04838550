"""Sums, products, quotients, powers and negatives of expressions, in the form in which their text is parsed.

Numbers are combined, and sums and products flattened, so that the parsed text of a tree is the same tree again.
"""

from __future__ import annotations

from fractions import Fraction

from .nodes import Negative, Node, Number, Power, Product, Quotient, Sum

__all__ = ["add", "divide", "multiply", "negate", "power"]


def add(left: Node, right: Node) -> Node:
    """Return a sum."""
    terms = [
        *(left.terms if isinstance(left, Sum) else (left,)),
        *(right.terms if isinstance(right, Sum) else (right,)),
    ]
    match terms[:2]:
        case [Number(a), Number(b)]:
            terms[:2] = [Number(a + b)]
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def negate(node: Node) -> Node:
    """Return an expression with the other sign."""
    match node:
        case Number(value):
            return Number(-value)
        case Negative(of):
            return of
        case _:
            return Negative(node)


def multiply(left: Node, right: Node) -> Node:
    """Return a product."""
    factors = [*(left.factors if isinstance(left, Product) else (left,))]
    factors += right.factors if isinstance(right, Product) else (right,)
    match factors[:2]:
        case [Number(a), Number(b)]:
            factors[:2] = [Number(a * b)]
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def divide(numerator: Node, denominator: Node) -> Node:
    """Return a quotient; `ZeroDivisionError` if the denominator is the number 0."""
    match numerator, denominator:
        case _, Number(value) if not value:
            raise ZeroDivisionError("division by 0")
        case Number(a), Number(b):
            return Number(a / b)
        case _:
            return Quotient(numerator, denominator)


def power(base: Node, exponent: int) -> Node:
    """Return an integer power; `ZeroDivisionError` for a negative power of the number 0."""
    if exponent in (0, 1):
        return base if exponent else Number(Fraction(1))
    return Number(base.value**exponent) if isinstance(base, Number) else Power(base, exponent)
