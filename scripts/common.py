"""Helpers that several commands share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from ..support.files import naming

if TYPE_CHECKING:
    from rich.console import Console

    from ..hdl.composites.manifest import CompositeManifest
    from ..hdl.manifest import Manifest

__all__ = [
    "check_figure_name",
    "clock_verdict",
    "console",
    "json_option",
    "print_json",
    "read_settings",
    "read_verilog",
    "refuse_to_overwrite",
    "written_aside",
]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def print_json(data: Any) -> None:
    """Print JSON values on standard output."""
    click.echo(json.dumps(data, indent=2, default=str))


def clock_verdict(reached: float | None, clock: float | None) -> str:
    """Return a verdict on whether a clock in MHz is kept; empty without such a clock and without a measured one."""
    from ..explore.choose.choice import megahertz

    if clock is None:
        unjudged = "not judged: the unit was built for no clock on this target; --frequency asks for one"
        return "" if reached is None else unjudged
    if reached is None:
        return f"unknown: {clock:g} MHz asked for, but no clock was measured"
    mark = "[green]kept[/]" if reached >= clock else "[bold red]MISSED[/]"
    return f"{mark}: {megahertz(reached)} MHz reached, {clock:g} MHz asked for"


def console() -> Console:
    """Return the console for standard output, coloured on a terminal."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def read_settings(settings: Sequence[str], option: str = "--set", example: str = "degree=3") -> dict[str, str]:
    """Read ``KEY=VALUE`` texts of an option; raise `click.UsageError` for another form, or a key given twice."""
    found: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        key = key.strip().lower().replace("-", "_")
        if not key or not equals or not value.strip():
            raise click.UsageError(f"{option} takes KEY=VALUE, such as {example}, not {setting!r}")
        if key in found:
            raise click.UsageError(f"{option} {key} is given twice")
        found[key] = value.strip()
    return found


def refuse_to_overwrite(argument: str, target: Path, manifest: Path, files: Iterable[str]) -> Path:
    """Return a path to write to, unless it is a folder, its folder is missing, or it is part of the unit being read.

    Raises
    ------
    click.UsageError
        If it cannot be written; names the argument that it came from.

    """
    if target.is_dir():
        raise click.UsageError(f"{argument}: {str(target)!r} is a folder; name a file")
    if not target.parent.is_dir():
        raise click.UsageError(f"{argument}: {str(target)!r} is in a folder that does not exist")
    if target.resolve() in [manifest.resolve(), *((manifest.parent / file).resolve() for file in files)]:
        raise click.UsageError(f"{argument}: {str(target)!r} is part of the unit; name another file")
    return target


def check_figure_name(argument: str, path: Path) -> None:
    """Raise `click.UsageError` unless the ending of a file is that of a figure."""
    from ..explore.figures.style import FIGURE_SUFFIXES

    if path.suffix.lower() not in FIGURE_SUFFIXES:
        raise click.UsageError(
            f"{argument}: a figure is written as {' or '.join(FIGURE_SUFFIXES)}, not as {path.name!r}"
        )


def read_verilog(manifest_path: Path, manifest: Manifest | CompositeManifest) -> str:
    """Return the Verilog beside a manifest; raise `ValueError` if it is missing or not text."""
    path = manifest_path.parent / manifest.verilog
    try:
        return path.read_bytes().decode()  # read_text would change ends of lines
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{path} is missing or not text; emit the unit again") from None


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Yield a path of the same name in a temporary folder beside `target`, which it replaces unless the block fails."""
    try:
        folder = TemporaryDirectory(prefix=".", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
    with folder:
        aside = Path(folder.name) / target.name
        with naming(target, aside):
            yield aside
            aside.replace(target)
