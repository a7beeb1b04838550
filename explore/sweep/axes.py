"""Axes of a grid: their names, and their values in the canonical form of points."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...accuracy.budget import BiasLimit, Budget
from ...accuracy.composites import find_composite, is_composite
from ...accuracy.demands import ENDS
from ...functions import find_function, function_classes
from ...functions.definitions import Definition
from ...functions.packed_values import PackedValues
from ...hdl.build_options import OBJECTIVES, check_frequency
from ...hdl.interfaces import INTERFACES
from ...hdl.scheduling.schedule import MAX_INTERVAL, MAX_STAGES
from ...methods import find_method, method_classes
from ...plan.any_format import parse_format
from ...plan.formats import FixedFormat
from ...plan.input_range import read_clip, read_input_range
from ...plan.requantize import ROUNDINGS
from ...support.parameters import Parameter, parameters_by_name, parse_number, read_name
from ..choose.choice import EFFORTS
from .evaluate import known_targets

__all__ = [
    "AXES",
    "MAX_POINTS",
    "NUMBERS",
    "Reader",
    "declared_parameters",
    "ranged",
    "read_any_parameter",
    "read_parameter",
]

MAX_POINTS = 1_000_000
"""The most points of a sweep."""

_RANGE = re.compile(r"(\d{1,9})\.\.(\d{1,9})")

_ANY_INPUT = FixedFormat(True, 32, 32)
"""A format that holds the values of nearly any other."""

Reader = Callable[[Any], Any]
"""Checks a value of the grid file and returns it in canonical form; raises `ValueError` or `TypeError` if wrong."""


def declared_parameters(functions: Sequence[str], methods: Sequence[str | None]) -> dict[str, list[Parameter]]:
    """Return the parameters that each of these functions has with each of these methods, as all of them declare it.

    They are listed under each name that stands for the same parameter with all of them.
    A method that is None is not named: then there are those of `taylor`, if the function has a power series.
    """
    declared: list[dict[str, Parameter]] = []
    for function in map(find_function, functions):
        for name in methods:
            unnamed = find_method("taylor").parameters if _is_analytic(function) else ()
            of_method = unnamed if name is None else find_method(name).parameters
            declared.append(parameters_by_name((*function.parameters, *of_method)))
    common = [name for name in declared[0] if all(name in parameters for parameters in declared)]
    listed = {name: [parameters[name] for parameters in declared] for name in common}
    return {name: found for name, found in listed.items() if len({parameter.name for parameter in found}) == 1}


def _is_analytic(function: Definition) -> bool:
    """Return whether a function has a power series with its parameters at their defaults; those of arrays have none."""
    return not any(isinstance(each, PackedValues) for each in function.parameters) and function.create({}).analytic


def read_parameter(declared: Sequence[Parameter], value: Any) -> str:
    """Return a parameter's value as text; `ValueError` unless every owner takes it."""
    texts = [str(parameter.read(value)) for parameter in declared]
    return texts[0]


def read_any_parameter(name: str, value: Any) -> str:
    """Return a parameter's value as text; `ValueError` unless some function or method takes it."""
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


def _function(value: Any) -> str:
    return find_composite(value).name if is_composite(value) else find_function(value).name


def _format(value: Any) -> str:
    return str(parse_format(value))


def _formats(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"a pair of formats is written as [input, output], such as ['SQ4.8', 'UQ0.12'], not {value!r}")
    return _format(value[0]), _format(value[1])


def _budget(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(Budget.parse(repr(value) if number else value))


def _flag(name: str) -> Reader:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, not {value!r}")
        return value

    return read


def _whole(name: str, least: int, most: int | None = None) -> Reader:
    limits = f"{least} or more" if most is None else f"from {least} to {most}"

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least or (most and value > most):
            raise ValueError(f"{name} must be a whole number, {limits}, not {value!r}")
        return value

    return read


def _bias(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(BiasLimit.parse(repr(value) if number else value))


def _range(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"range must be text such as '-4:4', not {value!r}")
    read_input_range(value, _ANY_INPUT)  # a narrower format checks it again
    return value


def _clip(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"clip must be text such as '-4:4', not {value!r}")
    read_clip(value)
    return value


def _named(kind: str, names: Callable[[], Iterable[str]]) -> Reader:
    return lambda value: read_name(kind, value, list(names()))


def _frequency(value: Any) -> float:
    try:
        return float(check_frequency(float(parse_number(value))))
    except (TypeError, ValueError):
        raise ValueError(f"frequency must be a number of MHz from 1 to 2000, not {value!r}") from None


AXES: dict[str, Reader] = {
    "function": _function,
    "formats": _formats,
    "input": _format,
    "output": _format,
    "method": lambda value: find_method(value).name,
    "max_error": _budget,
    "saturate": _flag("saturate"),
    "interface": _named("interface", lambda: INTERFACES),
    "target": _named("target", known_targets),
    "frequency": _frequency,
    "objective": _named("objective", lambda: OBJECTIVES),
    "effort": _named("effort", lambda: EFFORTS),
    "latency": _whole("latency", 1, MAX_STAGES),
    "stages": _whole("stages", 0, MAX_STAGES),
    "dsp": _whole("dsp", 0),
    "bram": _whole("bram", 0),
    "interval": _whole("interval", 1, MAX_INTERVAL),
    "tlast": _flag("tlast"),
    "monotonic": _flag("monotonic"),
    "ends": _named("ends", lambda: ENDS),
    "symmetric": _flag("symmetric"),
    "max_bias": _bias,
    "rounding": _named("rounding", lambda: ROUNDINGS),
    "range": _range,
    "clip": _clip,
    "with_derivative": _format,
}
"""Every axis that is not a parameter of a function or method, in the order of iteration."""

NUMBERS = ("frequency", "latency", "stages", "dsp", "bram", "interval")
"""The axes among them whose values are numbers."""


def ranged(given: Any) -> Any:
    """Return whole numbers with each text such as ``"1..5"`` replaced by what it stands for."""
    found: list[Any] = []
    for value in given if isinstance(given, list) else [given]:
        if isinstance(value, str) and (ends := _RANGE.fullmatch(value)):
            numbers = range(int(ends[1]), int(ends[2]) + 1)
            if not 0 < len(numbers) <= MAX_POINTS:
                raise ValueError(f"the range {value!r} has {'no' if not numbers else 'too many'} numbers in it")
            found += numbers
        else:
            found.append(value)
    return found
