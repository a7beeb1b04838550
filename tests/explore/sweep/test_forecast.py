from made_sweeps import make_point, make_sweep

from softgate.explore.sweep.forecast import Forecast, forecast

GRID = """
[grid]
function = "tanh"
method = "taylor"
formats = ["SQ4.4", "SQ1.7"]
degree = "1..4"
"""


def test_typical_seconds_rise_with_the_seeds(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    alone, routed = forecast(path, None, ()), forecast(path, tmp_path / "nowhere", (1, 2))
    assert (alone.points, alone.measured, routed.points, routed.measured) == (4, 0, 4, 0)
    assert routed.seconds > alone.seconds > 0


def test_points_that_are_done_tell_how_long_the_others_take(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    done, waiting = (make_point(degree=degree, method="taylor") for degree in (1, 2))
    folder = make_sweep(tmp_path / "out", [(done, (20, 100.0)), (waiting, None)])
    assert forecast(path, folder, (1,)) == Forecast(4, 2.0, 1)


def test_composites_take_longer(tmp_path):
    both = """
    [[grid]]
    function = "tanh"
    formats = ["SQ4.4", "SQ1.7"]

    [[grid]]
    function = "softmax"
    n = [2, 3]
    input = "SQ2.2"
    output = "UQ0.6"
    """
    (tmp_path / "grid.toml").write_text(both)
    assert forecast(tmp_path / "grid.toml", None, (1,)) == Forecast(3, (1 + 0.7 + 1.5 + 2 * (14 + 3 + 7)) / 3, 0)
