"""Writing a unit: the Verilog, and the manifest that lets anyone check it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from ..hdl.manifest import Manifest, ManifestError, sha256_text, write_atomically
from ..hdl.module_text import module_text
from ..hdl.unit import choose_schedule
from ..plan.errors import ErrorFigures
from ..plan.names import check_identifier
from ..plan.plan import Plan
from ..plan.specification import Specification

__all__ = ["emit_unit", "extra_files", "header_text"]


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


Extras = Callable[[Manifest], Mapping[str, str]]
"""Makes further files for a manifest: their texts by name."""


def emit_unit(
    design: Designed,
    folder: str | Path,
    *,
    name: str | None = None,
    interface: str = "pipeline",
    stages: int | None = None,
    registers: Iterable[str] | None = None,
    extras: Extras | None = None,
    force: bool = False,
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
    interface, stages, registers
        How the unit is connected and pipelined (see `Unit`).
    extras
        Makes further files to write beside the pair (see `extra_files`).
    force
        Overwrite files of these names that softgate did not write.

    Returns
    -------
    Manifest
        What was written.

    Raises
    ------
    ValueError
        If the name is no Verilog identifier, or the interface or registers are not possible.
    FileExistsError
        If a file is in the way that softgate did not write.
    OSError
        If the folder cannot be written.

    """
    specification = design.specification
    name = check_identifier(specification.function.name if name is None else name, "name")
    schedule = choose_schedule(design.plan, interface, stages=stages, registers=registers)
    text = module_text(schedule, interface, name, header=header_text(design, interface, schedule.latency))
    manifest = Manifest(
        name=name,
        specification=specification,
        method=design.method,
        method_parameters=design.parameters,
        interface=interface,
        schedule=schedule,
        error=design.errors.as_dict(),
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        versions={package: version(package) for package in ("softgate", "amaranth")},
    )
    folder = Path(folder)
    pair = {manifest.verilog: text, f"{name}.json": manifest.to_json()}
    others = dict(extras(manifest)) if extras else {}
    if not force:
        _refuse_foreign(folder, manifest.verilog, f"{name}.json")
        for other, content in others.items():
            if (folder / other).exists() and not _is_text(folder / other, content):
                raise FileExistsError(f"{folder / other} is in the way and may be your own; use force to overwrite it")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically({folder / file: content for file, content in (others | pair).items()})
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


def _refuse_foreign(folder: Path, verilog_name: str, manifest_name: str) -> None:
    """Raise unless what stands in the way is a pair that softgate wrote and nobody changed."""
    verilog, manifest = folder / verilog_name, folder / manifest_name
    if not verilog.exists() and not manifest.exists():
        return
    foreign = manifest if manifest.exists() else verilog
    try:
        known = Manifest.load(manifest)
        if known.verilog == verilog_name:
            if not verilog.exists() or sha256_text(verilog.read_bytes().decode()) == known.verilog_sha256:
                return
            foreign = verilog
    except (ManifestError, UnicodeDecodeError):
        pass
    raise FileExistsError(f"{foreign} is in the way, and softgate did not write it so; use force to overwrite it")


def _is_text(path: Path, content: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == content
    except (OSError, UnicodeDecodeError):
        return False


def header_text(design: Designed, interface: str, latency: int) -> str:
    """Return what the Verilog says of itself: function, formats, method, error, latency."""
    specification, errors = design.specification, design.errors
    parameters = ", ".join(f"{name} {value}" for name, value in design.parameters.items())
    shape = {"comb": "combinational", "pipeline": "pipeline with clock enable", "stream": "stream with valid and ready"}
    symmetric = "" if errors.symmetric is None else ", symmetric" if errors.symmetric else ", not symmetric"
    lines = [
        f"{specification.function}: {type(specification.function).summary}",
        f"input    x in {specification.input_format}, output y in {specification.output_format}",
        f"method   {design.method}{f' ({parameters})' if parameters else ''}",
        f"error    at most {errors.max_ulp:.4g} ulp = {errors.max_abs:.4g}, {100 * errors.correctly_rounded:.4g} % of "
        f"inputs correctly rounded ({errors.proof}, {errors.points} inputs)",
        f"shape    {'monotonic' if errors.monotonic else 'not monotonic'}{symmetric}",
        f"timing   {shape[interface]}, latency {latency}" + (", a result every clock" if interface != "comb" else ""),
        f"plan     sha256 {design.plan.sha256}",
    ]
    return "\n".join(lines)
