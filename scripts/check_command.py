"""``softgate check``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .common import console, json_option, print_json

__all__ = ["command"]


@click.command(name="check")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@json_option
def command(manifest_path: Path, as_json: bool) -> int:
    """Check a unit: hashes, every input's bits against the golden model, and the error against the true function.

    The Verilog is compiled and run on every input of up to 24 bits; Icarus Verilog reads it, too, if it is installed.
    Of a composite, every part is measured again, and every promise of its contract proved again.

    Exit code 1 if a check fails.
    """
    from ..hdl.claims import RECORDED
    from ..hdl.composites.manifest import is_composite_manifest
    from ..sim.check import check_manifest
    from ..sim.composites.check import check_composite

    with working("checking") as progress:
        if is_composite_manifest(manifest_path):
            results = list(check_composite(manifest_path))
        else:
            results = list(check_manifest(manifest_path, progress.done))
    passed = all(result.passed for result in results)
    if as_json:
        print_json({"passed": passed, "results": [result.as_dict() for result in results]})
    else:
        out = console()
        for result in results:
            mark = "[yellow]skip[/]" if result.skipped else "[green]ok  [/]" if result.passed else "[bold red]FAIL[/]"
            mark = "note" if result.name == RECORDED else mark
            out.print(f"{mark} {result.name:<10}", end="")
            out.print(result.detail, markup=False)
    return 0 if passed else 1
