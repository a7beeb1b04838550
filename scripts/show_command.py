"""``softgate show``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..support.progress import working
from .codes_at import checked_codes, codes_at, inputs_of, read_codes, shown_codes
from .common import check_figure_name, json_option, print_json, refuse_to_overwrite, written_aside
from .composite_texts import show_composite

if TYPE_CHECKING:
    from ..hdl.composites.manifest import CompositeManifest
    from ..hdl.manifest import Manifest

__all__ = ["command"]


@click.command(name="show")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--svg", type=click.Path(path_type=Path), help="Draw the datapath into this file.")
@click.option("--plot", type=click.Path(path_type=Path), help="Plot function and error into this PNG or SVG.")
@click.option("--output", metavar="NAME", help="Which output to plot; the first unless given.")
@click.option(
    "--at",
    "values",
    multiple=True,
    metavar="X",
    help="Show every step's value at an input value; 0.5,0.1 for two inputs.",
)
@click.option(
    "--at-code",
    "codes",
    multiple=True,
    callback=read_codes,
    metavar="CODE",
    help="Show every step's value at an input code; 5,-3 for two inputs.",
)
@click.option("--part", metavar="NAME", help="Show a part of a composite as the unit that it is.")
@json_option
def command(
    manifest_path: Path,
    svg: Path | None,
    plot: Path | None,
    output: str | None,
    values: tuple[str, ...],
    codes: list[tuple[int, ...]],
    part: str | None,
    as_json: bool,
) -> None:
    """Show the plan of a unit: its listing, its drawing, its error, and the value of every step at an input.

    Of a composite, show the plans of its parts, and with --at its outputs: for the elements of a vector, or for a
    number for each input, with commas. What is one plan is drawn; --part makes all options those of a part.
    """
    from ..hdl.composites.manifest import CompositeManifest, load_manifest
    from ..plan.merging import single_output
    from ..sim.golden.model import golden
    from ..sim.hardware_check import describe_step_values

    if values and codes:
        raise click.UsageError("--at takes input values, --at-code input codes; give one of them")
    if svg is not None and svg.suffix.lower() != ".svg":
        raise click.UsageError(f"--svg: a drawing is written as .svg, not as {svg.name!r}")
    if plot is not None:
        check_figure_name("--plot", plot)
    manifest = load_manifest(manifest_path)
    if part is not None:
        manifest = _part(manifest, part)
    if isinstance(manifest, CompositeManifest):
        if plot is not None or output is not None:
            raise click.UsageError(
                f"--plot and --output are for units; {manifest.name} is a composite, of which --part names a unit: "
                f"{', '.join(manifest.parts)}"
            )
        show_composite(manifest, manifest_path, values=values, codes=codes, svg=svg, as_json=as_json)
        return
    plotted = _plotted(manifest, plot, output)
    for option, path in (("--svg", svg), ("--plot", plot)):
        if path is not None:
            refuse_to_overwrite(option, path, manifest_path, [manifest.verilog, *manifest.extras])
    if svg is not None and plot is not None and svg.resolve() == plot.resolve():
        raise click.UsageError(f"--plot: {str(plot)!r} is where --svg draws; name another file")
    model = golden(manifest.plan)
    inputs = [codes_at(value, inputs_of(manifest.plan)) for value in values]
    inputs += [checked_codes(given, inputs_of(manifest.plan)) for given in codes]
    traces = [model.trace(*given) for given in inputs]
    with working("drawing"), ExitStack() as written:  # the files take their places once all are complete
        if svg is not None:
            from ..plan.drawing import draw_plan

            drawing = draw_plan(
                manifest.plan,
                stages=manifest.schedule.stages,
                latency=manifest.latency,
                values=traces[0] if traces else None,
                title=_title(manifest),
            )
            written.enter_context(written_aside(svg)).write_text(drawing, encoding="utf-8", newline="\n")
        if plot is not None:
            from ..explore.figures.error_figure import error_figure

            specification = manifest.claimed_of(plotted)
            error_figure(
                single_output(manifest.plan, plotted), specification, written.enter_context(written_aside(plot))
            )
    if as_json:
        print_json({"plan": manifest.plan.as_dict(), "ranges": manifest.plan.ranges, "values": traces})
        return
    if traces:
        for given, trace in zip(inputs, traces, strict=True):
            click.echo(shown_codes(zip(manifest.plan.inputs, given, strict=True)))
            click.echo(describe_step_values(model, *given))
            outputs = manifest.plan.outputs
            click.echo(shown_codes(((each.name, each.format), trace[each.step]) for each in outputs))
    else:
        click.echo(manifest.plan.listing())


def _title(manifest: Manifest) -> str:
    if (claimed := manifest.specification) is None:
        return f"{manifest.name}, the unit of a plan"
    functions = " and ".join(str(claim.specification.function) for claim in manifest.claims.values())
    formats = " and ".join(str(output.format) for output in manifest.plan.outputs)
    methods = " and ".join(dict.fromkeys(claim.method for claim in manifest.claims.values()))
    return f"{functions}: {claimed.domain} to {formats}, {methods}"


def _part(manifest: Manifest | CompositeManifest, name: str) -> Manifest:
    """Return a part of a composite as a unit; raise `click.UsageError` if there is no such part."""
    from ..hdl.composites.manifest import CompositeManifest

    if not isinstance(manifest, CompositeManifest):
        raise click.UsageError(f"--part names a part of a composite, and {manifest.name} is a unit; leave it out")
    if name not in manifest.parts:
        raise click.UsageError(f"--part must be one of {', '.join(manifest.parts)}, not {name!r}")
    return manifest.part(name)


def _plotted(manifest: Manifest, plot: Path | None, output: str | None) -> str:
    """Return the name of the output to plot.

    Raises
    ------
    ManifestError
        If there is something to plot, and no function is claimed for the unit.
    click.UsageError
        If there is no such output, or nothing to plot.

    """
    if plot is not None:
        _ = manifest.claimed  # raises an error if no function is claimed
    names = [each.name for each in manifest.plan.outputs]
    if output is None:
        return names[0]
    if plot is None:
        raise click.UsageError("--output says which output --plot draws; give --plot, too")
    if output not in names:
        raise click.UsageError(f"--output must be {' or '.join(names)}, the outputs of {manifest.name}, not {output!r}")
    return output
