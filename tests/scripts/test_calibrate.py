import json

import pytest

from softgate.support.rows import Row


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """Measuring takes minutes: what the command makes of rows is seen with some that are ready."""
    report = "softgate.explore.calibration.report"
    monkeypatch.setattr(f"{report}.measure_delays", lambda on: iter([Row("level", {"now": on.name, "fitted": "2"})]))
    monkeypatch.setattr(f"{report}.measure_costs", lambda on: iter([Row("table", {"now": "3", "fitted": "4"})]))


DELAYS = "| delays of ecp5 | now | fitted |\n|---|---|---|\n| level | ecp5 | 2 |\n"
COSTS = "| costs of ecp5 | now | fitted |\n|---|---|---|\n| table | 3 | 4 |\n"


@pytest.mark.parametrize(
    ("arguments", "tables"),
    [((), f"{DELAYS}\n{COSTS}"), (("--only", "delays"), DELAYS), (("--only", "Costs"), COSTS)],
)
def test_tables(run, arguments, tables):
    assert run("calibrate", "ECP5", *arguments) == (0, tables, "")


def test_as_json(run):
    code, out, err = run("calibrate", "ecp5", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "delays": [{"label": "level", "now": "ecp5", "fitted": "2"}],
        "costs": [{"label": "table", "now": "3", "fitted": "4"}],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ecp",), "there is no target 'ecp'; did you mean ecp5?"),
        (("ecp5", "--only", "delay"), "there is no --only 'delay'; did you mean delays?"),
    ],
)
def test_wrong_arguments(run, arguments, message):
    assert run("calibrate", *arguments) == (2, "", f"Error: {message}\n")


def test_the_command_that_was_there_says_where_it_is(run):
    code, _, err = run("benchmark", "units")
    assert code == 2
    assert "there is no command benchmark any more; run python -m benchmarks KIND in a checkout" in err
