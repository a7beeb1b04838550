"""``softgate show``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..support.progress import working
from .common import check_figure_name, json_option, print_json, refuse_to_overwrite, written_aside

if TYPE_CHECKING:
    from ..hdl.manifest import Manifest
    from ..plan.formats import FixedFormat
    from ..plan.operations.base import Range

__all__ = ["command"]


@click.command(name="show")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--svg", type=click.Path(path_type=Path), help="Draw the datapath into this file.")
@click.option("--plot", type=click.Path(path_type=Path), help="Plot function and error into this PNG or SVG.")
@click.option("--output", metavar="NAME", help="Which output to plot; the first unless given.")
@click.option("--at", "values", multiple=True, metavar="X", help="Show every step's value at an input value.")
@click.option("--at-code", "codes", multiple=True, type=int, metavar="CODE", help="The same at an input code.")
@json_option
def command(
    manifest_path: Path,
    svg: Path | None,
    plot: Path | None,
    output: str | None,
    values: tuple[str, ...],
    codes: tuple[int, ...],
    as_json: bool,
) -> None:
    """Show the plan of a unit: its listing, its drawing, its error, and the value of every step at an input."""
    from ..hdl.manifest import Manifest
    from ..plan.merging import single_output
    from ..plan.operations.base import Range
    from ..sim.golden.model import golden
    from ..sim.hardware_check import describe_step_values

    if values and codes:
        raise click.UsageError("--at takes input values, --at-code input codes; give one of them")
    if svg is not None and svg.suffix.lower() != ".svg":
        raise click.UsageError(f"--svg: a drawing is written as .svg, not as {svg.name!r}")
    if plot is not None:
        check_figure_name("--plot", plot)
    manifest = Manifest.load(manifest_path)
    plotted = _plotted(manifest, plot, output)
    for option, path in (("--svg", svg), ("--plot", plot)):
        if path is not None:
            refuse_to_overwrite(option, path, manifest_path, [manifest.verilog, *manifest.extras])
    if svg is not None and plot is not None and svg.resolve() == plot.resolve():
        raise click.UsageError(f"--plot: {str(plot)!r} is where --svg draws; name another file")
    model = golden(manifest.plan)
    if (values or codes) and len(manifest.plan.inputs) > 1:
        raise click.UsageError(
            f"--at and --at-code take one input, and {manifest.name} has {len(manifest.plan.inputs)}"
        )
    name, fmt = manifest.plan.inputs[0]
    held = manifest.plan.ranges[name]
    ranged = held != Range.of(fmt)
    inputs = [_code_at(value, fmt, held) for value in values]
    for code in codes:
        if code not in held:
            whose = "the range of the unit" if ranged else f"the codes of {fmt}"
            raise click.UsageError(f"--at-code must be from {held.low} to {held.high}, {whose}, not {code}")
        inputs.append(code)
    traces = [model.trace(code) for code in inputs]
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
        for code in inputs:
            click.echo(f"{name} = {float(fmt.shown.value(code))} (code {code})")
            click.echo(describe_step_values(model, code))
    else:
        click.echo(manifest.plan.listing())


def _title(manifest: Manifest) -> str:
    if (claimed := manifest.specification) is None:
        return f"{manifest.name}, the unit of a plan"
    functions = " and ".join(str(claim.specification.function) for claim in manifest.claims.values())
    formats = " and ".join(str(output.format) for output in manifest.plan.outputs)
    methods = " and ".join(dict.fromkeys(claim.method for claim in manifest.claims.values()))
    return f"{functions}: {claimed.domain} to {formats}, {methods}"


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
        _ = manifest.claimed  # or the error that says that there is none
    names = [each.name for each in manifest.plan.outputs]
    if output is None:
        return names[0]
    if plot is None:
        raise click.UsageError("--output says which output --plot draws; give --plot, too")
    if output not in names:
        raise click.UsageError(f"--output must be {' or '.join(names)}, the outputs of {manifest.name}, not {output!r}")
    return output


def _code_at(value: str, fmt: FixedFormat, held: Range) -> int:
    """Return the code nearest to a value, as `FixedFormat.quantize` rounds; values beyond the format are limited.

    Raises
    ------
    click.UsageError
        If it is not a number, or outside the range that the unit is made for.

    """
    from ..plan.input_range import show_codes
    from ..plan.operations.base import Range
    from ..support.parameters import parse_number

    try:
        units = parse_number(value) / fmt.shown.ulp
    except ValueError:
        raise click.UsageError(f"--at takes a number, such as 0.37, not {value!r}") from None
    scaled = units + fmt.code_of_zero
    nearest = round(units) + fmt.code_of_zero
    if held != Range.of(fmt) and nearest not in held:
        raise click.UsageError(f"--at must be from {show_codes(held, fmt)}, the range of the unit, not {value}")
    code: int = min(max(nearest, held.low), held.high)
    if abs(code - scaled) >= 1:
        click.echo(f"--at {value} is outside {fmt}, and limited to {float(fmt.shown.value(code)):g}", err=True)
    return code
