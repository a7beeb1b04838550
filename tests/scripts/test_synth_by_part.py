import json

import pytest

from softgate import design


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emitted")
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(folder, name="unit", interface="stream")
    return folder


@pytest.mark.tools
def test_area_by_part(run, emitted):
    path = emitted / "unit.json"
    code, out, _ = run("synth", path, "--target", "ecp5", "--by-part", "--json")
    found = json.loads(out)
    whole = json.loads(run("synth", path, "--target", "ecp5", "--no-route", "--json")[1])
    assert code == 0
    assert (found["target"], found["luts"], found["resources"]) == ("ecp5", whole["luts"], whole["resources"])
    assert found["luts"] == sum(part["luts"] for part in found["parts"].values()) > 0
    lines = run("synth", path, "--target", "ecp5", "--by-part")[1].splitlines()
    assert lines[0].split()[:2] == ["ecp5", "luts"]
    assert [line.split("  ")[0] for line in lines[1:]] == [*found["parts"], "total"]


@pytest.mark.parametrize(("option", "value"), [("--seed", "1"), ("--frequency", "200")])
def test_options_of_place_and_route_are_refused(option, value, run, emitted):
    code, _, err = run("synth", emitted / "unit.json", "--by-part", option, value)
    assert code == 2
    assert f"{option} is for place and route, which --by-part leaves out; give one of them" in err


def test_verilog_that_was_edited_is_refused(run, emitted, tmp_path):
    for name in ("unit.v", "unit.json"):
        (tmp_path / name).write_text((emitted / name).read_text() + "\n" * (name == "unit.v"))
    code, _, err = run("synth", tmp_path / "unit.json", "--by-part")
    assert code == 2
    assert "unit.v is not what this version of softgate prints for its manifest" in err
