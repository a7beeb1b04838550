"""``softgate emit``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .array_files import read_array
from .common import print_json, read_settings
from .emit_composite import EmitCommand
from .emit_options import file_options, unit_options
from .emit_report import report_unit

if TYPE_CHECKING:
    from ..hdl.build_options import BuildOptions

__all__ = ["command"]


@click.command(name="emit", cls=EmitCommand)
@click.argument("function", required=False)
@unit_options
@file_options
def command(
    function: str | None,
    input_format: str,
    output_format: str | None,
    table: Path | None,
    thresholds: Path | None,
    ports: tuple[str, ...],
    method: str | None,
    settings: tuple[str, ...],
    registers: tuple[str, ...],
    name: str | None,
    folder: Path,
    bench: bool,
    vectors: bool,
    force: bool,
    as_json: bool,
    **asked: Any,
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
    is 1. So it is with any effort if --frequency is given and the target's delays predict at most 5 % more; where
    the clock is missed, ranks of registers are added until it is kept.
    """
    from ..explore.design import design
    from ..explore.emission import extra_files, extra_names, refuse_foreign
    from ..hdl.build_options import BuildKeywords, BuildOptions
    from ..methods import implied_method

    parameters = read_settings(settings)
    _refuse_own_names(parameters, design)
    if method is None and (implied := implied_method(parameters)) is not None:
        method = implied.name
    asked["registers"] = registers or None
    # Report every error in the arguments before the search begins.
    options = BuildOptions.read(**{key: asked[key] for key in asked if key in BuildKeywords.__annotations__})
    given = _given(function, table, thresholds)
    if output_format is None and thresholds is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    at_run_time = read_settings(ports, "--port", "slope=SQ1.7") or None
    outputs = ("y",) if asked["with_derivative"] is None else ("y", "dy")
    wanted = _destination(given, input_format, at_run_time, name, folder, options, outputs)
    if not force:
        refuse_foreign(folder, wanted, [f"{wanted}.v", *extra_names(wanted, bench=bench, vectors=vectors)])
    with working("searching") as progress:
        found = design(
            given,
            input_format,
            output_format,
            ports=at_run_time,
            method=method,
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
    if as_json:
        print_json(manifest.as_dict())
    else:
        report_unit(found, manifest, folder)
    return int(found.misses)


def _destination(
    given: Any,
    input_format: str,
    at_run_time: Mapping[str, str] | None,
    name: str | None,
    folder: Path,
    options: BuildOptions,
    outputs: tuple[str, ...],
) -> str:
    """Return the name of the unit, that of its function unless given; raise if it cannot be written (see `design`)."""
    from ..explore.emission import check_destination
    from ..explore.given_function import given_definition
    from ..explore.run_time_design import function_with_port
    from ..plan.any_format import read_format

    inputs = ["x"]
    if at_run_time is not None:
        function, _ = function_with_port(given, at_run_time)
        named = function.module_name
        inputs.append(function.parameter)
    else:
        named = given_definition(given, read_format("input", input_format)).module_name
    wanted = named if name is None else name
    return check_destination(wanted, folder, options.interface, tlast=options.tlast, inputs=inputs, outputs=outputs)


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
