import json
from dataclasses import replace

import pytest
from several_ports import prelu

from softgate import design, emit_plan


@pytest.fixture(scope="module")
def weighed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weighed")
    how = {"target": "ecp5", "frequency": 200, "latency": 4, "objective": "luts"}
    design("tanh", "SQ4.5", "SQ1.8", **how).emit(folder, name="unit", **how)
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


def test_a_clock_that_was_missed_is_marked(run, tmp_path):
    unit = design("tanh", "SQ3.3", "SQ1.4", method="table", **{"target": "ecp5"})
    slow = replace(unit.choice.chosen, measured_fmax=99.2)
    weighed = tuple(slow if each.chosen else each for each in unit.choice.weighed)
    replace(unit, choice=replace(unit.choice, weighed=weighed)).emit(tmp_path, name="unit", target="ecp5")
    code, out, err = run("explain", tmp_path / "unit.json")
    assert (code, err) == (0, "")
    assert [line[:1] for line in out.splitlines() if " 99 missed " in line] == ["*"]
    assert out.count("missed") == 1


@pytest.mark.parametrize(("how", "clock"), [({"objective": "fmax"}, ""), ({"frequency": 50}, " at 50 MHz")])
def test_only_a_clock_that_was_asked_for_is_named(how, clock, run, tmp_path):
    how = {"target": "ecp5", "objective": "luts", **how}
    design("tanh", "SQ3.3", "SQ1.4", method="table", **how).emit(tmp_path, name="unit", **how)
    assert f", on ecp5{clock}, effort quick\n" in run("explain", tmp_path / "unit.json")[1]


def test_json(run, weighed):
    code, out, _ = run("explain", weighed, "--json")
    assert code == 0
    assert json.loads(out) == json.loads(weighed.read_text())["choice"]


def test_the_picture(run, weighed, tmp_path):
    assert run("explain", weighed, "--plot", tmp_path / "choice.svg")[0] == 0
    assert "tanh: SQ4.5 to SQ1.8, for luts on ecp5" in (tmp_path / "choice.svg").read_text()
    code, out, err = run("explain", weighed, "--plot", tmp_path / "choice.txt")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "Error: --plot: a figure is written as .png or .svg, not as 'choice.txt'"
    code, out, err = run("explain", weighed, "--plot", weighed)
    assert (code, out) == (2, "")


@pytest.mark.tools
def test_candidates_of_a_named_method_are_synthesised(run, tmp_path):
    options = ("--method", "table", "--target", "ecp5", "--effort", "normal", "--out", tmp_path)
    code, out, err = run("emit", "tanh", "-i", "SQ3.4", "-o", "SQ1.6", *options)
    assert (code, err) == (0, "")
    code, out, err = run("explain", tmp_path / "tanh.json")
    assert (code, err) == (0, "")
    first, _, *lines = out.splitlines()
    assert first == "the least product of look-up tables and clocks, on ecp5 at 100 MHz, effort normal"
    assert lines[0].startswith("*  table")
    assert {line.removeprefix("*").split()[0] for line in lines} == {"table"}
    data = json.loads(run("explain", tmp_path / "tanh.json", "--json")[1])
    assert len(data["weighed"]) == len(lines) > 2
    assert all(each["measured_luts"] for each in data["weighed"])  # so few are finalists, all of them
    assert data["weighed"][0]["measured_luts"] == int(lines[0].split()[2])


def test_a_unit_that_was_weighed_against_nothing(run, tmp_path):
    design("tanh", "SQ2.2", "SQ1.3", method="classic", max_error="0.1").emit(tmp_path, name="unit")
    code, out, err = run("explain", tmp_path / "unit.json")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        f"Error: '{tmp_path / 'unit.json'}' was weighed against nothing: "
        "it is the first unit of method classic that does what was asked"
    )


def test_a_plan_was_weighed_against_nothing(run, tmp_path):
    emit_plan(prelu(), tmp_path, "prelu")
    code, out, err = run("explain", tmp_path / "prelu.json")
    assert (code, out) == (2, "")
    assert "was weighed against nothing: it is the unit of a plan that was given" in err
