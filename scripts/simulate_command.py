"""``softgate simulate``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .common import console, json_option, print_json

if TYPE_CHECKING:
    from ..sim.simulation_report import SimulationReport

__all__ = ["command"]


@click.command(name="simulate")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--simulator", default="verilator", show_default=True, metavar="NAME", help="verilator or icarus.")
@click.option(
    "--only",
    "codes",
    multiple=True,
    metavar="CODE",
    help="Drive only this input code; repeatable. Codes of several inputs are separated by commas.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the sample and the stalls.")
@click.option("--waves", type=click.Path(path_type=Path), help="Folder to keep the build and the waveform in.")
@click.option("-v", "--verbose", is_flag=True, help="Show the simulator's output.")
@json_option
def command(
    manifest_path: Path,
    simulator: str,
    codes: tuple[str, ...],
    seed: int,
    waves: Path | None,
    verbose: bool,
    as_json: bool,
) -> int:
    """Run the cocotb bench of a unit: every input of up to 16 bits, stalls, latency. Exit code 1 if it fails."""
    from ..hdl.composites.manifest import is_composite_manifest
    from ..sim.composites.simulate import simulate_composite
    from ..sim.simulate import simulate

    given: dict[str, Any] = {"simulator": simulator, "seed": seed, "waves": waves is not None, "build_dir": waves}
    run: Callable[..., SimulationReport] = simulate
    if is_composite_manifest(manifest_path):
        if codes:
            raise click.UsageError("--only drives single inputs of a unit, and a composite takes vectors; leave it out")
        run = simulate_composite
    else:
        given["only"] = [_read_codes(each) for each in codes]
    with nullcontext() if verbose else working(f"simulating with {simulator}"):
        report = run(manifest_path, verbose=verbose, **given)
    if as_json:
        print_json({**asdict(report), "passed": report.passed})
    else:
        out = console()
        for test in report.tests:
            mark = "[green]ok  [/]" if test.status == "passed" else "[bold red]FAIL[/]"
            out.print(f"{mark} {test.name}")
            if test.message:
                out.print(test.message, markup=False)
    return 0 if report.passed else 1


def _read_codes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(code) for code in text.split(","))
    except ValueError:
        raise click.UsageError(
            f"--only takes an integer code, such as 5 or, for two inputs, 5,-3, not {text!r}"
        ) from None
