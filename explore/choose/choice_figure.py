"""A choice as a figure: the size of every candidate against its latency, or its clock."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..figures.pareto import pareto_front
from ..figures.style import COLOURS, FAINT, GRID, figure_class, figure_path, save_figure
from .choice import Choice, Weighed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["choice_figure"]


def choice_figure(choice: Choice, path: str | os.PathLike[str], *, title: str = "") -> Path:
    """Draw the look-up tables of all candidates against their latency, or for objective ``fmax`` their clock.

    Filled marks are measured, open ones predicted; the line is the Pareto front, the ring the one that was chosen.

    Parameters
    ----------
    choice
        What was weighed.
    path
        File to write, ``.png`` or ``.svg``.
    title
        Heading of the figure.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the suffix is another, or no candidate can be built.
    MissingToolError
        If matplotlib is not installed.

    """
    path = figure_path(path)
    shown = [each for each in choice.weighed if each.size is not None]
    if not shown:
        raise ValueError("no candidate could be built: there is nothing to draw")
    with figure_class() as new_figure:
        figure = new_figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, shown, clock=choice.objective == "fmax")
        axes.set_title(title)
        axes.set_ylabel("look-up tables")
        save_figure(figure, path)
    return path


def _draw(axes: Axes, shown: Sequence[Weighed], *, clock: bool) -> None:
    x = np.array([(each.clock if clock else each.latency) or 0.0 for each in shown])
    y = np.array([each.size or 0.0 for each in shown])
    measured = np.array([each.measured_luts is not None for each in shown])
    names = np.array([each.method for each in shown])
    for number, name in enumerate(dict.fromkeys(names.tolist())):
        for filled in (True, False):
            here = (names == name) & (measured == filled)
            colour = COLOURS[number % len(COLOURS)]
            face = colour if filled else "none"
            label = f"{name}, {'synthesised' if filled else 'predicted'}" if here.any() else None
            axes.scatter(x[here], y[here], s=30, facecolors=face, edgecolors=colour, zorder=3, label=label)
    front = pareto_front(-x if clock else x, y)
    order = np.argsort(x[front], kind="stable")
    style = "steps-pre" if clock else "steps-post"
    axes.plot(x[front][order], y[front][order], color=FAINT, linewidth=1.2, drawstyle=style, zorder=2)
    for each, across, up in zip(shown, x, y, strict=True):
        if each.chosen:
            axes.scatter([across], [up], s=120, facecolors="none", edgecolors=FAINT, linewidths=1.4, label="chosen")
    axes.set_xlabel("clock in MHz" if clock else "latency in clocks")
    axes.margins(0.08)
    axes.set_ylim(bottom=0)
    axes.grid(color=GRID, linewidth=0.4, alpha=0.6)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
