"""Activation functions, one file each, found by name, and functions that are given: expressions, arrays, callables."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..support.names import check_identifier
from ..support.parameters import read_name
from ..support.registry import load_classes
from .base import Function
from .definitions import Definition, define, derivative_definitions, expression_definition
from .run_time import run_time_functions

__all__ = [
    "create_function",
    "derivative_of",
    "find_function",
    "from_callable",
    "from_expression",
    "from_table",
    "from_thresholds",
    "function_classes",
]


@cache
def function_classes() -> tuple[type[Function], ...]:
    """Every function there is, by name."""
    return tuple(cls for cls in _all_classes() if cls.listed)


@cache
def _all_classes() -> tuple[type[Function], ...]:
    return load_classes(__name__, __path__, Function)


@cache
def _of_arrays() -> dict[str, Definition]:
    """Return the functions that arrays make, by the names that manifests have for them."""
    return {cls.name: define(cls) for cls in _all_classes() if not cls.listed and cls.rounded}


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
    if isinstance(name, str) and name in _of_arrays():
        return _of_arrays()[name]
    at_run_time = run_time_functions().get(name.strip().lower()) if isinstance(name, str) else None
    if at_run_time is not None and at_run_time.name not in _definitions():
        slope = at_run_time.parameter
        raise ValueError(
            f"{at_run_time.name} has its {slope} at run time: give the format of that port, --port {slope}=SQ1.7 "
            f'(ports={{"{slope}": "SQ1.7"}}); {at_run_time.of.name} has a fixed one'
        )
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

    Raises
    ------
    ValueError
        If the function is given as an array, which has none.

    Examples
    --------
    >>> str(derivative_of(create_function("silu", beta=2)))
    'silu.prime(beta=2)'

    """
    from .expressions.expression import Expression
    from .expressions.nodes import Call, Input, Prime
    from .expressions.spelling import text

    if function.rounded:
        raise ValueError(
            f"{function} has no derivative, since it is an array: give the derivative as a table of its own"
        )
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


def from_callable(function: Callable[..., Any], name: str | None = None) -> Function:
    """Return the function of x that a Python callable computes, as an expression.

    It is called once, with a number that records the operations (decision 042): ``+ - * /``, ``**`` with a whole
    exponent, ``abs``, numpy's functions such as ``np.tanh``, ``np.where(x > 0, a, b)``, and, if it takes a second
    argument ``m``, every function of expressions by its name there, with parameters: ``m.silu(x, beta=2)``, ``m.pi``.

    Parameters
    ----------
    function
        Takes x, or x and m. A float in it stands for the shortest decimal that denotes it.
    name
        The name of its units where none is given; that of the callable unless it is a lambda.

    Raises
    ------
    TypeError
        If it decides by the value of x, as ``if`` does, or does something to x that no expression has.
    ValueError
        If its expression is not one that a unit can be made of.

    Examples
    --------
    >>> str(from_callable(lambda x, m: x * m.tanh(m.softplus(x))))
    'x*tanh(softplus(x))'

    """
    from .expressions.tracing import traced_text, unit_name_of

    text = traced_text(function, _definitions())
    return from_expression(text, name if name is not None else unit_name_of(function))


def from_table(values: Any, first: Any, step: Any) -> Function:
    """Return the function that has given values at equally spaced inputs.

    Parameters
    ----------
    values
        Floats, exactly, of shape (inputs,), in ascending order of the inputs. Integers are refused: they may be codes.
    first, step
        The first input and the distance of the inputs: numbers, or text such as ``2^-4``.

    Raises
    ------
    TypeError, ValueError
        If the array does not hold finite floats along one axis, or the step is not above 0.

    Examples
    --------
    >>> from_table([1.0, 0.0, 1.0], first=-1, step=1).symmetry
    Symmetry(sign=1, total=Fraction(0, 1), slope=Fraction(0, 1))

    """
    from .value_table import ValueTable

    return ValueTable.of(values, first, step)


def from_thresholds(values: Any) -> Function:
    """Return the number of thresholds at or below x as a function.

    Parameters
    ----------
    values
        The thresholds, of shape (thresholds,), in any order: floats, exactly. Integers are refused: they may be codes.

    Raises
    ------
    TypeError, ValueError
        If the array does not hold finite floats along one axis.

    Examples
    --------
    >>> print(from_thresholds([-0.5, 0.5, 0.5]).exact(0.5))
    3

    """
    from .thresholds import Thresholds

    return Thresholds.of(values)
