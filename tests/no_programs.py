"""A guard that keeps tests without the mark `tools` or `browser` from starting programs (decision 030)."""

import multiprocessing.util
import os
import sys
from pathlib import Path
from typing import Any

import pytest

MARKS = ("tools", "browser")

_STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
"""Audit events of Python's ways to start a process; `multiprocessing` has none for its own (see `install`)."""

_HARMLESS = {"fc-list"}
"""Programs that matplotlib asks for the fonts, once a machine, and does without."""

_guarded: list[bool] = []
_refused: list[str] = []


def install() -> None:
    """Watch this process from now on; nothing is refused until `begin`."""
    sys.addaudithook(_hear)
    spawn = multiprocessing.util.spawnv_passfds

    def watched(path: Any, arguments: Any, fds: Any) -> int:
        _refuse("multiprocessing")
        return spawn(path, arguments, fds)

    multiprocessing.util.spawnv_passfds = watched


def begin(item: pytest.Item) -> None:
    """Refuse programs from now on, unless the test bears a mark that allows them."""
    _refused.clear()
    _guarded[:] = [] if any(item.get_closest_marker(mark) for mark in MARKS) else [True]


def end() -> None:
    """Allow programs again, such as those with which pytest itself ends."""
    _guarded.clear()


def refused() -> list[str]:
    """Return what was refused since this was asked last, whether the test noticed or not."""
    found = _refused.copy()
    _refused.clear()
    return found


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _guarded:
        return
    if event in _STARTS:
        name = Path(os.fsdecode(arguments[0])).name if arguments else event
        if name not in _HARMLESS:
            _refuse(name)
    elif event == "import" and str(arguments[0]).partition(".")[0] == "pyosys":
        _refuse("pyosys")


def _refuse(name: str) -> None:
    if _guarded:
        _refused.append(name)
        pytest.fail(f"this test starts a program, {name}: mark it with pytest.mark.tools (see CONTRIBUTING.md)")
