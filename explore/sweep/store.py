"""Results of a sweep, in a database that can be read while the sweep runs and long after.

`open_store` opens a folder; `Store.rows` yields a `Row` for each point, `Store.manifest` returns the unit of a row.
The database is SQLite: its table ``points`` has the fields of `Row` as columns (see `row`), lists and tables as JSON.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from ...hdl.composites.manifest import CompositeManifest, read_manifest
from ...hdl.manifest import Manifest
from .row import COLUMNS, FINAL, Row

__all__ = ["DATABASE", "SCHEMA", "Store", "StoreError", "open_store"]

DATABASE = "sweep.sqlite"
"""Name of the database in a sweep's folder."""

SCHEMA = 2
"""Version of the database's layout; it rises when a column changes its meaning or goes away."""


class StoreError(ValueError):
    """A folder without a sweep, or with one that this version of softgate cannot use."""


def open_store(folder: str | Path) -> Store:
    """Open the sweep in a folder for reading; it may be running.

    Raises
    ------
    StoreError
        If there is none, or it has another layout.

    """
    path = Path(folder) / DATABASE
    if not path.is_file():
        raise StoreError(f"there is no sweep in {str(folder)!r}; start one with softgate sweep GRID --out {folder}")
    return Store(path)


class Store:
    """The database of a sweep, as a context manager that closes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with ExitStack() as undo:
                self._connection = undo.enter_context(closing(self._connect()))
                if (schema := self._meta("schema")) != str(SCHEMA):
                    raise StoreError(f"{path} has layout {schema}; this softgate uses layout {SCHEMA}")
                undo.pop_all()
        except sqlite3.Error as error:
            raise StoreError(f"cannot use {str(path)!r}: {error}") from None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def rows(self, *statuses: str, whole: bool = False) -> Iterator[Row]:
        """Yield the points in the order of the grid.

        Parameters
        ----------
        *statuses
            Which to yield (see `row.STATUSES`): those with a final one unless given.
        whole
            Also yield points that an earlier grid had and the present one has no more, last.

        """
        chosen = statuses or FINAL
        marks = ", ".join("?" * len(chosen))
        query = (
            f"SELECT {', '.join(COLUMNS)} FROM points WHERE status IN ({marks})"
            + ("" if whole else " AND place IS NOT NULL")
            + " ORDER BY place IS NULL, place, name"
        )
        for values in self._connection.execute(query, chosen):
            yield Row.of_columns(values)

    def counts(self) -> Counter[str]:
        """Return the number of points of the grid by status."""
        query = "SELECT status, count(*) FROM points WHERE place IS NOT NULL GROUP BY status"
        return Counter(dict(self._connection.execute(query).fetchall()))

    def manifest(self, row: Row) -> Manifest | CompositeManifest:
        """Return the manifest of a row's unit or composite, plans included; `StoreError` if it has none."""
        return read_manifest(json.loads(self._unit(row, "manifest")))

    def verilog(self, row: Row) -> str:
        """Return the Verilog of a row's unit; `StoreError` if it has none."""
        return self._unit(row, "verilog")

    @property
    def grid(self) -> str:
        """Text of the grid file."""
        return self._meta("grid") or ""

    def _unit(self, row: Row, column: str) -> str:
        query = f"SELECT {column} FROM units WHERE verilog_sha256 = ?"
        found = self._connection.execute(query, (row.verilog_sha256,)).fetchone()
        if found is None:
            raise StoreError(f"point {row.name} has no unit: it is {row.status}")
        return str(found[0])

    def _meta(self, key: str) -> str | None:
        found = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])
