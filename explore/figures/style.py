"""The common part of all figures: matplotlib if installed, the style, and reproducible files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...support.tools import MissingToolError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "FAINT", "FIGURE_SUFFIXES", "GRID", "figure_class", "figure_path", "save_figure"]

FIGURE_SUFFIXES = (".png", ".svg")
"""Suffixes of a figure's file name."""

FAINT, GRID = "#5b6673", "#aab2bb"
"""Colours of frames and notes, and of the lines behind the data."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b65c92", "#b07c00", "#3a96cf")
"""Colours of series, distinguishable with all common kinds of colour blindness; a sweep's page has the same."""

_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same everywhere
    "font.size": 9,
    "axes.xmargin": 0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "svg.hashsalt": "softgate",  # identifiers in the SVG are random without one
}


@contextmanager
def figure_class() -> Iterator[type[Figure]]:
    """Yield matplotlib's `Figure`; figures drawn and saved inside have softgate's style, not the user's.

    Raises
    ------
    MissingToolError
        If matplotlib is not installed.

    """
    try:
        from matplotlib import style
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingToolError("matplotlib", 'it with: pip install "softgate[plot]"') from None
    with style.context(["default", _STYLE]):
        yield Figure


def figure_path(path: str | os.PathLike[str]) -> Path:
    """Return the path of a figure's file; `ValueError` unless its suffix is one of `FIGURE_SUFFIXES`."""
    path = Path(path)
    if path.suffix.lower() not in FIGURE_SUFFIXES:
        raise ValueError(f"a figure is written as {' or '.join(FIGURE_SUFFIXES)}, not as {path.name!r}")
    return path


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG, by the suffix of `path`.

    The same figure makes the same file, byte for byte, with the same versions of matplotlib and its libraries.
    """
    suffix = path.suffix.lower()
    # Without date and program version, so that the file is reproducible.
    left_out = ("Software",) if suffix == ".png" else ("Date", "Creator", "Format", "Type")
    figure.savefig(path, format=suffix[1:], metadata=dict.fromkeys(left_out))
