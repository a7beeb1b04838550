"""``softgate synth --by-part``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..support.progress import working
from .common import console, print_json, read_verilog

if TYPE_CHECKING:
    from ..hdl.composites.manifest import CompositeManifest
    from ..hdl.manifest import Manifest
    from ..hdl.targets import Target

__all__ = ["print_area_by_part"]


def print_area_by_part(
    manifest_path: Path,
    manifest: Manifest | CompositeManifest,
    target: Target,
    *,
    dsp: bool | None,
    bram: bool | None,
    as_json: bool,
) -> int:
    """Synthesise a unit and print its area by part; return the exit code."""
    from rich.table import Table

    from ..explore.flows.by_part import area_by_part
    from ..hdl.manifest import Manifest

    if not isinstance(manifest, Manifest):
        parts = ", ".join(manifest.parts)
        raise click.UsageError(
            f"--by-part is for units, and {manifest.name} is a composite of {parts}; leave it out, or emit a part alone"
        )
    text = read_verilog(manifest_path, manifest)
    with working(f"{target.name}: synthesis"):
        found = area_by_part(
            target,
            manifest,
            text,
            dsp=manifest.options.dsp != 0 if dsp is None else dsp,
            bram=manifest.options.bram != 0 if bram is None else bram,
        )
    if as_json:
        print_json({"target": target.name, **found.as_dict()})
        return 0
    names = [name for name, number in found.total.resources.items() if number]
    table = Table(box=None, pad_edge=False)
    table.add_column(target.name)
    for name in ("luts", *names):
        table.add_column(name, justify="right")
    for part, area in [*found.parts.items(), ("total", found.total)]:
        table.add_row(part, str(area.luts), *(str(area.resources[name]) for name in names))
    console().print(table)
    return 0
