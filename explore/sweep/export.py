"""A sweep's rows as a table in a file of its own: CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...support.tools import MissingToolError
from .row import COLUMNS, Row

__all__ = ["SUFFIXES", "write_table"]

SUFFIXES = (".csv", ".parquet")
"""Suffixes of a table's file name."""


def write_table(rows: Iterable[Row], path: Path) -> int:
    """Write rows as CSV or Parquet, by the suffix of `path`; return their number.

    There is a column for each entry of `Row.flat`; cells are empty where a row has no such entry.

    Raises
    ------
    ValueError
        If the suffix is another.
    MissingToolError
        If Parquet needs a package that is not installed.

    """
    write = {".csv": _write_csv, ".parquet": _write_parquet}.get(path.suffix.lower())
    if write is None:
        raise ValueError(f"a table is written as {' or '.join(SUFFIXES)}, not as {path.name!r}")
    table = [row.flat() for row in rows]
    write({name: [row.get(name) for row in table] for name in _columns(table)}, path)
    return len(table)


def _columns(table: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return all columns: those of a table in a row beside one another, in the order of the fields of `Row`."""
    names = list(dict.fromkeys(name for row in table for name in row))
    groups = list(COLUMNS)
    return sorted(names, key=lambda name: groups.index(name.partition(".")[0]))


def _write_csv(columns: Mapping[str, list[Any]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _write_parquet(columns: Mapping[str, list[Any]], path: Path) -> None:
    try:
        from pyarrow import parquet, table
    except ImportError:
        raise MissingToolError("pyarrow", 'it with: pip install "softgate[parquet]"') from None
    parquet.write_table(table(dict(columns)), path)
