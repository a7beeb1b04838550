"""The files of a report, and the functions that write them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from ..figures.style import FIGURE_SUFFIXES, figure_class
from ..sweep.row import MEASURED, Row
from ..sweep.store import Store
from .fields import ERRORS, MEASURES, field_of
from .fronts import front_figure
from .page.build import build_page
from .table import report_data

__all__ = ["FORMATS", "PAGE", "Writer", "report_files"]

FORMATS = ("html", *(suffix[1:] for suffix in FIGURE_SUFFIXES))
"""Files of a report."""

PAGE = "report.html"
"""Name of the page."""

Progress = Callable[[float], None]

Writer = Callable[[Path, Progress], object]
"""A function that writes a file to a path, and reports the share that is done."""


def report_files(
    store: Store, *, formats: Collection[str] = FORMATS, error: str = ERRORS[0]
) -> tuple[dict[str, Writer], list[str]]:
    """Return the files of a sweep's report by name, and sentences about those that cannot be made.

    Parameters
    ----------
    store
        The sweep.
    formats
        Which of `FORMATS` to make.
    error
        Which of `ERRORS` to plot.

    Raises
    ------
    ValueError
        If the sweep has nothing for any of them yet, or an argument is wrong.
    MissingToolError
        If figures are wanted and matplotlib is not installed.

    """
    for name, value, known in (("formats", set(formats), FORMATS), ("error", {error}, ERRORS)):
        if not value or not value <= set(known):
            raise ValueError(f"{name} must be of {', '.join(known)}, not {', '.join(sorted(value)) or 'none'}")
    if not any(store.rows()):
        raise ValueError(f"no point of the sweep in {str(store.path.parent)!r} is finished yet")
    files: dict[str, Writer] = {PAGE: partial(_write_page, store, error)} if "html" in formats else {}
    suffixes = [suffix for suffix in FIGURE_SUFFIXES if suffix[1:] in formats]
    if not suffixes:
        return files, []
    with figure_class():
        pass  # report a missing matplotlib before anything is written
    rows, left_out = list(store.rows(*MEASURED)), []
    for measure in MEASURES:
        if any(getattr(row, measure) is not None for row in rows):
            draw = partial(_draw, rows, measure, error)
            files |= {f"{error}-{measure}{suffix}": draw for suffix in suffixes}
        else:
            left_out.append(f"{field_of(measure).label} is not known of any point, so there is no figure of it")
    if not rows:
        left_out = ["no point is done, so there is no figure"]
    if not files:
        raise ValueError("; ".join(left_out))
    return files, left_out


def _write_page(store: Store, error: str, path: Path, progress: Progress) -> None:
    path.write_text(build_page(report_data(store, error, progress)), encoding="utf-8", newline="\n")


def _draw(rows: Sequence[Row], measure: str, error: str, path: Path, progress: Progress) -> None:
    front_figure(rows, measure, error, path)
    progress(1.0)
