"""Composites, one file each, found by name: what is asked of components of several plans (decision 050)."""

from __future__ import annotations

from functools import cache

from ...support.registry import find_named, load_classes
from .base import Composite

__all__ = ["composite_classes", "find_composite", "is_composite"]


@cache
def composite_classes() -> tuple[type[Composite], ...]:
    """Every composite there is, by name."""
    return load_classes(__name__, __path__, Composite)


def find_composite(name: str) -> type[Composite]:
    """Return the composite with this name or alias.

    Raises
    ------
    TypeError
        If the name is not text.
    ValueError
        If there is no such composite; the message suggests the nearest.

    """
    return find_named("composite", name, composite_classes())


def is_composite(name: object) -> bool:
    """Tell whether a composite has this name or alias, in upper or lower case."""
    known = {alias for cls in composite_classes() for alias in (cls.name, *cls.aliases)}
    return isinstance(name, str) and name.strip().lower() in known
