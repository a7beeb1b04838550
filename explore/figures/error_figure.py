"""The error figure: a unit against its function over every input code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...accuracy.error_measurement import measure_errors
from ...accuracy.error_metrics import ErrorMetrics
from ...accuracy.limits import EXHAUSTIVE_CODES
from ...accuracy.specification import Specification
from ...plan.plan import Plan
from ...sim.golden.model import golden
from .style import FAINT, GRID, figure_class, figure_path, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["error_figure"]

_COLUMNS = 1024
"""Columns that an error curve is drawn with; each shows the least and greatest error of its codes."""

_BINS = 61
"""Bars of the histogram; the middle one is about zero."""

_TRUTH, _UNIT = "#d9480f", "#2b5c9e"


def error_figure(
    plan: Plan, specification: Specification, path: str | os.PathLike[str], *, title: str | None = None
) -> Path:
    """Draw the function with the unit's output, the error over every input code, and the histogram of the error.

    Beside them stand the error metrics. Wider inputs than the picture has columns are drawn as the band between the
    least and greatest error of each column.

    The same arguments write the same file, byte for byte, with the same versions of matplotlib and its libraries.

    Parameters
    ----------
    plan
        The plan of the unit: one input and one output in the formats of the specification.
    specification
        The function and its formats.
    path
        File to write; its suffix, ``.png`` or ``.svg``, says in which format.
    title
        Heading of the figure; None names the function and the formats.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the suffix is another, the plan's formats are not those of the specification, or there are more than 2**24
        input codes.
    MissingToolError
        If matplotlib is not installed.

    """
    path = figure_path(path)
    _check(plan, specification)
    with figure_class() as new_figure:
        outputs, errors = _walk(plan, specification)
        low = specification.codes.low
        metrics = measure_errors(lambda codes: outputs[codes - low], specification.reference)
        stride = max(len(errors) // _COLUMNS, 1)  # the codes of a column
        x = specification.input_format.to_float(specification.input_format.codes(*specification.codes)[::stride])
        figure = new_figure(figsize=(9, 5.6), dpi=160, layout="constrained")
        figure.suptitle(title or f"{specification.function}, {_formats(specification)}", fontsize=11)
        grid = figure.add_gridspec(2, 2, width_ratios=(3.4, 1), height_ratios=(1, 1.1))
        values = figure.add_subplot(grid[0, 0])
        over_codes = figure.add_subplot(grid[1, 0], sharex=values)
        histogram = figure.add_subplot(grid[1, 1], sharey=over_codes)
        _draw_values(values, specification, x, outputs[::stride], errors[::stride])
        columns = np.pad(errors, (0, -len(errors) % stride), mode="edge").reshape(-1, stride)
        _draw_errors(over_codes, x, columns)
        _draw_histogram(histogram, errors)
        _write_metrics(figure.add_subplot(grid[0, 1]), metrics)
        save_figure(figure, path)
    return path


def _check(plan: Plan, specification: Specification) -> None:
    given = ([fmt for _, fmt in plan.inputs], [output.format for output in plan.outputs])
    if given != ([specification.input_format], [specification.output_format]):
        inputs, outputs = (", ".join(map(str, formats)) for formats in given)
        raise ValueError(
            f"the plan goes from {inputs or 'nothing'} to {outputs}, but the specification is {_formats(specification)}"
        )
    count = specification.codes.size
    if count > EXHAUSTIVE_CODES:
        raise ValueError(f"{count} input codes are too many to draw; 2**24 at most")


def _formats(specification: Specification) -> str:
    return f"{specification.domain} to {specification.output_format}"


def _walk(plan: Plan, specification: Specification) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return the unit's output codes and their errors in ulp, for every input code in ascending order."""
    unit = golden(plan)
    points = specification.codes.size
    outputs, errors = np.empty(points, dtype=specification.output_format.code_dtype), np.empty(points)
    start = 0
    for span in specification.reference.spans():
        here = slice(start, start + len(span.codes))
        outputs[here] = unit(span.codes)
        errors[here] = span.errors(outputs[here])
        start = here.stop
    return outputs, errors


def _draw_values(
    axes: Axes, specification: Specification, x: NDArray[Any], outputs: NDArray[Any], errors: NDArray[Any]
) -> None:
    ulp = float(specification.output_format.shown.ulp)
    unit = specification.output_format.to_float(outputs)
    axes.plot(x, unit, color=_UNIT, linewidth=3.6, alpha=0.45, drawstyle="steps-mid", label="unit")
    axes.plot(x, unit - errors * ulp, color=_TRUTH, linewidth=1, label=str(specification.function))
    axes.set_title("value")
    axes.grid(color=GRID, linewidth=0.4, alpha=0.6)
    axes.legend(loc="best")


def _draw_errors(axes: Axes, x: NDArray[Any], errors: NDArray[np.float64]) -> None:
    """Draw the errors, one row for every `x`."""
    _draw_levels(axes)
    if errors.shape[1] == 1:
        axes.plot(x, errors, ".", color=_UNIT, markersize=2.5)
    else:
        low, high = errors.min(axis=1), errors.max(axis=1)
        axes.fill_between(x, low, high, step="post", color=_UNIT, linewidth=0.4)
    axes.set_ylim(-_limit(errors), _limit(errors))
    axes.set_title("error in ulp over every input code (lines at ±0.5 and ±1)")
    axes.set_xlabel("x")


def _draw_histogram(axes: Axes, errors: NDArray[np.float64]) -> None:
    _draw_levels(axes)
    counts, edges = np.histogram(errors, bins=_BINS, range=(-_limit(errors), _limit(errors)))
    axes.barh(edges[:-1], 100 * counts / len(errors), np.diff(edges), align="edge", color=_UNIT)
    axes.margins(x=0.05)
    axes.set_title("% of the inputs")
    axes.tick_params(labelleft=False)


def _draw_levels(axes: Axes) -> None:
    for level, line in ((-1.0, ":"), (-0.5, "--"), (0.5, "--"), (1.0, ":")):
        axes.axhline(level, color=GRID, linewidth=0.9, linestyle=line, zorder=0)


def _limit(errors: NDArray[np.float64]) -> float:
    return max(1.15, 1.08 * float(np.abs(errors).max()))


def _write_metrics(axes: Axes, metrics: ErrorMetrics) -> None:
    axes.set_axis_off()
    rows = (
        ("largest error", metrics.largest_text),
        ("", f"{metrics.max_abs:.3g}"),
        ("at x =", f"{metrics.worst_value:.6g}"),
        ("mean error", f"{metrics.mean_abs:.3g}"),
        ("rms error", f"{metrics.rms:.3g}"),
        ("correctly rounded", f"{metrics.correctly_rounded:.2%}"),
        ("monotonic", "yes" if metrics.monotonic else "no"),
        ("inputs", f"{metrics.points:,}"),
    )
    for row, (name, value) in enumerate(rows):
        height = 0.95 - row / len(rows)
        axes.text(0.0, height, name, transform=axes.transAxes, va="top", color=FAINT)
        axes.text(1.0, height, value, transform=axes.transAxes, va="top", ha="right")
