from pathlib import Path

import pytest

from softgate.explore.figures.style import figure_path


@pytest.mark.parametrize("name", ["figure.png", "figure.svg", "figure.PNG", "figure.v2.Svg"])
def test_suffixes_of_figures(name, tmp_path):
    assert figure_path(str(tmp_path / name)) == figure_path(tmp_path / name) == Path(tmp_path, name)


@pytest.mark.parametrize("name", ["figure.pdf", "figure", "png", ".svg", "figure.svg.gz"])
def test_other_files_are_no_figures(name, tmp_path):
    with pytest.raises(ValueError) as raised:
        figure_path(tmp_path / name)
    assert str(raised.value) == f"a figure is written as .png or .svg, not as {name!r}"
