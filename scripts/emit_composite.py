"""``softgate emit`` for composites: a command for each, with the options that it declares."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from ..support.progress import working
from .array_files import read_array
from .common import console, json_option, print_json

__all__ = ["EmitCommand"]


class EmitCommand(click.Command):
    """``softgate emit``, which takes other options where its first argument names a composite."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from ..accuracy.composites import is_composite

        if args and is_composite(args[0]):
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
            metavar=argument.metavar,
            help=argument.help,
        )
        for argument in composite.arguments
    ]
    options += [
        click.Option(["--interface"], default="stream", show_default=True, metavar="NAME", help="stream or axis."),
        click.Option(["--target"], metavar="NAME", help="FPGA to build for (see `softgate list targets`)."),
        click.Option(["--frequency"], type=float, metavar="MHZ", help="Clock frequency to meet on the target."),
        click.Option(["--effort"], default="quick", show_default=True, metavar="NAME", help="quick, normal or high."),
        click.Option(["--name"], metavar="NAME", help="Name of the module and the files; by default the composite's."),
        click.Option(
            ["--out", "folder"], default=".", show_default=True, type=click.Path(path_type=Path), help="Folder."
        ),
        click.Option(["--force"], is_flag=True, help="Overwrite files that softgate did not write."),
    ]
    command: click.Command = json_option(
        click.Command(
            name,
            params=options,
            callback=partial(_emit, composite.name),
            help=f"Make a {composite.name}, Verilog and its manifest: {composite.summary}.",
        )
    )
    return command


def _emit(
    composite: str,
    *,
    interface: str,
    target: str | None,
    frequency: float | None,
    effort: str,
    name: str | None,
    folder: Path,
    force: bool,
    as_json: bool,
    **given: Any,
) -> None:
    from ..accuracy.composites import find_composite
    from ..explore.composites.design import design_composite
    from ..explore.emission import check_destination, refuse_foreign

    for argument in find_composite(composite).arguments:
        if argument.array and _is_file(given[argument.name]):
            given[argument.name] = read_array(argument.flags[-1], Path(given[argument.name]))
    wanted = composite if name is None else name
    check_destination(wanted, folder, interface.lower())
    if not force:
        refuse_foreign(folder, wanted, [f"{wanted}.v"])
    with working("searching") as progress:
        found = design_composite(
            composite,
            interface=interface,
            target=target,
            frequency=frequency,
            effort=effort,
            progress=progress.at,
            **given,
        )
        progress.at("writing")
        manifest = found.emit(folder, name=name, force=force, notes=lambda note: click.echo(note, err=True))
    if as_json:
        print_json(manifest.as_dict())
        return
    out = console()
    written = folder / manifest.verilog
    out.print(f"[bold green]{written}[/] and [bold green]{written.with_suffix('.json')}[/]")
    for part, record in manifest.parts.items():
        out.print(f"  {part:<10} {record.specification.function}, {record.method}", markup=False)
    for promise in manifest.contract:
        out.print(f"  {promise.name:<10} {promise.statement}", markup=False)
    out.print(f"  {'timing':<10} {manifest.hardware.timing}", markup=False)


def _is_file(text: str | None) -> bool:
    """Tell whether an argument names a file of an array, rather than a format or a number."""
    return text is not None and (text.lower().endswith((".npy", ".npz")) or Path(text).is_file())
