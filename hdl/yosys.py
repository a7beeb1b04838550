"""Yosys, one child process a job.

What pyosys computes depends on what the process did before, and an error in a script ends the interpreter. So every
script runs in a process of its own, which loads nothing but pyosys and takes some 30 ms to start.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from .tools import MissingToolError, ToolError, complaint

_JOB = """
import sys
sys.path.insert(0, sys.argv[1])
from pyosys import libyosys
for command in sys.stdin.read().splitlines():
    libyosys.run_pass(command)
"""


class YosysError(ToolError):
    """Yosys refused a script; the message is its own."""


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
    # -I and -S keep the site's start-up hooks and the user's environment out; the argument brings pyosys back in.
    job = [sys.executable, "-I", "-S", "-c", _JOB, str(pyosys_folder().parent)]
    result = subprocess.run(job, input=script, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise YosysError(complaint(result.stderr) or f"Yosys ended with status {result.returncode}")
    return result.stdout
