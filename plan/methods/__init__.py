"""Approximation methods, one file each, found by name."""

from __future__ import annotations

from functools import cache

from ..functions.base import Function
from ..registry import find_named, load_classes
from .base import Candidate, Method

__all__ = ["Candidate", "Method", "default_method", "find_method", "method_classes"]


@cache
def method_classes() -> tuple[type[Method], ...]:
    """Every method there is, by name."""
    return load_classes(__name__, __path__, Method)


def find_method(name: str) -> type[Method]:
    """Return the method called `name` (or an alias); `ValueError` with the nearest name if there is none."""
    return find_named("method", name, method_classes())


def default_method(function: type[Function]) -> type[Method]:
    """Return the method that is used for a function unless one is named."""
    return find_method("taylor" if function.create({}).analytic else "hard")
