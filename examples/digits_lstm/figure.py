"""The figure of accuracy against look-up tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

from .results import Result, by_gates

STAGES = {"swapped": ("put in without training", "#d9480f"), "trained": ("after ten more epochs", "#2b5c9e")}


def draw(results: Iterable[Result], path: Path) -> None:
    """Draw the mean accuracy of all gates against their look-up tables, as put in and as trained further."""
    rows = by_gates(results)
    float_row = rows.pop("float")
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.add_subplot(
        xscale="log", xlabel="LUTs of the logistic and the tanh unit on an ECP5", ylabel="digits read right (%)"
    )
    softgate, hard = ([row for name, row in rows.items() if name.startswith(kind)] for kind in ("softgate", "hard"))
    for stage, (words, colour) in STAGES.items():
        axes.axhline(_mean(float_row, stage), color=colour, linestyle="--", linewidth=1)
        axes.plot(*_means(softgate, stage), "o-", color=colour, label=f"softgate, {words}")
        axes.plot(*_means(hard, stage), "s", color=colour, fillstyle="none", label=f"hard, {words}")
    for row in rows.values():
        bits = row[0].gates.partition(", ")[2]
        lowest = min(_mean(row, stage) for stage in STAGES)
        axes.annotate(bits, (row[0].luts, lowest), (0, -14), textcoords="offset points", ha="center", fontsize=8)
    axes.plot([], [], "--", color="0.4", linewidth=1, label="float gates, in the colour of either")
    axes.margins(y=0.1)
    axes.xaxis.set_major_locator(FixedLocator([5, 10, 20, 50, 100, 200, 500]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.grid(color="0.9")
    axes.legend(fontsize=8, loc="lower right")
    with mpl.rc_context({"svg.hashsalt": "softgate"}):
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def _mean(row: Sequence[Result], stage: str) -> float:
    return mean([row.swapped if stage == "swapped" else row.trained for row in row])


def _means(rows: Sequence[Sequence[Result]], stage: str) -> tuple[list[int], list[float]]:
    return [row[0].luts for row in rows], [_mean(row, stage) for row in rows]
