"""Yosys, run in one child process per job.

The results of pyosys depend on the history of its process, and an error in a script ends the interpreter. So every
script runs in a process of its own, forked from one that has done nothing but load pyosys (`yosys_server`).
"""

import importlib.util
from pathlib import Path

from .tools import MissingToolError, ToolError, complaint
from .yosys_server import run_job


class YosysError(ToolError):
    """An error of Yosys in a script; the message is its own."""


def pyosys_folder() -> Path:
    """Return the folder of the installed package pyosys, without importing it."""
    spec = importlib.util.find_spec("pyosys")
    if spec is None or spec.origin is None:
        raise MissingToolError("pyosys", "it with: pip install pyosys")
    return Path(spec.origin).parent


def run_yosys(script: str, *, cwd: Path | None = None) -> str:
    """Run Yosys commands, one a line, and return what Yosys printed.

    File names in the script are relative to `cwd`. Raises `YosysError` with Yosys's own message when a command fails.
    """
    status, said, complained = run_job(script, cwd or Path.cwd(), pyosys_folder())
    if status != 0:
        if "ERROR: " in said and not complained:  # Yosys before 0.69 reports errors here
            complained = said
        raise YosysError(complaint(complained) or f"Yosys ended with status {status}")
    return said
