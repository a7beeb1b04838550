"""Registry of functions and methods, found by name in their folder: a new one is a new file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from inspect import isabstract
from typing import Any, TypeVar

from .parameters import read_name

__all__ = ["find_named", "load_classes"]

T = TypeVar("T", bound=type[Any])


def load_classes(package: str, path: Iterable[str], base: T) -> tuple[T, ...]:
    """Import every module of a folder; return the concrete subclasses of `base` that they export, by name."""
    found: list[T] = []
    for info in pkgutil.iter_modules(path):
        module = importlib.import_module(f"{package}.{info.name}")
        exported = [getattr(module, name) for name in getattr(module, "__all__", ())]
        for cls in exported:
            if isinstance(cls, type) and issubclass(cls, base) and not isabstract(cls):
                found.append(cls)  # type: ignore[arg-type]  # a subclass of base, so a T
    found.sort(key=lambda cls: str(cls.name))
    return tuple(found)


def find_named(kind: str, name: str, classes: Sequence[T]) -> T:
    """Return the class with this name or alias, in upper or lower case.

    Raises
    ------
    TypeError
        If the name is not text.
    ValueError
        If the name is unknown; the message suggests the nearest.

    """
    return read_name(kind, name, {alias: cls for cls in classes for alias in (cls.name, *cls.aliases)})
