"""The arguments of composites as axes of a grid and as parameters of a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ...accuracy.composites import find_composite, is_composite
from ...accuracy.composites.base import Argument, Composite

__all__ = ["OWN", "argument_axes", "is_parameter", "keywords_of", "options_of", "used_parameters"]

OWN = ("input", "output", "max_error")
"""Arguments that are fields of a point; all others are its parameters."""

_RENAMED = {"function": "activation"}
"""Axes of arguments that are called as another axis of all points."""


@cache
def argument_axes(composite: type[Composite]) -> Mapping[str, Argument]:
    """Return the arguments of a composite by the names of their axes.

    The axis of an argument is called as the argument, but ``input``, ``output`` and ``max_error`` as the option, and
    the function of a neuron ``activation``. An argument that is given or not, such as the `log` of a softmax, makes
    another composite, which is a function itself.
    """
    arguments = (each for each in composite.arguments if each.kind is not bool)
    return {_RENAMED.get(each.name, each.keyword if each.keyword in OWN else each.name): each for each in arguments}


def is_parameter(function: str, axis: str, others: Iterable[str]) -> bool:
    """Tell whether an axis is a parameter of a point of this function or composite; `others` are axes of all points."""
    if is_composite(function) and axis in argument_axes(find_composite(function)):
        return axis not in OWN
    return axis not in others


def _given(function: str, values: Mapping[str, Any]) -> dict[Argument, Any]:
    """Return the arguments that have a value, which numbers are read from, in the order of the composite."""
    axes = argument_axes(find_composite(function)).items()
    return {argument: argument.kind(values[axis]) for axis, argument in axes if values.get(axis) is not None}


def keywords_of(function: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a composite as Python takes them, for their values by axis."""
    return {argument.name: value for argument, value in _given(function, values).items()}


def options_of(function: str, values: Mapping[str, Any]) -> list[str]:
    """Return the arguments of a composite as the command line takes them, for their values by axis."""
    return [text for argument, value in _given(function, values).items() for text in (argument.flags[0], str(value))]


def used_parameters(function: str, arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a point as text, for the arguments in a manifest; without those left to softgate."""
    axes = argument_axes(find_composite(function)).items()
    return {
        axis: str(arguments[argument.name])
        for axis, argument in axes
        if axis not in OWN and arguments[argument.name] is not None
    }
