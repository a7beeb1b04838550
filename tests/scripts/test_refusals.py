"""Usage errors: all of them before anything is searched, in one sentence, with hints that are accepted."""

from __future__ import annotations

import re

import numpy as np
import pytest

from softgate import FixedFormat, design
from softgate.methods import Candidate, RefusalError

EMIT = ["emit", "tanh", "-i", "SQ3.3", "-o", "SQ1.4"]


@pytest.fixture
def no_search(monkeypatch):
    """Let a design fail that gets as far as a candidate."""

    def made(*_, **__):
        raise RefusalError("a candidate was made before all usage errors were looked for")

    monkeypatch.setattr(Candidate, "__init__", made)


def refusal(run, *line):
    """The sentence with which a line is refused."""
    code, out, err = run(*line)
    (message,) = err.splitlines()
    assert (code, out) == (2, "")
    assert message.startswith("Error: ")
    return message.removeprefix("Error: ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--objective", "fmax", "--frequency", "100"], "objective fmax finds the clock and the registers itself"),
        (["--objective", "fmax", "--stages", "3"], "objective fmax finds the clock and the registers itself"),
        (["--objective", "speed"], "there is no objective 'speed'; choose one of balanced, fmax, latency, luts"),
        (["--effort", "max"], "there is no effort 'max'; choose one of high, normal, quick"),
        (["--effort", "normal", "--target", "generic"], "effort normal synthesises candidates, which nothing does for"),
        (["--effort", "high"], "effort high synthesises candidates, which nothing does for target generic"),
        (["--target", "ecp"], "there is no target 'ecp'; did you mean ecp5?"),
        (["--frequency", "0.5"], "frequency must be from 1 to 2000 MHz, not 0.5"),
        (["--frequency", "nan"], "frequency must be from 1 to 2000 MHz, not nan"),
        (["--latency", "0"], "latency must be from 1 to 256, not 0"),
        (["--stages", "257"], "stages must be from 0 to 256, not 257"),
        (["--stages", "3", "--frequency", "50"], "frequency and stages exclude each other"),
        (["--stages", "3", "--latency", "5"], "latency and stages exclude each other"),
        (["--stages", "3", "--register-after", "x"], "stages and registers exclude each other"),
        (["--interface", "wires"], "there is no interface 'wires'; choose one of axis, comb, pipeline, stream"),
        (["--interface", "comb", "--latency", "3"], "interface comb has no clock, so latency means nothing to it"),
        (["--interface", "comb", "--frequency", "9"], "interface comb has no clock, so frequency means nothing to it"),
        (["--interface", "comb", "--target", "ecp5", "--bram", "1"], "interface comb has no registers, and a table"),
        (["--interface", "stream", "--tlast"], "tlast belongs to interface axis; interface stream has none"),
        (["--dsp", "1", "--target", "ice40-hx8k"], "dsp must be 0 or left out, not 1: target ice40-hx8k has no"),
        (["--dsp", "-1"], "dsp must be 0 or more, not -1"),
        (["--interval", "0"], "interval must be from 1 to 32 clocks, not 0"),
        (["--interval", "4", "--interface", "comb"], "an interval of 4 clocks needs an interface with a clock"),
        (["--bram", "1"], "bram must be 0 or left out, not 1: target generic has no block RAM"),
        (["--bram", "1", "--target", "ecp5", "--stages", "2"], "bram must be 0 or left out, not 1: tables go into"),
        (["--name", "2x"], "name '2x' is not a Verilog identifier"),
        (["--name", "module"], "name 'module' is a keyword of Verilog or SystemVerilog; choose another"),
        (["--name", "en"], "name 'en' is that of a port of interface pipeline, too; choose another"),
        (["--name", "a" * 201], "name must have at most 200 characters, not 201"),
        (["--out", "file"], "is a file, not a folder; name a folder to write to"),
        (["--out", "file/below"], "is a file, not a folder; name a folder to write to"),
        (["--out", "mine"], "is in the way, and softgate did not write it so; use --force (force=True)"),
        (["--out", "mine", "--name", "u", "--vectors"], "u_tb.v is in the way, and softgate did not write it so"),
        (["--out", "mine", "--name", "u", "--bench"], "test_u.py is in the way, and softgate did not write it so"),
        (["--max-error", "small"], "invalid error budget 'small': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        (["--max-error", "0.4ulp"], "error budget 0.4ulp is below 0.5ulp, which rounding alone takes; write 0.5ulp or"),
        (["--range", "3"], "input range '3' is invalid: write LO:HI, such as -4:4, 0:1/3 or 2^-3:0.5"),
        (["--method", "tables"], "there is no method 'tables'; did you mean table?"),
        (["--method", "hard"], "method hard makes piecewise linear functions, and tanh is not one"),
        (["--method", "polynomial", "--set", "fit=exact", "--set", "degree=9"], "fit exact has degrees up to"),
        (["--set", "fit=remez"], "fit is a parameter of method polynomial: name the method, too"),
        (["--method", "polynomial", "--set", "fit=min"], "there is no fit 'min'; did you mean minimax?"),
        (["--set", "degree=many"], "degree must be a whole number"),
        (["--set", "degree"], "--set takes KEY=VALUE, such as degree=3, not 'degree'"),
        (["--set", "degree=1", "--set", "DEGREE=2"], "--set degree is given twice"),
    ],
)
def test_emit_refuses_before_it_searches(options, sentence, run, no_search, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "mine").mkdir()
    for name in ("tanh.v", "u_tb.v", "test_u.py"):
        (tmp_path / "mine" / name).write_text("mine")
    where = [] if "--out" in options else ["--out", "out"]
    assert sentence in refusal(run, *EMIT, *where, *options)
    assert not (tmp_path / "out").exists()


def test_what_is_not_refused_is_searched(run, no_search, tmp_path):
    assert "a candidate was made" in refusal(run, *EMIT, "--method", "table", "--out", tmp_path)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"clock": 3}, ValueError, "neither function tanh nor any method has a parameter 'clock'; "),
        ({"registers": 3}, TypeError, "registers must be names of steps in a list or the like, not 3"),
        ({"target": 3}, TypeError, "target must be a name such as ecp5, not 3"),
        ({"degree": 3}, ValueError, "degree is a parameter of methods polynomial and taylor: name the method, too"),
        ({"kept_bits": 3}, ValueError, "kept_bits is a parameter of methods bipartite and table: name the method, too"),
        ({"interface": None}, TypeError, "interface must be a name such as comb, not None"),
        ({"effort": np.array([1, 2])}, TypeError, "effort must be a name such as quick, not array([1, 2])"),
        ({"saturate": "no"}, TypeError, "saturate must be True or False, not 'no'"),
        ({"monotonic": 1}, TypeError, "monotonic must be True or False, not 1"),
        ({"progress": "bar"}, TypeError, "progress must be a function of a text, not 'bar'"),
        ({"method": 3}, TypeError, "method must be a name such as binary_search, not 3"),
        ({"max_error": 1}, TypeError, "an error budget is written as text such as 1ulp, 0.5ulp, 1e-4 or 2^-12, not 1"),
        ({"input_range": (0, [])}, TypeError, "input range '0:[]' is invalid: [] is not a number; write LO:HI"),
        ({"method": "taylor", "degree": []}, TypeError, "degree must be a whole number from 0 to "),
    ],
)
def test_design_names_the_argument_that_is_wrong(options, error, sentence, no_search):
    with pytest.raises(error) as raised:
        design("tanh", "SQ3.3", "SQ1.4", **options)
    assert str(raised.value).startswith(sentence)


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    design("tanh", "SQ3.3", "SQ1.4", method="table").emit(folder)
    np.save(folder / "in.npy", np.zeros(3))
    return folder


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["show", "U", "--at", "0.5", "--at-code", "3"], "--at takes input values, --at-code input codes; give one of"),
        (["show", "U", "--svg", "plan.png"], "--svg: a drawing is written as .svg, not as 'plan.png'"),
        (["show", "U", "--plot", "plan.pdf"], "--plot: a figure is written as .png or .svg, not as 'plan.pdf'"),
        (["explain", "U", "--plot", "plan.pdf"], "--plot: a figure is written as .png or .svg, not as 'plan.pdf'"),
        (["eval", "U", "in.npy", "in.npy"], "OUT: 'in.npy' is the file to read; name another"),
        (["synth", "U", "--no-route", "--seed", "1"], "--seed is for place and route, which --no-route leaves out"),
        (
            ["synth", "U", "--no-route", "--frequency", "9"],
            "--frequency is for place and route, which --no-route leaves",
        ),
        (["synth", "U", "--frequency", "-1"], "frequency must be from 1 to 2000 MHz, not -1"),
        (
            ["synth", "U", "--target", "ice40", "--dsp"],
            "--dsp cannot be had: target ice40-hx8k has no multiplier blocks",
        ),
        (["synth", "U", "--target", "xc7", "--seed", "1"], "nothing places and routes for xc7, so --seed and"),
        (
            ["simulate", "U", "--simulator", "modelsim"],
            "there is no simulator 'modelsim'; choose one of icarus, verilator",
        ),
        (["sweep", "g.toml", "--out", "o", "--jobs", "1", "--dask", "a"], "--jobs are processes of this machine, and"),
        (["plot", ".", "--out", "in.npy"], "--out: 'in.npy' is a file, not a folder; name a folder to write to"),
        (["liszt"], "there is no command 'liszt'; did you mean list?"),
    ],
)
def test_other_commands_refuse_what_contradicts_itself(line, sentence, run, unit, monkeypatch):
    monkeypatch.chdir(unit)
    before = sorted(unit.iterdir())
    assert refusal(run, *(str(unit / "tanh.json") if word == "U" else word for word in line)).startswith(sentence)
    assert sorted(unit.iterdir()) == before


@pytest.mark.parametrize(
    "bare", [f"{s}Q{i}.{f}" for s in ("", "S") for i in (0, 1, 2, 63, 64, 65) for f in (0, 1, 15, 64)]
)
def test_formats_that_are_proposed_are_accepted(bare):
    try:
        FixedFormat.parse(bare)
    except ValueError as error:
        proposed = re.findall(r"[SU]Q-?\d+\.-?\d+", str(error).partition(" write ")[2])
        assert proposed or " bits; 1 to 64 are possible" in str(error)
        for text in proposed:
            FixedFormat.parse(text)


def test_a_bare_format_without_integer_bits():
    with pytest.raises(ValueError) as raised:
        FixedFormat.parse("Q0.15")
    assert str(raised.value) == (
        "format 'Q0.15' is ambiguous: write SQ1.15 if the sign comes on top (16 bits) or UQ0.15 if there is no sign "
        "(15 bits)"
    )


QUICK = ["emit", "tanh", "-i", "SQ2.2", "-o", "SQ1.3", "--saturate"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (["emit", "tahn", *QUICK[2:]], "tahn"),
        (["emit", "y", *QUICK[2:], "--range", "0.25:1.75"], "y"),  # where every function is defined
        ([*QUICK, "--method", "taybel"], "taybel"),
        ([*QUICK, "--interface", "pipe"], "pipe"),
        ([*QUICK, "--interface", "x"], "x"),
        ([*QUICK, "--target", "ecp"], "ecp"),
        ([*QUICK, "--target", "x"], "x"),
        ([*QUICK, "--objective", "lut"], "lut"),
        ([*QUICK, "--objective", "x"], "x"),
        ([*QUICK, "--effort", "quik"], "quik"),
        ([*QUICK, "--max-error", "x"], "x"),
        ([*QUICK, "--max-error", "0.4ulp"], "0.4ulp"),
        ([*QUICK, "--range", "x"], "x"),
        ([*QUICK, "--name", "module"], "module"),
        (["emit", "tanh", "-i", "SQ2.2", "-o", "Q0.3", "--saturate"], "Q0.3"),
        (["emit", "tanh", "-i", "Q2.2", "-o", "SQ1.3", "--saturate"], "Q2.2"),
        (["emit", "tanh", "-i", "SQ2.2", "-o", "Q0.4", "--saturate"], "Q0.4"),
        (["emit", "tanh", "-i", "SQ2.2", "-o", "fix4_3", "--saturate"], "fix4_3"),
        ([*QUICK, "--set", "degre=1"], "degre=1"),
        ([*QUICK, "--method", "polynomial", "--set", "fit=exat"], "fit=exat"),
        ([*QUICK, "--method", "polynomial", "--set", "products=x"], "products=x"),
        (["emit", "hard_logistic", "-i", "SQ2.2", "-o", "UQ0.3", "--set", "variant=kears3"], "variant=kears3"),
        (["emit", "hard_tanh", "-i", "SQ2.2", "-o", "UQ0.3"], None),
    ],
)
def test_every_hint_is_accepted(line, wrong, run, tmp_path):
    message = refusal(run, *line, "--out", tmp_path)
    hints = re.findall(r"did you mean ([\w-]+)\?|(--saturate)|such as (\w+_unit)", message)
    hints = ["".join(groups) for groups in hints]
    for parts in re.findall(r"choose one of (.*)$|write (.*)$", message):
        part = re.sub(
            r" \(.*?\)|LO:HI, such as|if its \d+ integer bits include the sign|if \w+ \w+ \w+ \w+( \w+)?| or more",
            "",
            "".join(parts),
        )
        hints += re.split(r", | or ", part)
    assert hints, message
    for hint in (each.strip() for each in hints):
        key, equals, value = (wrong or "").partition("=")
        right = hint if not equals else f"{hint}={value}" if repr(key) in message else f"{key}={hint}"
        mended = [*line, hint] if wrong is None else [right if word == wrong else word for word in line]
        code, _, err = run(*mended, "--out", tmp_path, "--force")
        # Whether there is such a unit is another question; what is proposed is known.
        assert code in (0, 1) or (
            "there is no" not in err and "invalid" not in err and wrong not in ("x", "y", None)
        ), (
            mended,
            err,
        )


@pytest.mark.parametrize("latency", [None, 2])
def test_a_clock_that_is_proposed_is_kept(latency):
    asked = {"target": "ecp5", "frequency": 1900, "latency": latency}
    with pytest.raises(ValueError, match="reaches about") as raised:
        design("tanh", "SQ3.3", "SQ1.4", method="table", **asked)
    (reached,) = re.findall(r"reaches about (\d+) MHz", str(raised.value))
    design("tanh", "SQ3.3", "SQ1.4", method="table", **{**asked, "frequency": int(reached)})


def test_names_in_capitals(run, tmp_path):
    options = [
        "--method",
        "TABLE",
        "--interface",
        "AXIS",
        "--target",
        "ECP5",
        "--objective",
        "LUTs",
        "--effort",
        "Quick",
    ]
    code, _, err = run(
        "EMIT", "TANH", "-i", "sq3.3", "-o", "Sq1.4", *options, "--set", "FOLDING=Code", "--out", tmp_path
    )
    assert (code, err) == (0, "")
    small = [
        "--method",
        "table",
        "--interface",
        "axis",
        "--target",
        "ecp5",
        "--objective",
        "luts",
        "--set",
        "folding=code",
    ]
    code, _, _ = run(*EMIT, *small, "--out", tmp_path / "small", "--json")
    assert code == 0
    assert (tmp_path / "tanh.json").read_text() == (tmp_path / "small" / "tanh.json").read_text()
    assert run("list", "Targets")[0] == 0
