"""``softgate sweep``."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..support.progress import working
from .common import console, json_option, print_json

__all__ = ["command"]


@click.command(name="sweep")
@click.argument("grid_path", metavar="GRID.toml", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the results, to resume from later; required unless --dry-run.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes; as many as there are CPUs unless given."
)
@click.option("--dask", metavar="ADDRESS", help="Work on the Dask cluster with this scheduler instead.")
@click.option("--no-route", is_flag=True, help="Only synthesise: area, and no clock frequency.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="Seeds to place with; 1, 2, 3 unless given.",
)
@click.option("--retry", is_flag=True, help="Try points again that failed before.")
@click.option("--dry-run", is_flag=True, help="Only count the points, and predict how long they take.")
@json_option
def command(
    grid_path: Path,
    folder: Path | None,
    jobs: int | None,
    dask: str | None,
    no_route: bool,
    seeds: tuple[int, ...],
    retry: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Make, check, synthesise, place and route every point of a grid.

    GRID.toml has the axes: functions or a composite, methods, formats, parameters, interfaces, targets, frequencies.
    Results go into a database in the folder as they come; a sweep that was stopped resumes when it is started again.
    Exit code 1 if a point failed; points that are infeasible or miss their clock are not failures and are counted
    separately.
    """
    from ..explore.sweep.grid import read_grid
    from ..explore.sweep.run import run_sweep
    from ..explore.sweep.workers import dask_workers, local_workers

    if dask is not None and jobs is not None:
        raise click.UsageError("--jobs are processes of this machine, and --dask works elsewhere; give one of them")
    if no_route and seeds:
        raise click.UsageError("--seed is for place and route, which --no-route leaves out; give one of them")
    asked = () if no_route else seeds or (1, 2, 3)
    processes = jobs or len(os.sched_getaffinity(0))
    if dry_run:
        _predict(grid_path, folder, asked, processes, as_json=as_json)
        return 0
    if folder is None:
        raise click.UsageError("Missing option '--out': name a folder for the results, or give --dry-run")
    grid = read_grid(grid_path, seeds=asked)
    chosen = dask_workers(dask) if dask is not None else local_workers(processes)
    try:
        with chosen as workers, _watched() as watch:
            counts = run_sweep(grid, folder, workers, retry=retry, progress=watch)
    except KeyboardInterrupt as stop:
        click.echo(f"stopped; what is done is in {folder}, and the same command goes on from there", err=True)
        return int(getattr(stop, "status", 130))
    if as_json:
        print_json({"points": counts.total(), **counts})
    else:
        console().print(f"{counts.total()} points in [bold green]{folder}[/]: {_described(counts)}")
    return 1 if counts["failed"] else 0


def _predict(grid_path: Path, folder: Path | None, seeds: tuple[int, ...], processes: int, *, as_json: bool) -> None:
    """Print the number of points of a grid, and the time that they are likely to take."""
    from ..explore.sweep.forecast import forecast

    found = forecast(grid_path, folder, seeds)
    seconds = found.points * found.seconds / processes
    if as_json:
        print_json(
            {"points": found.points, "seconds": round(seconds, 1), "jobs": processes, "measured": found.measured}
        )
        return
    source = f"as the {found.measured} points in {folder}" if found.measured else "typical of 8 to 16 bits"
    click.echo(
        f"{found.points:,} points; about {_duration(seconds)} with {processes} processes, at {found.seconds:.1f} s a "
        f"point and CPU ({source})"
    )


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


@contextmanager
def _watched() -> Iterator[Callable[[Counter[str]], None]]:
    """Show the progress of a sweep; yield the function that takes its counts."""
    from ..explore.sweep.row import FINAL

    with working("starting") as progress:

        def show(counts: Counter[str]) -> None:
            final = Counter({status: counts[status] for status in FINAL})
            progress.at(f"{final.total()} of {counts.total()} points: {_described(final)}")
            progress.done(final.total() / max(counts.total(), 1))

        yield show


def _described(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()) if count) or "none done"
