import json

import pytest

from softgate import design


@pytest.fixture(scope="module")
def weighed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weighed")
    how = {"target": "ecp5", "frequency": 200, "latency": 4, "objective": "luts"}
    design("tanh", "SQ4.5", "SQ1.8", pipelining=how).emit(folder, name="unit", **how)
    return folder / "unit.json"


def test_the_candidates_are_listed(run, weighed):
    code, out, err = run("explain", weighed)
    assert (code, err) == (0, "")
    first, heading, *lines = out.splitlines()
    assert first == "the fewest look-up tables, on ecp5 at 200 MHz, effort quick"
    assert heading.split() == ["method", "LUTs", "DSP", "BRAM", "latency", "MHz", "parameters"]
    assert [line[0] for line in lines].count("*") == 1
    assert lines[0].split()[:2] == ["*", json.loads(weighed.read_text())["method"]["name"]]
    assert "latency 4 is too short for 200 MHz" in " ".join(out.split())


def test_json(run, weighed):
    code, out, _ = run("explain", weighed, "--json")
    assert code == 0
    assert json.loads(out) == json.loads(weighed.read_text())["choice"]


def test_the_picture(run, weighed, tmp_path):
    assert run("explain", weighed, "--plot", tmp_path / "choice.svg")[0] == 0
    assert "tanh: SQ4.5 to SQ1.8, for luts on ecp5" in (tmp_path / "choice.svg").read_text()
    code, out, err = run("explain", weighed, "--plot", tmp_path / "choice.txt")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "Error: a figure is written as .png or .svg, not as 'choice.txt'"
    code, out, err = run("explain", weighed, "--plot", weighed)
    assert (code, out) == (2, "")


def test_a_unit_of_a_named_method(run, tmp_path):
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(tmp_path, name="unit")
    code, out, err = run("explain", tmp_path / "unit.json")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        f"Error: '{tmp_path / 'unit.json'}' was weighed against nothing: emit it without --method and parameters of one"
    )
