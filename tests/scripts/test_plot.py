import json
import sys

import pytest
from made_sweeps import make_point, make_sweep

from softgate.explore.report.fields import ERRORS
from softgate.explore.report.write import FORMATS
from softgate.scripts import plot_command

DONE = (make_point(degree=1, segments=4), (40, 100.0))
INFEASIBLE = (make_point(max_error="2^-30"), ("infeasible", "no unit is so good"))
WAITING = (make_point(degree=0, segments=4), None)


@pytest.fixture
def matplotlib():
    return pytest.importorskip("matplotlib")


@pytest.fixture
def sweep(tmp_path):
    return make_sweep(tmp_path / "sweep", [DONE, INFEASIBLE, WAITING])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_choices_are_those_of_the_report():
    choices = {
        option.name: option.type for option in plot_command.command.params if option.name in ("formats", "error")
    }
    assert tuple(choices["formats"].choices) == FORMATS
    assert tuple(choices["error"].choices) == ERRORS


def test_everything_goes_into_a_folder_in_that_of_the_sweep(matplotlib, run, sweep):
    code, out, err = run("plot", sweep)
    assert (code, err) == (0, "")
    assert sorted(out.split()) == sorted(str(path) for path in (sweep / "report").iterdir())
    assert len(names(sweep / "report")) == 7


def test_as_json(matplotlib, run, sweep, tmp_path):
    target = tmp_path / "a" / "b"
    arguments = ("--out", target, "--format", "svg", "--format", "html", "--error", "max_abs", "--json")
    code, out, err = run("plot", sweep, *arguments)
    assert (code, err) == (0, "")
    figures = [str(target / f"max_abs-{measure}.svg") for measure in ("luts", "fmax", "latency")]
    assert json.loads(out) == {
        "files": [str(target / "report.html"), *figures],
        "left_out": [],
        "points": {"done": 1, "infeasible": 1, "waiting": 1},
    }
    assert names(target) == sorted(["report.html", *(figure.rpartition("/")[2] for figure in figures)])


def test_again_over_what_is_there(matplotlib, run, sweep):
    run("plot", sweep, "--format", "svg")
    before = {name: (sweep / "report" / name).read_bytes() for name in names(sweep / "report")}
    (sweep / "report" / "max_ulp-luts.svg").write_text("old")
    assert run("plot", sweep, "--format", "svg")[0] == 0
    assert {name: (sweep / "report" / name).read_bytes() for name in names(sweep / "report")} == before


def test_what_cannot_be_drawn_is_said(matplotlib, run, tmp_path):
    sweep = make_sweep(tmp_path / "sweep", [INFEASIBLE])
    code, out, err = run("plot", sweep)
    assert (code, out) == (0, f"{sweep / 'report' / 'report.html'}\n")
    assert err == "no point is done, so there is no figure\n"
    assert names(sweep / "report") == ["report.html"]


@pytest.fixture
def refused(run, tmp_path):
    def call(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, err = run("plot", *arguments)
        assert (code, out) == (2, "")
        assert sorted(tmp_path.rglob("*")) == before
        return err

    return call


def test_no_such_folder(refused, tmp_path):
    assert f"there is no sweep in '{tmp_path}/none'" in refused(tmp_path / "none")


def test_no_sweep_in_the_folder(refused, tmp_path):
    assert f"there is no sweep in '{tmp_path}'" in refused(tmp_path)


def test_no_point_is_finished(refused, tmp_path):
    sweep = make_sweep(tmp_path / "sweep", [WAITING])
    assert refused(sweep) == f"Error: no point of the sweep in '{sweep}' is finished yet\n"


def test_no_point_is_done_and_only_figures_are_wanted(matplotlib, refused, tmp_path):
    sweep = make_sweep(tmp_path / "sweep", [INFEASIBLE])
    assert refused(sweep, "--format", "png") == "Error: no point is done, so there is no figure\n"


def test_missing_matplotlib(monkeypatch, refused, sweep):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert refused(sweep) == 'Error: matplotlib was not found: install it with: pip install "softgate[plot]".\n'


def test_a_file_in_the_place_of_the_folder(refused, sweep, tmp_path):
    (tmp_path / "file").touch()
    message = f"Error: --out: '{tmp_path}/file' is a file, not a folder; name a folder to write to\n"
    assert refused(sweep, "--out", tmp_path / "file").endswith(message)


def test_nothing_is_half_written(matplotlib, monkeypatch, refused, sweep):
    """All files take their places when all are made, and those that were there before stay until then."""
    (sweep / "report").mkdir()
    (sweep / "report" / "report.html").write_text("old")

    def fail(*_):
        raise ValueError("no figure today")

    monkeypatch.setattr("softgate.explore.report.write.front_figure", fail)
    assert refused(sweep) == "Error: no figure today\n"
    assert (sweep / "report" / "report.html").read_text() == "old"


def test_other_formats_and_errors(refused, sweep):
    assert "'pdf' is not one of 'html', 'png', 'svg'" in refused(sweep, "--format", "pdf")
    assert "'bias' is not one of 'max_ulp'" in refused(sweep, "--error", "bias")
