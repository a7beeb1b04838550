"""A part of a graph as an expression of one of its values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .graphs import Scope, attributes_of, is_standard
from .normal_form import Polynomial, TooManyTermsError, X, apply, clip, constant, power

__all__ = ["expression_of", "limits_of", "readable"]

Operands = list[Polynomial]

_DEEPEST = 16
"""Operators in a row that an activation may be spelled out with."""


def _hard_logistic(x: Polynomial, alpha: float, beta: float) -> Polynomial:
    return clip(alpha * x + beta, 0, 1)


def _limited(choose: Callable[[Polynomial, float], Polynomial], operands: Operands) -> Polynomial:
    """Return the larger or the smaller of an expression and a constant."""
    given = [each for each in operands if each.value is None]
    limits = [each.value for each in operands if each.value is not None]
    if len(given) != 1 or len(limits) != 1 or limits[0] is None:
        raise ValueError("not an expression and a constant")
    return choose(given[0], limits[0])


def _exponent(operands: Operands) -> float:
    if (value := operands[1].value) is None:
        raise ValueError("the exponent is no constant")
    return value


_READINGS: Mapping[str, Callable[[Operands, Mapping[str, Any]], Polynomial]] = {
    "Identity": lambda of, _: of[0],
    "Add": lambda of, _: of[0] + of[1],
    "Sub": lambda of, _: of[0] - of[1],
    "Mul": lambda of, _: of[0] * of[1],
    "Div": lambda of, _: of[0] / of[1],
    "Neg": lambda of, _: -of[0],
    "Pow": lambda of, _: power(of[0], _exponent(of)),
    "Sqrt": lambda of, _: power(of[0], 0.5),
    "Reciprocal": lambda of, _: power(of[0], -1.0),
    "Max": lambda of, _: _limited(lambda x, low: clip(x, low, math.inf), of),
    "Min": lambda of, _: _limited(lambda x, high: clip(x, -math.inf, high), of),
    "Relu": lambda of, _: clip(of[0], 0, math.inf),
    "HardSigmoid": lambda of, given: _hard_logistic(of[0], given.get("alpha", 0.2), given.get("beta", 0.5)),
    "HardSwish": lambda of, _: of[0] * _hard_logistic(of[0], 1 / 6, 0.5),
    "Sigmoid": lambda of, _: apply("logistic")(of[0]),
    "Tanh": lambda of, _: apply("tanh")(of[0]),
    "Erf": lambda of, _: apply("erf")(of[0]),
    "Exp": lambda of, _: apply("exp")(of[0]),
    "Log": lambda of, _: apply("log")(of[0]),
    "Softplus": lambda of, _: apply("softplus")(of[0]),
    "Abs": lambda of, _: apply("abs")(of[0]),
}
"""The expressions that operators make of their operands. Clip is read apart: its limits are inputs or attributes."""


def readable(node: Any) -> bool:
    """Whether a node's operator can be a part of an expression."""
    return is_standard(node) and (node.op_type in _READINGS or node.op_type == "Clip")


def limits_of(scope: Scope, node: Any) -> tuple[float, float] | None:
    """Return the limits of a Clip, infinite where it has none; None if they are not constants."""
    given = attributes_of(node)
    limits = []
    for place, (name, default) in enumerate((("min", -math.inf), ("max", math.inf)), start=1):
        if len(node.input) > place and node.input[place]:
            value = scope.number(node.input[place])
        else:
            value = given.get(name, default)
        if value is None:
            return None
        limits.append(math.copysign(math.inf, value) if abs(value) > 3e38 else float(value))
    return limits[0], limits[1]


def expression_of(scope: Scope, result: str, x: str) -> tuple[Polynomial, list[Any]] | None:
    """Return a value as an expression of another one, with the nodes that it is made by; None if it is no such.

    Parameters
    ----------
    scope
        The graph of both.
    result, x
        The names of the values.

    """
    nodes: dict[int, Any] = {}

    def read(name: str, depth: int) -> Polynomial:
        if name == x:
            return X
        if (number := scope.number(name)) is not None:
            return constant(number)
        node = scope.producers.get(name)
        if node is None or depth > _DEEPEST or not readable(node) or scope.is_constant(name):
            raise ValueError("not an expression of x")
        nodes[id(node)] = node
        if node.op_type == "Clip":
            limits = limits_of(scope, node)
            if limits is None or limits[0] >= limits[1]:
                raise ValueError("limits are not constant")
            return clip(read(node.input[0], depth + 1), *limits)
        operands = [read(each, depth + 1) for each in node.input if each]
        return _READINGS[node.op_type](operands, attributes_of(node))

    try:
        return read(result, 0), list(nodes.values())
    except (ValueError, TooManyTermsError, ArithmeticError):
        return None
