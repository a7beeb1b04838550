"""``softgate emit``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .array_files import read_array
from .common import clock_verdict, console, json_option, print_json, read_settings
from .emit_composite import EmitCommand

if TYPE_CHECKING:
    from ..hdl.approximation import Approximation
    from ..hdl.build_options import BuildKeywords

__all__ = ["command"]


@click.command(name="emit", cls=EmitCommand)
@click.argument("function", required=False)
@click.option("-i", "--input", "input_format", required=True, metavar="FORMAT", help="Input format, such as SQ4.12.")
@click.option(
    "-o",
    "--output",
    "output_format",
    metavar="FORMAT",
    help="Output format, such as SQ1.15; thresholds have their own.",
)
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A function as its values at all input codes (.npy).",
)
@click.option(
    "--thresholds", type=click.Path(path_type=Path), metavar="FILE", help="Count the thresholds of this array (.npy)."
)
@click.option(
    "--with-derivative", metavar="FORMAT", help="Format of a second output, dy, with the derivative of FUNCTION at x."
)
@click.option(
    "--port", "ports", multiple=True, metavar="NAME=FORMAT", help="A parameter of FUNCTION as an input of the unit."
)
@click.option("--max-error", metavar="ERROR", help="Error budget: 1ulp (faithful; the default), 0.5ulp, 1e-4, 2^-12.")
@click.option("--clip", metavar="LO:HI", help="Limits that the input is saturated to first, such as -4:4.")
@click.option(
    "--range", "input_range", metavar="LO:HI", help="Range that the input is known to stay within, such as -4:4."
)
@click.option("--method", metavar="NAME", help="Approximation method; by default the best of all.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Parameter of the function or the method; repeatable."
)
@click.option(
    "--interface", default="pipeline", show_default=True, metavar="NAME", help="comb, pipeline, stream or axis."
)
@click.option("--tlast", is_flag=True, help="Let an AXI4-Stream (axis) carry tlast.")
@click.option(
    "--target", metavar="NAME", help="FPGA to build for (see `softgate list targets`); by default no particular one."
)
@click.option(
    "--frequency", type=float, metavar="MHZ", help="Clock frequency to meet on the target; by default its usual one."
)
@click.option("--latency", type=int, metavar="N", help="The most clocks from input to output.")
@click.option(
    "--stages", type=int, metavar="N", help="Ranks of registers, spread evenly by delay, rather than for a clock."
)
@click.option(
    "--register-after",
    "registers",
    multiple=True,
    metavar="STEP",
    help="Put registers after this step, rather than for a clock; repeatable.",
)
@click.option(
    "--objective",
    default="balanced",
    show_default=True,
    metavar="NAME",
    help="What the unit is to be best at: luts, latency, fmax, or the product of size and latency.",
)
@click.option(
    "--effort",
    default="quick",
    show_default=True,
    metavar="NAME",
    help="How far to look, among all methods or the one named: quick (a cost model), normal or high (synthesis).",
)
@click.option("--dsp", type=int, metavar="N", help="The most multiplier blocks; no limit unless given, 0 forbids them.")
@click.option("--bram", type=int, metavar="N", help="The most block RAMs; no limit unless given, 0 forbids them.")
@click.option("--name", metavar="NAME", help="Name of the module and the files; by default that of the function.")
@click.option(
    "--out", "folder", default=".", show_default=True, type=click.Path(path_type=Path), help="Folder to write to."
)
@click.option("--saturate", is_flag=True, help="Accept an output format that cannot hold all values.")
@click.option("--monotonic", is_flag=True, help="Ask for outputs that rise and fall only where the function does.")
@click.option(
    "--ends",
    metavar="NAME",
    help="Outputs where the function is saturated, and at 0: exact, the default (its limit, and f(0) if that is a "
    "code), or free.",
)
@click.option(
    "--rounding",
    metavar="MODE",
    help="Ask for the one output that a mode gives, in place of --max-error and --ends: half_even, half_up, half_away, "
    "floor or zero.",
)
@click.option("--symmetric", is_flag=True, help="Ask for outputs that have the function's symmetry exactly.")
@click.option(
    "--max-bias",
    metavar="ERROR",
    help="The largest mean error, of outputs and of their absolute values: 0.05ulp, 1e-5, 2^-16.",
)
@click.option("--bench", is_flag=True, help="Also write a cocotb bench, a file of your own to change.")
@click.option("--vectors", is_flag=True, help="Also write stimulus, expected output and a plain Verilog bench.")
@click.option("--force", is_flag=True, help="Overwrite files that softgate did not write.")
@json_option
def command(
    function: str | None,
    input_format: str,
    output_format: str | None,
    table: Path | None,
    thresholds: Path | None,
    with_derivative: str | None,
    ports: tuple[str, ...],
    max_error: str | None,
    input_range: str | None,
    clip: str | None,
    method: str | None,
    settings: tuple[str, ...],
    interface: str,
    tlast: bool,
    target: str | None,
    frequency: float | None,
    latency: int | None,
    stages: int | None,
    registers: tuple[str, ...],
    objective: str,
    effort: str,
    dsp: int | None,
    bram: int | None,
    name: str | None,
    folder: Path,
    saturate: bool,
    monotonic: bool,
    ends: str | None,
    rounding: str | None,
    symmetric: bool,
    max_bias: str | None,
    bench: bool,
    vectors: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Make a unit for FUNCTION: Verilog and its manifest.

    FUNCTION is a name, the name of a derivative such as gelu.prime, or an expression such as "x*tanh(log(1+exp(x)))".
    Instead, --table gives the values at all input codes, in ascending order, and --thresholds a quantised network's
    activation, the number of thresholds at or below x: floats in an array of one axis, which are values, not codes.

    With --with-derivative the unit has two outputs, y and dy. Both meet the error budget; further demands, such as
    --monotonic, apply to y only.

    With --port the parameter is a second input: `softgate emit prelu -i SQ4.12 -o SQ4.12 --port slope=SQ1.7`.

    Without --max-error the error stays below one ulp, and tables and thresholds are correctly rounded. Setting a
    parameter of the method without --max-error removes the budget: the error is then only reported. `softgate list`
    shows functions, methods and their parameters.

    Composites are named first and have options of their own: `softgate emit softmax --help`.

    Exit code 1, and no unit, if a budget or a clock cannot be met. With --effort normal or high the unit is routed if
    the target has place and route: if that shows that the clock is missed, the unit is still written, and the exit code
    is 1.
    """
    from ..explore.design import design
    from ..explore.emission import check_destination, extra_files, extra_names, refuse_foreign
    from ..explore.given_function import given_definition
    from ..explore.run_time_design import function_with_port
    from ..hdl.build_options import BuildOptions
    from ..methods import implied_method
    from ..plan.any_format import read_format

    parameters = read_settings(settings)
    _refuse_own_names(parameters, design)
    if method is None and (implied := implied_method(parameters)) is not None:
        method = implied.name
    asked: BuildKeywords = {
        "interface": interface,
        "tlast": tlast,
        "target": target,
        "frequency": frequency,
        "latency": latency,
        "stages": stages,
        "registers": registers or None,
        "objective": objective,
        "dsp": dsp,
        "bram": bram,
    }
    # Report every error in the arguments before the search begins.
    options = BuildOptions.read(**asked)
    given = _given(function, table, thresholds)
    if output_format is None and thresholds is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    at_run_time = read_settings(ports, "--port", "slope=SQ1.7") or None
    inputs = ["x"]
    if at_run_time is not None:
        at_port, _ = function_with_port(given, at_run_time)
        named = at_port.module_name
        inputs.append(at_port.parameter)
    else:
        named = given_definition(given, read_format("input", input_format)).module_name
    wanted = check_destination(
        named if name is None else name,
        folder,
        options.interface,
        tlast=options.tlast,
        inputs=inputs,
        outputs=("y",) if with_derivative is None else ("y", "dy"),
    )
    if not force:
        refuse_foreign(folder, wanted, [f"{wanted}.v", *extra_names(wanted, bench=bench, vectors=vectors)])
    with working("searching") as progress:
        found = design(
            given,
            input_format,
            output_format,
            ports=at_run_time,
            with_derivative=with_derivative,
            max_error=max_error,
            method=method,
            saturate=saturate,
            input_range=input_range,
            clip=clip,
            monotonic=monotonic,
            ends=ends,
            rounding=rounding,
            symmetric=symmetric,
            max_bias=max_bias,
            effort=effort,
            progress=progress.at,
            **asked,
            **dict[str, Any](parameters),
        )
        progress.at("writing")
        manifest = found.emit(
            folder,
            name=name,
            extras=extra_files(bench=bench, vectors=vectors),
            force=force,
            notes=lambda note: click.echo(note, err=True),
        )
    missed = found.choice is not None and found.choice.misses(found.choice.chosen)
    if as_json:
        print_json(manifest.as_dict())
        return int(missed)
    out = console()
    written = folder / manifest.verilog
    out.print(f"[bold green]{written}[/] and [bold green]{written.with_suffix('.json')}[/]")
    if found.specification.input_range is not None:
        out.print(f"  input    {found.specification.domain}, and no other")
    for line in _of_each("method", found, _method_text):
        out.print(line)
    if found.choice is not None and found.choice.others:
        out.print(f"  chosen   for {objective}, of {len(found.choice.weighed)} units weighed: softgate explain")
    for line in _of_each("error", found, _error_text):
        out.print(line)
    clock = "" if frequency is None else f", for {frequency:g} MHz"
    on = "" if manifest.target is None else f" on {manifest.target}"
    out.print(f"  timing   {interface}, latency {manifest.latency}{clock}{on}")
    if missed and found.choice is not None:
        reached = clock_verdict(found.choice.chosen.measured_fmax, found.choice.frequency)
        out.print(f"  clock    {reached}; see softgate explain")
    return int(missed)


def _given(function: str | None, table: Path | None, thresholds: Path | None) -> Any:
    """Return the one function that is given, in a form that `design` takes."""
    from ..accuracy.composites import is_composite
    from ..functions import from_thresholds

    if is_composite(function):
        raise click.UsageError(
            f"a composite is named first: softgate emit {function} ...; --help there lists its options"
        )
    given = 3 - [function, table, thresholds].count(None)
    if given != 1:
        fault = "Two functions are named" if given else "Missing argument 'FUNCTION'"
        raise click.UsageError(f"{fault}: give one of FUNCTION, --table FILE and --thresholds FILE")
    if table is not None:
        return read_array("--table", table)
    return function if thresholds is None else from_thresholds(read_array("--thresholds", thresholds))


def _refuse_own_names(parameters: dict[str, str], design: Callable[..., Any]) -> None:
    """Reject --set for a name that has an option of its own: it would reach `design` as that argument."""
    for name in parameters:
        if name in signature(design).parameters:
            raise click.UsageError(f"--set takes parameters of functions and methods, and {name!r} is not one of them")


def _of_each(title: str, found: Approximation, text: Callable[[Approximation], str]) -> Iterator[str]:
    """Yield a line about every output, which is named if there are several."""
    for number, (name, each) in enumerate(found.outputs.items()):
        yield f"  {title if number == 0 else '':<8} {f'{name}: ' if found.further else ''}{text(each)}"


def _method_text(found: Approximation) -> str:
    parameters = ", ".join(f"{key}={value}" for key, value in found.parameters.items())
    return found.method + (f" ({parameters})" if parameters else "")


def _error_text(found: Approximation) -> str:
    from ..hdl.unit_text import shape_text

    errors = found.errors
    sampled = f" of {errors.points} sampled inputs" if errors.proof == "bounded" else ""
    rounded = f"{100 * errors.correctly_rounded:.4g} %{sampled} correctly rounded"
    return f"{errors.largest_text} = {errors.max_abs:.4g} ({errors.proof}), {rounded}, {shape_text(found)}"
