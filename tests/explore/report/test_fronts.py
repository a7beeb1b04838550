import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from made_sweeps import make_point, make_sweep

from softgate.explore.report import fronts
from softgate.explore.report.fronts import front_figure
from softgate.explore.sweep.store import open_store
from softgate.support.tools import MissingToolError

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def row(tmp_path_factory):
    """Return a row that others are made from."""
    found = [(make_point(degree=1, segments=4), (40, 100.0))]
    with open_store(make_sweep(tmp_path_factory.mktemp("sweep"), found)) as store:
        return next(store.rows())


@pytest.fixture
def make(row):
    def call(luts, max_ulp, **changes):
        error = row.error | {"max_ulp": max_ulp, "max_abs": max_ulp / 16}
        return replace(row, luts=luts, error=error, **changes)

    return call


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Return what is drawn of rows: the figure, before it becomes a file."""
    figures = []
    monkeypatch.setattr(fronts, "save_figure", lambda figure, path: figures.append(figure))

    def call(rows, measure="luts", error="max_ulp"):
        front_figure(rows, measure, error, tmp_path / "figure.svg")
        return figures[-1]

    return call


def lines(axes):
    """Return the corners of every front."""
    return [line.get_xydata().tolist() for line in axes.lines if line.get_drawstyle() != "default"]


def panels(figure):
    return [axes for axes in figure.axes if axes.axison]


def test_the_front_is_a_staircase_over_the_points_that_are_not_outdone(drawn, make):
    rows = [make(*point) for point in [(30, 4.0), (10, 9.0), (20, 9.0), (40, 5.0), (50, 1.0)]]
    (axes,) = panels(drawn(rows))
    assert lines(axes) == [[[10, 9], [30, 4], [50, 1]]]
    assert axes.lines[0].get_drawstyle() == "steps-post"
    (points,) = axes.collections
    assert sorted(points.get_offsets().tolist()) == [[10, 9], [20, 9], [30, 4], [40, 5], [50, 1]]


def test_more_is_better_for_a_frequency(drawn, make):
    rows = [make(30, error, fmax=fmax) for fmax, error in [(100.0, 1.0), (150.0, 2.0), (120.0, 3.0), (90.0, 1.0)]]
    (axes,) = panels(drawn(rows, "fmax"))
    assert lines(axes) == [[[100, 1], [150, 2]]]
    assert axes.lines[0].get_drawstyle() == "steps-pre"
    assert drawn(rows, "fmax").get_supxlabel() == "Fmax (MHz)"


def test_only_units_with_one_job_share_a_front(drawn, make):
    rows = [make(10, 5.0), make(20, 4.0), make(5, 1.0, target="other"), make(6, 0.5, target="other")]
    (axes,) = panels(figure := drawn(rows))
    assert lines(axes) == [[[10, 5], [20, 4]], [[5, 1], [6, 0.5]]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["ecp5", "other"]
    assert figure.get_suptitle() == "tanh, stream, SQ3.2 to SQ1.4"
    looks = {(*points.get_facecolor()[0], len(points.get_paths()[0].vertices)) for points in axes.collections}
    assert len(looks) == 2


def test_absolute_errors_share_a_front_across_output_formats(drawn, make):
    rows = [make(10, 5.0), make(20, 4.0, output="SQ1.5")]
    assert len(lines(panels(drawn(rows))[0])) == 2
    assert len(lines(panels(drawn(rows, error="max_abs"))[0])) == 1


def test_methods_of_one_job_share_a_front_and_differ_in_looks(drawn, make):
    rows = [make(10, 5.0), make(20, 4.0, method="other")]
    (axes,) = panels(drawn(rows))
    assert lines(axes) == [[[10, 5], [20, 4]]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["taylor", "other"]


def test_too_many_jobs_go_into_panels(drawn, make):
    rows = [
        make(10 + width, 5.0, function=function, output=f"SQ1.{width}")
        for function in ("tanh", "hard_tanh")
        for width in range(4, 10)
    ]
    found = panels(figure := drawn(rows))
    assert [axes.get_title(loc="left") for axes in found] == ["tanh", "hard_tanh"]
    assert [len(lines(axes)) for axes in found] == [6, 6]
    assert figure.get_suptitle() == "ecp5, stream"


def test_more_panels_than_a_figure_holds_are_owned_up_to(drawn, make):
    rows = [make(10, 5.0, function=name, input=f"SQ3.{bits}") for name in ("tanh", "logistic") for bits in range(20)]
    figure = drawn(rows)
    assert len(panels(figure)) == 24
    assert figure.get_supxlabel() == "LUTs\n16 more panels are left out"


@pytest.mark.parametrize(
    ("errors", "scale"),
    [([1.0, 9.0], "linear"), ([1.0, 10.0], "log"), ([0.0, 1.0, 30.0], "symlog"), ([0.0, 0.0], "linear")],
)
def test_scales(drawn, make, errors, scale):
    (axes,) = panels(drawn([make(10 + place, error) for place, error in enumerate(errors)]))
    assert axes.get_yscale() == scale
    low, high = axes.get_ylim()
    assert low < min(errors) <= max(errors) < high


def test_numbers_of_clocks_are_whole(drawn, make):
    (axes,) = panels(drawn([make(10, 1.0, latency=3), make(10, 2.0, latency=4)], "latency"))
    assert all(tick == int(tick) for tick in axes.get_xticks())


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_file_every_time(make, tmp_path, suffix):
    rows = [make(luts, 60.0 / luts, target=target) for luts in range(5, 40) for target in ("ecp5", "other")]
    first, second = (front_figure(rows, "luts", "max_ulp", tmp_path / f"{name}{suffix}") for name in "ab")
    assert first == tmp_path / f"a{suffix}"
    assert first.read_bytes() == second.read_bytes()


def test_the_user_settings_play_no_part(make, tmp_path):
    import matplotlib

    expected = front_figure([make(10, 5.0)], "luts", "max_ulp", tmp_path / "a.svg").read_bytes()
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": None}):
        assert front_figure([make(10, 5.0)], "luts", "max_ulp", tmp_path / "b.svg").read_bytes() == expected


def test_many_points_make_a_file(make, tmp_path):
    rows = [make(10 + place % 37, 1 + (place * 7919) % 1000, output=f"SQ1.{place % 9}") for place in range(1000)]
    path = front_figure(rows, "luts", "max_ulp", tmp_path / "a.svg")
    assert ElementTree.fromstring(path.read_text()).tag == "{http://www.w3.org/2000/svg}svg"


def test_rows_without_the_figure_are_left_out(drawn, make):
    (axes,) = panels(drawn([make(10, 5.0), make(None, 1.0)]))
    assert lines(axes) == [[[10, 5]]]


def test_nothing_to_draw(make, tmp_path):
    with pytest.raises(ValueError, match="no point has both LUTs and max error: there is nothing to draw"):
        front_figure([make(None, 1.0)], "luts", "max_ulp", tmp_path / "a.svg")


def test_other_files_are_refused(make, tmp_path):
    with pytest.raises(ValueError, match=r"written as \.png or \.svg, not as 'a\.pdf'"):
        front_figure([make(10, 5.0)], "luts", "max_ulp", tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


def test_missing_matplotlib_is_named(monkeypatch, make, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingToolError, match=r'install it with: pip install "softgate\[plot\]"'):
        front_figure([make(10, 5.0)], "luts", "max_ulp", tmp_path / "a.svg")
