"""Writing a unit: the Verilog, and the manifest that lets anyone check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Unpack

from ..hdl.files import created_folder
from ..hdl.manifest import Manifest, ManifestError, sha256_text, write_atomically
from ..hdl.manifest_fields import PRINTERS, placement, printer_version
from ..hdl.targets import target as find_target
from ..hdl.unit import Pipelining, clock_of
from ..hdl.unit_text import Designed, unit_text
from ..plan.names import check_identifier
from .choice import Choice, as_chosen

__all__ = ["emit_unit", "extra_files"]


class Chosen(Designed, Protocol):
    """A design, and what it was weighed against."""

    @property
    def choice(self) -> Choice | None: ...


Extras = Callable[[Manifest], Mapping[str, str]]
"""Makes further files for a manifest: their texts by name."""

_LONGEST_NAME = 200
"""Characters of a name: file systems allow 255, and the names of benches and vectors are longer than the unit's."""


def emit_unit(
    design: Chosen,
    folder: str | Path,
    *,
    name: str | None = None,
    interface: str = "pipeline",
    tlast: bool = False,
    extras: Extras | None = None,
    force: bool = False,
    notes: Callable[[str], None] = lambda _: None,
    **pipelining: Unpack[Pipelining],
) -> Manifest:
    """Write ``<name>.v`` and ``<name>.json`` into a folder, replacing the pair that softgate wrote there before.

    Further files that were written with that pair, and are not written now, are removed unless they were changed.

    Parameters
    ----------
    design
        What to write.
    folder
        Where to; made if it is not there.
    name
        Name of the module and the files; the function's by default.
    interface, tlast
        How the unit is connected (see `Unit`).
    extras
        Makes further files to write beside the pair (see `extra_files`).
    force
        Overwrite files of these names that softgate did not write.
    notes
        Called with a sentence for each file of the former unit that stays because it was changed.
    **pipelining
        Where the registers go, and what into blocks: target, frequency, latency, stages, registers, objective, compact,
        dsp and bram (see `choose_schedule`); compact is what the design was chosen with unless given.

    Returns
    -------
    Manifest
        What was written.

    Raises
    ------
    ValueError
        If the name is no Verilog identifier or too long for a file, or the interface, registers or ``tlast`` are not
        possible.
    TimingError
        If the target cannot keep the clock.
    FileExistsError
        If a file is in the way that softgate did not write.
    OSError
        If the folder cannot be written.

    """
    specification = design.specification
    name = check_identifier(specification.function.name if name is None else name, "name")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"name must have at most {_LONGEST_NAME} characters, not {len(name)}: files are named so")
    pipelining = as_chosen(design.choice, pipelining)
    if not isinstance(registers := pipelining.get("registers"), str | None):
        pipelining["registers"] = list(registers)  # they are read again
    schedule, text = unit_text(design, interface, name, tlast=tlast, **pipelining)
    target = pipelining.get("target")
    manifest = Manifest(
        name=name,
        specification=specification,
        method=design.method,
        method_parameters=design.parameters,
        interface=interface,
        schedule=schedule.seen_from(design.plan),
        target=None if target is None else find_target(target).name,
        frequency=pipelining.get("frequency"),
        clock=clock_of(interface, pipelining),
        dsp=pipelining.get("dsp"),
        bram=pipelining.get("bram"),
        pipelining=placement(pipelining),
        tlast=tlast,
        error=design.errors.as_dict(),
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        choice=None if design.choice is None else design.choice.as_dict(),
        versions={package: printer_version(package) for package in PRINTERS},
    )
    others = dict(extras(manifest)) if extras else {}
    manifest = replace(manifest, extras={other: sha256_text(content) for other, content in others.items()})
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder, but a file; name a folder to write to")
    former = _former(folder, name)
    if not force:
        _refuse_foreign(folder, manifest, former)
    texts = {**others, manifest.verilog: text, f"{name}.json": manifest.to_json()}
    with created_folder(folder):
        write_atomically({folder / file: content for file, content in texts.items()})
    for file, written in () if former is None else former.extras.items():
        if file not in texts and (folder / file).exists():
            if _hash_of(folder / file) == written:
                (folder / file).unlink()
            else:
                notes(f"{folder / file} was written with the former unit and changed since: it stays as it is")
    return manifest


def extra_files(*, bench: bool = False, vectors: bool = False) -> Extras:
    """Return what makes a cocotb bench, and stimulus with a plain Verilog bench, for `emit_unit`."""

    def make(manifest: Manifest) -> dict[str, str]:
        if not bench and not vectors:
            return {}
        from ..sim.standalone import bench_file, bench_name, vector_files

        files = {bench_name(manifest): bench_file(manifest)} if bench else {}
        return files | (vector_files(manifest) if vectors else {})

    return make


def _former(folder: Path, name: str) -> Manifest | None:
    """Return the manifest of the unit of that name that is in the folder, or None."""
    try:
        found = Manifest.load(folder / f"{name}.json")
    except ManifestError:
        return None
    return found if found.name == name else None


def _refuse_foreign(folder: Path, manifest: Manifest, former: Manifest | None) -> None:
    """Raise unless each file that stands in the way is as softgate wrote it, by the manifest that is there."""
    path = folder / f"{manifest.name}.json"
    if path.exists() and former is None:
        raise _in_the_way(path)
    written = {} if former is None else {**former.extras, former.verilog: former.verilog_sha256}
    for file in (manifest.verilog, *manifest.extras):
        if (folder / file).exists() and (file not in written or _hash_of(folder / file) != written[file]):
            raise _in_the_way(folder / file)


def _in_the_way(path: Path) -> FileExistsError:
    return FileExistsError(
        f"{path} is in the way, and softgate did not write it so; use --force (force=True) to overwrite it"
    )


def _hash_of(path: Path) -> str | None:
    try:
        return sha256_text(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError):
        return None
