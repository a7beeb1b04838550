import json

import pytest

from softgate.explore.choose import finalists
from softgate.explore.flows import SynthesisResult
from softgate.hdl.manifest import Manifest

FORMATS = ["-i", "SQ3.3", "-o", "SQ1.4"]
FORM = "write SQ4.12 (signed, 4 integer bits with the sign, 12 fraction bits), UQ0.16 (unsigned), ap_fixed<16,4>"

TAYLOR = [*FORMATS, "--method", "taylor"]


@pytest.fixture
def refused(run, tmp_path):
    """Run `softgate emit` with arguments that it must refuse: nothing written, and one sentence, which it returns."""

    def call(*arguments, code=2):
        status, out, err = run("emit", *arguments, "--out", tmp_path / "out")
        (message,) = err.splitlines()
        assert message.startswith("Error: ")
        assert (status, out) == (code, "")
        assert not (tmp_path / "out").exists()
        return message.removeprefix("Error: ")

    return call


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_unit(run, tmp_path):
    code, out, err = run("emit", "tanh", *FORMATS, "--out", tmp_path / "new" / "folder")
    assert (code, err) == (0, "")
    first, method, chosen, error, timing = out.splitlines()
    folder = tmp_path / "new" / "folder"
    assert first == f"{folder / 'tanh.v'} and {folder / 'tanh.json'}"
    manifest = Manifest.load(folder / "tanh.json")
    assert method.startswith(f"  method   {manifest.method} (")
    weighed = len(manifest.choice["weighed"])
    assert chosen == f"  chosen   for balanced, of {weighed} units weighed: softgate explain"
    assert error.startswith(f"  error    {manifest.error['max_ulp']:.5g} ulp = ")
    assert manifest.error["max_ulp"] < 1
    assert "(exhaustive)" in error
    assert timing == f"  timing   pipeline, latency {manifest.latency}"
    assert sorted(contents(folder)) == ["tanh.json", "tanh.v"]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("asked", "reached", "clock"),
    [
        ([], 99.999, "  clock    MISSED: 99.99 MHz reached, 100 MHz asked for; see softgate explain"),
        (
            ["--frequency", "120"],
            110.0,
            "  clock    MISSED: 110.00 MHz reached, 120 MHz asked for; see softgate explain",
        ),
        (["--frequency", "120"], 120.0, "  clock    kept: 120.00 MHz reached, 120 MHz asked for"),
        (["--objective", "fmax"], 1.0, None),
        (["--stages", "2"], 1.0, None),
    ],
)
def test_a_clock_that_routing_shows_to_be_missed(asked, reached, clock, run, tmp_path, monkeypatch):
    def measure(*_, seeds, **__):
        return SynthesisResult(dict.fromkeys(("FF", "DSP", "BRAM"), 0), 10, dict.fromkeys(seeds, reached))

    monkeypatch.setattr(finalists, "measure", measure)
    options = [*FORMATS, "--method", "table", "--target", "ecp5", "--effort", "normal", *asked, "--out", tmp_path]
    code, out, err = run("emit", "tanh", *options)
    assert (code, err) == (int("MISSED" in (clock or "")), "")
    assert [line for line in out.splitlines() if line.startswith("  clock ")] == ([] if clock is None else [clock])
    assert sorted(contents(tmp_path)) == ["tanh.json", "tanh.v"]
    assert run("emit", "tanh", *options, "--json")[0] == code


def test_a_clock_that_is_not_verified_is_said_to_be(run, tmp_path):
    _, out, _ = run(
        "emit", "tanh", *FORMATS, "--target", "ecp5", "--frequency", "120", "--no-verify", "--out", tmp_path
    )
    (line,) = (line for line in out.splitlines() if line.startswith("  clock "))
    assert line.startswith("  clock    not verified by place and route: ")
    assert line.endswith(" MHz by the target's delays; see softgate synth")


def test_the_json_is_the_manifest(run, tmp_path):
    code, out, err = run("emit", "tanh", *FORMATS, "--out", tmp_path, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads((tmp_path / "tanh.json").read_text())


def test_the_folder_is_the_working_one_by_default(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("emit", "hardtanh", *FORMATS)
    assert code == 0
    assert out.startswith("hard_tanh.v and hard_tanh.json\n")
    assert sorted(contents(tmp_path)) == ["hard_tanh.json", "hard_tanh.v"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["logistic", "-i", "SQ4.4", "-o", "UQ0.8", "--set", "degree=3", "--set", "segments=16"], {"budget": None}),
        (["hard_logistic", "-i", "ap_fixed<8,4>", "-o", "UQ0.8", "--set", "variant=torch", "--name", "hs"], {}),
        (["tanh", *FORMATS, "--max-error", "0.5ulp"], {"budget": "0.5ulp"}),
        (["tanh", *FORMATS, "--max-error", "2^-3"], {"budget": "0.125"}),
        (["tanh", *FORMATS, "--max-error", "1e-1"], {"budget": "0.1"}),
        (["tanh", *FORMATS, "--method", "taylor", "--interface", "comb"], {"interface": "comb", "latency": 0}),
        (["tanh", *FORMATS, "--interface", "stream", "--stages", "3"], {"interface": "stream", "latency": 3}),
        (["tanh", *FORMATS, "--interface", "axis", "--stages", "2"], {"interface": "axis", "tlast": False}),
        (["tanh", *FORMATS, "--interface", "axis", "--tlast"], {"interface": "axis", "tlast": True}),
        (["tanh", *FORMATS, "--stages", "0"], {"latency": 0}),
        (["tanh", *FORMATS], {"dsp": None, "bram": None}),
        (["tanh", *FORMATS, "--dsp", "1", "--bram", "0"], {"dsp": 1, "bram": 0}),
        (["tanh", *FORMATS, "--dsp", "0", "--bram", "0", "--interface", "comb"], {"dsp": 0, "bram": 0}),
        (["tanh", *FORMATS, "--method", "polynomial", "--set", "products=whole", "--dsp", "0"], {"dsp": 0}),
        (["tanh", *TAYLOR, "--register-after", "x", "--register-after", "magnitude"], {"latency": 2}),
        (["tanh", "-i", "SQ3.3", "-o", "UQ0.4", "--saturate"], {"saturate": True}),
        (["tanh", *FORMATS, "--range", "-9:9"], {"range": None}),
        (
            ["tanh", *FORMATS, "--range", "-1:1/2"],
            {"range": {"low": -8, "high": 4, "low_value": -1.0, "high_value": 0.5}},
        ),
        (["hard_tanh", "-i", "SQ1.0", "-o", "SQ1.0"], {}),
        (["hard_tanh", "-i", "UQ0.1", "-o", "UQ0.1"], {}),
        (["logistic", "-i", "SQ1.0", "-o", "UQ0.1"], {}),
        (["hard_tanh", "-i", "SQ32.32", "-o", "SQ32.32"], {}),
    ],
)
def test_options(arguments, expected, run, tmp_path):
    code, _, err = run("emit", *arguments, "--out", tmp_path)
    assert (code, err) == (0, "")
    (path,) = tmp_path.glob("*.json")
    Manifest.load(path)
    data = json.loads(path.read_text())
    assert {key: data[key] for key in expected} == expected


@pytest.mark.parametrize("setting", ["segments=1", "segments=2", "degree=0", "degree=12"])
def test_a_parameter_without_a_budget_always_gives_a_unit(setting, run, tmp_path):
    code, out, err = run("emit", "tanh", "-i", "SQ4.4", "-o", "SQ1.7", "--set", setting, "--out", tmp_path)
    assert (code, err) == (0, "")
    assert " ulp = " in out
    assert json.loads((tmp_path / "tanh.json").read_text())["budget"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q4.12", "format 'Q4.12' is ambiguous: write SQ4.12 if"),
        ("S4.12", f"format 'S4.12' is invalid: {FORM}"),
        ("UQ0.0", "format 'UQ0.0' has 0 bits; 1 to 64 are possible"),
        ("SQ65.0", "format 'SQ65.0' has 65 bits; 1 to 64 are possible"),
        ("SQ80.-70", "format 'SQ80.-70' has its binary point 70 places outside its 10 bits"),
        ("SQ4", "format 'SQ4' is invalid"),
        ("SQ4,12", "format 'SQ4,12' is invalid"),
        ("ap_fixed<16,4", f"format 'ap_fixed<16,4' is invalid: {FORM}"),
        ("", f"format '' is invalid: {FORM}"),
        ("UQ\N{ARABIC-INDIC DIGIT ONE}.2", "is invalid"),
    ],
)
def test_formats_that_are_none(text, message, refused):
    assert message in refused("tanh", "-i", text, "-o", "SQ1.7")
    assert message in refused("tanh", "-i", "SQ4.4", "-o", text)


def test_modes_are_those_of_an_output_format(refused):
    assert "of a unit may have: write ap_fixed<4,2>" in refused("tanh", "-i", "ap_fixed<4,2,AP_RND>", "-o", "SQ1.7")
    message = refused("tanh", "-i", "SQ4.4", "-o", "ap_fixed<8,2,AP_RND,AP_WRAP>")
    assert "has the overflow AP_WRAP, for which no unit is made; choose SAT or SAT_SYM" in message


def test_the_format_at_fault_is_named(refused):
    assert "input" in refused("tanh", "-i", "Q1.7", "-o", "SQ1.7")
    assert "output" in refused("tanh", "-i", "SQ1.7", "-o", "Q1.7")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tanhh", *FORMATS], "there is no function 'tanhh'; did you mean tanh?"),
        (["zzz", *FORMATS], "there is no function 'zzz'; choose one of "),
        (["", *FORMATS], "there is no function ''; choose one of "),
        (["tanh", *FORMATS, "--method", "talor"], "there is no method 'talor'; did you mean taylor?"),
        (["tanh", *FORMATS, "--method", "cordic"], "there is no method 'cordic'; choose one of binary_search, "),
        (["tanh", *FORMATS, "--method", "hard"], "method hard makes piecewise linear functions, and tanh is not one"),
        (["hard_tanh", *FORMATS, "--method", "taylor"], "hard_tanh(min=-1, max=1) has kinks, so use method hard"),
        (["tanh", *FORMATS, "--interface", "strm"], "there is no interface 'strm'; did you mean stream?"),
        (["tanh", *FORMATS, "--interface", "axi"], "there is no interface 'axi'; did you mean axis?"),
        (["tanh", *FORMATS, "--interface", "axi4"], "there is no interface 'axi4'; did you mean axis?"),
        (["tanh", *FORMATS, "--tlast"], "tlast belongs to interface axis; interface pipeline has none"),
        (["tanh", *FORMATS, "--interface", "stream", "--tlast"], "tlast belongs to interface axis; interface stream"),
        (["tanh", *FORMATS, "--forec"], "--force"),
        (["tanh", "-i", "SQ3.3"], "Missing option '-o' / '--output'"),
        (["tanh", "-o", "SQ3.3"], "Missing option '-i' / '--input'"),
        (FORMATS, "Missing argument 'FUNCTION'"),
        (["tanh", "logistic", *FORMATS], "unexpected extra argument (logistic)"),
        (
            ["tanh", "-i", "SQ4.4", "-o", "UQ0.16"],
            "output format UQ0.16 holds 0 to 0.999985, but tanh of SQ4.4 goes from -1 to 1; "
            "choose a format that holds them, or accept the loss with",
        ),
        (["tanh", *FORMATS, "--dsp", "-1"], "dsp must be 0 or more, not -1"),
        (["tanh", *FORMATS, "--bram", "-3"], "bram must be 0 or more, not -3"),
        (["tanh", *FORMATS, "--dsp", "1.5"], "'--dsp': '1.5' is not a valid integer"),
        (["tanh", *FORMATS, "--bram", "all"], "'--bram': 'all' is not a valid integer"),
        (
            ["tanh", *FORMATS, "--bram", "1", "--interface", "comb"],
            "interface comb has no registers, and a table in block RAM needs one, so bram must be 0, not 1",
        ),
        (["tanh", *FORMATS, "--stages", "-1"], "stages must be from 0 to 256, not -1"),
        (["tanh", *FORMATS, "--stages", "1000"], "stages must be from 0 to 256, not 1000"),
        (["tanh", *FORMATS, "--stages", "abc"], "'--stages': 'abc' is not a valid integer"),
        (["tanh", *FORMATS, "--stages", "3", "--interface", "comb"], "interface comb has no clock"),
        (["tanh", *FORMATS, "--register-after", "x", "--interface", "comb"], "interface comb has no clock"),
        (
            ["tanh", *TAYLOR, "--register-after", "magnitud"],
            "no step 'magnitud' to put a register after; did you mean",
        ),
        (
            ["tanh", *FORMATS, "--register-after", "zz"],
            "the plan has no step 'zz' to put a register after; choose one of x",
        ),
        (["tanh", *FORMATS, "--register-after", "x", "--stages", "2"], "stages and registers exclude each other"),
        (["tanh", *FORMATS, "--range", "4:-4"], "input range '4:-4' is the wrong way round"),
        (["tanh", *FORMATS, "--range", "4"], "input range '4' is invalid: write LO:HI, such as -4:4"),
        (["tanh", *FORMATS, "--range", ""], "input range '' is invalid: write LO:HI, such as -4:4"),
        (
            ["tanh", *FORMATS, "--range", "-4:four"],
            "input range '-4:four' is invalid: 'four' is not a number; write LO:HI",
        ),
        (["tanh", *FORMATS, "--range", "5:6"], "input range '5:6' lies outside SQ3.3, which goes from -4 to 3.875"),
        (["tanh", *FORMATS, "--range", "0.01:0.02"], "input range '0.01:0.02' holds no code of SQ3.3"),
        (["tanh", "-i", "SQ3.3", "-o", "UQ0.4", "--range", "-1:2"], "but tanh of SQ3.3 from -1 to 2 (codes -8 to 16)"),
    ],
)
def test_arguments_that_are_wrong(arguments, message, refused):
    assert message in refused(*arguments)


@pytest.mark.parametrize(
    ("function", "settings", "message"),
    [
        ("tanh", ["degree=-1"], "degree must be a whole number from 0 to 12, not -1"),
        ("tanh", ["degree=13"], "degree must be a whole number from 0 to 12, not 13"),
        ("tanh", ["degree=abc"], "degree must be a whole number from 0 to 12, not 'abc'"),
        ("tanh", ["degree=3.5"], "degree must be a whole number from 0 to 12, not '3.5'"),
        ("tanh", ["degree=nan"], "degree must be a whole number from 0 to 12, not 'nan'"),
        ("tanh", ["degree=\N{ARABIC-INDIC DIGIT THREE}"], "degree must be a whole number from 0 to 12, not"),
        ("tanh", ["segments=0"], "segments must be a whole number from 1 to 4096, not 0"),
        ("tanh", ["segments=99999"], "segments must be a whole number from 1 to 4096, not 99999"),
        ("tanh", ["degre=3"], "neither function tanh nor any method has a parameter 'degre'; did you mean degree?"),
        ("tanh", ["slope=1"], "has a parameter 'slope'; choose one of base, coefficients, "),
        ("tanh", ["degree"], "--set takes KEY=VALUE, such as degree=3, not 'degree'"),
        ("tanh", ["degree="], "--set takes KEY=VALUE, such as degree=3, not 'degree='"),
        ("tanh", ["=3"], "--set takes KEY=VALUE, such as degree=3, not '=3'"),
        ("tanh", [""], "--set takes KEY=VALUE, such as degree=3, not ''"),
        ("tanh", ["degree=3", "degree=4"], "--set degree is given twice"),
        ("tanh", ["degree=3", "degree=3"], "--set degree is given twice"),
        (
            "tanh",
            ["max-error=1ulp"],
            "--set takes parameters of functions and methods, and 'max_error' is not one of them",
        ),
        ("tanh", ["input_format=SQ1.1"], "'input_format' is not one of them"),
        ("tanh", ["input-range=0:1"], "'input_range' is not one of them"),
        ("tanh", ["effort=high"], "'effort' is not one of them"),
        ("tanh", ["interface=comb"], "'interface' is not one of them"),
        ("tanh", ["interface=1"], "'interface' is not one of them"),
        ("hard_logistic", ["slope=0"], "slope must be above 0, not 0"),
        ("hard_logistic", ["slope=-1"], "slope must be above 0, not -1"),
        ("hard_logistic", ["slope=1/0"], "slope must be a number, not '1/0'"),
        ("hard_logistic", ["slope=inf"], "slope must be a number, not 'inf'"),
        ("hard_logistic", ["variant=torc"], "'torc'; did you mean torch?"),
        ("hard_tanh", ["min=1", "max=0"], "min must be below max, but 1 >= 0"),
        ("hard_tanh", ["min=1"], "min must be below max, but 1 >= 1"),
    ],
)
def test_settings_that_are_wrong(function, settings, message, refused):
    options = [word for setting in settings for word in ("--set", setting)]
    assert message in refused(function, *FORMATS, *options)


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        ("abc", "invalid error budget 'abc': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        ("", "invalid error budget '': write 1ulp"),
        ("1lsb", "invalid error budget '1lsb'"),
        ("inf", "invalid error budget 'inf'"),
        ("nan", "invalid error budget 'nan'"),
        ("-1ulp", "an error budget must be above 0, not -1ulp"),
        ("-1e-4", "an error budget must be above 0, not -1e-4"),
        ("0", "an error budget must be above 0, not 0"),
        ("0ulp", "an error budget must be above 0, not 0ulp"),
        ("0.2ulp", "error budget 0.2ulp is below 0.5ulp, which rounding alone takes; write 0.5ulp or more"),
    ],
)
def test_budgets_that_are_none(budget, message, refused):
    assert message in refused("tanh", *FORMATS, f"--max-error={budget}")


@pytest.mark.tools
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tanh", *FORMATS, "--max-error", "1e-9"], "no taylor unit of tanh, SQ3.3 to SQ1.4, meets an error of 1e-9"),
        (
            ["tanh", *FORMATS, "--max-error", "0.5ulp", "--set", "degree=0", "--set", "segments=2"],
            "meets an error of 0.5ulp: the best of",
        ),
        (
            ["hard_tanh", "-i", "SQ3.3", "-o", "SQ1.1", "--max-error", "1e-9"],
            "no hard unit of hard_tanh(min=-1, max=1)",
        ),
        (["tanh", *FORMATS, "--max-error", "1e-390"], "meets an error of"),
        (["tanh", *TAYLOR, "--max-error", "1e-9", "--effort", "high", "--target", "ecp5"], "the best of 43 tried has"),
        (
            ["tanh", *FORMATS, "--method", "polynomial", "--max-error", "1e-9"],
            "no polynomial unit of tanh, SQ3.3 to SQ1.4, comes near an error of 1e-9",
        ),
    ],
)
def test_budgets_that_cannot_be_met(arguments, message, refused):
    told = refused(*arguments, code=1)
    assert message in told
    assert len(told) < 250


@pytest.mark.parametrize("name", ["module", "logic", "wire", "bit", "endmodule", "always", "int"])
def test_names_that_are_keywords(name, refused):
    told = refused("tanh", *FORMATS, "--name", name)
    assert told == f"name '{name}' is a keyword of Verilog or SystemVerilog; choose another, such as {name}_unit"


@pytest.mark.parametrize(
    "name", ["1abc", "a b", "../x", "", "-", "a.b", "a$b", "\N{LATIN SMALL LETTER U WITH DIAERESIS}"]
)
def test_names_that_are_no_identifiers(name, refused):
    told = refused("tanh", *FORMATS, "--name", name)
    assert (
        told == f"name {name!r} is not a Verilog identifier: letters, digits and underscores, not starting with a digit"
    )


@pytest.mark.parametrize(
    ("name", "interface"), [("x", "comb"), ("y", "pipeline"), ("clk", "stream"), ("en", "pipeline")]
)
def test_names_that_are_ports(name, interface, refused):
    told = refused("tanh", *FORMATS, "--name", name, "--interface", interface)
    assert told == f"name '{name}' is that of a port of interface {interface}, too; choose another"


def test_a_name_that_is_a_signal_inside(run, tmp_path):
    code, _, err = run("emit", "tanh", *TAYLOR, "--name", "magnitude", "--out", tmp_path)
    assert (code, err) == (0, "")
    module = (tmp_path / "magnitude.v").read_text()
    assert "module magnitude (" in module
    assert " magnitude_1 = " in module


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_where_the_folder_should_be(below, run, tmp_path):
    (tmp_path / "file").write_text("mine")
    target = tmp_path / "file" / below if below else tmp_path / "file"
    code, out, err = run("emit", "tanh", *FORMATS, "--out", target)
    assert (code, out) == (2, "")
    assert str(target) in err
    assert "Errno" not in err
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_name_too_long_for_a_file(refused):
    name = "a" * 300
    told = refused("tanh", *FORMATS, "--name", name)
    assert told == "name must have at most 200 characters, not 300: files are named so"


def test_the_longest_name(run, tmp_path):
    name = "a" * 200
    options = ["--name", name, "--bench", "--vectors", "--out", tmp_path]
    assert run("emit", "hard_tanh", *FORMATS, *options)[0] == 0
    assert Manifest.load(tmp_path / f"{name}.json").name == name


IN_THE_WAY = ["hard_tanh.v", "hard_tanh.json", "test_hard_tanh.py", "hard_tanh_tb.v", "hard_tanh_x.hex"]


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_files_of_others_stay(name, run, tmp_path):
    (tmp_path / name).write_text("mine")
    make = ["emit", "hard_tanh", *FORMATS, "--bench", "--vectors", "--out", tmp_path]
    code, out, err = run(*make)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {tmp_path / name} is in the way")
    assert "force" in err
    assert contents(tmp_path) == {name: b"mine"}
    code, _, err = run(*make, "--force")
    assert (code, err) == (0, "")
    assert (tmp_path / name).read_text() != "mine"


@pytest.mark.parametrize("name", ["hard_tanh.v", "hard_tanh.json", "test_hard_tanh.py"])
def test_folders_of_others_stay(name, run, tmp_path):
    (tmp_path / name).mkdir()
    make = ["emit", "hard_tanh", *FORMATS, "--bench", "--out", tmp_path]
    for options in ([], ["--force"]):
        code, out, err = run(*make, *options)
        assert (code, out) == (2, "")
        assert str(tmp_path / name) in err
        assert "Errno" not in err
        assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_unchanged_pair_is_replaced_and_a_changed_one_is_not(run, tmp_path):
    make = ["emit", "hard_tanh", "-o", "SQ1.4", "--out", tmp_path, "-i"]
    assert run(*make, "SQ3.3")[0] == 0
    assert run(*make, "SQ4.4")[0] == 0
    before = contents(tmp_path)
    changed = tmp_path / "hard_tanh.v"
    changed.write_bytes(before["hard_tanh.v"] + b"// mine\n")
    code, out, err = run(*make, "SQ3.3")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {changed} is in the way")
    assert contents(tmp_path) == before | {"hard_tanh.v": before["hard_tanh.v"] + b"// mine\n"}
    assert run(*make, "SQ3.3", "--force")[0] == 0


def test_benches_and_vectors_are_written_again(run, tmp_path):
    make = ["emit", "hard_tanh", *FORMATS, "--bench", "--vectors", "--out", tmp_path]
    assert run(*make)[0] == 0
    names = {
        "hard_tanh.json",
        "hard_tanh.v",
        "test_hard_tanh.py",
        "hard_tanh_tb.v",
        "hard_tanh_x.hex",
        "hard_tanh_y.hex",
    }
    assert set(contents(tmp_path)) == names
    before = contents(tmp_path)
    assert run(*make)[0] == 0
    assert contents(tmp_path) == before


def test_files_that_are_not_asked_for_again_go(run, tmp_path):
    make = ["emit", "hard_tanh", *FORMATS, "--out", tmp_path]
    assert run(*make, "--bench", "--vectors")[0] == 0
    bench = tmp_path / "test_hard_tanh.py"
    bench.write_text("# mine\n")
    code, _, err = run(*make)
    assert (code, err) == (0, f"{bench} was written with the former unit and changed since: it stays as it is\n")
    assert sorted(contents(tmp_path)) == ["hard_tanh.json", "hard_tanh.v", "test_hard_tanh.py"]


def test_vectors_that_softgate_wrote_are_replaced_with_their_unit(run, tmp_path):
    make = ["emit", "hard_tanh", "-o", "SQ1.4", "--vectors", "--out", tmp_path, "-i"]
    assert run(*make, "SQ3.3")[0] == 0
    code, _, err = run(*make, "SQ4.4")
    assert (code, err) == (0, "")


@pytest.mark.tools
def test_a_range_is_told(run, tmp_path):
    code, out, err = run("emit", "tanh", *FORMATS, "--range", "-1:1", "--out", tmp_path)
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == "  input    SQ3.3 from -1 to 1 (codes -8 to 8), and no other"
    code, out, _ = run("check", tmp_path / "tanh.json")
    assert code == 0
    assert "every input within the range (17 codes)" in out


@pytest.mark.tools
def test_a_monotonic_unit(run, tmp_path):
    arguments = ("emit", "logistic", "-i", "SQ4.4", "-o", "UQ0.8", "--method", "bipartite", "--out", tmp_path)
    assert run(*arguments)[0] == 0
    assert json.loads((tmp_path / "logistic.json").read_text())["monotonic"] is False
    code, out, err = run(*arguments, "--monotonic")
    assert (code, err) == (0, "")
    assert ", monotonic\n" in out
    data = json.loads((tmp_path / "logistic.json").read_text())
    assert (data["monotonic"], data["error"]["monotonic"]) == (True, True)
    assert Manifest.load(tmp_path / "logistic.json").specification.monotonic
    assert run("check", tmp_path / "logistic.json")[0] == 0


def test_no_monotonic_unit(refused):
    parameters = ("--set", "degree=2", "--set", "segments=2", "--monotonic")
    assert refused("tanh", "-i", "SQ4.4", "-o", "SQ1.7", *parameters, code=1) == (
        "no taylor unit of tanh, SQ4.4 to SQ1.7, is monotonic: 1 of 1 tried meet all else"
    )


def test_monotonic_for_too_many_inputs(refused):
    message = refused("tanh", "-i", "SQ4.28", "-o", "SQ1.15", "--monotonic")
    assert message == (
        "--monotonic (monotonic=True) is checked at every input, for at most 16777216 codes; SQ4.28 has 4294967296: "
        "leave it out, or give a range that holds fewer"
    )
    assert "--set takes parameters" in refused("tanh", *FORMATS, "--set", "monotonic=1")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("fit=minimax", "sharing=pairs"), "sharing is a parameter of fit exact, not of minimax"),
        (("fit=minimax", "weight=chebyshev"), "weight is a parameter of fit least_squares, not of minimax"),
        (("fit=exact", "degree=5"), "fit exact has degrees up to 4, not 5; use fit=minimax"),
        (("fit=continuous", "degree=0"), "fit continuous needs a degree of 1 or more, not 0"),
        (("fit=minmax",), "there is no fit 'minmax'; did you mean minimax?"),
    ],
)
def test_fits_and_parameters_that_are_not_theirs(refused, given, message):
    options = [part for each in given for part in ("--set", each)]
    assert refused("tanh", *FORMATS, "--method", "polynomial", *options) == message


def test_a_unit_by_another_fit(run, tmp_path):
    options = ("--method", "polynomial", "--set", "fit=least_squares", "--set", "weight=chebyshev")
    code, out, err = run("emit", "tanh", *FORMATS, *options, "--max-error", "1ulp", "--out", tmp_path)
    assert (code, err) == (0, "")
    assert "polynomial (fit=least_squares, weight=chebyshev, degree=" in out
    written = json.loads((tmp_path / "tanh.json").read_text())["method"]
    assert (written["name"], written["fit"], written["weight"]) == ("polynomial", "least_squares", "chebyshev")


def test_a_unit_with_its_derivative(run, tmp_path):
    code, out, err = run("emit", "tanh", *FORMATS, "--with-derivative", "UQ1.5", "--method", "table", "--out", tmp_path)
    assert (code, err) == (0, "")
    _, method, also, error, of_dy, timing = out.splitlines()
    manifest = Manifest.load(tmp_path / "tanh.json")
    assert method.startswith("  method   y: table (")
    assert also.startswith("           dy: table (")
    assert error.startswith(f"  error    y: {manifest.error['max_ulp']:.5g} ulp = ")
    assert of_dy.startswith(f"           dy: {manifest.claims['dy'].error['max_ulp']:.5g} ulp = ")
    assert timing == f"  timing   pipeline, latency {manifest.latency}"
    assert [port.name for port in manifest.ports] == ["clk", "en", "x", "y", "dy"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--with-derivative", "Q1.4"], "with_derivative format 'Q1.4' is ambiguous"),
        (["--with-derivative", "UQ1.5", "--name", "dy"], "name 'dy' is that of a port"),
    ],
)
def test_derivatives_that_are_refused(refused, options, sentence):
    assert sentence in refused("tanh", *FORMATS, *options)


def test_a_parameter_is_an_input(run, tmp_path):
    asked = ["-i", "SQ3.3", "-o", "SQ3.3", "--interface", "axis", "--out", tmp_path]
    code, out, err = run("emit", "PReLU", *asked, "--port", "weight=SQ1.5", "--max-error", "0.5ulp")
    assert (code, err) == (0, "")
    assert "  error    0.5 ulp = 0.0625 (exhaustive), 100 % correctly rounded, monotonic on either side of 0\n" in out
    manifest = Manifest.load(tmp_path / "prelu.json")
    assert [name for name, _ in manifest.plan.inputs] == ["x", "slope"]
    assert str(manifest.specification.function) == "prelu(x, slope)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["prelu"], "prelu has its slope at run time: give the format of that port, --port slope=SQ1.7"),
        (["prelu", "--port", "slope"], "--port takes KEY=VALUE, such as slope=SQ1.7, not 'slope'"),
        (["prelu", "--port", "slope=SQ1.7", "--port", "slope=SQ1.6"], "--port slope is given twice"),
        (
            ["prelu", "--port", "slope=SQ1.7", "--monotonic"],
            "ports goes with max_error, saturate and ends, but not with",
        ),
        (["prelu", "--port", "slope=SQ1.7", "--name", "slope"], "name 'slope' is that of a port of interface pipeline"),
        (
            ["tanh", "--port", "slope=SQ1.7"],
            "tanh has no parameter that can be a port; those that can are negative_slope",
        ),
    ],
)
def test_ports_that_cannot_be(arguments, message, refused):
    assert refused(*arguments, *FORMATS).startswith(message)
