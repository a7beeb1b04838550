"""The overhead of a sweep beside the tools that it calls, and whether it survives being killed."""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from softgate.explore.sweep.evaluate import measure_unit
from softgate.explore.sweep.row import MEASURED
from softgate.explore.sweep.store import open_store
from softgate.support.programs import ended_with_the_wait
from softgate.support.rows import Row

__all__ = ["GRID", "Kills", "Rate", "measure_kills", "measure_rate", "measure_sweep", "table"]

GRID = """
[[grid]]
function = ["logistic", "tanh"]
formats = [["SQ4.4", "SQ2.7"], ["SQ4.8", "SQ2.11"], ["SQ4.10", "SQ2.13"], ["SQ4.12", "SQ2.15"]]
method = "taylor"
degree = "1..4"
segments = [1, 4, 8, 16, 32, 64]
interface = "stream"

[[grid]]
function = "hard_logistic"
formats = [["SQ4.4", "UQ0.8"], ["SQ4.8", "UQ0.12"], ["SQ4.12", "UQ0.16"]]
variant = ["taylor", "keras2", "keras3", "qkeras"]
interface = ["pipeline", "stream"]
"""
"""216 points."""

_ENTRY = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores interrupts
from softgate.scripts.cli import main
main()
"""


def measure_sweep() -> Iterator[Row]:
    """Measure the rate of a sweep of more than 200 points against its tools', and kill it 20 times."""
    with tempfile.TemporaryDirectory() as scratch:
        grid = Path(scratch) / "grid.toml"
        grid.write_text(GRID)
        for label, options in (("synthesis alone", ("--no-route",)), ("with place and route, seed 1", ("--seed", "1"))):
            rate = measure_rate(grid, *options)
            rates = f"{rate.units / rate.sweep:.2f} units/s, {rate.share:.0%} of the {rate.units / rate.tools:.2f} of"
            yield Row(
                f"{rate.points} points with {rate.units} different units, {label}",
                {"measured": f"{rates} the bare tools", "wanted": "at least 80 %"},
            )
        kills = measure_kills(grid, 20, "--no-route")
        same = "the same rows" if kills.disturbed == kills.undisturbed else "OTHER ROWS"
        yield Row(
            f"the same, synthesis alone, killed {kills.kills} times",
            {"measured": f"{same} as undisturbed", "wanted": "the same rows"},
        )


class Rate(NamedTuple):
    """The number of points of a sweep, and of different units; the seconds that it took, and its tool calls alone."""

    points: int
    units: int
    sweep: float
    tools: float

    @property
    def share(self) -> float:
        """The sweep's rate as a share of that of the bare tool calls."""
        return self.tools / self.sweep


class Kills(NamedTuple):
    """The number of times that a sweep was killed, and its final rows beside those of an undisturbed one."""

    kills: int
    undisturbed: list[dict[str, Any]]
    disturbed: list[dict[str, Any]]


def sweep_process(grid: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start ``softgate sweep`` as a user does."""
    command = [sys.executable, "-c", _ENTRY, "sweep", str(grid), "--out", str(folder), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def measure_rate(grid: Path, *options: str) -> Rate:
    """Run a sweep with these options, and then the tools that it called, as many at a time as there are CPUs.

    The tools get the same Verilog and the same commands, once for each different unit.
    """
    jobs = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "out"
        sweep = _seconds(lambda: _finish(sweep_process(grid, folder, "--jobs", str(jobs), *options)))
        with open_store(folder) as store:
            rows = list(store.rows())
            measured = {row.point.measurement(row.verilog_sha256 or ""): row for row in rows if row.status in MEASURED}
            calls = [(row.asked, store.manifest(row).to_json(), store.verilog(row)) for row in measured.values()]
    with ThreadPoolExecutor(jobs) as threads:
        tools = _seconds(lambda: list(threads.map(lambda call: measure_unit(*call), calls)))
    return Rate(len(rows), len(calls), sweep, tools)


def measure_kills(grid: Path, kills: int, *options: str, seed: int = 1) -> Kills:
    """Run a sweep undisturbed, and once more killed at random moments and started again until it is done.

    Parameters
    ----------
    grid
        The grid file.
    kills
        How often to kill it: every fourth time by an interrupt (Ctrl-C), else by force.
    *options
        Options of ``softgate sweep``.
    seed
        Seed of the moments.

    """
    with tempfile.TemporaryDirectory() as scratch:
        whole, disturbed = Path(scratch) / "whole", Path(scratch) / "disturbed"
        work = _seconds(lambda: _finish(sweep_process(grid, whole, *options)))
        start = _seconds(lambda: _finish(sweep_process(grid, whole, *options)))
        moments, longest = random.Random(seed), _longest(start, work / kills)
        done = 0
        for number in range(1, kills + 1):
            process = sweep_process(grid, disturbed, *options)
            try:
                process.communicate(timeout=moments.uniform(0, longest))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT if number % 4 == 0 else signal.SIGKILL)
                process.communicate()
                done += 1
        _finish(sweep_process(grid, disturbed, *options))
        return Kills(done, table(whole), table(disturbed))


def table(folder: Path) -> list[dict[str, Any]]:
    """Return all rows of a sweep but for the time that they took."""
    with open_store(folder) as store:
        return [{key: value for key, value in row.as_dict().items() if key != "seconds"} for row in store.rows()]


def _longest(start: float, work: float) -> float:
    """Return the longest time to let a sweep run that starts in `start` seconds and shall then do `work` on average.

    In a random time of at most d it does (d - start)**2 / 2 d, less what is under way when it is killed.
    """
    half = start + work
    return half + math.sqrt(half * half - start * start)


def _finish(process: subprocess.Popen[str]) -> None:
    with ended_with_the_wait(process.terminate):
        _, complaint = process.communicate()
    if process.returncode:
        raise RuntimeError(f"softgate sweep ended with status {process.returncode}: {complaint}")


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
