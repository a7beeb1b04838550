"""Expressions from Python callables: called once, with a number that records what is done to it (decision 042)."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from ...support.names import check_identifier
from .calls import Definitions
from .nodes import Input
from .spelling import text
from .traced import USE_WHERE, Condition, Operations, Traced, read_number

__all__ = ["traced_text", "unit_name_of"]


def traced_text(function: Callable[..., Any], definitions: Definitions) -> str:
    """Return the expression that a callable computes, as text.

    Parameters
    ----------
    function
        Takes x, or x and the operations of expressions by their names.
    definitions
        The functions that it may call.

    Raises
    ------
    TypeError
        If it is not such a callable, asks for the value of x, or returns something else than a number.
    ValueError
        If it calls an unknown function, divides by 0, or grows too long.

    """
    m = Operations(definitions)
    found = function(*(Traced(Input(), 1, m), m)[: _arguments(function)])
    node = found.node if isinstance(found, Traced) else read_number(found)
    if node is None:
        hint = f"; {USE_WHERE}" if isinstance(found, Condition) else ""
        raise TypeError(f"a callable must return a number made of x, not {found!r:.60}{hint}")
    return text(node)


def _arguments(function: Callable[..., Any]) -> int:
    """Return how many arguments a callable is called with: x, or x and the operations."""
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    try:
        listed = list(signature(function).parameters.values())
    except (TypeError, ValueError):  # of some built-in functions nothing is known
        return 1
    required = [each for each in listed if each.default is Parameter.empty]
    required = [each for each in required if each.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)]
    if len(required) not in (0, 1, 2) or any(each.kind not in positional for each in required):
        raise TypeError(f"a callable must take x, or x and the operations m, not {len(required)} arguments")
    return max(len(required), 1)


def unit_name_of(function: Callable[..., Any]) -> str | None:
    """Return the name of a callable if units can have it; None for a lambda, and for what has no name."""
    name: Any = getattr(function, "__name__", None)
    try:
        return check_identifier(name, "name")
    except (TypeError, ValueError):
        return None
