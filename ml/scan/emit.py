"""Write the units of a scan, its record and its sweep file: all of them, or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...explore.choose.result import Design
from ...explore.emission import check_destination, refuse_foreign
from ...hdl.manifest_fields import GENERATOR
from ...hdl.manifest_json import read_json
from ...support.files import created_folder, write_atomically
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
    with created_folder(folder):
        for proposal, unit in units.items():
            unit.emit(folder, name=names[proposal], force=force)
        texts = {
            folder / RECORD: json.dumps(record, indent=2) + "\n",
            folder / SWEEP: sweep_of(names, record["target"]),
        }
        write_atomically(texts)


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
