"""Child programs, ended with all that they started if the wait for them is interrupted.

Every program leads a process group of its own. So signals that a terminal sends to softgate, such as Ctrl-C, do not
reach it; softgate ends it, without output of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

__all__ = ["crew", "end", "ended_with_the_wait", "run_program", "start", "stay_in_this_group"]

_groups = True
_own = threading.local()

_LAST_WORDS = 2.0
"""Seconds to wait for the last process of a group to end."""


def stay_in_this_group() -> None:
    """Start programs in the process group of this process, which its own parent ends as a whole."""
    global _groups  # noqa: PLW0603
    _groups = False


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a program with no standard input; the options are those of `subprocess.Popen`."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0 if _groups else None, **options)


def end(process: subprocess.Popen[Any]) -> None:
    """Kill a program that `start` started, with all that it started itself."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            if _groups:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()


def run_program(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    scratch: Path | None = None,
    shown: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a program and return its exit status, and its standard output and standard error unless these are shown.

    Parameters
    ----------
    command
        The program and its arguments.
    cwd
        Folder to run it in; the current one unless given.
    environment
        Its environment; that of this process unless given.
    scratch
        Folder for its temporary files; those left over when it is killed are deleted with the folder.
    shown
        Whether its output and errors go to this process's standard error.

    """
    around = dict(os.environ if environment is None else environment)
    if scratch is not None:
        around["TMPDIR"] = str(scratch)
    output, errors = (2, 2) if shown else (subprocess.PIPE, subprocess.PIPE)
    process = start(command, cwd=cwd, env=around, stdout=output, stderr=errors, encoding="utf-8", errors="replace")
    with process, ended_with_the_wait(lambda: end(process)):
        try:
            said, complained = process.communicate()
        except BaseException:
            end(process)
            # The pipe closes when the last process of the group ends: after that none of them writes into its folders.
            with suppress(subprocess.TimeoutExpired, ValueError):
                process.communicate(timeout=_LAST_WORDS)
            raise
    return subprocess.CompletedProcess(command, process.returncode, said or "", complained or "")


@contextmanager
def crew(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of threads that run programs; if the block fails, kill the programs and drop the waiting jobs."""
    running = _Running()
    pool = ThreadPoolExecutor(threads, initializer=setattr, initargs=(_own, "running", running))
    try:
        with ended_with_the_wait(running.end):
            yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def ended_with_the_wait(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` if the block fails, or if meanwhile the crew of this thread is ended."""
    running: _Running | None = getattr(_own, "running", None)
    with nullcontext() if running is None else running.having(end):
        try:
            yield
        except BaseException:
            end()
            raise


class _Running:
    """The processes that the threads of a crew wait for."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._ends: list[Callable[[], None]] = []
        self._ended = False

    @contextmanager
    def having(self, end: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            self._ends.append(end)
            if self._ended:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def end(self) -> None:
        with self._lock:
            self._ended = True
            for end in self._ends:
                end()
