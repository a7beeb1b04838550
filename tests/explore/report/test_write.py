import sys

import pytest
from made_sweeps import make_point, make_sweep

from softgate.explore.report.write import FORMATS, report_files
from softgate.explore.sweep.store import open_store
from softgate.support.tools import MissingToolError

DONE = (make_point(degree=1, segments=4), (40, 100.0))
UNROUTED = (make_point(degree=2, segments=4), (60,))
UNMEASURED = (make_point(degree=2, segments=4), (None,))
INFEASIBLE = (make_point(max_error="2^-30"), ("infeasible", "no unit is so good"))
WAITING = (make_point(degree=0, segments=4), None)


@pytest.fixture
def files(tmp_path):
    def call(*points, **options):
        with open_store(make_sweep(tmp_path, points)) as store:
            found, left_out = report_files(store, **options)
            for name, write in found.items():
                shares = []
                write(tmp_path / name, shares.append)
                assert all(0 <= share <= 1 for share in shares)
            return {name: (tmp_path / name).read_bytes() for name in found}, left_out

    return call


@pytest.fixture
def matplotlib():
    return pytest.importorskip("matplotlib")


def test_all_files(matplotlib, files):
    found, left_out = files(DONE)
    assert list(found) == [
        "report.html",
        *(f"max_ulp-{measure}.{suffix}" for measure in ("luts", "fmax", "latency") for suffix in ("png", "svg")),
    ]
    assert left_out == []
    for name, data in found.items():
        assert data.startswith({"html": b"<!doctype html>", "png": b"\x89PNG", "svg": b"<?xml"}[name.split(".")[1]])


def test_a_unit_that_missed_its_clock_is_drawn(matplotlib, files):
    missed = (make_point(degree=1, segments=4, frequency=200.0), (40, 100.0))
    found, left_out = files(missed)
    assert len(found) == 7
    assert left_out == []
    assert b"missed" in found["report.html"]


def test_equal_sweeps_make_equal_files(matplotlib, files):
    assert files(DONE, INFEASIBLE) == files(DONE, INFEASIBLE)


def test_what_is_asked_for(matplotlib, files):
    assert list(files(DONE, formats=["svg"], error="rms")[0]) == ["rms-luts.svg", "rms-fmax.svg", "rms-latency.svg"]


def test_figures_without_a_measure_are_left_out(matplotlib, files):
    found, left_out = files(UNROUTED, formats=["png"])
    assert list(found) == ["max_ulp-luts.png", "max_ulp-latency.png"]
    assert left_out == ["Fmax is not known of any point, so there is no figure of it"]
    assert list(files(UNMEASURED, formats=["png"])[0]) == ["max_ulp-latency.png"]


def test_a_sweep_of_infeasible_points_has_a_page_alone(matplotlib, files):
    found, left_out = files(INFEASIBLE)
    assert list(found) == ["report.html"]
    assert b"no unit is so good" in found["report.html"]
    assert left_out == ["no point is done, so there is no figure"]
    with pytest.raises(ValueError, match="no point is done, so there is no figure"):
        files(INFEASIBLE, formats=["png", "svg"])


def test_a_sweep_that_has_only_begun(files, tmp_path):
    with pytest.raises(ValueError, match=f"no point of the sweep in '{tmp_path}' is finished yet"):
        files(WAITING)


def test_missing_matplotlib_is_named_unless_there_is_no_figure(monkeypatch, files):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingToolError, match=r'install it with: pip install "softgate\[plot\]"'):
        files(DONE)
    assert list(files(DONE, formats=["html"])[0]) == ["report.html"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"formats": []}, "formats must be of html, png, svg, not none"),
        ({"formats": ["pdf", "png"]}, "formats must be of html, png, svg, not pdf, png"),
        ({"error": "bias"}, "error must be of max_ulp, max_abs, mean_abs, rms, not bias"),
    ],
)
def test_arguments_that_are_wrong(files, options, message):
    with pytest.raises(ValueError, match=message):
        files(DONE, **options)


def test_formats():
    assert FORMATS == ("html", "png", "svg")
