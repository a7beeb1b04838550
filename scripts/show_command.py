"""``softgate show``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..support.progress import working
from .common import check_figure_name, json_option, print_json, refuse_to_overwrite, written_aside
from .composite_texts import show_composite

if TYPE_CHECKING:
    from ..hdl.manifest import Manifest
    from ..plan.formats import FixedFormat
    from ..plan.operations.base import Range
    from ..plan.plan import Plan

__all__ = ["command"]


def _read_codes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Read codes of all inputs, separated by commas."""
    found = []
    for text in given:
        try:
            found.append(tuple(int(each) for each in text.split(",")))
        except ValueError:
            raise click.BadParameter(f"{text!r} is not a valid integer.") from None
    return found


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
    callback=_read_codes,
    metavar="CODE",
    help="Show every step's value at an input code; 5,-3 for two inputs.",
)
@json_option
def command(
    manifest_path: Path,
    svg: Path | None,
    plot: Path | None,
    output: str | None,
    values: tuple[str, ...],
    codes: list[tuple[int, ...]],
    as_json: bool,
) -> None:
    """Show the plan of a unit: its listing, its drawing, its error, and the value of every step at an input."""
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
    if isinstance(manifest, CompositeManifest):
        if svg is not None or plot is not None or output is not None or values or codes:
            raise click.UsageError(
                "--svg, --plot, --output, --at and --at-code are for units; a composite has several plans"
            )
        show_composite(manifest, as_json=as_json)
        return
    plotted = _plotted(manifest, plot, output)
    for option, path in (("--svg", svg), ("--plot", plot)):
        if path is not None:
            refuse_to_overwrite(option, path, manifest_path, [manifest.verilog, *manifest.extras])
    if svg is not None and plot is not None and svg.resolve() == plot.resolve():
        raise click.UsageError(f"--plot: {str(plot)!r} is where --svg draws; name another file")
    model = golden(manifest.plan)
    inputs = [_codes_at(value, manifest.plan) for value in values]
    inputs += [_checked(given, manifest.plan) for given in codes]
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
        for given in inputs:
            named = zip(manifest.plan.inputs, given, strict=True)
            click.echo(
                ", ".join(f"{name} = {float(fmt.shown.value(code))} (code {code})" for (name, fmt), code in named)
            )
            click.echo(describe_step_values(model, *given))
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
        _ = manifest.claimed  # raises an error if no function is claimed
    names = [each.name for each in manifest.plan.outputs]
    if output is None:
        return names[0]
    if plot is None:
        raise click.UsageError("--output says which output --plot draws; give --plot, too")
    if output not in names:
        raise click.UsageError(f"--output must be {' or '.join(names)}, the outputs of {manifest.name}, not {output!r}")
    return output


def _check_count(option: str, count: int, plan: Plan) -> None:
    """Raise `click.UsageError` unless there are as many numbers as inputs."""
    names = [name for name, _ in plan.inputs]
    if count != len(names):
        raise click.UsageError(f"{option} takes a number for each of {', '.join(names)}, with commas, not {count}")


def _checked(codes: tuple[int, ...], plan: Plan) -> tuple[int, ...]:
    """Return the codes of all inputs; raise `click.UsageError` if an input has no such code."""
    from ..plan.operations.base import Range

    _check_count("--at-code", len(codes), plan)
    for (name, fmt), code in zip(plan.inputs, codes, strict=True):
        held = plan.ranges[name]
        if code not in held:
            whose = "the range of the unit" if held != Range.of(fmt) else f"the codes of {fmt}"
            raise click.UsageError(f"--at-code must be from {held.low} to {held.high}, {whose}, not {code}")
    return codes


def _codes_at(text: str, plan: Plan) -> tuple[int, ...]:
    """Return the codes nearest to the values of all inputs."""
    values = text.split(",") if len(plan.inputs) > 1 else [text]
    _check_count("--at", len(values), plan)
    return tuple(
        _code_at(value, fmt, plan.ranges[name]) for value, (name, fmt) in zip(values, plan.inputs, strict=True)
    )


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
