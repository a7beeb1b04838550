"""``softgate explain``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .common import check_figure_name, console, json_option, print_json, refuse_to_overwrite, written_aside
from .composite_texts import explain_composite

if TYPE_CHECKING:
    from ..explore.choose.choice import Weighed

__all__ = ["command"]


@click.command(name="explain")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the candidates into this PNG or SVG.")
@json_option
def command(manifest_path: Path, plot: Path | None, as_json: bool) -> None:
    """Show the candidates that a unit was weighed against, and why it was chosen.

    One line per candidate, the best first. Numbers after ~ are predicted by the target's models, the others measured. A
    measured clock below the one that all were built for is marked as missed.
    """
    from ..explore.choose.choice import Choice
    from ..hdl.composites.manifest import CompositeManifest, load_manifest

    if plot is not None:
        check_figure_name("--plot", plot)
    manifest = load_manifest(manifest_path)
    if isinstance(manifest, CompositeManifest):
        if plot is not None:
            raise click.UsageError("--plot is for units; the parts of a composite are chosen one by one")
        explain_composite(manifest, as_json=as_json)
        return
    if manifest.choice is None:
        how = f"the first unit of method {manifest.method} that does what was asked"
        whose = "the unit of a plan that was given" if manifest.specification is None else how
        raise click.UsageError(f"{str(manifest_path)!r} was weighed against nothing: it is {whose}")
    try:
        choice = Choice.from_dict(manifest.choice)
    except (KeyError, TypeError):
        raise click.UsageError(f"{str(manifest_path)!r} holds a choice that this softgate cannot read") from None
    if plot is not None:
        from ..explore.choose.choice_figure import choice_figure

        refuse_to_overwrite("--plot", plot, manifest_path, [manifest.verilog, *manifest.extras])
        functions = " and ".join(str(claim.specification.function) for claim in manifest.claims.values())
        formats = " and ".join(str(output.format) for output in manifest.plan.outputs)
        asked = "" if manifest.specification is None else manifest.specification.domain
        what = f"{functions}: {asked} to {formats}"
        title = f"{what}, for {choice.objective} on {choice.target}"
        with working("plotting"), written_aside(plot) as aside:
            choice_figure(choice, aside, title=title)
    if as_json:
        print_json(choice.as_dict())
        return
    from rich.table import Table

    out = console()
    aims = {
        "luts": "the fewest look-up tables",
        "latency": "the fewest clocks, then look-up tables",
        "fmax": "the highest clock, then the fewest look-up tables",
        "balanced": "the least product of look-up tables and clocks",
    }
    clock = "" if choice.frequency is None else f" at {choice.frequency:g} MHz"
    out.print(f"{aims[choice.objective]}, on {choice.target}{clock}, effort {choice.effort}")
    table = Table(box=None, pad_edge=False)
    for heading in ("", "method", "LUTs", "DSP", "BRAM", "latency", "MHz", "parameters"):
        table.add_column(heading, justify="left" if heading in ("", "method", "parameters") else "right")
    for each in choice.weighed:
        table.add_row(*_cells(each, missed=choice.misses(each)))
    out.print(table)


def _parameters(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in given.items() if name != "name")


def _cells(each: Weighed, *, missed: bool) -> tuple[str, ...]:
    texts = [_parameters(each.parameters)]
    texts += [f"{name}: {made['name']} {_parameters(made)}".rstrip() for name, made in each.further.items()]
    parameters = "; ".join(filter(None, texts))
    if each.size is None:
        return ("", each.method, "", "", "", "", "", f"{parameters}: {each.refused}")
    return (
        "*" if each.chosen else "",
        each.method,
        f"{'~' if each.measured_luts is None else ''}{each.size:.0f}",
        str(each.dsp),
        str(each.bram),
        str(each.latency),
        ""
        if each.clock is None
        else f"{'~' if each.measured_fmax is None else ''}{each.clock:.0f}{' missed' * missed}",
        parameters if each.refused is None else f"{parameters}: {each.refused}",
    )
