"""The outcome of a simulation: the results of the bench's tests, read from the file that cocotb writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["SimulationReport", "TestResult", "read_results"]


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


def read_results(path: Path) -> Iterator[TestResult]:
    """Yield the results of the tests that were not skipped."""
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("skipped") is not None:
            continue
        fault = next((case.find(tag) for tag in ("failure", "error") if case.find(tag) is not None), None)
        message = "" if fault is None else fault.get("message") or fault.text or ""
        status = "passed" if fault is None else "failed"
        yield TestResult(case.get("name", ""), status, message, float(case.get("time", 0)))
