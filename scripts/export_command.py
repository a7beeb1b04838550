"""``softgate export``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .common import console, written_aside

__all__ = ["command"]


@click.command(name="export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--all", "whole", is_flag=True, help="Include points no longer in the grid, and points not done yet.")
def command(folder: Path, target: Path, whole: bool) -> None:
    """Write the results of a sweep as a table: FILE.csv or FILE.parquet. The sweep in DIR may still be running."""
    from ..explore.sweep.export import write_table
    from ..explore.sweep.row import STATUSES
    from ..explore.sweep.store import open_store

    with working("exporting"), open_store(folder) as store, written_aside(target) as aside:
        count = write_table(store.rows(*STATUSES, whole=True) if whole else store.rows(), aside)
    console().print(f"[bold green]{target}[/]: {count} points")
