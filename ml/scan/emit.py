"""Write the units of a scan, its record and its sweep file: all of them, or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...explore.choose.result import Design
from ...explore.emission import check_destination, refuse_foreign
from ...hdl.manifest_fields import GENERATOR
from ...hdl.manifest_json import read_json
from ...support.files import created_folder, naming, write_atomically
from .propose import Proposal
from .record import sweep_of

__all__ = ["RECORD", "SWEEP", "check_folder", "emit_scan"]

RECORD, SWEEP = "scan.json", "sweep.toml"
"""The files beside the units."""


def check_folder(folder: Path, names: Mapping[Proposal, str], *, force: bool) -> None:
    """Refuse a folder that the files of a scan cannot be written to, before units are searched for.

    Raises
    ------
    FileExistsError
        If softgate did not write a file that would be replaced.
    OSError
        If the folder cannot be written to.

    """
    for name in [*names.values(), "scan"]:
        check_destination(name, folder, "pipeline")
    if force:
        return
    for name in names.values():
        refuse_foreign(folder, name, [f"{name}.v"])
    if (folder / RECORD).exists() and not _is_record(folder / RECORD):
        raise _in_the_way(folder / RECORD)
    if (folder / SWEEP).exists() and not (folder / RECORD).exists():
        raise _in_the_way(folder / SWEEP)


def emit_scan(
    folder: Path,
    record: Mapping[str, Any],
    units: Mapping[Proposal, Design],
    names: Mapping[Proposal, str],
    *,
    force: bool = False,
) -> None:
    """Write one unit per distinct proposal, the record (scan.json) and a grid of the units (sweep.toml).

    All files are complete before the first takes its place. Units of the scan that the folder held before, but not of
    this one, are removed unless they were changed.

    Parameters
    ----------
    folder
        The folder; made if it does not exist.
    record
        What `record_of` returned.
    units, names
        The design and the name of the unit of each proposal.
    force
        Overwrite files that softgate did not write.

    Raises
    ------
    FileExistsError, OSError
        As `check_folder`.

    """
    check_folder(folder, names, force=force)
    former = _former_units(folder) - set(names.values())
    with created_folder(folder), TemporaryDirectory(prefix=".", dir=folder) as name:
        aside = Path(name)
        with naming(folder):
            for proposal, unit in units.items():
                unit.emit(aside, name=names[proposal])
            texts = {RECORD: json.dumps(record, indent=2) + "\n", SWEEP: sweep_of(names, record["target"])}
            write_atomically({aside / file: text for file, text in texts.items()})
        # The record last: it names the units.
        for file in sorted(aside.iterdir(), key=lambda path: path.name == RECORD):
            file.replace(folder / file.name)
    for unit_name in former:
        with suppress(OSError):  # those that were changed stay
            refuse_foreign(folder, unit_name, [f"{unit_name}.v"])
            (folder / f"{unit_name}.v").unlink()
            (folder / f"{unit_name}.json").unlink()


def _former_units(folder: Path) -> set[str]:
    """Return the names of the units of the scan that was written to a folder before."""
    if not _is_record(folder / RECORD):
        return set()
    found = read_json((folder / RECORD).read_text(encoding="utf-8"))
    units = found.get("units") if isinstance(found, dict) else None
    return (
        {name for name in units if isinstance(name, str) and name.isidentifier()} if isinstance(units, dict) else set()
    )


def _is_record(path: Path) -> bool:
    try:
        data = read_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("generator") == GENERATOR and data.get("kind") == "scan"


def _in_the_way(path: Path) -> FileExistsError:
    return FileExistsError(
        f"{path} is in the way, and softgate did not write it so; use --force (force=True) to overwrite it"
    )
