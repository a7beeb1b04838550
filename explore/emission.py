"""Write a unit: the Verilog, and the manifest with which anyone can check it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ..hdl.approximation import Approximation
from ..hdl.build_options import BuildOptions
from ..hdl.composites.manifest import CompositeManifest, load_manifest
from ..hdl.interfaces import interface_ports
from ..hdl.manifest import Manifest, ManifestError
from ..hdl.manifest_fields import GENERATOR, printer_versions
from ..hdl.manifest_json import read_json
from ..hdl.output_claims import claims_of
from ..hdl.unit_text import unit_text
from ..plan.formats import FixedFormat
from ..support.files import created_folder, sha256_text, write_atomically
from ..support.names import check_identifier

__all__ = ["Extras", "check_destination", "emit_unit", "extra_files", "extra_names", "refuse_foreign", "write_unit"]


AnyManifest = TypeVar("AnyManifest", Manifest, CompositeManifest)

Extras = Callable[[Manifest | CompositeManifest], Mapping[str, str]]
"""A function that makes extra files for a manifest: their texts by name."""

_LONGEST_NAME = 200
"""Characters of a name: file systems allow 255, and the names of benches and vectors are longer than the unit's."""

_ANY = FixedFormat(True, 1, 0)
"""Any format: the names of ports do not depend on it."""


def emit_unit(
    unit: Approximation,
    folder: str | Path,
    options: BuildOptions,
    *,
    choice: Mapping[str, Any] | None = None,
    name: str | None = None,
    extras: Extras | None = None,
    force: bool = False,
    notes: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write ``<name>.v`` and ``<name>.json`` into a folder, replacing the pair that softgate wrote there before.

    Extra files that were written with the former pair, but are not written now, are removed unless they were changed.

    Parameters
    ----------
    unit
        The unit to write.
    folder
        The folder to write to; made if it does not exist.
    options
        The options to build the unit with (see `Unit` and `choose_schedule`).
    choice
        The record of how the unit was chosen, as JSON values, for its manifest.
    name
        Name of the module and the files; the function's by default.
    extras
        Makes extra files to write beside the pair (see `extra_files`).
    force
        Overwrite files of these names that softgate did not write.
    notes
        Called with a sentence for each file of the former unit that stays because it was changed.

    Returns
    -------
    Manifest
        The manifest that was written.

    Raises
    ------
    ValueError
        If the name is not a Verilog identifier or too long for a file, or the interface, registers or ``tlast`` are
        impossible.
    TimingError
        If the target cannot keep the clock.
    FileExistsError
        If softgate did not write a file that would be replaced.
    OSError
        If the folder cannot be written to.

    """
    specification = unit.specification
    name = specification.function.module_name if name is None else name
    inputs = ("x", *specification.ports)
    check_destination(name, folder, options.interface, tlast=options.tlast, inputs=inputs, outputs=unit.outputs)
    schedule, text = unit_text(unit, name, options)
    if options.interval > 1 and not schedule.units:
        notes(f"interval {options.interval}: nothing in this unit takes turns, so that interval 1 takes no more")
    manifest = Manifest(
        name=name,
        specification=specification,
        method=unit.method,
        method_parameters=unit.parameters,
        options=options,
        schedule=schedule.seen_from(unit.plan),
        clock=options.clock,
        error=unit.errors.as_dict(),
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        choice=choice,
        further=claims_of(unit),
        versions=printer_versions(),
    )
    return write_unit(manifest, text, folder, extras=extras, force=force, notes=notes)


def write_unit(
    manifest: AnyManifest,
    text: str,
    folder: str | Path,
    *,
    extras: Extras | None = None,
    force: bool = False,
    notes: Callable[[str], None] = lambda _: None,
) -> AnyManifest:
    """Write a manifest, its Verilog `text` and extra files (see `emit_unit`); return the manifest with these."""
    name = manifest.name
    others = dict(extras(manifest)) if extras else {}
    manifest = replace(manifest, extras={other: sha256_text(content) for other, content in others.items()})
    folder = Path(folder)
    former = _former(folder, name)
    if not force:
        refuse_foreign(folder, name, [manifest.verilog, *manifest.extras])
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
    """Return the function that makes a cocotb bench, and stimulus with a plain Verilog bench, for `emit_unit`."""

    def make(manifest: Manifest | CompositeManifest) -> dict[str, str]:
        if not bench and not vectors:
            return {}
        from ..sim.standalone.cocotb_bench import bench_file, bench_name
        from ..sim.standalone.vector_bench import vector_files

        files = {bench_name(manifest): bench_file(manifest)} if bench else {}
        return files | (vector_files(manifest) if vectors else {})

    return make


def extra_names(name: str, *, bench: bool = False, vectors: bool = False) -> list[str]:
    """Return the names of the files that `extra_files` makes for a unit of this name."""
    vector_files = [f"{name}_x.hex", f"{name}_y.hex", f"{name}_tb.v"] if vectors else []
    return [f"test_{name}.py"] * bench + vector_files


def check_destination(
    name: str,
    folder: str | Path,
    interface: str,
    *,
    tlast: bool = False,
    inputs: Iterable[str] = ("x",),
    outputs: Iterable[str] = ("y",),
) -> str:
    """Return `name` if a unit of that name can be written to a folder, as far as can be checked before it is designed.

    Its inputs and outputs are called `inputs` and `outputs`.

    Raises
    ------
    TypeError
        If the name or the folder is of the wrong kind.
    ValueError
        If the name is not a Verilog identifier, is that of a port, or is too long for a file.
    OSError
        If the folder is a file, or in one, or cannot be written to.

    """
    check_identifier(name, "name")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"name must have at most {_LONGEST_NAME} characters, not {len(name)}: files are named so")
    sides = dict.fromkeys(inputs, _ANY), dict.fromkeys(outputs, _ANY)
    listed = interface_ports(interface, *sides, tlast=tlast)
    if name in {port.name for port in listed}:
        raise ValueError(f"name {name!r} is that of a port of interface {interface}, too; choose another")
    if not isinstance(folder, str | Path):
        raise TypeError(f"folder must be text or a path, not {folder!r}")
    try:
        there = next(path for path in (Path(folder).absolute(), *Path(folder).absolute().parents) if path.exists())
    except ValueError as error:  # a null character, say
        raise ValueError(f"folder {str(folder)!r} cannot be a folder: {error}") from None
    if not there.is_dir():
        raise NotADirectoryError(
            f"cannot write to {folder}: {there} is a file, not a folder; name a folder to write to"
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(f"folder {str(there)!r} cannot be written to; name another")
    return name


def _former(folder: Path, name: str) -> Manifest | CompositeManifest | None:
    """Return the manifest of the unit of that name in the folder, or None."""
    try:
        found = load_manifest(folder / f"{name}.json")
    except ManifestError:
        return None
    return found if found.name == name else None


def refuse_foreign(folder: Path, name: str, files: Iterable[str]) -> None:
    """Raise `FileExistsError` unless each existing file is as softgate wrote it, by the manifest in the folder."""
    path, former = folder / f"{name}.json", _former(folder, name)
    if path.exists() and former is None:
        if _is_of_softgate(path):
            raise FileExistsError(
                f"{path} is not the manifest of {name} in this version of softgate: it is that of another unit or "
                "version, or was edited; use --force (force=True) to replace it"
            )
        raise _in_the_way(path)
    written = {} if former is None else {**former.extras, former.verilog: former.verilog_sha256}
    for file in files:
        if (folder / file).exists() and (file not in written or _hash_of(folder / file) != written[file]):
            raise _in_the_way(folder / file)


def _is_of_softgate(path: Path) -> bool:
    """Return whether a file calls itself a manifest of softgate, whatever else it holds."""
    try:
        data = read_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("generator") == GENERATOR


def _in_the_way(path: Path) -> FileExistsError:
    return FileExistsError(
        f"{path} is in the way, and softgate did not write it so; use --force (force=True) to overwrite it"
    )


def _hash_of(path: Path) -> str | None:
    try:
        return sha256_text(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError):
        return None
