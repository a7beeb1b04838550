"""Approximation methods, one file each, found by name."""

from __future__ import annotations

from functools import cache

from ..registry import find_named, load_classes
from .base import Candidate, Method

__all__ = ["Candidate", "Method", "find_method", "method_classes"]


@cache
def method_classes() -> tuple[type[Method], ...]:
    """Every method there is, by name."""
    return load_classes(__name__, __path__, Method)


def find_method(name: str) -> type[Method]:
    """Return the method called `name` (or an alias); `ValueError` with the nearest name if there is none."""
    return find_named("method", name, method_classes())
