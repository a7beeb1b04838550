import sys
from xml.etree import ElementTree

import pytest

from softgate import design
from softgate.accuracy.specification import Specification
from softgate.explore.figures.error_figure import error_figure
from softgate.functions import create_function
from softgate.methods import find_method
from softgate.plan import FixedFormat
from softgate.support.tools import MissingToolError


def make(function, input_format, output_format, method="taylor", **parameters):
    specification = Specification(
        create_function(function), FixedFormat.parse(input_format), FixedFormat.parse(output_format)
    )
    return next(iter(find_method(method).candidates(specification, parameters))).plan, specification


@pytest.fixture(scope="module")
def small():
    return make("tanh", "SQ4.4", "SQ1.7", degree=1, segments=8)


@pytest.fixture
def matplotlib():
    return pytest.importorskip("matplotlib")


@pytest.mark.parametrize(
    "unit",
    [
        make("tanh", "SQ4.4", "SQ1.7", degree=1, segments=8),
        make("tanh", "SQ4.12", "SQ1.15", degree=3, segments=16),
        make("hard_tanh", "SQ4.12", "SQ1.15", "hard"),  # no error anywhere
        make("hard_logistic", "UQ1.0", "UQ0.4", "hard"),  # two codes
    ],
    ids=["points", "bands", "exact", "two codes"],
)
@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_file_every_time(matplotlib, tmp_path, unit, suffix):
    first, second = (error_figure(*unit, tmp_path / f"{name}{suffix}") for name in ("first", "second"))
    assert first == tmp_path / f"first{suffix}"
    assert first.read_bytes() == second.read_bytes()


def test_the_user_settings_play_no_part(matplotlib, tmp_path, small):
    expected = error_figure(*small, tmp_path / "expected.svg").read_bytes()
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": None, "axes.grid": True}):
        assert error_figure(*small, tmp_path / "other.svg").read_bytes() == expected


def test_svg_tells_neither_date_nor_program(matplotlib, tmp_path, small):
    root = ElementTree.fromstring(error_figure(*small, tmp_path / "figure.svg").read_text())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not any("metadata" in element.tag for element in root.iter())


def test_png_tells_neither_date_nor_program(matplotlib, tmp_path, small):
    data = error_figure(*small, tmp_path / "figure.PNG").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert b"tEXt" not in data and b"tIME" not in data
    width = int.from_bytes(data[16:20])
    assert 900 <= width <= 1800


def test_bands_show_the_extremes_of_every_column(matplotlib, tmp_path, monkeypatch):
    from matplotlib.axes import Axes

    drawn = []
    monkeypatch.setattr(Axes, "fill_between", lambda axes, x, low, high, **_: drawn.append((low, high)))
    plan, specification = make("tanh", "SQ4.12", "SQ1.15", degree=3, segments=16)
    error_figure(plan, specification, tmp_path / "figure.svg")
    ((low, high),) = drawn
    assert len(low) == len(high) == 1024
    assert (low <= high).all()
    errors = [span_error for span in specification.reference.spans() for span_error in span_errors(plan, span)]
    assert (min(errors), max(errors)) == (low.min(), high.max())


def span_errors(plan, span):
    from softgate.sim.golden.model import golden

    return span.errors(golden(plan)(span.codes)).tolist()


@pytest.mark.parametrize("name", ["figure.pdf", "figure", "figure.svg.gz"])
def test_other_files_are_refused(tmp_path, small, name):
    with pytest.raises(ValueError, match=r"written as \.png or \.svg"):
        error_figure(*small, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_wide_inputs_are_refused(tmp_path):
    unit = make("hard_tanh", "SQ4.21", "SQ1.15", "hard")
    with pytest.raises(ValueError, match=r"33554432 input codes are too many to draw; 2\*\*24 at most"):
        error_figure(*unit, tmp_path / "figure.svg")


def test_a_plan_of_other_formats_is_refused(tmp_path, small):
    _, specification = make("tanh", "SQ4.12", "SQ1.15", degree=3, segments=16)
    with pytest.raises(ValueError, match=r"from SQ4\.4 to SQ1\.7, but the specification is SQ4\.12 to SQ1\.15"):
        error_figure(small[0], specification, tmp_path / "figure.svg")


def test_missing_matplotlib_is_named(monkeypatch, tmp_path, small):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingToolError, match=r'install it with: pip install "softgate\[plot\]"'):
        error_figure(*small, tmp_path / "figure.svg")


@pytest.mark.parametrize(("limits", "columns"), [((-1, 1), 1025), ((0, 2), 1025), (("0.1", 2), 1112), ((3, 3), 1)])
def test_a_range_is_drawn_to_its_ends(matplotlib, tmp_path, monkeypatch, limits, columns):
    from matplotlib.axes import Axes

    drawn = []
    monkeypatch.setattr(Axes, "fill_between", lambda axes, x, low, high, **_: drawn.append((x, low, high)))
    unit = design("tanh", "SQ4.12", "SQ1.15", method="taylor", degree=2, segments=16, input_range=limits)
    error_figure(unit.plan, unit.specification, tmp_path / "figure.svg")
    if columns == 1:
        assert not drawn
        return
    ((x, low, high),) = drawn
    assert len(x) == len(low) == len(high) == columns
    source = unit.specification.input_format
    assert x[0] == float(source.value(unit.specification.codes.low))
    last = float(source.value(unit.specification.codes.high))
    assert last - (x[1] - x[0]) < x[-1] <= last
    assert max(-low.min(), high.max()) == pytest.approx(unit.errors.max_ulp)
