"""Grids of composites: their axes are the arguments of the composite, and some options of the build (decision 059)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, product
from typing import Any

from ...accuracy.composites import composite_classes, find_composite, is_composite
from ...accuracy.composites.base import Argument, Composite
from ...support.parameters import nearest
from .arguments import OWN, argument_axes
from .axes import AXES, NUMBERS, ranged

__all__ = ["composite_axes", "composite_of", "read_any_argument"]

_BUILD = ("interface", "target", "frequency", "effort", "tlast")
"""Axes that are no arguments."""

_TRIED = 1000
"""Combinations to look for one with which a value is accepted."""

Axes = dict[str, list[Any]]


def composite_of(table: Mapping[str, Any]) -> type[Composite] | None:
    """Return the composite that a grid is of, or None.

    Raises
    ------
    ValueError
        If it is of something else, too.

    """
    given = table.get("function")
    named = given if isinstance(given, list) else [given]
    found = [str(name) for name in named if is_composite(name)]
    if found and len(named) > 1:
        raise ValueError(f"{found[0]} is a composite, which has axes of its own: give it a [[grid]] of its own")
    return find_composite(found[0]) if found else None


def composite_axes(composite: type[Composite], table: Mapping[str, Any]) -> Axes:
    """Return the values of every axis of a grid of a composite, in canonical form.

    A value is in order if the composite takes it together with some values of the other axes; combinations that it
    does not take are infeasible points.

    Raises
    ------
    ValueError
        If an axis is unknown or missing, or a value is not in order.

    """
    arguments = argument_axes(composite)
    names = {name: axis for axis, each in arguments.items() for name in (axis, each.keyword, each.short[1:]) if name}
    given: Axes = {}
    axes: Axes = {"function": [composite.name]}
    for key, values in table.items():
        if key == "function":
            continue
        axis = names.get(key, key)
        if axis not in (*arguments, *_BUILD):
            known = dict.fromkeys([*names.values(), *_BUILD])
            raise ValueError(f"{key!r} is not an axis of {composite.name}; {nearest(key, list(known))}")
        if axis in given or axis in axes:
            raise ValueError(f"{axis} is given by two of its names, one of them {key}: leave one out")
        listed = values if isinstance(values, list) else [values]
        if not listed:
            raise ValueError(f"{key} is an empty list")
        if axis in NUMBERS or (axis in arguments and arguments[axis].kind is int):
            listed = ranged(listed)
        if axis in arguments:
            given[axis] = list(dict.fromkeys(_read(arguments[axis], axis, value) for value in listed))
        else:
            axes[axis] = list(dict.fromkeys(map(AXES[axis], listed)))
    for axis, argument in arguments.items():
        if argument.required and axis not in given:
            raise ValueError(f"there is no {axis}, which {composite.name} needs: {argument.help.rstrip('.')}")
    found = axes | _accepted(composite, arguments, given)
    pairs = product(found.pop("input", [None]), found.pop("output", [None]))
    return found | {"formats": list(pairs)}


def _read(argument: Argument, axis: str, value: Any) -> Any:
    """Return a value as the composite reads it: a whole number, or text."""
    if axis in OWN:
        return AXES[axis](value)
    if isinstance(value, bool) or not isinstance(value, int if argument.kind is int else int | float | str):
        kind = "a whole number" if argument.kind is int else "text or a number"
        raise ValueError(f"{axis} must be {kind}, not {value!r}")
    return value if argument.kind is int else str(value)


def _accepted(composite: type[Composite], arguments: Mapping[str, Argument], given: Axes) -> Axes:
    """Return the values in the form that the composite gives them."""
    return {
        axis: list(dict.fromkeys(_canonical(composite, arguments, {**given, axis: [value]}, axis) for value in values))
        for axis, values in given.items()
    }


def _canonical(composite: type[Composite], arguments: Mapping[str, Argument], given: Axes, axis: str) -> str:
    refusal: Exception | None = None
    for chosen in islice(product(*given.values()), _TRIED):
        asked = {arguments[name].name: value for name, value in zip(given, chosen, strict=True)}
        try:
            return str(composite.read(**asked).as_dict()[arguments[axis].name])
        except (TypeError, ValueError) as error:
            refusal = refusal or error
    raise ValueError(str(refusal))


def read_any_argument(axis: str, value: Any) -> str:
    """Return the value of an argument as text, for a condition; `ValueError` if no composite has such an axis."""
    for composite in composite_classes():
        if (argument := argument_axes(composite).get(axis)) is not None:
            return str(_read(argument, axis, value))
    raise ValueError(f"there is no parameter {axis!r}")
