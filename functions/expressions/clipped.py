"""A function whose input is limited first: beyond either limit its value is that at the limit."""

from __future__ import annotations

from fractions import Fraction

from ..base import Function
from .expression import Expression
from .nodes import Apply, Call, Input, Node, Number, Prime, children, rebuilt

__all__ = ["clipped"]


def clipped(function: Function, low: Fraction, high: Fraction) -> Expression:
    """Return ``f(clip(x, low, high))``, whose units have the name of those of f.

    Raises
    ------
    ValueError
        If the lower limit is not below the upper one, or the kinks cannot be found.

    """
    if function.rounded:  # an array would be written out in the expression
        raise ValueError(f"clip is for functions by name or expression; in a {function} change the array instead")
    if low >= high:
        raise ValueError(f"the lower limit of a clip must be below the upper one, but {low} >= {high}")
    limited = Apply("clip", (Input(), Number(low), Number(high)))
    node = _substitute(function.node, limited) if isinstance(function, Expression) else Call(function, limited)
    return Expression(node, function.module_name)


def _substitute(node: Node, argument: Node) -> Node:
    """Return an expression with another argument in place of x."""
    match node:
        case Input():
            return argument
        case Prime():
            raise ValueError(
                "the input of an expression with prime(...) cannot be clipped as a whole; write clip(x, lo, hi) into it"
            )
        case _:
            return rebuilt(node, [_substitute(child, argument) for child in children(node)])
