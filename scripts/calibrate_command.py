"""``softgate calibrate``."""

from __future__ import annotations

import click

from ..support.progress import watched
from .common import json_option, print_json

__all__ = ["command"]

_KINDS = ("delays", "costs")


@click.command(name="calibrate")
@click.argument("target", metavar="TARGET")
@click.option("--only", metavar="NAME", help="Fit delays or costs alone.")
@json_option
def command(target: str, only: str | None, as_json: bool) -> None:
    """Fit the delays and the costs of TARGET to units that are synthesised and routed for it.

    Prints, for each, the present and the fitted values, which go into the target's data file, and how well both predict
    the units that they were fitted to and others. Before the delays there is a row for each routed unit, as it comes.
    Takes from some minutes to more than an hour; measurements are kept, so an interrupted command continues from there.
    """
    from ..explore.calibration.report import measure_costs, measure_delays
    from ..hdl.targets import target as find_target
    from ..support.parameters import read_name
    from ..support.rows import markdown

    kinds = _KINDS if only is None else (read_name("--only", only, _KINDS),)
    on = find_target(target)
    measures = {"delays": measure_delays, "costs": measure_costs}
    tables = {kind: measures[kind](on) for kind in kinds}
    if as_json:
        rows = {kind: list(watched(f"fitting {kind}", table)) for kind, table in tables.items()}
        print_json({kind: [{"label": row.label, **row.cells} for row in found] for kind, found in rows.items()})
        return
    for number, (kind, table) in enumerate(tables.items()):
        if number:
            click.echo()
        for line in markdown(f"{kind} of {on.name}", watched(f"fitting {kind}", table)):
            click.echo(line)
