"""Axes of a grid: what they are called, and their values in the one form that points have them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...hdl.interfaces import INTERFACES
from ...plan.budget import Budget
from ...plan.formats import FixedFormat
from ...plan.functions import find_function, function_classes
from ...plan.methods import find_method, method_classes
from ...plan.parameters import Parameter, nearest, parse_number
from .evaluate import known_targets

__all__ = ["AXES", "Reader", "all_parameters", "declared_parameters", "read_parameter"]

Reader = Callable[[Any], Any]
"""Checks a value of the grid file and returns it in its one form; `ValueError` or `TypeError` if it is wrong."""


def declared_parameters(functions: Sequence[str], methods: Sequence[str | None]) -> dict[str, list[Parameter]]:
    """Return the parameters that all of these functions, or all of these methods, have: each as its owners declare it.

    A method that is None may be any.
    """
    of_functions = _by_name(find_function(name).parameters for name in functions)
    of_methods = _by_name(find_method(name).parameters for name in methods if name is not None)
    shared = {name: found for name, found in of_functions.items() if len(found) == len(functions)}
    if None in methods:
        return _by_name(cls.parameters for cls in method_classes()) | shared
    return {name: found for name, found in of_methods.items() if len(found) == len(methods)} | shared


def all_parameters() -> dict[str, list[Parameter]]:
    """Return the parameters of all functions and methods."""
    return _by_name([*(cls.parameters for cls in function_classes()), *(cls.parameters for cls in method_classes())])


def read_parameter(declared: Iterable[Parameter], value: Any) -> str:
    """Return a parameter's value as text, read as the first of its owners that takes it reads it."""
    error: ValueError | None = None
    for parameter in declared:
        try:
            return str(parameter.read(value))
        except ValueError as refused:
            error = refused
    raise error or ValueError(f"there is no such parameter to be {value!r}")


def _by_name(owners: Iterable[Iterable[Parameter]]) -> dict[str, list[Parameter]]:
    found: dict[str, list[Parameter]] = {}
    for parameters in owners:
        for parameter in parameters:
            found.setdefault(parameter.name, []).append(parameter)
    return found


def _format(value: Any) -> str:
    return str(FixedFormat.parse(value))


def _formats(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"a pair of formats is written as [input, output], such as ['SQ4.8', 'UQ0.12'], not {value!r}")
    return _format(value[0]), _format(value[1])


def _budget(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(Budget.parse(repr(value) if number else value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"saturate is true or false, not {value!r}")
    return value


def _named(kind: str, names: Callable[[], Iterable[str]]) -> Reader:
    def read(value: Any) -> str:
        known = list(names())
        if value not in known:
            raise ValueError(f"there is no {kind} {value!r}; {nearest(str(value), known)}")
        return str(value)

    return read


def _frequency(value: Any) -> float:
    number = float(parse_number(value))
    if not 1 <= number <= 2000:
        raise ValueError(f"a frequency is from 1 to 2000 MHz, not {value}")
    return number


AXES: dict[str, Reader] = {
    "function": lambda value: find_function(value).name,
    "formats": _formats,
    "input": _format,
    "output": _format,
    "method": lambda value: find_method(value).name,
    "max_error": _budget,
    "saturate": _flag,
    "interface": _named("interface", lambda: INTERFACES),
    "target": _named("target", known_targets),
    "frequency": _frequency,
}
"""Every axis that is no parameter of a function or method, in the order in which the points are gone through."""
