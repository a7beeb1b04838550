"""The grid: functions x methods x formats x interfaces, every unit on every input.

The whole grid is slow (``pytest -m slow tests/test_grid.py``); a fixed sample of it is checked in every run.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from hardware import built

from softgate.explore.design import Design, design
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.unit import choose_schedule
from softgate.plan.formats import FixedFormat
from softgate.sim.check import check_manifest
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.simulate import simulate

pytestmark = pytest.mark.tools

INTERFACES = ("comb", "pipeline", "stream", "axis")

# Eight, ten, twelve and sixteen bits; input and output unequal, the output coarser and finer, signed and unsigned.
FORMATS = (
    ("SQ4.4", "SQ1.7"),
    ("SQ3.5", "UQ0.12"),
    ("SQ4.6", "SQ2.8"),
    ("SQ4.8", "SQ1.15"),
    ("SQ8.8", "UQ0.8"),
    ("UQ4.12", "UQ1.15"),
    ("SQ4.12", "SQ1.11"),
)

HARD = (
    ("hard_tanh", {}),
    ("hard_tanh", {"min": "-0.3", "max": "2/3"}),
    ("hard_logistic", {"variant": "taylor"}),
    ("hard_logistic", {"variant": "keras2"}),
    ("hard_logistic", {"variant": "keras3"}),
    ("hard_logistic", {"variant": "qkeras"}),
    ("hard_logistic", {"slope": "0.3", "offset": "0.45"}),
)

DEGREES = range(1, 8)
SEGMENTS = (1, 2, 5, 16)


class Case(NamedTuple):
    """A point of the grid."""

    function: str
    parameters: tuple[tuple[str, Any], ...]
    source: str
    output: str
    interface: str

    def __str__(self) -> str:
        parameters = ",".join(f"{key}={value}" for key, value in self.parameters)
        return f"{self.function}({parameters})-{self.source}-{self.output}-{self.interface}"

    def design(self) -> Design:
        # tanh and its ramp do not fit unsigned formats: the loss is accepted; the error is against the clamped value.
        return design(self.function, self.source, self.output, saturate=True, **dict(self.parameters))


def grid() -> Iterator[Case]:
    functions = [(name, tuple(parameters.items())) for name, parameters in HARD]
    functions += [
        (name, (("method", "taylor"), ("degree", degree), ("segments", segments)))
        for name, degree, segments in itertools.product(("logistic", "tanh"), DEGREES, SEGMENTS)
    ]
    for (function, parameters), (source, output), interface in itertools.product(functions, FORMATS, INTERFACES):
        yield Case(function, parameters, source, output, interface)


CASES = tuple(grid())

# Every 17th case: 17 has no factor in common with the lengths of the axes, so that all their values come up.
SAMPLE = CASES[::17][:60]


def true_value(case: Case, x: mpmath.mpf) -> mpmath.mpf:
    """The definitions once more, in mpmath."""
    parameters = dict(case.parameters)
    if case.function == "tanh":
        return mpmath.tanh(x)
    if case.function == "logistic":
        return 1 / (1 + mpmath.exp(-x))
    number = {
        key: mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator
        for key, v in parameters.items()
        if key != "variant"
    }
    if case.function == "hard_tanh":
        return min(max(x, number.get("min", mpmath.mpf(-1))), number.get("max", mpmath.mpf(1)))
    slope = {"taylor": 4, "keras2": 5, "keras3": 6, "qkeras": 2}.get(parameters.get("variant", ""), 1)
    line = number.get("slope", mpmath.mpf(1) / slope) * x + number.get("offset", mpmath.mpf(1) / 2)
    return min(max(line, mpmath.mpf(0)), mpmath.mpf(1))


SCALE = 150
"""True values are kept as integers, with so many fraction bits: 45 digits of the 60 that they are computed with."""


@lru_cache(maxsize=4)
def true_codes(case: Case) -> np.ndarray:
    source = FixedFormat.parse(case.source)
    with mpmath.workdps(60):
        values = [true_value(case, mpmath.ldexp(code, -source.fraction_bits)) for code in source.codes().tolist()]
        return np.array([int(mpmath.nint(mpmath.ldexp(value, SCALE))) for value in values], dtype=object)


def check_bits(case: Case, found: Design) -> np.ndarray:
    """Run the emitted Verilog over every input; return its outputs once they equal the golden model's."""
    source, output = FixedFormat.parse(case.source), FixedFormat.parse(case.output)
    schedule = choose_schedule(found.plan, case.interface)
    text = module_text(schedule, case.interface, "unit")
    unit = built(text, "unit", ports=ports(found.plan, case.interface), latency=schedule.latency)
    codes = source.codes()
    hardware = decode(unit.run(codes)[0], output.width, output.signed)
    np.testing.assert_array_equal(hardware, found.golden(codes))
    return hardware


def check_error(case: Case, found: Design, outputs: np.ndarray) -> None:
    """Compare the error metrics with an evaluation at 60 digits."""
    source, output = FixedFormat.parse(case.source), FixedFormat.parse(case.output)
    truth = true_codes(case._replace(output="", interface="")) << output.fraction_bits
    truth = np.clip(truth, output.min_code << SCALE, output.max_code << SCALE)
    errors = np.abs((outputs.astype(object) << SCALE) - truth)
    figures = found.errors
    assert figures.points == len(errors)
    assert figures.max_ulp == pytest.approx(float(Fraction(int(errors.max()), 1 << SCALE)), rel=1e-15, abs=1e-40)
    at = figures.worst_code - source.min_code
    # Codes that are symmetric to each other have errors that differ in the last of the digits, if at all.
    assert abs(errors[at] - errors.max()) <= 1 << 8
    assert figures.correctly_rounded * len(errors) == int((errors <= (1 << (SCALE - 1)) + (1 << 8)).sum())
    assert figures.monotonic == bool((np.diff(outputs) >= 0).all())
    mean = float(Fraction(int(errors.sum()), len(errors) << (SCALE + output.fraction_bits)))
    assert figures.mean_abs == pytest.approx(mean, rel=1e-9, abs=1e-18)
    if not found.specification.function.analytic:
        assert figures.largest < 1


@pytest.mark.parametrize("case", SAMPLE[::5], ids=str)
def test_bits_and_error_of_a_sample(case: Case) -> None:
    found = case.design()
    check_error(case, found, check_bits(case, found))


@pytest.mark.slow
@pytest.mark.parametrize("function", sorted({case.function for case in CASES}))
@pytest.mark.parametrize("formats", FORMATS, ids="-".join)
def test_bits_and_error_of_the_whole_grid(function: str, formats: tuple[str, str]) -> None:
    for case in CASES:
        if (case.function, case.source, case.output) == (function, *formats):
            found = case.design()
            outputs = check_bits(case, found)
            if case.interface == INTERFACES[0]:  # the figures belong to the plan, which all interfaces share
                check_error(case, found, outputs)


def simulate_case(case: Case, folder: Any, simulator: str) -> None:
    manifest = case.design().emit(folder, name="unit", interface=case.interface)
    assert all(result.passed for result in check_manifest(folder / f"{manifest.name}.json"))
    report = simulate(folder / f"{manifest.name}.json", simulator=simulator)
    assert report.passed, report


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize("case", SAMPLE[::5], ids=str)
def test_cocotb_on_a_sample(case: Case, tmp_path: Any) -> None:
    simulate_case(case, tmp_path, "icarus")


@pytest.mark.slow
@pytest.mark.parametrize("case", SAMPLE, ids=str)
def test_cocotb_on_the_whole_sample(case: Case, tmp_path: Any) -> None:
    simulate_case(case, tmp_path, "verilator")
