import json
from types import SimpleNamespace

import pytest

ROWS = [
    SimpleNamespace(label="a", figures={"LUT4": "1", "Fmax": "2"}),
    SimpleNamespace(label="b", figures={"LUT4": "3", "Fmax": "4"}),
]
OTHER = SimpleNamespace(label="c", figures={"segments": "5"})


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """Measuring takes minutes: what the command makes of figures is seen with two that are ready."""
    monkeypatch.setattr("softgate.explore.benchmark.measure_units", lambda: iter(ROWS))
    monkeypatch.setattr("softgate.explore.peers.measure_peers", lambda: iter([*ROWS, OTHER]))
    monkeypatch.setattr("softgate.explore.benchmark.measure_speed", lambda: iter(ROWS))
    monkeypatch.setattr("softgate.explore.sweep.benchmark.measure_sweep", lambda: iter(ROWS))


def test_units_are_a_table(run):
    table = "| unit | LUT4 | Fmax |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n"
    assert run("benchmark", "units") == (0, table, "")


def test_rows_of_other_figures_are_another_table(run):
    first = "| peer | LUT4 | Fmax |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n"
    assert run("benchmark", "peers") == (0, f"{first}\n| peer | segments |\n|---|---|\n| c | 5 |\n", "")


@pytest.mark.parametrize("kind", ["speed", "sweep"])
def test_speed_tells_the_machine(kind, run):
    code, out, err = run("benchmark", kind)
    assert (code, err) == (0, "")
    assert out.startswith(f"| {kind} | LUT4 | Fmax |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n\nMeasured on ")


@pytest.mark.parametrize("kind", ["units", "speed", "sweep"])
def test_as_json(kind, run):
    code, out, err = run("benchmark", kind, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [{"label": "a", "LUT4": "1", "Fmax": "2"}, {"label": "b", "LUT4": "3", "Fmax": "4"}]
