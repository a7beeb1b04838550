from dataclasses import replace

import pytest
from weighed import CHOICE

from softgate.explore.choose.choice_figure import choice_figure


@pytest.mark.parametrize("objective", ["luts", "fmax"])
def test_a_figure(objective, tmp_path):
    path = choice_figure(replace(CHOICE, objective=objective), tmp_path / "choice.svg", title="tanh, 8 bits")
    text = path.read_text()
    for word in ("tanh, 8 bits", "table, synthesised", "polynomial, predicted", "chosen", "look-up tables"):
        assert f"<!-- {word} -->" in text
    assert ("<!-- clock in MHz -->" in text) == (objective == "fmax")
    assert ("<!-- latency in clocks -->" in text) == (objective == "luts")
    assert "bipartite" not in text


def test_a_suffix_in_capitals(tmp_path):
    assert choice_figure(CHOICE, tmp_path / "choice.PNG").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_drawn(tmp_path):
    with pytest.raises(ValueError) as raised:
        choice_figure(CHOICE, tmp_path / "choice.pdf")
    assert str(raised.value) == "a figure is written as .png or .svg, not as 'choice.pdf'"
    with pytest.raises(ValueError, match="nothing to draw"):
        choice_figure(replace(CHOICE, weighed=CHOICE.weighed[2:]), tmp_path / "choice.png")
    assert list(tmp_path.iterdir()) == []
