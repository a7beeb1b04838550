"""Efforts beside each other: the arithmetic by hand, and one unit through the real flow."""

import pytest

from benchmarks import efforts as effort_benchmark
from benchmarks.efforts import measure_efforts
from benchmarks.peers import specifications
from softgate.explore.choose import chooser
from softgate.methods import find_method


def test_the_list():
    found = list(specifications())
    assert len(found) == len(set(found)) == 28
    assert found[0] == ("logistic", "SQ4.4", "UQ0.8")
    assert found[7] == ("tanh", "SQ4.4", "SQ1.7")
    assert found[-1] == ("tanh", "SQ3.21", "SQ1.23")


def test_a_part_of_the_list():
    assert list(specifications((8, 16), (3,))) == [
        ("logistic", "SQ3.5", "UQ0.8"),
        ("logistic", "SQ3.13", "UQ0.16"),
        ("tanh", "SQ3.5", "SQ1.7"),
        ("tanh", "SQ3.13", "SQ1.15"),
    ]


def test_ratios_and_their_geometric_means(monkeypatch):
    luts = {"logistic": {"quick": 90, "normal": 80, "high": 40}, "tanh": {"quick": 40, "normal": 20, "high": 20}}
    monkeypatch.setattr(effort_benchmark, "_WIDTHS", (8,))
    monkeypatch.setattr(effort_benchmark, "_chosen", lambda function, source, output, effort: luts[function][effort])
    first, second, mean = measure_efforts()
    assert first.label == "logistic, SQ4.4 to UQ0.8"
    assert first.cells == {
        "quick: LUT4 + 2 CCU2C": "90",
        "normal: LUT4 + 2 CCU2C": "80",
        "high: LUT4 + 2 CCU2C": "40",
        "quick / high": "2.25",
        "normal / high": "2.00",
    }
    assert (second.cells["quick / high"], second.cells["normal / high"]) == ("2.00", "1.00")
    # sqrt(2.25 * 2) and sqrt(2 * 1).
    assert list(mean.cells) == list(first.cells)
    assert {key: value for key, value in mean.cells.items() if value} == {
        "quick / high": "2.12",
        "normal / high": "1.41",
    }


@pytest.mark.tools
@pytest.mark.parametrize("effort", ["quick", "normal"])
def test_a_small_unit_through_the_flow(effort, monkeypatch):
    asked = []
    monkeypatch.setattr(chooser, "_EXTENTS", {"quick": chooser._Extent(8), "normal": chooser._Extent(24, 3, 1)})
    monkeypatch.setattr(find_method("network"), "efforts", {effort: [{"moves": 100}]})
    real = effort_benchmark.build
    monkeypatch.setattr(effort_benchmark, "build", lambda *a, **k: asked.append((a[-1], k)) or real(*a, **k))
    assert 0 < effort_benchmark._chosen("tanh", "SQ3.2", "SQ1.4", effort) < 30
    ((how, options),) = asked
    assert options == {"effort": effort}
    assert (how["objective"], how["dsp"], how["bram"]) == ("luts", 0, 0)
