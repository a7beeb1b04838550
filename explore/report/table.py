"""The data of a sweep's page: described columns, and an error curve for each unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain
from typing import Any

from ...hdl.manifest import Manifest
from ...plan.merging import single_output
from ..sweep.row import Row
from ..sweep.store import Store
from .curves import error_curve
from .fields import MEASURES, field_of
from .jobs import job_of

__all__ = ["report_data"]

_ASKED = (
    "function",
    "input",
    "output",
    "method",
    "parameters",
    "max_error",
    "interface",
    "target",
    "frequency",
    "options",
)

_GROUPS = {
    "point": ("status", *_ASKED, "saturate"),
    "error": ("error",),
    "area": ("luts", "ff", "dsp", "bram", "resources"),
    "timing": ("latency", "initiation_interval", "fmax", "fmax_by_seed"),
    "outcome": ("reason",),
    "provenance": ("name", "seeds", "plan_sha256", "verilog_sha256", "versions", "seconds"),
    "commands": ("emit_command", "synth_command"),
}
"""Groups of columns, by the fields of `Row`."""

_ORDER = tuple(dict.fromkeys([*_GROUPS["point"], *_GROUPS["error"], *MEASURES, *chain(*_GROUPS.values())]))
"""The order of the table's columns, by the fields of `Row`: plotted ones stand beside the error."""

_AT_FIRST = {"status", "reason", *_ASKED, "error.max_ulp", "ff", "dsp", "bram"}
"""Columns shown at first if they distinguish points; plotted ones are always shown."""


def report_data(store: Store, error: str, progress: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """Return the data of the page, as JSON values.

    Parameters
    ----------
    store
        The sweep.
    error
        The error that the page plots at first, such as ``max_ulp``.
    progress
        Called with the share of the work that is done.

    Returns
    -------
    dict
        ``columns``, each a `Field` with ``group``, ``shown`` and ``values``, one for each row; ``jobs`` and
        ``absolute_jobs``, the name of each row's job; ``curves``, and in ``curve`` the place of each row's curve among
        them (None for no curve); ``axes``, the columns to plot at first; ``grid``, the text of the grid file.

    """
    rows = list(store.rows())
    places, curves = _curves(store, rows, progress)
    measured = [name for name in MEASURES if any(getattr(row, name) is not None for row in rows)]
    return {
        "title": ", ".join(dict.fromkeys(row.function for row in rows)),
        "columns": _columns([row.flat() for row in rows], {f"error.{error}", *MEASURES}),
        "jobs": _job_names(rows, absolute=False),
        "absolute_jobs": _job_names(rows, absolute=True),
        "curve": places,
        "curves": curves,
        "axes": {"x": measured[0] if measured else None, "y": f"error.{error}"},
        "grid": store.grid,
    }


def _columns(table: Sequence[Mapping[str, Any]], always: Set[str]) -> list[dict[str, Any]]:
    found = {key: key.partition(".")[0] for row in table for key in row}
    keys = sorted((key for key, name in found.items() if name in _ORDER), key=lambda key: _ORDER.index(found[key]))
    columns = [_column(key, [row.get(key) for row in table], always) for key in keys]
    # A target's own names often duplicate the names for all targets.
    told = {(column["label"], str(column["values"])): column for column in reversed(columns)}
    return [column for column in columns if told[column["label"], str(column["values"])] is column]


def _column(key: str, values: list[Any], always: Set[str]) -> dict[str, Any]:
    field, name = field_of(key), key.partition(".")[0]
    if name == "parameters":
        values = _as_numbers(values)
    group = next(group for group, names in _GROUPS.items() if name in names)
    known = [value for value in values if value is not None]
    compared = values if group in ("point", "outcome") else known  # a missing figure does not distinguish points
    tells = any(value != compared[0] for value in compared) or key in always or len(values) == 1
    return {
        "key": key,
        "label": field.label,
        "unit": field.unit,
        "meaning": field.meaning,
        "better": field.better,
        "absolute": field.absolute,
        "group": group,
        "shown": bool(known) and tells and not {key, name}.isdisjoint(_AT_FIRST | always),
        "values": values,
    }


def _as_numbers(values: list[str | None]) -> list[Any]:
    """Return numbers if all texts are numbers."""
    try:
        return [None if value is None else int(value) if value.isdecimal() else float(value) for value in values]
    except ValueError:
        return values


def _job_names(rows: Sequence[Row], *, absolute: bool) -> list[str]:
    """Return the name of each row's job: the fields that distinguish it from the others."""
    jobs = [job_of(row, absolute=absolute) for row in rows]
    differing = [at for at, values in enumerate(zip(*jobs, strict=True)) if len(set(values)) > 1]
    return [", ".join(filter(None, (job[at] for at in differing))) or ", ".join(filter(None, job)) for job in jobs]


def _curves(
    store: Store, rows: Sequence[Row], progress: Callable[[float], None]
) -> tuple[list[int | None], list[dict[str, Any]]]:
    """Return the index of each row's curve, and the curves; units that compute the same share one."""
    keys = [row.plan_sha256 and (row.plan_sha256, job_of(row).function) for row in rows]
    units = {key: row for key, row in zip(keys, rows, strict=True) if key is not None}
    places: dict[Any, int] = {}
    curves: list[dict[str, Any]] = []
    for count, (key, row) in enumerate(units.items()):
        progress(count / len(units))
        manifest = store.manifest(row)
        if not isinstance(manifest, Manifest):  # a composite has no error curve over one input
            continue
        first = single_output(manifest.plan, manifest.plan.outputs[0].name)
        curve = error_curve(first, manifest.claimed)
        if curve is not None:
            places[key] = len(curves)
            curves.append(curve.as_dict())
    return [places.get(key) for key in keys], curves
