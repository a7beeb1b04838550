import re

from examples.digits_lstm_hardware.figures import README, put_into, table
from softgate.explore.flows import SynthesisResult

FOUND = SynthesisResult({"FF": 2000, "DSP": 16, "BRAM": 7, "LUTRAM": 30}, 2500, {1: 90.0, 2: 100.0, 3: 110.0})


def test_the_table_has_a_line_for_each_figure():
    lines = table(FOUND, 525, 524, 5000).splitlines()
    assert lines[2:4] == ["| test images read | 525 of 540 (97.2 %) |", "| by the float network | 524 (97.0 %) |"]
    assert lines[-2:] == ["| Fmax (median of three seeds) | 100 MHz |", "| images a second | 20,000 |"]


def test_it_takes_the_place_of_the_one_in_the_page(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("a\n<!-- digits_lstm_hardware -->\nold\n<!-- end -->\nb\n<!-- end -->\n")
    put_into(page, "new")
    assert page.read_text() == "a\n<!-- digits_lstm_hardware -->\nnew\n<!-- end -->\nb\n<!-- end -->\n"


def test_the_readme_has_the_names_of_this_table():
    names = re.findall(r"^\| ([a-zF].*?) \|", table(FOUND, 525, 524, 5000), re.MULTILINE)
    part = README.read_text().partition("<!-- digits_lstm_hardware -->\n")[2].partition("<!-- end -->")[0]
    assert re.findall(r"^\| ([a-zF].*?) \|", part, re.MULTILINE) == names
