"""Results of Yosys and Icarus for the same files, made once for all tests of a run.

Both are deterministic, and Yosys starts afresh for every script: the same commands on the same files give the
same answer and the same new files. A failure is never kept: it comes from the program itself each time.
"""

import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from softgate.sim import icarus
from softgate.support import yosys
from softgate.support.cache import content_key

_MOST_FILES = 64
"""Files in a folder that is looked through; those of a job are fewer."""

_MOST_BYTES = 1 << 22
"""Bytes of a result that is kept."""

_ELSEWHERE = re.compile(r"^!|\bexec\b|\.\.|(^|\s)/", re.MULTILINE)
"""Text in commands that may refer to anything but the files in their folder."""


def install(folder: Path, patch: Any) -> None:
    """Share results in a folder that all processes of the run know."""
    run_job, run_program = yosys.run_job, icarus.run_program

    def shared_job(script: str, cwd: Path, pyosys: Path) -> tuple[int, str, str]:
        if _ELSEWHERE.search(script):
            return run_job(script, cwd, pyosys)
        return _shared(folder, ("yosys", script), cwd, lambda: run_job(script, cwd, pyosys), lambda job: job[0] == 0)

    def shared_program(cwd: Path, *command: str) -> str:
        if command[0] not in ("iverilog", "vvp"):
            return run_program(cwd, *command)
        return _shared(folder, command, cwd, lambda: run_program(cwd, *command), _is_praise)

    patch.setattr(yosys, "run_job", shared_job)
    patch.setattr(icarus, "run_program", shared_program)


def _shared(store: Path, asked: tuple[str, ...], cwd: Path, run: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """Return the answer of a program that runs in a folder, and leave there the files that it makes."""
    before = _files(cwd)
    # On a full disk, programs leave files that are cut off, and may call that a success.
    if before is None or shutil.disk_usage(cwd).free < _MOST_BYTES:
        return run()
    key = content_key([*asked, *(part for name in sorted(before) for part in (name, before[name].hex()))])
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        answer, made = pickle.loads((store / key).read_bytes())
        for name, content in made.items():
            (cwd / name).write_bytes(content)
        return answer
    answer = run()
    after = _files(cwd)
    if after is not None and good(answer):
        made = {name: content for name, content in after.items() if before.get(name) != content}
        _keep(store / key, pickle.dumps((answer, made)))
    return answer


def _is_praise(said: str) -> bool:
    """Return whether Icarus has nothing to say of a text, or its simulation passes."""
    return not said or said.splitlines()[-1].startswith("PASS ")


def _files(folder: Path) -> dict[str, bytes] | None:
    """Return the files in a folder by name; None if it holds other things, or too much to be the folder of a job."""
    with os.scandir(folder) as entries:
        found = list(entries)
    if len(found) > _MOST_FILES or not all(entry.is_file(follow_symlinks=False) for entry in found):
        return None
    if sum(entry.stat().st_size for entry in found) > _MOST_BYTES:
        return None
    return {entry.name: Path(entry.path).read_bytes() for entry in found}


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
