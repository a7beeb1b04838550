"""Activation functions, one file each, found by name, and functions from an expression."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..support.names import check_identifier
from ..support.parameters import read_name
from ..support.registry import load_classes
from .base import Function
from .definitions import Definition, define, derivative_definitions, expression_definition

__all__ = ["create_function", "derivative_of", "find_function", "from_expression", "function_classes"]


@cache
def function_classes() -> tuple[type[Function], ...]:
    """Every function there is, by name."""
    return tuple(cls for cls in load_classes(__name__, __path__, Function) if cls.listed)


@cache
def _definitions() -> dict[str, Definition]:
    """Return every function and every derivative by all their names."""
    functions = {alias: define(cls) for cls in function_classes() for alias in (cls.name, *cls.aliases)}
    return functions | derivative_definitions(functions)


@cache
def _of_expression(text: str) -> Definition:
    return expression_definition(text, _definitions())


def find_function(name: str) -> Definition:
    """Return the function called `name` (or an alias), or the one that an expression tells.

    Raises
    ------
    TypeError
        If the name is not text.
    ValueError
        If there is no function of that name, with the nearest one; or if an expression is wrong, with the column.

    """
    from .expressions.parser import is_expression

    if isinstance(name, str) and name.strip().lower() not in _definitions() and is_expression(name):
        return _of_expression(name)
    try:
        return read_name("function", name, _definitions())
    except ValueError as error:
        if "choose one of" not in str(error):
            raise
        names = sorted(alias for alias in _definitions() if "." not in alias)
        raise ValueError(f"there is no function {name!r:.60}; choose one of {', '.join(names)}") from None


def create_function(name: str, **parameters: Any) -> Function:
    """Return the function `name` with `parameters`, checked and completed with defaults.

    >>> str(create_function("hard_sigmoid", variant="torch"))
    'hard_logistic(variant=keras3)'
    >>> str(create_function("x*tanh(log(1+exp(x)))"))
    'x*tanh(log(1 + exp(x)))'
    """
    return find_function(name).create(parameters)


def derivative_of(function: Function) -> Function:
    """Return the derivative of a function; that of tanh is the function `tanh_derivative`.

    >>> str(derivative_of(create_function("silu", beta=2)))
    'silu.prime(beta=2)'
    """
    from .expressions.expression import Expression
    from .expressions.nodes import Call, Input, Prime
    from .expressions.spelling import text

    if function.listed:
        return create_function(f"{function.spelling}.prime", **function.as_dict())
    node = function.node if isinstance(function, Expression) else Call(function, Input())
    return create_function(text(Prime(node)))


def from_expression(text: str, name: str | None = None) -> Function:
    """Return the function of x that an expression tells.

    Parameters
    ----------
    text
        The expression: numbers, ``x``, ``pi``, ``e``, ``+ - * /``, ``^`` with a whole exponent, ``abs``, ``min``,
        ``max``, ``clip(v, lo, hi)``, ``where(c, a, b)``, ``prime(f)``, ``exp``, ``log`` and other elementary functions,
        and every function of softgate with its parameters, such as ``silu(x, beta=2)``.
    name
        The name of its units where none is given; an identifier.

    Raises
    ------
    ValueError
        If the text is not an expression that a unit can be made of; the message names the column.

    Examples
    --------
    >>> from_expression("max(x, x/8)").kinks
    (Fraction(0, 1),)

    """
    if not isinstance(text, str):
        raise TypeError(f"an expression must be text such as x^2/4, not {text!r:.60}")
    if name is not None:
        check_identifier(name, "name")
    return expression_definition(text, _definitions(), name).create({})
