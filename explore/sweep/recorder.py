"""The writing side of a sweep's database: one process, and one transaction for each result."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from ...support.files import created_folder, working_in
from .grid import Grid
from .manifest_columns import manifest_columns
from .point import Point
from .row import COLUMNS, MEASURED
from .store import DATABASE, SCHEMA, Store, StoreError

__all__ = ["Recorder"]

_FOUND = ("status", "reason", "resources", "luts", "ff", "dsp", "bram", "fmax", "fmax_by_seed")

_LAYOUT = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE units (verilog_sha256 TEXT PRIMARY KEY, manifest TEXT NOT NULL, verilog TEXT NOT NULL);
CREATE TABLE points (
    {", ".join(f"{name} {column.type}" for name, column in COLUMNS.items())},
    measurement TEXT,
    PRIMARY KEY (name)
);
CREATE INDEX by_measurement ON points (measurement);
CREATE INDEX by_place ON points (place, status);
INSERT INTO meta VALUES ('schema', '{SCHEMA}');
"""


class Recorder(Store):
    """A sweep's database, open for writing by this process alone.

    Raises
    ------
    StoreError
        If another sweep runs in the folder, or its content cannot be used.
    OSError
        If the folder cannot be written.

    """

    def __init__(self, folder: Path) -> None:
        with ExitStack() as undo:
            undo.enter_context(created_folder(folder))
            # The system releases the lock when the process ends, however it ends.
            self._lock = os.open(folder, os.O_RDONLY)
            undo.callback(os.close, self._lock)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    f"a sweep is running in {str(folder)!r}; wait for it, or choose another --out"
                ) from None
            path = folder / DATABASE
            if not path.exists():
                undo.callback(_delete, path)
            with working_in(folder):  # SQLite calls a full disk by several names
                super().__init__(path)
            undo.pop_all()

    def _connect(self) -> sqlite3.Connection:
        with ExitStack() as undo:
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            undo.enter_context(closing(connection))
            connection.execute("PRAGMA journal_mode = WAL")  # readers and this process do not wait for each other
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                connection.executescript(f"BEGIN; {_LAYOUT} COMMIT;")
            undo.pop_all()
        return connection

    def close(self) -> None:
        """Close the database, which is then a single file unless somebody reads it, and let others use the folder."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        super().close()
        os.close(self._lock)

    def begin(self, grid: Grid, *, retry: bool = False) -> None:
        """Give the points of a grid their places, and remove those of all others; new points wait.

        With `retry`, points that failed wait again.
        """
        with self._transaction() as execute:
            execute("UPDATE points SET place = NULL")
            for place, point in enumerate(grid.points):
                self._insert(point, place)
            if retry:
                execute("UPDATE points SET status = 'waiting', reason = NULL WHERE status = 'failed'")
            execute("INSERT OR REPLACE INTO meta VALUES ('grid', ?)", (grid.text,))

    def waiting(self) -> list[Point]:
        """Return the points that have not been started, in order."""
        query = "SELECT asked FROM points WHERE status = 'waiting' AND place IS NOT NULL ORDER BY place"
        return [Point.from_dict(json.loads(asked)) for (asked,) in self._connection.execute(query)]

    def unmeasured(self) -> list[tuple[str, Point]]:
        """Return the measurements that points wait for, in order, each once and with one of its points."""
        query = (
            "SELECT measurement, asked, min(place) FROM points "
            "WHERE status = 'emitted' AND place IS NOT NULL GROUP BY measurement ORDER BY 3"
        )
        return [(key, Point.from_dict(json.loads(asked))) for key, asked, _ in self._connection.execute(query)]

    def unit(self, key: str) -> tuple[str, str]:
        """Return manifest and Verilog of the unit of a measurement."""
        query = "SELECT manifest, verilog FROM units JOIN points USING (verilog_sha256) WHERE measurement = ? LIMIT 1"
        manifest, verilog = self._connection.execute(query, (key,)).fetchone()
        return manifest, verilog

    def made(self, point: Point, answer: Mapping[str, Any]) -> str | None:
        """Record the result of `make_unit`; return the measurement that the point then waits for, if any."""
        found = {"status": answer["status"], "reason": answer["reason"]}
        found |= {"versions": answer["versions"], "seconds": answer["seconds"]}
        if "manifest" in answer:
            found |= manifest_columns(json.loads(answer["manifest"]))
        with self._transaction() as execute:
            self._check_versions(answer["versions"])
            if "manifest" in answer:
                insert = "INSERT OR IGNORE INTO units VALUES (?, ?, ?)"
                execute(insert, (found["verilog_sha256"], answer["manifest"], answer["verilog"]))
            if answer["status"] != "emitted":
                self._update(point.name, found)
                return None
            key = point.measurement(found["verilog_sha256"])
            self._update(point.name, {**found, "measurement": key})
            query = f"SELECT {', '.join(_FOUND)}, seconds FROM points WHERE measurement = ? AND status IN (?, ?)"
            if (before := execute(query, (key, *MEASURED)).fetchone()) is None:
                return key
            *figures, seconds = before
            self._finish(key, dict(zip(_FOUND, figures, strict=True)), json.loads(seconds))
            return None

    def measured(self, key: str, answer: Mapping[str, Any]) -> int:
        """Record the result of `measure_unit` for all points that wait for it; return their number."""
        found = _encoded({column: answer[column] for column in _FOUND})
        with self._transaction():
            self._check_versions(answer["versions"])
            return self._finish(key, found, answer["seconds"])

    def failed(self, point: Point, reason: str) -> None:
        """Record that a point could not be made."""
        with self._transaction():
            self._update(point.name, {"status": "failed", "reason": reason})

    def unmeasurable(self, key: str, reason: str) -> int:
        """Record that a measurement failed, for all points that wait for it; return their number."""
        with self._transaction():
            return self._finish(key, {"status": "failed", "reason": reason}, {})

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Execute the statements of the block as one transaction."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"cannot write {str(self.path)!r}: {error}") from None

    def _insert(self, point: Point, place: int) -> None:
        values: dict[str, Any] = {name: {} if column.type == "JSON" else None for name, column in COLUMNS.items()}
        values |= point.as_dict()
        values |= {"name": point.name, "place": place, "status": "waiting", "asked": point.as_dict()}
        values |= {"emit_command": point.emit_command(), "synth_command": point.synth_command()}
        marks = ", ".join("?" * len(values))
        insert = f"INSERT INTO points ({', '.join(values)}) VALUES ({marks})"
        known = "ON CONFLICT (name) DO UPDATE SET place = excluded.place"
        self._connection.execute(f"{insert} {known}", tuple(_encoded(values).values()))

    def _update(self, name: str, found: Mapping[str, Any]) -> None:
        values = _encoded(found)
        changes = ", ".join(f"{column} = ?" for column in values)
        self._connection.execute(f"UPDATE points SET {changes} WHERE name = ?", (*values.values(), name))

    def _finish(self, key: str, found: Mapping[str, Any], seconds: Mapping[str, float]) -> int:
        """Complete the points that wait for a measurement; each keeps its own seconds."""
        query = "SELECT name, seconds FROM points WHERE measurement = ? AND status = 'emitted'"
        waiting = self._connection.execute(query, (key,)).fetchall()
        for name, own in waiting:
            self._update(name, {**found, "seconds": {**seconds, **json.loads(own)}})
        return len(waiting)

    def _check_versions(self, versions: Mapping[str, str]) -> None:
        """Refuse to mix figures of different package versions in one table."""
        before = self._meta("versions")
        if before is None:
            self._connection.execute("INSERT INTO meta VALUES ('versions', ?)", (json.dumps(versions),))
            return
        for package, wanted in json.loads(before).items():
            if versions.get(package, wanted) != wanted:
                raise StoreError(
                    f"this sweep was begun with {package} {wanted}, and now it is {versions[package]}: figures of "
                    "both do not belong in one table; choose another --out"
                )


def _delete(path: Path) -> None:
    """Delete a database, with the files that SQLite has beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the form of the database."""
    return {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in values.items()}
