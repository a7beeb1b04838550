"""``softgate synth``."""

from __future__ import annotations

from pathlib import Path

import click

from .common import console, json_option, print_json, progress_bar

__all__ = ["command"]


@click.command(name="synth")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--target", default="ecp5", show_default=True, metavar="NAME", help="See `softgate list targets`.")
@click.option("--frequency", default=200.0, show_default=True, metavar="MHZ", help="What place and route is asked for.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="Seeds to place with; 1, 2, 3 unless given.",
)
@click.option("--dsp/--no-dsp", default=True, help="Whether multipliers may use DSP blocks.")
@click.option("--bram/--no-bram", default=True, help="Whether tables may use block RAM.")
@json_option
def command(
    manifest_path: Path, target: str, frequency: float, seeds: tuple[int, ...], dsp: bool, bram: bool, as_json: bool
) -> None:
    """Synthesise, place and route a unit; report its area, and the clock frequency as the median over the seeds.

    The area is the unit's own; the frequency is measured between two ranks of registers on every side.
    """
    from ..explore.flows import flow, flow_names
    from ..hdl.manifest import Manifest
    from ..plan.parameters import nearest

    if target not in flow_names():
        raise click.UsageError(f"there is no target {target!r}; {nearest(target, flow_names())}")
    if not 1 <= frequency <= 2000:
        raise click.UsageError(f"--frequency must be from 1 to 2000 MHz, not {frequency:g}")
    manifest = Manifest.load(manifest_path)
    verilog = manifest_path.parent / manifest.verilog
    try:
        text = verilog.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{verilog} is not there, or is no text; emit the unit again") from None
    with progress_bar(f"{target}: synthesis, place and route") as progress:
        progress.update(progress.task_ids[0], total=None)
        result = flow(target).synthesise(
            text,
            manifest.name,
            ports=manifest.ports,
            seeds=seeds or (1, 2, 3),
            frequency=frequency,
            dsp=dsp,
            bram=bram,
        )
    if as_json:
        print_json({"target": target, **result.as_dict()})
        return
    out = console()
    for name, value in result.as_dict().items():
        out.print(f"  {name:<16} {_shown(value)}")


def _shown(value: object) -> str:
    """Return a figure as a person reads it: counts, or frequencies by seed or as their median."""
    if isinstance(value, dict):
        return ", ".join(f"{_shown(frequency)} (seed {seed})" for seed, frequency in value.items())
    return f"{value:.1f} MHz" if isinstance(value, float) else str(value)
