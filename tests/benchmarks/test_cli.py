import json

import pytest
from click.testing import CliRunner

from benchmarks.cli import command
from softgate.support import progress
from softgate.support.rows import Row

ROWS = [Row("a", {"LUT4": "1", "Fmax": "2"}), Row("b", {"LUT4": "3", "Fmax": "4"})]


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """Measuring takes minutes: what the command makes of rows is seen with two that are ready."""
    monkeypatch.setattr(progress, "_SILENCE", 3600.0)
    monkeypatch.setattr("benchmarks.units.measure_units", lambda: iter(ROWS))
    monkeypatch.setattr("benchmarks.clocks.measure_clocks", lambda on: iter([Row(on.name, {"MHz": "1"})]))
    monkeypatch.setattr("benchmarks.speed.measure_speed", lambda: iter(ROWS))
    monkeypatch.setattr("benchmarks.sweeps.measure_sweep", lambda: iter(ROWS))


def run(*arguments):
    found = CliRunner().invoke(command, arguments, prog_name="benchmarks")
    return found.exit_code, found.stdout, found.stderr


def test_units_are_a_table():
    table = "| unit | LUT4 | Fmax |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n"
    assert run("units") == (0, table, "")


@pytest.mark.parametrize(("arguments", "target"), [((), "ecp5"), (("--target", "ice40-up5k"), "ice40-up5k")])
def test_clocks_are_those_of_a_target(arguments, target):
    assert run("clocks", *arguments) == (0, f"| clock | MHz |\n|---|---|\n| {target} | 1 |\n", "")


@pytest.mark.tools
@pytest.mark.parametrize("kind", ["speed", "sweep"])
def test_speed_tells_the_machine(kind):
    code, out, err = run(kind)
    assert (code, err) == (0, "")
    assert out.startswith(f"| {kind} | LUT4 | Fmax |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n\nMeasured on ")


@pytest.mark.parametrize("kind", ["units", "speed", "sweep"])
def test_as_json(kind):
    code, out, err = run(kind, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [{"label": "a", "LUT4": "1", "Fmax": "2"}, {"label": "b", "LUT4": "3", "Fmax": "4"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("unit",), "there is no benchmark 'unit'; did you mean units?"),
        (("units", "--target", "ecp5"), "--target is for the kind clocks, not for units; leave it out"),
        (("clocks", "--target", "ecp"), "there is no target 'ecp'; did you mean ecp5?"),
    ],
)
def test_wrong_arguments(arguments, message):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.endswith(f"Error: {message}\n")
