"""Grid files, which define the points of a sweep.

A grid is a table of axes, each a value or a list of values; its points are their cross product. A file holds one or
several, and conditions that leave points out (see `docs/sweeps.md`). Everything is checked before any point is made.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ...accuracy.composites import is_composite
from ...support.parameters import nearest
from .arguments import is_parameter
from .axes import AXES, MAX_POINTS, NUMBERS, Reader, declared_parameters, ranged, read_parameter
from .composites import composite_axes, composite_of
from .conditions import Condition, read_condition
from .point import OPTIONS, Point

__all__ = ["MAX_POINTS", "Grid", "GridError", "Kinds", "count_kinds", "count_points", "read_grid"]

Axes = dict[str, list[Any]]

_AXIS_OF = {"input": "formats", "output": "formats", "input_bits": "formats", "output_bits": "formats"}
"""The axis of a value of a point, if it has another name."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Grid:
    """A grid file: its text, and its points, in order and without duplicates."""

    text: str
    points: tuple[Point, ...]


class Kinds(NamedTuple):
    """Numbers of points that are units, and that are composites."""

    units: int
    composites: int


class GridError(ValueError):
    """A wrong grid file; the message names the place and the remedy."""


def read_grid(path: str | Path, *, seeds: Sequence[int]) -> Grid:
    """Read a grid file.

    Parameters
    ----------
    path
        The file, in TOML.
    seeds
        Seeds to place and route every point with; none for synthesis alone.

    Raises
    ------
    GridError
        If the file is wrong, or no point is left.
    OSError
        If it cannot be read.

    """
    return _of_file(path, lambda text, data: Grid(text, _read(data, tuple(seeds))))


def count_points(path: str | Path) -> int:
    """Return the number of points of a grid file, without making them.

    A point that several of its grids have in common counts for each. It raises what `read_grid` raises.
    """
    return sum(count_kinds(path))


def count_kinds(path: str | Path) -> Kinds:
    """Return the numbers of points of a grid file that are units and composites, likewise."""

    def count(_: str, data: Mapping[str, Any]) -> Kinds:
        grids, conditions = _read_tables(data)
        composites = [axes for axes in grids if is_composite(axes["function"][0])]
        units = [axes for axes in grids if axes not in composites]
        return Kinds(_count(units, conditions), _count(composites, conditions))

    return _of_file(path, count)


def _of_file(path: str | Path, use: Callable[[str, Mapping[str, Any]], _T]) -> _T:
    """Return the result of `use` on the text and the tables of a grid file."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GridError(f"{path} is not TOML: {error}") from None
    try:
        return use(text, data)
    except (TypeError, ValueError) as error:
        raise GridError(f"{path}: {error}") from None


def _count(grids: Sequence[Axes], conditions: Sequence[Condition]) -> int:
    """Return the number of points that remain, iterating only over axes that a condition uses."""
    left = 0
    for axes in grids:
        seen = {_AXIS_OF.get(name, name) for condition in conditions for name in condition.tests}
        # Each of the other axes multiplies the number that remains, whatever its value.
        narrowed = {name: values if name in seen else values[:1] for name, values in axes.items()}
        each = prod(len(values) for name, values in axes.items() if name not in seen)
        points = _product(narrowed, ()) if seen else iter(())
        every = prod(len(values) for values in axes.values())
        left += every - each * sum(any(condition.holds(point) for condition in conditions) for point in points)
    return left


def _read_tables(data: Mapping[str, Any]) -> tuple[list[Axes], list[Condition]]:
    """Return the axes of every grid, and the conditions that leave points out."""
    for key in data:
        if key not in ("grid", "exclude"):
            raise ValueError(f"a grid file has no table {key!r}; {nearest(key, ['grid', 'exclude'])}")
    grids = [_within(place, _read_axes, table) for place, table in _tables(data, "grid")]
    if not grids:
        raise ValueError("there is no [grid] with axes such as function, formats and degree")
    names = [name for axes in grids for name in axes]
    return grids, [_within(place, read_condition, table, names) for place, table in _tables(data, "exclude")]


def _read(data: Mapping[str, Any], seeds: tuple[int, ...]) -> tuple[Point, ...]:
    grids, conditions = _read_tables(data)
    if (count := sum(prod(map(len, axes.values())) for axes in grids)) > MAX_POINTS:
        raise ValueError(f"the grid has {count:,} points; at most {MAX_POINTS:,} are possible")
    points = {point.name: point for axes in grids for point in _product(axes, seeds)}
    left = tuple(point for point in points.values() if not any(condition.holds(point) for condition in conditions))
    if not left:
        raise ValueError(f"no point is left: what is under exclude leaves out all {len(points)}")
    return left


def _tables(data: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the tables of this name, one or several, each with its name for messages."""
    tables = data.get(key, [])
    if isinstance(tables, dict):
        return [(key, tables)]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"{key} must be a table, written as [{key}] or [[{key}]]")
    return [(f"{key} {number}", table) for number, table in enumerate(tables, 1)]


def _within(place: str, read: Any, *arguments: Any) -> Any:
    """Read a part of the file; errors name that part."""
    try:
        return read(*arguments)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None


def _read_axes(table: Mapping[str, Any]) -> Axes:
    """Return the values of every axis, including the required ones."""
    if (composite := composite_of(table)) is not None:
        return composite_axes(composite, table)
    pairs = "formats" in table
    if pairs and ("input" in table or "output" in table):
        raise ValueError("formats stands for input and output together; give either it or them")
    for name in ("function", *(["formats"] if pairs else ["input", "output"])):
        if name not in table:
            raise ValueError(
                f"there is no {name}" + ("" if name == "function" else "; give input and output, or formats")
            )
    axes: Axes = {
        name: _values(name, ranged(table[name]) if name in NUMBERS else table[name], AXES[name])
        for name in AXES
        if name in table
    }
    if not pairs:
        axes["formats"] = list(itertools.product(axes.pop("input"), axes.pop("output")))
    declared = declared_parameters(axes["function"], axes.get("method", [None]))
    for name, given in table.items():
        if name in AXES:
            continue
        if name not in declared:
            raise ValueError(_unknown(name, declared, axes))
        numbers = all(parameter.kind is int for parameter in declared[name])
        proper = declared[name][0].name
        if proper in axes:
            raise ValueError(f"{proper} is given by two of its names, one of them {name}: leave one out")
        axes[proper] = _values(name, ranged(given) if numbers else given, partial(read_parameter, declared[name]))
    return axes


def _unknown(name: str, declared: Iterable[str], axes: Axes) -> str:
    owners = f"function {', '.join(axes['function'])}"
    if "method" in axes:
        owners += f" with method {', '.join(axes['method'])}"
    several = len(axes["function"]) * len(axes.get("method", [None])) > 1
    return (
        f"{name!r} is neither an axis nor a parameter of {'each ' if several else ''}{owners}; "
        + nearest(name, [*AXES, *declared])
        + (" (what has other parameters goes into a [[grid]] of its own)" if several else "")
    )


def _values(name: str, given: Any, read: Reader) -> list[Any]:
    single = not isinstance(given, list) or (name == "formats" and given and not isinstance(given[0], list))
    values = [given] if single else given
    if not values:
        raise ValueError(f"{name} is an empty list")
    return list(dict.fromkeys(map(read, values)))


def _product(axes: Axes, seeds: tuple[int, ...]) -> Iterator[Point]:
    order = sorted(axes, key=lambda name: [*AXES, name].index(name))
    for chosen in itertools.product(*(axes[name] for name in order)):
        values = dict(zip(order, chosen, strict=True))
        source, output = values["formats"]
        own = [name for name in values if is_parameter(values["function"], name, AXES)]
        yield Point(
            function=values["function"],
            input=source,
            output=output,
            method=values.get("method"),
            parameters={name: values[name] for name in own},
            max_error=values.get("max_error"),
            saturate=values.get("saturate", False),
            interface=values.get("interface", "stream" if is_composite(values["function"]) else "pipeline"),
            target=values.get("target", "ecp5"),
            frequency=values.get("frequency"),
            seeds=seeds,
            options={
                name: values[name]
                for name in OPTIONS
                if name not in own and values.get(name, OPTIONS[name]) != OPTIONS[name]
            },
        )
