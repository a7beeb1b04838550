from xml.etree import ElementTree

import pytest

from examples.digits_lstm.figure import draw
from examples.digits_lstm.results import Result

RESULTS = [
    Result("float", 0, 0, 98.0, 98.5),
    Result("hard, 12 bits", 23, 0, 87.0, 97.0),
    Result("softgate, 4 bits", 7, 0, 92.0, 96.0),
    Result("softgate, 6 bits", 30, 0, 97.5, 98.0),
]


def test_results_are_drawn_and_the_same_ones_byte_for_byte(tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(RESULTS, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_a_png_is_drawn_too(tmp_path):
    pytest.importorskip("matplotlib")
    draw(RESULTS, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
