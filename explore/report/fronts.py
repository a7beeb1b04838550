"""Pareto fronts of a sweep as a figure: error against cost, with more panels for what does not fit into one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..figures.pareto import pareto_front
from ..figures.style import COLOURS, FAINT, GRID, figure_class, figure_path, save_figure
from ..sweep.row import Row
from .fields import Field, field_of, values_of
from .jobs import Job, job_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["front_figure"]

_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""As many as make each colour come with each of them before a pair comes again."""

_LEVELS = ((0.5, "--"), (1.0, ":"))
"""Errors in ulp that a line is drawn at: units up to the first are correctly rounded, below the second faithful."""

_JOBS = 6
"""The most jobs in a panel."""

_PANELS = 24
"""The most panels in a figure."""


@dataclass(frozen=True)
class _Point:
    job: Job
    method: str
    x: float
    y: float


def front_figure(rows: Iterable[Row], measure: str, error: str, path: str | os.PathLike[str]) -> Path:
    """Draw an error of units against a measure of them, and the Pareto front of each job as a line.

    Colours distinguish jobs, and shapes methods; if there are too many, panels do. The line is a staircase: the least
    error attainable at a cost. The same rows make the same file, byte for byte, with the same versions of matplotlib
    and its libraries.

    Parameters
    ----------
    rows
        Rows of a sweep; those that lack one of the two are left out.
    measure
        What the error is drawn against: an entry of `Row.flat` that is better low or high, such as ``luts``.
    error
        The error: an entry of the error metrics that is better low, such as ``max_ulp``.
    path
        File to write; its suffix, ``.png`` or ``.svg``, says in which format.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the suffix is another, or no row has both figures.
    MissingToolError
        If matplotlib is not installed.

    """
    path = figure_path(path)
    across, up = field_of(measure), field_of(f"error.{error}")
    points = _points(list(rows), across, up)
    if not points:
        raise ValueError(f"no point has both {across.label} and {up.label}: there is nothing to draw")
    with figure_class() as new_figure:
        save_figure(_drawn(new_figure, points, across, up), path)
    return path


def _drawn(new_figure: type[Figure], points: Sequence[_Point], across: Field, up: Field) -> Figure:
    shared, of_panels, of_series = _divided([point.job for point in points])
    panels = _grouped(points, of_panels)
    shown = dict(list(panels.items())[:_PANELS])
    columns = ceil(sqrt(len(shown))) if len(shown) < 7 else 3
    lines = ceil(len(shown) / columns)
    size = (7.2, 4.8) if len(shown) == 1 else (4.1 * columns, 3.5 * lines + 0.6)
    figure = new_figure(figsize=size, dpi=160, layout="constrained")
    grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, (names, here) in zip(grid.flat, shown.items(), strict=False):
        axes.set_axis_on()
        axes.set_title(", ".join(filter(None, names)))
        axes.tick_params(labelbottom=True, labelleft=True)  # each panel needs its labels, although they share scales
        _draw_panel(axes, here, of_series, across)
        for level, line in _LEVELS if up.unit == "ulp" else ():
            axes.axhline(level, color=GRID, linewidth=0.9, linestyle=line, zorder=0)
    _scale(grid[0, 0], "x", [point.x for point in points])
    _scale(grid[0, 0], "y", [point.y for point in points])
    missing = f"\n{len(panels) - len(shown)} more panels are left out" if len(panels) > len(shown) else ""
    figure.suptitle(", ".join(filter(None, shared)), fontsize=11)
    figure.supxlabel(across.title + missing, fontsize=9)
    figure.supylabel(up.title + ("; lines at 0.5 and 1" if up.unit == "ulp" else ""), fontsize=9)
    return figure


def _points(rows: Sequence[Row], across: Field, up: Field) -> list[_Point]:
    x, y = values_of(rows, across.key), values_of(rows, up.key)
    return [
        _Point(job_of(row, absolute=up.absolute), row.method or row.function, float(x[at]), float(y[at]))
        for at, row in enumerate(rows)
        if np.isfinite(x[at]) and np.isfinite(y[at])
    ]


def _divided(jobs: Sequence[Job]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Divide the fields of jobs: the values that all share, the fields that distinguish panels, and the rest."""
    shared = tuple(str(values[0]) for values in zip(*jobs, strict=True) if len(set(values)) == 1)
    fields = [name for name, values in zip(Job._fields, zip(*jobs, strict=True), strict=True) if len(set(values)) > 1]
    for count in range(len(fields)):
        panels = {(tuple(getattr(job, name) for name in fields[:count]), job) for job in jobs}
        names = [names for names, _ in panels]
        if max(map(names.count, names)) <= _JOBS:
            return shared, tuple(fields[:count]), tuple(fields[count:])
    return shared, tuple(fields), ()


def _grouped(points: Iterable[_Point], names: Sequence[str]) -> dict[tuple[str, ...], list[_Point]]:
    """Return the points by the values of these fields of their jobs."""
    groups: dict[tuple[str, ...], list[_Point]] = {}
    for point in points:
        groups.setdefault(tuple(getattr(point.job, name) for name in names), []).append(point)
    return groups


def _draw_panel(axes: Axes, points: Sequence[_Point], of_series: Sequence[str], across: Field) -> None:
    jobs = _grouped(points, of_series)
    methods = list(dict.fromkeys(point.method for point in points))
    size = float(np.clip(240 / sqrt(len(points)), 7, 30))
    for (job, name), (method, method_name) in product(enumerate(jobs), enumerate(methods)):
        here = [point for point in jobs[name] if point.method == method_name]
        if not here:
            continue
        # If all jobs, or all methods, are alike, colour and shape mean the same.
        colour, marker = (job if len(jobs) > 1 else method), (method if len(methods) > 1 else job)
        axes.scatter(
            [point.x for point in here],
            [point.y for point in here],
            s=size,
            color=COLOURS[colour % len(COLOURS)],
            marker=_MARKERS[marker % len(_MARKERS)],
            alpha=0.75,
            linewidths=0,
            zorder=3,
            label=", ".join([*name, *([method_name] if len(methods) > 1 else [])]),
        )
    for job, name in enumerate(jobs):
        _draw_front(axes, jobs[name], across, COLOURS[job % len(COLOURS)] if len(jobs) > 1 else FAINT)
    axes.grid(color=GRID, linewidth=0.4, alpha=0.6)
    if len(jobs) * len(methods) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=2, fontsize=8, handletextpad=0.2)


def _draw_front(axes: Axes, points: Sequence[_Point], across: Field, colour: str) -> None:
    x, y = (np.array(values) for values in zip(*((point.x, point.y) for point in points), strict=True))
    front = pareto_front(-x if across.better == "high" else x, y)
    order = np.argsort(x[front], kind="stable")
    # Between two points of the front, the attainable error is that of the cheaper one.
    style = "steps-pre" if across.better == "high" else "steps-post"
    axes.plot(x[front][order], y[front][order], color=colour, linewidth=1.3, alpha=0.9, drawstyle=style, zorder=2)


def _scale(axes: Axes, which: str, values: Sequence[float]) -> None:
    """Choose a logarithmic scale for values over a decade or more; zeros then lie below the least value."""
    array: NDArray[np.float64] = np.array(values)
    positive = array[array > 0]
    axis = getattr(axes, f"{which}axis")
    if not len(positive) or positive.max() < 10 * positive.min():
        room = 0.06 * float(np.ptp(array)) or 0.1 * abs(float(array[0])) or 1.0
        getattr(axes, f"set_{which}lim")(array.min() - room, array.max() + room)
        axis.get_major_locator().set_params(integer=bool((array == np.rint(array)).all()))
        return
    from matplotlib.ticker import LogLocator, NullLocator

    steps = (1.0, 2.0, 5.0) if positive.max() < 300 * positive.min() else (1.0,)
    axes.margins(0.06)
    if len(positive) < len(array):
        least = 10 ** np.floor(np.log10(positive.min()))
        getattr(axes, f"set_{which}scale")("symlog", linthresh=least, linscale=0.4, subs=steps)
    else:
        getattr(axes, f"set_{which}scale")("log")
        axis.set_major_locator(LogLocator(subs=steps))
        axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: f"{value:g}")
