"""Arguments of composites as they are given: completed with defaults, none missing and none unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...plan.any_format import read_format
from ...plan.formats import FixedFormat
from .base import Composite

__all__ = ["complete", "read_fixed"]


def complete(composite: type[Composite], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all arguments of a composite by name, with defaults for those that are not given.

    Raises
    ------
    TypeError
        If there is no such argument, or a required one is missing.

    """
    defaults = {argument.name: argument.default for argument in composite.arguments}
    for name in given:
        if name not in defaults:
            raise TypeError(f"{composite.name} has no argument {name!r}: it takes {', '.join(defaults)}")
    values = defaults | dict(given)
    for argument in composite.arguments:
        if argument.required and values[argument.name] is None:
            raise TypeError(f"{composite.name} needs {argument.name}: {argument.help[0].lower()}{argument.help[1:-1]}")
    return values


def read_fixed(name: str, given: Any, widest: int, *, signed: bool | None = None) -> FixedFormat:
    """Return a fixed-point format of at most `widest` bits with no bits missing before its point or after it.

    Raises
    ------
    TypeError
        If it is neither text nor a format.
    ValueError
        If it is not a fixed-point format, too wide, or not signed where it must be.

    """
    found = read_format(name, given)
    if type(found) is not FixedFormat:
        raise ValueError(f"{name} must be a fixed-point format such as SQ4.8, not {found}")
    if found.width > widest:
        raise ValueError(f"{name} must have at most {widest} bits, not {found.width} as {found} has")
    if found.fraction_bits < 0 or found.integer_bits < int(found.signed):
        raise ValueError(f"{name} must have its binary point within its bits or beside them, not {found}")
    if signed is not None and found.signed != signed:
        raise ValueError(f"{name} must be signed, such as SQ4.8, not {found}")
    return found
