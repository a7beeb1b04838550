"""``softgate benchmark``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .common import json_option, print_json
from .progress import working

if TYPE_CHECKING:
    from ..explore.benchmark import Row

__all__ = ["command"]


@click.command(name="benchmark")
@click.argument("kind", metavar="KIND")
@click.option(
    "--target", metavar="NAME", help="Whose clock to try, or whose delays or costs to fit; ecp5 unless given."
)
@json_option
def command(kind: str, target: str | None, as_json: bool) -> None:
    """Measure the figures of the documentation again.

    KIND is one of: units, on an ECP5; peers, units beside those of a peer and of more widths; blocks, what these are
    with a block or two; efforts, with every effort; fits, polynomials by different fits; monotonic units; demands,
    units with free ends, symmetric ones and ones of little bias; speed of the tool, or of a sweep, on this machine;
    timing of units built for a clock; clocks, whether what is built by default keeps a target's ordinary clock; delays
    of a target, fitted to routed units; costs, fitted to synthesised ones.

    Prints Markdown tables, line by line as the figures come.
    """
    from ..explore.benchmark import machine, measure_speed, measure_units
    from ..explore.blocks_benchmark import measure_blocks
    from ..explore.calibration.costs import measure_costs
    from ..explore.clock_benchmark import measure_clocks
    from ..explore.demands_benchmark import measure_demands, measure_monotonic
    from ..explore.effort_benchmark import measure_efforts
    from ..explore.fits_benchmark import measure_fits
    from ..explore.peers import measure_peers
    from ..explore.sweep.benchmark import measure_sweep
    from ..explore.timing_benchmark import measure_delays, measure_timing
    from ..hdl.targets import target as find_target
    from ..support.parameters import read_name

    measures = {
        "units": measure_units,
        "peers": measure_peers,
        "blocks": measure_blocks,
        "efforts": measure_efforts,
        "fits": measure_fits,
        "demands": measure_demands,
        "monotonic": measure_monotonic,
        "speed": measure_speed,
        "sweep": measure_sweep,
        "timing": measure_timing,
    }
    of_target = {"clocks": measure_clocks, "delays": measure_delays, "costs": measure_costs}
    kind = read_name("benchmark", kind, [*measures, *of_target])
    if target is not None and kind in measures:
        raise click.UsageError(f"--target is for the kinds {', '.join(of_target)}, not for {kind}; leave it out")
    rows = _watched(kind, measures[kind]() if kind in measures else of_target[kind](find_target(target or "ecp5")))
    if as_json:
        print_json([{"label": row.label, **row.figures} for row in rows])
        return
    columns: list[str] = []
    for row in rows:
        if columns != list(row.figures):
            click.echo("\n" * bool(columns), nl=False)
            columns = list(row.figures)
            click.echo(f"| {kind.removesuffix('s')} | " + " | ".join(columns) + " |")
            click.echo("|---|" + "---|" * len(columns))
        click.echo(f"| {row.label} | " + " | ".join(row.figures.values()) + " |")
    if kind in ("speed", "sweep"):
        click.echo(f"\nMeasured on {machine()}.")


def _watched(kind: str, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows; while one is measured, show that this goes on."""
    while True:
        with working(f"measuring {kind}"):
            row = next(rows, None)
        if row is None:
            return
        yield row
