"""``softgate show``."""

from __future__ import annotations

from pathlib import Path

import click

from .common import json_option, print_json

__all__ = ["command"]


@click.command(name="show")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--svg", type=click.Path(path_type=Path), help="Draw the datapath into this file.")
@click.option("--plot", type=click.Path(path_type=Path), help="Plot function and error into this PNG or SVG.")
@click.option("--at", "values", multiple=True, metavar="X", help="Show every step's value at an input value.")
@click.option("--at-code", "codes", multiple=True, type=int, metavar="CODE", help="The same at an input code.")
@json_option
def command(
    manifest_path: Path,
    svg: Path | None,
    plot: Path | None,
    values: tuple[str, ...],
    codes: tuple[int, ...],
    as_json: bool,
) -> None:
    """Show the plan of a unit: its listing, its drawing, its error, every step's value at an input."""
    from ..hdl.manifest import Manifest, write_atomically
    from ..plan.parameters import parse_number
    from ..sim.check import describe_step_values
    from ..sim.golden import golden

    manifest = Manifest.load(manifest_path)
    model = golden(manifest.plan)
    ((name, fmt),) = manifest.plan.inputs
    try:
        given = [int(fmt.quantize(float(parse_number(value)))) for value in values]
    except ValueError:
        raise click.UsageError(f"--at takes a number, such as 0.37, not {', '.join(values)!r}") from None
    inputs = [*given, *codes]
    traces = [model.trace(code) for code in inputs]
    if svg is not None:
        from ..plan.drawing import draw_plan

        drawing = draw_plan(
            manifest.plan,
            stages=manifest.schedule.stages,
            latency=manifest.latency,
            values=traces[0] if traces else None,
            title=f"{manifest.specification.function}: {manifest.specification.input_format} to "
            f"{manifest.specification.output_format}, {manifest.method}",
        )
        write_atomically({_in_a_folder("--svg", svg): drawing})
    if plot is not None:
        from ..explore.figure import error_figure

        error_figure(manifest.plan, manifest.specification, _in_a_folder("--plot", plot))
    if as_json:
        print_json({"plan": manifest.plan.as_dict(), "ranges": manifest.plan.ranges, "values": traces})
        return
    if traces:
        for code in inputs:
            click.echo(f"{name} = {float(fmt.value(code))} (code {code})")
            click.echo(describe_step_values(model, code))
    else:
        click.echo(manifest.plan.listing())


def _in_a_folder(option: str, path: Path) -> Path:
    if not path.parent.is_dir():
        raise click.UsageError(f"{option} {path} is in a folder that does not exist")
    return path
