"""Axes of a grid: what they are called, and their values in the one form that points have them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...accuracy.budget import Budget
from ...functions import find_function, function_classes
from ...hdl.build_options import check_frequency
from ...hdl.interfaces import INTERFACES
from ...methods import default_method, find_method, method_classes
from ...plan.formats import FixedFormat
from ...support.parameters import Parameter, parse_number, read_name
from .evaluate import known_targets

__all__ = ["AXES", "Reader", "declared_parameters", "read_any_parameter", "read_parameter"]

Reader = Callable[[Any], Any]
"""Checks a value of the grid file and returns it in its one form; `ValueError` or `TypeError` if it is wrong."""


def declared_parameters(functions: Sequence[str], methods: Sequence[str | None]) -> dict[str, list[Parameter]]:
    """Return the parameters that each of these functions has with each of these methods, as all of them declare it.

    A method that is None is the one that is used unless one is named.
    """
    declared: list[dict[str, Parameter]] = []
    for function in map(find_function, functions):
        for name in methods:
            method = default_method(function) if name is None else find_method(name)
            declared.append({parameter.name: parameter for parameter in (*function.parameters, *method.parameters)})
    common = [name for name in declared[0] if all(name in parameters for parameters in declared)]
    return {name: [parameters[name] for parameters in declared] for name in common}


def read_parameter(declared: Sequence[Parameter], value: Any) -> str:
    """Return a parameter's value as text; `ValueError` unless every owner takes it."""
    texts = [str(parameter.read(value)) for parameter in declared]
    return texts[0]


def read_any_parameter(name: str, value: Any) -> str:
    """Return as text what a parameter may be with any function or method; `ValueError` where none takes it."""
    refusal: Exception = ValueError(f"there is no parameter {name!r}")
    declared = [function.parameters for function in function_classes()]
    declared += [method.parameters for method in method_classes()]
    for parameters in declared:
        for parameter in parameters:
            if parameter.name == name:
                try:
                    return str(parameter.read(value))
                except (TypeError, ValueError) as error:
                    refusal = error
    raise refusal


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
        raise ValueError(f"saturate must be true or false, not {value!r}")
    return value


def _named(kind: str, names: Callable[[], Iterable[str]]) -> Reader:
    return lambda value: read_name(kind, value, list(names()))


def _frequency(value: Any) -> float:
    try:
        return float(check_frequency(float(parse_number(value))))
    except (TypeError, ValueError):
        raise ValueError(f"frequency must be a number of MHz from 1 to 2000, not {value!r}") from None


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
