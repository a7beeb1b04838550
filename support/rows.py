"""Markdown tables whose rows are printed one by one, as measurements are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Row", "markdown"]


class Row(NamedTuple):
    """A row of a table: its label, and its cells by column."""

    label: str
    cells: dict[str, str]


def markdown(heading: str, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of Markdown tables as the rows come; rows with other columns start another table.

    Parameters
    ----------
    heading
        The heading of the labels.
    rows
        The rows.

    """
    columns: list[str] = []
    for row in rows:
        if columns != list(row.cells):
            if columns:
                yield ""
            columns = list(row.cells)
            yield f"| {heading} | " + " | ".join(columns) + " |"
            yield "|---|" + "---|" * len(columns)
        yield f"| {row.label} | " + " | ".join(row.cells.values()) + " |"
