"""Tables whose rows come one by one, as measurements are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Row", "markdown"]


class Row(NamedTuple):
    """A line of a table: its label and its figures by name."""

    label: str
    figures: dict[str, str]


def markdown(heading: str, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of Markdown tables as the rows come, with a table of its own for rows of other figures.

    Parameters
    ----------
    heading
        The heading of the labels.
    rows
        What is in the tables.

    """
    columns: list[str] = []
    for row in rows:
        if columns != list(row.figures):
            if columns:
                yield ""
            columns = list(row.figures)
            yield f"| {heading} | " + " | ".join(columns) + " |"
            yield "|---|" + "---|" * len(columns)
        yield f"| {row.label} | " + " | ".join(row.figures.values()) + " |"
