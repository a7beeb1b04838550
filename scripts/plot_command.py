"""``softgate plot``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from ..support.files import created_folder
from ..support.progress import working
from .common import console, json_option, print_json, written_aside

__all__ = ["command"]


@click.command(name="plot")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", "target", type=click.Path(path_type=Path), help="Folder to write to; DIR/report unless given.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["html", "png", "svg"], case_sensitive=False),
    help="What to write, repeatable; all of them unless given.",
)
@click.option(
    "--error",
    type=click.Choice(["max_ulp", "max_abs", "mean_abs", "rms"], case_sensitive=False),
    default="max_ulp",
    show_default=True,
    help="Which error to plot: the largest in ulp, or absolute errors.",
)
@json_option
def command(folder: Path, target: Path | None, formats: tuple[str, ...], error: str, as_json: bool) -> None:
    """Plot the results of a sweep: Pareto fronts as figures, and a page to explore them in.

    The figures show the error against LUTs, Fmax and latency. The page, report.html, is a single file that needs no
    network: a table to sort and filter, a plot, each unit's error over its input, and the command that makes it
    again. The sweep in DIR may still be running. Files of the same names are replaced.
    """
    from ..explore.report.write import FORMATS, report_files
    from ..explore.sweep.store import open_store

    target = target or folder / "report"
    if target.exists() and not target.is_dir():
        raise click.UsageError(f"--out: {str(target)!r} is a file, not a folder; name a folder to write to")
    with open_store(folder) as store, working("plotting") as progress, ExitStack() as written:
        files, left_out = report_files(store, formats=formats or FORMATS, error=error)
        written.enter_context(created_folder(target))
        for done, (name, write) in enumerate(files.items()):

            def advance(share: float, done: int = done) -> None:
                progress.done((done + share) / len(files))

            progress.at(name)
            write(written.enter_context(written_aside(target / name)), advance)
        counts = store.counts()
    paths = [target / name for name in files]
    if as_json:
        print_json({"files": [str(path) for path in paths], "left_out": left_out, "points": counts})
        return
    for path in paths:
        console().print(f"[bold green]{path}[/]")
    for sentence in left_out:
        click.echo(sentence, err=True)
