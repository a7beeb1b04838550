"""A sweep that is killed and started again ends as one that is not."""

import pytest

from benchmarks import sweeps
from benchmarks.sweeps import GRID, Kills, Rate, measure_kills, measure_rate, measure_sweep
from softgate.explore.sweep.grid import count_points

HARD = """
[grid]
function = "hard_logistic"
formats = [["SQ3.2", "UQ0.4"], ["SQ3.3", "UQ0.5"]]
variant = ["taylor", "keras2"]
max_error = ["0.5ulp", "2^-9"]
target = "gatemate"
"""


def survives(tmp_path, grid, kills, *options):
    (tmp_path / "grid.toml").write_text(grid)
    result = measure_kills(tmp_path / "grid.toml", kills, *options)
    assert result.disturbed == result.undisturbed
    return result


@pytest.mark.tools
def test_a_small_sweep_killed_twice(tmp_path):
    result = survives(tmp_path, HARD, 2, "--no-route", "--jobs", "2")
    assert result.kills >= 1
    rows = result.undisturbed
    assert len(rows) == 8
    assert {row["status"] for row in rows} == {"done", "infeasible"}
    assert all(row["luts"] > 0 for row in rows if row["status"] == "done")


@pytest.mark.tools
def test_a_rate_is_that_of_the_same_units(tmp_path):
    (tmp_path / "grid.toml").write_text(HARD)
    rate = measure_rate(tmp_path / "grid.toml", "--no-route")
    assert (rate.points, rate.units) == (8, 4)  # half of them cannot be, or are the same
    assert 0 < rate.share == rate.tools / rate.sweep < 1


@pytest.mark.tools
@pytest.mark.slow
def test_a_sweep_of_more_than_200_points_killed_20_times(tmp_path):
    result = survives(tmp_path, GRID, 20, "--no-route")
    assert result.kills >= 15
    assert len(result.undisturbed) >= 200


@pytest.mark.parametrize(
    ("disturbed", "same"), [([{"luts": 4}], "the same rows"), ([{"luts": 5}], "OTHER ROWS"), ([], "OTHER ROWS")]
)
def test_the_rows_by_hand(disturbed, same, monkeypatch):
    grids, options = [], []

    def rate(grid, *given):
        grids.append(grid.read_text())
        options.append(given)
        return Rate(points=9, units=6, sweep=4.0, tools=3.0)

    monkeypatch.setattr(sweeps, "measure_rate", rate)
    monkeypatch.setattr(sweeps, "measure_kills", lambda grid, kills, *_: Kills(kills - 1, [{"luts": 4}], disturbed))
    rows = list(measure_sweep())
    assert [(row.label, row.cells["measured"]) for row in rows] == [
        ("9 points with 6 different units, synthesis alone", "1.50 units/s, 75% of the 2.00 of the bare tools"),
        (
            "9 points with 6 different units, with place and route, seed 1",
            "1.50 units/s, 75% of the 2.00 of the bare tools",
        ),
        ("the same, synthesis alone, killed 19 times", f"{same} as undisturbed"),
    ]
    assert (grids, options) == ([GRID] * 2, [("--no-route",), ("--seed", "1")])


def test_the_grid_has_as_many_points_as_is_said(tmp_path):
    (tmp_path / "grid.toml").write_text(GRID)
    assert count_points(tmp_path / "grid.toml") == 216


def test_a_sweep_is_given_as_long_as_it_takes_to_do_so_much():
    # In a random time of at most d, (d - 3)**2 / 2 d are done: 1 of d = 4 + sqrt(7).
    longest = sweeps._longest(3.0, 1.0)
    assert longest == pytest.approx(4 + 7**0.5)
    assert (longest - 3) ** 2 / (2 * longest) == pytest.approx(1.0)
