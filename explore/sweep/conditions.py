"""Conditions that leave points out of a grid: tables of the values by which a point is left out.

A condition holds where all of its entries do. An entry is a value, a list of values of which one must be there, or a
table of comparisons that must all hold: ``{">=" = 4, "!=" = 6}``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...plan.any_format import parse_format
from ...support.parameters import nearest, parse_number
from .axes import AXES, NUMBERS, read_any_parameter
from .composites import read_any_argument
from .point import OPTIONS, Point

__all__ = ["Condition", "read_condition"]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_WIDTHS = {"input_bits": "input", "output_bits": "output"}
"""Widths of formats, which conditions may use as well as the formats themselves."""

Test = Callable[[Any], bool]
"""Whether the value of a point, which is not None, meets the condition."""


@dataclass(frozen=True)
class Condition:
    """Conditions on values of a point, by the values' names."""

    tests: Mapping[str, Sequence[Test]]

    def holds(self, point: Point) -> bool:
        """Whether all entries hold for a point. None holds for a value that the point does not have."""
        for name, tests in self.tests.items():
            value = _value(point, name)
            if value is None or not all(test(value) for test in tests):
                return False
        return True


def read_condition(table: Mapping[str, Any], names: Sequence[str]) -> Condition:
    """Read a table under ``exclude`` for grids whose axes are called `names`.

    Raises
    ------
    ValueError
        If it is empty, or an entry is wrong.

    """
    if not table:
        raise ValueError("it is empty, and would leave everything out")
    known = [name for name in dict.fromkeys([*AXES, *names, *_WIDTHS]) if name != "formats"]
    tests: dict[str, list[Test]] = {}
    for name, entry in table.items():
        if name not in known:
            raise ValueError(f"the grid has no axis {name!r} to leave points out by; {nearest(name, known)}")
        tests[name] = _read_entry(name, entry)
    return Condition(tests)


def _read_entry(name: str, entry: Any) -> list[Test]:
    if not isinstance(entry, dict):
        return [_among(name, entry)]
    if not entry:
        raise ValueError(f"no comparison is given for {name}")
    tests = []
    for sign, value in entry.items():
        if sign == "!=":
            tests.append(_negated(_among(name, value)))
        elif sign in _COMPARISONS:
            tests.append(_compared(name, sign, value))
        else:
            raise ValueError(f"{name} has no comparison {sign!r}; choose one of {', '.join([*_COMPARISONS, '!='])}")
    return tests


def _among(name: str, entry: Any) -> Test:
    values = entry if isinstance(entry, list) else [entry]
    if not values:
        raise ValueError(f"the list of values for {name} is empty")
    read = [_read_value(name, value) for value in values]
    return lambda value: value in read


def _negated(test: Test) -> Test:
    return lambda value: not test(value)


def _compared(name: str, sign: str, value: Any) -> Test:
    if name in AXES and name not in NUMBERS:
        raise ValueError(f"{name} cannot be compared by {sign}; only numbers can")
    compare, limit = _COMPARISONS[sign], _number(name, value)
    return lambda value: compare(parse_number(value), limit)


def _number(name: str, value: Any) -> Fraction:
    try:
        return parse_number(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be compared with a number, not {value!r}") from None


def _read_value(name: str, value: Any) -> Any:
    if name in _WIDTHS:
        return int(_number(name, value))
    try:
        return AXES[name](value) if name in AXES else read_any_parameter(name, value)
    except ValueError as refusal:
        try:
            return read_any_argument(name, value)
        except ValueError:
            raise refusal from None


def _value(point: Point, name: str) -> Any:
    if name in _WIDTHS:
        fmt = getattr(point, _WIDTHS[name])
        return None if fmt is None else parse_format(fmt).width
    if name in point.parameters:
        return point.parameters[name]
    if name in OPTIONS:
        return point.options.get(name, OPTIONS[name])
    return getattr(point, name) if name in AXES else None
