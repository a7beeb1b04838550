"""``softgate synth``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.exceptions import SoftgateError
from ..support.progress import working
from .common import clock_verdict, console, json_option, print_json, read_verilog
from .synth_by_part import print_area_by_part

__all__ = ["LimitError", "command"]


class LimitError(SoftgateError):
    """Synthesis used more blocks than the limit that the unit was emitted with."""

    exit_code = 1


@click.command(name="synth")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--target", metavar="NAME", help="See `softgate list targets`; the manifest's unless given, or ecp5.")
@click.option(
    "--frequency",
    type=float,
    metavar="MHZ",
    help="The clock to keep; the one that the unit was built for on this target unless given.",
)
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="Seeds to place with; 1, 2, 3 unless given.",
)
@click.option("--no-route", is_flag=True, help="Only synthesise: area, and no clock frequency.")
@click.option("--dsp/--no-dsp", default=None, help="Whether multipliers may use DSP blocks; as emitted unless given.")
@click.option("--bram/--no-bram", default=None, help="Whether tables may use block RAM; as emitted unless given.")
@click.option("--by-part", is_flag=True, help="Only synthesise: area by part of the unit's plan.")
@json_option
def command(
    manifest_path: Path,
    target: str | None,
    frequency: float | None,
    seeds: tuple[int, ...],
    no_route: bool,
    dsp: bool | None,
    bram: bool | None,
    by_part: bool,
    as_json: bool,
) -> int:
    """Synthesise, place and route a unit; report its area, and the clock frequency as the median over the seeds.

    The area is the unit's own; the frequency is measured between two ranks of registers on every side. Exit code 1 if
    that misses --frequency or, without it, the clock that the unit was built for on this target. A unit that was built
    for another target, for none, or without a clock is measured, not judged.

    A unit that was emitted with a limit on blocks gets no more of them: exit code 1 if synthesis uses more.

    With --by-part the area is listed by what the unit consists of: its tables, rows of products, sums, sign,
    saturation. The parts add up to the unit. A cell that two parts share is listed under both, in a row of its own.
    """
    from ..explore.flows import find_flow, synthesise
    from ..hdl.build_options import check_frequency
    from ..hdl.composites.manifest import load_manifest
    from ..hdl.targets import target as find_target

    if by_part and (seeds or frequency is not None):
        given = "--seed" if seeds else "--frequency"
        raise click.UsageError(f"{given} is for place and route, which --by-part leaves out; give one of them")
    if no_route and seeds:
        raise click.UsageError("--seed is for place and route, which --no-route leaves out; give one of them")
    if no_route and frequency is not None:
        raise click.UsageError("--frequency is for place and route, which --no-route leaves out; give one of them")
    if frequency is not None:
        check_frequency(frequency)
    manifest = load_manifest(manifest_path)
    chosen = find_target(target or manifest.target or "ecp5")
    if target is None and chosen.flow is None:
        chosen = find_target("ecp5")
    if find_flow(chosen).place_and_route is None and (seeds or frequency is not None):
        raise click.UsageError(f"nothing places and routes for {chosen.name}, so --seed and --frequency mean nothing")
    for option, asked_for, block, what in (
        ("dsp", dsp, chosen.multiplier, "multiplier blocks"),
        ("bram", bram, chosen.block_ram, "block RAM"),
    ):
        if asked_for and block is None:
            raise click.UsageError(f"--{option} cannot be had: target {chosen.name} has no {what}; leave it out")
    if by_part:
        return print_area_by_part(manifest_path, manifest, chosen, dsp=dsp, bram=bram, as_json=as_json)
    asked = next(mhz for mhz in (frequency, manifest.frequency, chosen.frequency) if mhz is not None)
    text = read_verilog(manifest_path, manifest)
    with working(f"{chosen.name}: synthesis, place and route"):
        result = synthesise(
            chosen,
            text,
            manifest.name,
            ports=manifest.ports,
            seeds=() if no_route else seeds or (1, 2, 3),
            frequency=asked,
            dsp=manifest.options.dsp != 0 if dsp is None else dsp,
            bram=manifest.options.bram != 0 if bram is None else bram,
        )
    for option, chosen_by_hand, taken, most in (
        ("dsp", dsp, result.dsp, manifest.options.dsp),
        ("bram", bram, result.bram, manifest.options.bram),
    ):
        if chosen_by_hand is None and most is not None and taken > most:
            raise LimitError(
                f"{manifest_path} was emitted with --{option} {most}, and on {chosen.name} it takes {taken}; "
                f"emit it with --target {chosen.name}, or give --{option}"
            )
    built_for = manifest.clock if chosen.name == manifest.target else None
    clock = built_for if frequency is None else frequency
    kept = None if clock is None or result.fmax is None else result.fmax >= clock
    # If the user names a clock, an unknown verdict is not a success.
    status = 0 if kept or (kept is None and frequency is None) else 1
    if as_json:
        print_json({"target": chosen.name, "frequency": asked, **result.as_dict(), "clock": clock, "kept": kept})
        return status
    figures: dict[str, object] = {"target": chosen.name, **result.resources, "luts": result.luts}
    if result.fmax is None:
        figures["fmax"] = f"none: {result.why_no_fmax}"
    else:
        seeded = (f"{fmax:.1f} (seed {seed})" for seed, fmax in result.fmax_by_seed.items())
        figures |= {"fmax": f"{result.fmax:.1f} MHz", "fmax_by_seed": ", ".join(seeded)}
    if not no_route and (verdict := clock_verdict(result.fmax, clock)):
        figures["clock"] = verdict
    out = console()
    for name, value in figures.items():
        out.print(f"  {name:<16} {value}")
    return status
