"""A sweep that is killed and started again ends as one that is not."""

import pytest

from benchmarks.sweeps import GRID, measure_kills, measure_rate

pytestmark = pytest.mark.tools

HARD = """
[grid]
function = "hard_logistic"
formats = [["SQ3.2", "UQ0.4"], ["SQ3.3", "UQ0.5"]]
variant = ["taylor", "keras2"]
max_error = ["0.5ulp", "2^-9"]
"""


def survives(tmp_path, grid, kills, *options):
    (tmp_path / "grid.toml").write_text(grid)
    result = measure_kills(tmp_path / "grid.toml", kills, *options)
    assert result.disturbed == result.undisturbed
    return result


def test_a_small_sweep_killed_three_times(tmp_path):
    result = survives(tmp_path, HARD, 3, "--no-route", "--jobs", "2")
    assert result.kills >= 1
    rows = result.undisturbed
    assert len(rows) == 8
    assert {row["status"] for row in rows} == {"done", "infeasible"}
    assert all(row["luts"] > 0 for row in rows if row["status"] == "done")


def test_a_rate_is_that_of_the_same_units(tmp_path):
    (tmp_path / "grid.toml").write_text(HARD)
    rate = measure_rate(tmp_path / "grid.toml", "--no-route")
    assert (rate.points, rate.units) == (8, 4)  # half of them cannot be, or are the same
    assert 0 < rate.share == rate.tools / rate.sweep < 1


@pytest.mark.slow
def test_a_sweep_of_more_than_200_points_killed_20_times(tmp_path):
    result = survives(tmp_path, GRID, 20, "--no-route")
    assert result.kills >= 15
    assert len(result.undisturbed) >= 200
