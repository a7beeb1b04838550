"""Writing a unit: the Verilog, and the manifest that lets anyone check it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, Unpack

from ..hdl.build_options import Pipelining, read_build
from ..hdl.interfaces import interface_ports
from ..hdl.manifest import Manifest, ManifestError, sha256_text, write_atomically
from ..hdl.module_text import module_text
from ..hdl.targets import Target
from ..hdl.targets import target as find_target
from ..hdl.unit import schedule_for
from ..plan.errors import ErrorFigures
from ..plan.formats import FixedFormat
from ..plan.names import check_identifier
from ..plan.plan import Plan
from ..plan.specification import Specification
from .choice import Choice, as_chosen

__all__ = [
    "check_destination",
    "emit_unit",
    "extra_files",
    "extra_names",
    "header_text",
    "refuse_foreign",
    "shape_text",
]


class Designed(Protocol):
    """What is written of a design: what was asked, how it is met, and the evidence."""

    @property
    def specification(self) -> Specification: ...
    @property
    def method(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def errors(self) -> ErrorFigures: ...
    @property
    def choice(self) -> Choice | None: ...


Extras = Callable[[Manifest], Mapping[str, str]]
"""Makes further files for a manifest: their texts by name."""

_LONGEST_NAME = 200
"""Characters of a name: file systems allow 255, and the names of benches and vectors are longer than the unit's."""

_ANY = FixedFormat(True, 1, 0)
"""A format, where it does not matter which: the names of ports are the same."""

_version = cache(version)
"""Version of a package; each time anew, it would be read from a file of its installation."""


def emit_unit(
    design: Designed,
    folder: str | Path,
    *,
    name: str | None = None,
    interface: str = "pipeline",
    tlast: bool = False,
    extras: Extras | None = None,
    force: bool = False,
    **pipelining: Unpack[Pipelining],
) -> Manifest:
    """Write ``<name>.v`` and ``<name>.json`` into a folder, replacing the pair that softgate wrote there before.

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
    options = as_chosen(design.choice, read_build(interface, tlast=tlast, **pipelining))
    interface, frequency = options.interface, options.frequency
    specification = design.specification
    name = check_destination(specification.function.name if name is None else name, folder, interface, tlast=tlast)
    schedule = schedule_for(design.plan, options)
    target = None if options.target is None else find_target(options.target)
    header = header_text(design, interface, schedule.latency, target=target, frequency=frequency)
    text = module_text(schedule, interface, name, tlast=tlast, header=header)
    manifest = Manifest(
        name=name,
        specification=specification,
        method=design.method,
        method_parameters=design.parameters,
        interface=interface,
        schedule=schedule.seen_from(design.plan),
        target=None if target is None else target.name,
        frequency=frequency,
        dsp=options.dsp,
        bram=options.bram,
        tlast=tlast,
        error=design.errors.as_dict(),
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        choice=None if design.choice is None else design.choice.as_dict(),
        versions={package: _version(package) for package in ("softgate", "amaranth")},
    )
    others = dict(extras(manifest)) if extras else {}
    manifest = replace(manifest, extras={other: sha256_text(content) for other, content in others.items()})
    folder = Path(folder)
    if not force:
        refuse_foreign(folder, name, [manifest.verilog, *manifest.extras])
    folder.mkdir(parents=True, exist_ok=True)
    texts = {**others, manifest.verilog: text, f"{name}.json": manifest.to_json()}
    write_atomically({folder / file: content for file, content in texts.items()})
    return manifest


def extra_files(*, bench: bool = False, vectors: bool = False) -> Extras:
    """Return what makes a cocotb bench, and stimulus with a plain Verilog bench, for `emit_unit`."""

    def make(manifest: Manifest) -> dict[str, str]:
        if not bench and not vectors:
            return {}
        from ..sim.standalone import bench_file, vector_files

        files = {f"test_{manifest.name}.py": bench_file(manifest)} if bench else {}
        return files | (vector_files(manifest) if vectors else {})

    return make


def extra_names(name: str, *, bench: bool = False, vectors: bool = False) -> list[str]:
    """Return the names of the files that `extra_files` makes for a unit of this name."""
    vector_files = [f"{name}_x.hex", f"{name}_y.hex", f"{name}_tb.v"] if vectors else []
    return [f"test_{name}.py"] * bench + vector_files


def check_destination(name: str, folder: str | Path, interface: str, *, tlast: bool = False) -> str:
    """Return `name` if a unit of it can be written to a folder, as far as can be told before there is one.

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
    if name in {port.name for port in interface_ports(interface, {"x": _ANY}, {"y": _ANY}, tlast=tlast)}:
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


def refuse_foreign(folder: Path, name: str, files: Iterable[str]) -> None:
    """Raise `FileExistsError` unless each file in the way is as softgate wrote it, by the manifest that is there."""
    path = folder / f"{name}.json"
    try:
        before = Manifest.load(path)
        named, written = before.name, {**before.extras, before.verilog: before.verilog_sha256}
    except ManifestError:
        named, written = "", {}
    if path.exists() and named != name:
        raise _in_the_way(path)
    for file in files:
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


def header_text(
    design: Designed, interface: str, latency: int, *, target: Target | None = None, frequency: float | None = None
) -> str:
    """Return what the Verilog says of itself: function, formats, method, error, latency, and the clock if asked for."""
    specification, errors = design.specification, design.errors
    parameters = ", ".join(f"{name} {value}" for name, value in design.parameters.items())
    shape = {
        "comb": "combinational",
        "pipeline": "pipeline with clock enable",
        "stream": "stream with valid and ready",
        "axis": "AXI4-Stream",
    }
    symmetric = "" if errors.symmetric is None else ", symmetric" if errors.symmetric else ", not symmetric"
    lines = [
        f"{specification.function}: {type(specification.function).summary}",
        f"input    x in {specification.domain}, output y in {specification.output_format}",
        *(["         of any other x, the output is undefined"] if specification.input_range else []),
        f"method   {design.method}{f' ({parameters})' if parameters else ''}",
        f"error    at most {errors.max_ulp:.5g} ulp = {errors.max_abs:.4g}, {100 * errors.correctly_rounded:.4g} % of "
        f"inputs correctly rounded ({errors.proof}, {errors.points} inputs)",
        f"shape    {shape_text(design)}{symmetric}",
        f"timing   {shape[interface]}, latency {latency}" + (", a result every clock" if interface != "comb" else ""),
        *([f"clock    built for {_clock(target, frequency)}"] if target or frequency else []),
        f"plan     sha256 {design.plan.sha256}",
    ]
    return "\n".join(lines)


def shape_text(design: Designed) -> str:
    """Return whether a unit is monotonic, where its function is, in a few words."""
    turns = design.specification.function.turns
    where = f" on either side of {' and '.join(map(str, turns))}" if turns else ""
    return f"{'monotonic' if design.errors.monotonic else 'not monotonic'}{where}"


def _clock(target: Target | None, frequency: float | None) -> str:
    if target is None:
        return f"{frequency:g} MHz"
    return f"{target.frequency if frequency is None else frequency:g} MHz on {target.name}: {target.summary}"
