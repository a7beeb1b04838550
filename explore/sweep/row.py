"""A point of a sweep with its results, field by field, and the columns that they are in the database.

The type of a field gives its column's type in SQLite, the `Note` beside it the column's meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from .point import Point

__all__ = ["COLUMNS", "FINAL", "MEASURED", "STATUSES", "Column", "Row"]

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
    function: Annotated[str, Note("function or composite")]
    input: Annotated[str | None, Note("input format; None where it is among the parameters of a composite")]
    output: Annotated[str | None, Note("output format, likewise")]
    method: Annotated[str | None, Note("method: as used where there is a unit, else as asked; None of a composite")]
    parameters: Annotated[
        dict[str, str],
        Note("those of function and method, or of the composite: as used where there is a unit, else as asked"),
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
    error: Annotated[
        dict[str, Any],
        Note("error metrics over every input, as in the manifest; of a composite, what is proved", "ulp, or absolute"),
    ]
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

    @classmethod
    def of_columns(cls, values: Iterable[Any]) -> Row:
        """Return the row of the values of `COLUMNS`, as the database has them."""
        fields = dict(zip(COLUMNS, values, strict=True))
        for name, column in COLUMNS.items():
            if column.type == "JSON":
                fields[name] = json.loads(fields[name])
        return cls(**fields | {"saturate": bool(fields["saturate"])})

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
