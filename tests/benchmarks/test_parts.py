from types import SimpleNamespace

import mpmath
import pytest

from benchmarks import parts
from benchmarks.parts import ideal_segments, measure_parts
from benchmarks.peers import linear_segments
from softgate.plan import FixedFormat


@pytest.mark.parametrize(("function", "output"), [("tanh", "SQ1.11"), ("logistic", "UQ0.12")])
def test_ideal_lines_are_those_of_the_integral_by_hand(function, output):
    fmt = FixedFormat.parse(output)
    assert ideal_segments(function, fmt, 1) == pytest.approx(linear_segments(function, fmt), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "function", "output"),
    [("tanh", mpmath.tanh, "SQ1.15"), ("logistic", lambda x: 1 / (1 + mpmath.exp(-x)), "UQ0.16")],
)
def test_ideal_parabolas_are_those_of_the_third_derivative(name, function, output):
    fmt = FixedFormat.parse(output)
    zeros = {"tanh": [0, mpmath.atanh(mpmath.sqrt(1 / mpmath.mpf(3)))], "logistic": [0, mpmath.log(2 + mpmath.sqrt(3))]}
    root = lambda x: abs(mpmath.diff(function, x, 3)) ** (mpmath.mpf(1) / 3)  # noqa: E731
    with mpmath.workdps(15):
        integral = mpmath.quad(root, [*zeros[name], 4, 16])
    scale = (2 / (6 * float(fmt.ulp) / 2)) ** (1 / 3) / 4
    assert ideal_segments(name, fmt, 2) == pytest.approx(float(integral) * scale, rel=2e-3)


@pytest.mark.tools
def test_a_row_of_a_small_unit(monkeypatch):
    peer = SimpleNamespace(function="tanh", input="SQ3.2", output="SQ1.4")
    monkeypatch.setattr(parts, "read_peers", lambda: ("other", (peer,)))
    (row,) = measure_parts()
    assert row.label == "tanh, SQ3.2 to SQ1.4"
    counted = [int(part.rpartition(" ")[2]) for part in row.cells["by part"].split(", ")]
    assert sum(counted) == int(row.cells["LUT4 + 2 CCU2C"]) > 0
