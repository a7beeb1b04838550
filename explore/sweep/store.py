"""Results of a sweep, in a database that can be read while the sweep runs and long after.

`open_store` opens a folder; `Store.rows` yields a `Row` for each point, `Store.manifest` returns the unit of a row.
The database is SQLite: its table ``points`` has the fields of `Row` as columns, lists and tables as JSON.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NamedTuple, Self, get_args, get_origin, get_type_hints

from ...hdl.manifest import Manifest
from .point import Point

__all__ = [
    "COLUMNS",
    "DATABASE",
    "FINAL",
    "MEASURED",
    "SCHEMA",
    "STATUSES",
    "Column",
    "Row",
    "Store",
    "StoreError",
    "open_store",
]

DATABASE = "sweep.sqlite"
"""Name of the database in a sweep's folder."""

SCHEMA = 2
"""Version of the database's layout; it rises when a column changes its meaning or goes away."""

STATUSES = {
    "waiting": "nothing was done yet",
    "emitted": "the unit is made and checked, but not measured yet",
    "done": "made, checked and measured",
    "missed": "the same, but slower than the clock that it was built for; the reason says by how much",
    "infeasible": "there is no such unit; the reason says why",
    "failed": "a check or a tool failed; the reason says how",
}
"""Statuses of a point and their meanings."""

MEASURED = ("done", "missed")
"""The statuses of a point whose unit is measured."""

FINAL = (*MEASURED, "infeasible", "failed")
"""The final statuses of a point."""


class StoreError(ValueError):
    """A folder without a sweep, or with one that this version of softgate cannot use."""


class Note(NamedTuple):
    """The meaning of a column, and its unit."""

    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """A point of a sweep and its results; fields that do not apply or were not reached are None or empty."""

    name: Annotated[str, Note("the point's name, the same wherever the point occurs")]
    place: Annotated[int | None, Note("its number in the grid, from 0; None for a point that is no longer in it")]
    status: Annotated[str, Note("`waiting`, `emitted`, `done`, `missed`, `infeasible` or `failed`")]
    reason: Annotated[
        str | None, Note("why it is infeasible, how it failed, which clock it missed, or why it has no clock frequency")
    ]
    function: Annotated[str, Note("function")]
    input: Annotated[str, Note("input format")]
    output: Annotated[str, Note("output format")]
    method: Annotated[str | None, Note("method: as used where there is a unit, else as asked")]
    parameters: Annotated[
        dict[str, str], Note("those of function and method: as used where there is a unit, else as asked")
    ]
    max_error: Annotated[str | None, Note("error budget asked for")]
    saturate: Annotated[bool, Note("whether the output format may be too small for the function")]
    interface: Annotated[str, Note("interface")]
    target: Annotated[str, Note("target")]
    frequency: Annotated[float | None, Note("clock asked for; None for the target's ordinary one", "MHz")]
    options: Annotated[
        dict[str, Any], Note("what else was asked for, such as `objective`, `dsp` or `monotonic`; defaults left out")
    ]
    seeds: Annotated[list[int], Note("seeds of place and route; empty for synthesis alone")]
    error: Annotated[dict[str, Any], Note("error metrics over every input, as in the manifest", "ulp, or absolute")]
    latency: Annotated[int | None, Note("from input to output", "clocks")]
    initiation_interval: Annotated[int | None, Note("from one input to the next", "clocks")]
    resources: Annotated[dict[str, int], Note("what the unit takes, by the target's own names", "cells")]
    luts: Annotated[
        int | None, Note("look-up tables in all, those in carry cells and distributed RAM included", "LUTs")
    ]
    ff: Annotated[int | None, Note("flip-flops", "cells")]
    dsp: Annotated[int | None, Note("multiplier blocks", "cells")]
    bram: Annotated[int | None, Note("block RAMs", "cells")]
    fmax: Annotated[float | None, Note("clock frequency reached, the median over the seeds", "MHz")]
    fmax_by_seed: Annotated[dict[str, float], Note("clock frequency reached with each seed", "MHz")]
    plan_sha256: Annotated[str | None, Note("hash of the plan")]
    verilog_sha256: Annotated[str | None, Note("hash of the Verilog, the same for points with the same unit")]
    emit_command: Annotated[str, Note("command line that makes the unit")]
    synth_command: Annotated[str, Note("command line that measures it then; empty where nothing synthesises")]
    versions: Annotated[dict[str, str], Note("versions of the packages that made and measured the unit")]
    seconds: Annotated[
        dict[str, float], Note("time that `emit`, `check` and `measure` took; points with one unit share the last", "s")
    ]
    asked: Annotated[dict[str, Any], Note("the point as the grid has it")]

    @property
    def point(self) -> Point:
        """The point as the grid has it."""
        return Point.from_dict(self.asked)

    def as_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {name: getattr(self, name) for name in COLUMNS}

    def flat(self) -> dict[str, Any]:
        """Return the row without tables in it: their entries are named as ``error.max_ulp`` or ``resources.LUT4``."""
        return dict(_flattened("", {key: value for key, value in self.as_dict().items() if key != "asked"}))


def _flattened(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flattened(f"{prefix}{key}.", value)
        else:
            yield prefix + key, " ".join(map(str, value)) if isinstance(value, list) else value


class Column(NamedTuple):
    """A column of the table ``points``: its type in SQLite (``JSON`` is text there), its meaning and its unit."""

    type: str
    meaning: str
    unit: str


def _column(hint: Any) -> Column:
    value, note = get_args(hint)
    kind = get_args(value)[0] if isinstance(value, UnionType) else value
    return Column(_TYPES[get_origin(kind) or kind], *note)


_TYPES: dict[Any, str] = {str: "TEXT", int: "INTEGER", bool: "INTEGER", float: "REAL", dict: "JSON", list: "JSON"}

COLUMNS = {name: _column(hint) for name, hint in get_type_hints(Row, include_extras=True).items()}
"""The columns of the table ``points`` by name, which are the fields of `Row`."""


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
            Which to yield (see `STATUSES`): those with a final one unless given.
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
            yield _row(dict(zip(COLUMNS, values, strict=True)))

    def counts(self) -> Counter[str]:
        """Return the number of points of the grid by status."""
        query = "SELECT status, count(*) FROM points WHERE place IS NOT NULL GROUP BY status"
        return Counter(dict(self._connection.execute(query).fetchall()))

    def manifest(self, row: Row) -> Manifest:
        """Return the manifest of a row's unit, plan included; `StoreError` if it has none."""
        return Manifest.from_dict(json.loads(self._unit(row, "manifest")))

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


def _row(values: dict[str, Any]) -> Row:
    for name, column in COLUMNS.items():
        if column.type == "JSON":
            values[name] = json.loads(values[name])
    return Row(**values | {"saturate": bool(values["saturate"])})
