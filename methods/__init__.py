"""Approximation methods, one file each, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ..accuracy.specification import Specification
from ..support.registry import find_named, load_classes
from .base import Candidate, Method, RefusalError
from .mirrored import Mirrored

__all__ = ["Candidate", "Method", "RefusalError", "candidates", "find_method", "implied_method", "method_classes"]


@cache
def method_classes() -> tuple[type[Method], ...]:
    """Every method there is, by name."""
    return load_classes(__name__, __path__, Method)


def find_method(name: str) -> type[Method]:
    """Return the method called `name` (or an alias); `ValueError` with the nearest name if there is none."""
    return find_named("method", name, method_classes())


def implied_method(names: Iterable[str]) -> type[Method] | None:
    """Return the method that parameters ask for where none is named on a command line or in a grid file: `taylor`.

    None if none of the names is a parameter of it.
    """
    taylor = find_method("taylor")
    return taylor if {parameter.name for parameter in taylor.parameters} & set(names) else None


def candidates(method: type[Method], specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield a method's plans worth trying, the cheapest first; symmetric units by those for magnitudes.

    Parameters
    ----------
    method
        The method.
    specification
        What is asked for.
    given
        The method's parameters, as `Method.read` returns them.

    Raises
    ------
    ValueError
        If the method cannot serve the specification.

    """
    if not specification.symmetric:
        yield from method.candidates(specification, given)
        return
    mirrored = Mirrored.of(specification)
    for candidate in method.candidates(mirrored.half, given):
        yield replace(candidate, plan=mirrored.plan(candidate.plan))
