import re
from base64 import b64decode

from softgate import design
from softgate.explore.figures import notebook
from softgate.support.tools import MissingToolError

UNIT = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4)


def images(html):
    return [b64decode(each).decode() for each in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)]


def test_a_design_in_a_line():
    assert repr(UNIT) == f"<Design tanh, SQ3.2 -> SQ1.4: taylor, error at most {UNIT.errors.max_ulp:.5g} ulp>"


def test_a_design_in_a_notebook():
    html = UNIT._repr_html_()
    figure, drawing = images(html)
    assert "Design tanh, SQ3.2 -&gt; SQ1.4: taylor" in html
    assert "<svg" in figure
    assert 'data-name="x"' in drawing


def test_without_matplotlib(monkeypatch):
    def missing(*_):
        raise MissingToolError("matplotlib", "it")

    monkeypatch.setattr(notebook, "error_figure", missing)
    (drawing,) = images(UNIT._repr_html_())
    assert 'data-name="x"' in drawing


def test_a_unit_of_two_outputs_shows_the_first():
    unit = design("tanh", "SQ3.2", "SQ1.4", with_derivative="UQ1.4", method="table")
    figure, drawing = images(unit._repr_html_())
    assert "<svg" in figure
    assert 'data-name="dy"' in drawing


def test_a_unit_of_two_inputs_has_no_error_figure():
    unit = design("prelu", "SQ3.2", "SQ3.2", ports={"slope": "SQ1.3"})
    (drawing,) = images(unit._repr_html_())
    assert 'data-name="slope"' in drawing
