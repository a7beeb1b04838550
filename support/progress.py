"""Progress of a command on standard error, with or without a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from threading import Event, Thread
from typing import TypeVar

import click

__all__ = ["Progress", "report", "reported_to", "watched", "working"]

_T = TypeVar("_T")

_SILENCE = 2.0
"""Seconds until the first line without a terminal; the interval doubles after every line."""

_LONGEST_SILENCE = 60.0


_listener: ContextVar[Callable[[str], None]] = ContextVar("listener", default=lambda _: None)


@contextmanager
def reported_to(listener: Callable[[str], None]) -> Iterator[None]:
    """Have a function called with every text that is reported in the block, however deep."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(text: str) -> None:
    """Report a step of a long computation to whoever listens to this thread, if anybody."""
    _listener.get()(text)


class Progress:
    """The progress of a command: its current step, and the share of it that is done."""

    def __init__(self, what: str, show: Callable[[Progress], None] = lambda _: None) -> None:
        self.what = what
        self.share: float | None = None
        self._show = show

    def at(self, what: str) -> None:
        """Name the step that begins now."""
        self.what = what
        self._show(self)

    def done(self, share: float) -> None:
        """Set the share that is done, from 0 to 1."""
        self.share = share
        self._show(self)


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Show the progress of a command: as a bar on a terminal, otherwise as an occasional line if it takes long."""
    if sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
        with _bar(what) as progress:
            yield progress
    else:
        with _lines(what) as progress:
            yield progress


def watched(what: str, items: Iterator[_T]) -> Iterator[_T]:
    """Yield items, and show progress while each is made."""
    for number in count(1):
        with working(f"{what}, row {number}"):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=_ESTIMATE) as bar:
        task = bar.add_task(what, total=None)

        def show(progress: Progress) -> None:
            total = None if progress.share is None else 1.0
            bar.update(task, description=progress.what, total=total, completed=progress.share or 0.0)

        yield Progress(what, show)


_ESTIMATE = 600
"""Seconds of progress from which the remaining time is estimated."""


@contextmanager
def _lines(what: str) -> Iterator[Progress]:
    progress, began, over = Progress(what), time.monotonic(), Event()

    def speak() -> None:
        silence = _SILENCE
        while not over.wait(silence):
            share = "" if progress.share is None else f", {progress.share:.0%}"
            click.echo(f"{progress.what}{share}, after {time.monotonic() - began:.0f} s", err=True)
            silence = min(2 * silence, _LONGEST_SILENCE)

    speaker = Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield progress
    finally:
        over.set()
        speaker.join()
