"""Activation functions, one file each, found by name."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..support.registry import find_named, load_classes
from .base import Function

__all__ = ["create_function", "find_function", "function_classes"]


@cache
def function_classes() -> tuple[type[Function], ...]:
    """Every function there is, by name."""
    return load_classes(__name__, __path__, Function)


def find_function(name: str) -> type[Function]:
    """Return the function called `name` (or an alias); `ValueError` with the nearest name if there is none."""
    return find_named("function", name, function_classes())


def create_function(name: str, **parameters: Any) -> Function:
    """Return the function `name` with `parameters`, checked and completed with defaults.

    >>> str(create_function("hard_sigmoid", variant="torch"))
    'hard_logistic(variant=keras3)'
    """
    return find_function(name).create(parameters)
