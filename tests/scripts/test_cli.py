import contextlib
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from function_definitions import DEFINITIONS
from quiet import without_progress

from softgate import design
from softgate.functions import find_function
from softgate.hdl.targets import target, target_names
from softgate.scripts import cli

SOFTGATE = Path(sysconfig.get_path("scripts"), "softgate")
COMMANDS = [
    *("list", "emit", "explain", "show", "eval", "simulate", "check", "prove"),
    *("synth", "sweep", "plot", "export", "scan", "calibrate"),
]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(folder, name="unit", interface="stream")
    return folder / "unit.json"


def process(*arguments, **options):
    return subprocess.run([SOFTGATE, *arguments], capture_output=True, text=True, check=False, **options)


def test_without_arguments_it_shows_its_help(run):
    code, out, err = run()
    assert code == 2
    assert all(f"  {command} " in out + err for command in COMMANDS)


def test_help_lists_every_command(run):
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.partition("Commands:\n")[2].splitlines()] == COMMANDS
    assert run("-h") == (0, out, "")


def test_version(run):
    assert run("--version") == (0, f"softgate, version {version('softgate')}\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, run):
    code, out, err = run(name, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: softgate {name} [OPTIONS]")
    assert run(name, "-h") == (0, out, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_explained(name):
    command = cli.softgate.get_command(click.Context(cli.softgate), name)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help.endswith("."), parameter.name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["emti"], "there is no command 'emti'; did you mean emit?"),
        (["simulte", "x.json"], "there is no command 'simulte'; did you mean simulate?"),
        (["xyz"], f"there is no command 'xyz'; choose one of {', '.join(COMMANDS)}"),
        ([""], f"there is no command ''; choose one of {', '.join(COMMANDS)}"),
        (["a\nb"], "there is no command 'a\\nb'; choose one of "),
        (["check", "a.json", "b\nc.json"], "unexpected extra argument (b\\nc.json)"),
        (["export", "a\nb", "o.csv"], "start one with softgate sweep GRID --out a\\nb"),
        (["--verison"], "--verison"),
        (["check", "unit.json", "--jsn"], "--json"),
        (["check"], "Missing argument 'MANIFEST'"),
        (["check", "a.json", "b.json"], "unexpected extra argument (b.json)"),
    ],
)
def test_bad_usage(arguments, message, run):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    (complaint,) = err.splitlines()
    assert complaint.startswith("Error: ")
    assert message in complaint


@pytest.mark.tools
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS), ["emti"]])
def test_what_needs_no_numbers_loads_none(arguments):
    code = (
        "import atexit, sys; from softgate.scripts.cli import main; "
        "atexit.register(lambda: print('loaded:', {'numpy', 'amaranth', 'flint', 'pyosys', 'matplotlib', 'rich', "
        "'cocotb'} & set(sys.modules))); main()"
    )
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert result.stdout.splitlines()[-1] == "loaded: set()"


@pytest.mark.tools
def test_the_installed_script_has_the_exit_codes(manifest, tmp_path):
    assert process("--version").returncode == 0
    good = process("check", manifest)
    assert (good.returncode, without_progress(good.stderr)) == (0, "")
    wrong = process("show", tmp_path / "none.json")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == f"Error: cannot read manifest '{tmp_path}/none.json': No such file or directory\n"
    unmet = process("emit", "tanh", "-i", "SQ4.4", "-o", "SQ1.7", "--max-error", "1e-9", "--out", tmp_path / "out")
    assert (unmet.returncode, unmet.stdout) == (1, "")
    assert without_progress(unmet.stderr).startswith(
        "Error: no taylor unit of tanh, SQ4.4 to SQ1.7, meets an error of 1e-9"
    )
    assert not (tmp_path / "out").exists()


def test_a_fault_of_softgate_itself_is_not_dressed_up(run, monkeypatch, manifest):
    run("show", manifest)  # what is imported for the first time while it is replaced, would stay so
    monkeypatch.setattr(sys, "argv", ["softgate", "show", str(manifest)])
    monkeypatch.setattr("softgate.sim.golden.model.golden", lambda plan: {}["bug"])
    with pytest.raises(KeyError, match="bug"):
        cli.main()


def test_an_error_of_the_system_is_told_without_its_number(run, manifest, tmp_path):
    (tmp_path / "file").write_text("")
    code, out, err = run("emit", "hard_tanh", "-i", "SQ2.2", "-o", "SQ1.3", "--out", tmp_path / "file")
    assert (code, out) == (2, "")
    assert str(tmp_path / "file") in err
    assert "Errno" not in err


def test_ctrl_c_stops_with_130(run, monkeypatch, manifest):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("softgate.sim.check.check_manifest", interrupted)
    code, out, err = run("check", manifest)
    assert (code, out, err.strip()) == (130, "", "stopped")


def test_ctrl_c_while_writing_leaves_what_was_there(run, monkeypatch, tmp_path):
    make = ["emit", "hard_tanh", "-o", "SQ1.3", "--out", tmp_path, "-i"]
    assert run(*make, "SQ2.2")[0] == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    assert run(*make, "SQ3.3")[0] == 130
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.tools
def test_ctrl_c_stops_a_real_run(tmp_path):
    # A search that goes on for a minute, so that the signal always comes in its middle.
    arguments = ["emit", "tanh", "-i", "SQ4.20", "-o", "SQ1.22", "--max-error", "0.5ulp", "--out", tmp_path / "out"]
    with subprocess.Popen([SOFTGATE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as job:
        time.sleep(1.5)
        assert job.poll() is None
        job.send_signal(signal.SIGINT)
        out, err = job.communicate(timeout=20)
    assert (job.returncode, out, without_progress(err).strip()) == (130, "", "stopped")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.tools
@pytest.mark.parametrize("arguments", [["check"], ["show"], ["show", "--at", "0.5"]], ids=" ".join)
def test_what_goes_into_a_file_has_no_colours(arguments, manifest, tmp_path):
    command, *options = arguments
    environment = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TTY_COMPATIBLE")}
    with (tmp_path / "out.txt").open("w") as file:
        subprocess.run(
            [SOFTGATE, command, manifest, *options], stdout=file, stderr=subprocess.STDOUT, check=True, env=environment
        )
    text = (tmp_path / "out.txt").read_text()
    assert text
    assert "\x1b" not in text


@pytest.mark.tools
def test_a_full_disk_is_told(manifest):
    with contextlib.suppress(FileNotFoundError), Path("/dev/full").open("w") as full:
        job = subprocess.run([SOFTGATE, "show", manifest], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert job.returncode == 2
        assert "No space left on device" in job.stderr
        assert "Traceback" not in job.stderr


@pytest.mark.tools
def test_a_reader_that_goes_away_is_no_accident(manifest):
    reader, writer = os.pipe()
    os.close(reader)
    job = subprocess.run([SOFTGATE, "show", manifest], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert job.stderr == ""


def test_list_functions(run):
    code, out, err = run("list", "functions")
    assert (code, err) == (0, "")
    names = [line.split()[0] for line in out.splitlines() if not line.startswith(" ")]
    assert names == sorted({"prelu", *(definition.name for definition in DEFINITIONS)})
    assert "hard_logistic  (also hard_sigmoid, hardsigmoid)  clip(slope * x + offset, 0, 1)\n" in out
    assert "    max (also max_val): upper limit default 1\n" in out
    assert "    lower: least slope below 0 default 1/8\n" in out
    assert "    negative_slope as an input: --port negative_slope=FORMAT\n" in out


def test_list_methods_and_targets(run):
    code, out, err = run("list", "methods")
    assert (code, err) == (0, "")
    assert "taylor" in out
    assert "    segments: " in out
    code, out, err = run("list", "interfaces")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["axis", "comb", "pipeline", "stream"]
    code, out, err = run("list", "targets")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    offers = {line.split()[0]: offer for line, offer in zip(lines[::2], lines[1::2], strict=True)}
    assert list(offers) == target_names()
    blocks = "multiplier MULT18X18D, 18 x 18 bits; block RAM DP16KD, 18432 bits"
    assert offers["ecp5"] == f"    ordinary clock 100 MHz; {blocks}; placed and routed"
    assert any(line.startswith("ice40-hx8k  (also ice40, hx8k)  Lattice") for line in lines)
    assert offers["xc7"].endswith("; synthesised, area only")
    assert offers["generic"].endswith("; no block RAM; not synthesised")
    # A target is calibrated where it is placed and routed.
    routed = {name for name, offer in offers.items() if offer.endswith("; placed and routed")}
    assert routed == {name for name in offers if target(name).calibrated_for}


@pytest.mark.parametrize("kind", ["functions", "methods", "interfaces", "targets"])
def test_lists_as_json(kind, run):
    code, out, err = run("list", kind, "--json")
    assert (code, err) == (0, "")
    entries = json.loads(out)
    assert [entry["name"] for entry in entries] == sorted(entry["name"] for entry in entries)
    assert all(entry["summary"] for entry in entries)


def test_what_is_listed_can_be_emitted(run, tmp_path):
    _, out, _ = run("list", "functions", "--json")
    inputs = ["-i", "SQ3.1", "--range", "0.5:3.5"]  # where every function is defined
    for entry in json.loads(out):
        name = entry["name"]
        given = [*inputs, "-o", "SQ2.2", "--saturate"]
        for port in entry["ports"]:
            asked = ["-i", "SQ3.1", "-o", "SQ3.1", "--port", f"{port}=SQ1.2"]
            assert run("emit", name, *asked, "--name", "of_two", "--out", tmp_path / name)[0] == 0
        if name == "prelu":
            continue
        code, _, err = run("emit", name, *given, "--out", tmp_path / name)
        assert (code, err) == (0, "")
        assert all(find_function(alias).name == name for alias in entry["aliases"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "functons"], ["functons", "did you mean functions"]),
        (["list"], ["Missing argument", "functions", "methods", "interfaces", "targets"]),
        (["calibrate", "ecp"], ["ecp", "did you mean ecp5"]),
        (["calibrate"], ["Missing argument", "TARGET"]),
    ],
)
def test_kinds_that_are_none(arguments, words, run):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    message = err.partition("Error: ")[2]
    assert all(word in message for word in words)


def test_a_warning_is_one_sentence(run, monkeypatch):
    monkeypatch.setattr(cli.softgate, "main", lambda **_: warnings.warn("this is left out", UserWarning, stacklevel=1))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert run() == (0, "", "Warning: this is left out\n")
