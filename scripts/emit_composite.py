"""``softgate emit`` for composites: a command for each, with the options that it declares."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .array_files import read_array
from .common import print_json
from .emit_options import file_options
from .emit_report import report_composite

if TYPE_CHECKING:
    from ..accuracy.composites.base import Argument

__all__ = ["EmitCommand"]


class EmitCommand(click.Command):
    """``softgate emit``, which takes other options where its first argument names a composite."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from ..accuracy.composites import is_composite

        if args and not args[0].startswith("-") and is_composite(args[0]):
            return _command(args[0]).make_context(f"{info_name} {args[0]}", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


def _command(name: str) -> click.Command:
    """Return the command that makes a composite."""
    from ..accuracy.composites import find_composite

    composite = find_composite(name)
    options: list[click.Parameter] = [
        click.Option(
            [*argument.flags, argument.name],
            type=argument.kind,
            required=argument.required,
            default=argument.default,
            metavar=argument.metavar or None,
            help=argument.help,
            **_flag(argument),
        )
        for argument in composite.arguments
    ]
    options += [
        click.Option(
            ["--interface"],
            default="stream",
            show_default=True,
            metavar="NAME",
            help="stream or axis; without vectors also pipeline or comb.",
        ),
        click.Option(
            ["--tlast"], is_flag=True, help="Let an AXI4-Stream (axis) carry tlast; of vectors it always does."
        ),
        click.Option(["--target"], metavar="NAME", help="FPGA to build for (see `softgate list targets`)."),
        click.Option(["--frequency"], type=float, metavar="MHZ", help="Clock frequency to meet on the target."),
        click.Option(["--effort"], default="quick", show_default=True, metavar="NAME", help="quick, normal or high."),
    ]
    command: click.Command = file_options(
        click.Command(
            name,
            params=options,
            callback=partial(_emit, composite.name),
            help=f"Make a {composite.name}, Verilog and its manifest: {composite.summary}.",
        )
    )
    return command


def _flag(argument: Argument) -> dict[str, Any]:
    """Return the keywords of an option that is given, or may be given, without a value."""
    if argument.alone:
        return {"is_flag": False, "flag_value": argument.alone}
    return {"is_flag": argument.kind is bool}


def _emit(
    composite: str,
    *,
    interface: str,
    tlast: bool,
    target: str | None,
    frequency: float | None,
    effort: str,
    name: str | None,
    folder: Path,
    bench: bool,
    vectors: bool,
    force: bool,
    as_json: bool,
    **given: Any,
) -> None:
    from ..accuracy.composites import find_composite
    from ..explore.composites.design import design_composite
    from ..explore.emission import check_destination, extra_files, extra_names, refuse_foreign

    for argument in find_composite(composite).arguments:
        if argument.array and _is_file(given[argument.name]):
            given[argument.name] = read_array(argument.flags[-1], Path(given[argument.name]))
    wanted = find_composite(composite).read(**given).name if name is None else name
    check_destination(wanted, folder, interface.lower())
    if not force:
        refuse_foreign(folder, wanted, [f"{wanted}.v", *extra_names(wanted, bench=bench, vectors=vectors)])
    with working("searching") as progress:
        found = design_composite(
            composite,
            interface=interface,
            tlast=tlast,
            target=target,
            frequency=frequency,
            effort=effort,
            progress=progress.at,
            **given,
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
        report_composite(manifest, folder)


def _is_file(text: str | None) -> bool:
    """Tell whether an argument names a file of an array, rather than a format or a number."""
    return text is not None and (text.lower().endswith((".npy", ".npz")) or Path(text).is_file())
