"""Writing a unit: the Verilog, and the manifest that lets anyone check it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ..hdl.manifest import Manifest, ManifestError, sha256_text, write_atomically
from ..hdl.unit import Unit
from ..plan.names import check_identifier

if TYPE_CHECKING:
    from .design import Design

__all__ = ["emit_unit", "header_text"]


def emit_unit(
    design: Design,
    folder: str | Path,
    *,
    name: str | None = None,
    interface: str = "pipeline",
    stages: int | None = None,
    registers: Iterable[str] | None = None,
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
    unit = Unit(design.plan, interface=interface, stages=stages, registers=registers)
    text = unit.verilog(name, header=header_text(design, unit))
    manifest = Manifest(
        name=name,
        specification=specification,
        method=design.method,
        method_parameters=design.parameters,
        interface=interface,
        schedule=unit.schedule,
        error=design.errors.as_dict(),
        verilog=f"{name}.v",
        verilog_sha256=sha256_text(text),
        versions={package: version(package) for package in ("softgate", "amaranth")},
    )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pair = folder / manifest.verilog, folder / f"{name}.json"
    if not force:
        _refuse_foreign(*pair)
    write_atomically(pair[0], text)
    write_atomically(pair[1], manifest.to_json())
    return manifest


def _refuse_foreign(verilog: Path, manifest: Path) -> None:
    """Raise unless what stands in the way is a pair that softgate wrote and nobody changed."""
    if not verilog.exists() and not manifest.exists():
        return
    foreign = manifest if manifest.exists() else verilog
    try:
        known = Manifest.load(manifest)
        if not verilog.exists() or sha256_text(verilog.read_text(encoding="utf-8")) == known.verilog_sha256:
            return
        foreign = verilog
    except (ManifestError, UnicodeDecodeError):
        pass
    raise FileExistsError(f"{foreign} is in the way, and softgate did not write it so; use force to overwrite it")


def header_text(design: Design, unit: Unit) -> str:
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
        f"timing   {shape[unit.interface]}, latency {unit.latency}"
        + (f", a result every {unit.initiation_interval} clock" if unit.interface != "comb" else ""),
        f"plan     sha256 {design.plan.sha256}",
    ]
    return "\n".join(lines)
