import json

import pytest
from several_ports import prelu

from softgate import design, emit_plan


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    found = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4)
    found.emit(folder, interface="stream")
    return found, folder / "tanh.json"


@pytest.fixture
def refused(run, unit):
    def call(*arguments):
        _, manifest = unit
        before = sorted(manifest.parent.iterdir()), manifest.read_bytes()
        code, out, err = run("show", manifest, *arguments)
        assert (code, out) == (2, "")
        (message,) = err.splitlines()
        assert message.startswith("Error: ")
        assert (sorted(manifest.parent.iterdir()), manifest.read_bytes()) == before
        return message

    return call


def test_the_listing(run, unit):
    found, manifest = unit
    assert run("show", manifest) == (0, found.plan.listing() + "\n", "")


def test_values_at_inputs(run, unit):
    found, manifest = unit
    code, out, err = run("show", manifest, "--at", "0.3", "--at", "-1", "--at", "-4")
    assert (code, err) == (0, "")
    assert run("show", manifest, "--at-code", "1", "--at-code", "-4", "--at-code", "-16") == (0, out, "")
    heads = [line for line in out.splitlines() if line.startswith("x = ")]
    assert heads == ["x = 0.25 (code 1)", "x = -1.0 (code -4)", "x = -4.0 (code -16)"]
    *_, last, output = out.split("x = ")[1].splitlines()
    result = found.golden([1]).tolist()[0]
    assert int(last.split()[1]) == result
    assert output == f"y = {result / 16} (code {result})"


def test_values_of_affine_formats(run, tmp_path):
    """Steps have codes; input and output are values, too."""
    unit = design("tanh", "int8:0.03:5", "int8:0.0079:-2", max_error="0.5ulp", method="table")
    unit.emit(tmp_path)
    code, out, err = run("show", tmp_path / "tanh.json", "--at", "0.5")
    assert (code, err) == (0, "")
    head, *_, step, output = out.splitlines()
    assert head == "x = 0.51 (code 22)"
    assert step.split()[1:] == ["57", "57"]
    assert output == "y = 0.4661 (code 57)"


@pytest.mark.parametrize(("text", "head"), [("1/3", "x = 0.25 (code 1)"), ("2^-1", "x = 0.5 (code 2)")])
def test_numbers_in_other_forms(text, head, run, unit):
    assert run("show", unit[1], "--at", text)[1].startswith(head + "\n")


@pytest.mark.parametrize(("value", "code"), [("100", 15), ("-1e300", -16)])
def test_values_beyond_the_format_are_limited_as_its_input_is(value, code, run, unit):
    status, out, _ = run("show", unit[1], "--at", value)
    assert status == 0
    assert out.startswith(f"x = {code / 4} (code {code})")


def test_as_json(run, unit):
    found, manifest = unit
    code, out, err = run("show", manifest, "--json", "--at", "0.3")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["plan"] == found.plan.as_dict()
    assert [trace["x"] for trace in data["values"]] == [1]
    assert set(data["ranges"]) == {step["name"] for step in data["plan"]["steps"]}


def test_a_drawing(run, unit, tmp_path):
    code, _, err = run("show", unit[1], "--svg", tmp_path / "a.svg", "--at", "0.3")
    assert (code, err) == (0, "")
    assert (tmp_path / "a.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_figure(suffix, run, unit, tmp_path):
    pytest.importorskip("matplotlib")
    code, _, err = run("show", unit[1], "--plot", tmp_path / f"a{suffix}")
    assert (code, err) == (0, "")
    assert (tmp_path / f"a{suffix}").stat().st_size > 1000


@pytest.mark.parametrize("value", ["abc", "inf", "-inf", "nan", "", "1,5", "1/0", "1e999"])
def test_values_that_are_none(value, refused):
    assert f"--at takes a number, such as 0.37, not {value!r}" in refused(f"--at={value}")


def test_the_wrong_value_of_several_is_named(refused):
    assert refused("--at", "0.5", "--at", "abc").endswith("not 'abc'")


def test_a_value_too_large_for_a_float_is_limited(run, unit):
    code, out, err = run("show", unit[1], "--at", "9e399")
    assert (code, err) == (0, "--at 9e399 is outside SQ3.2, and limited to 3.75\n")
    assert out.startswith("x = 3.75 (code 15)\n")


@pytest.mark.parametrize("code", [99, -17, 10**30])
def test_codes_out_of_range(code, refused):
    message = refused("--at-code", code)
    assert "[-16, 15]" in message or "-16 to 15" in message
    assert str(code) in message


@pytest.mark.parametrize("code", ["abc", "1.5", ""])
def test_codes_that_are_none(code, refused):
    assert f"'--at-code': {code!r} is not a valid integer" in refused(f"--at-code={code}")


@pytest.mark.parametrize("option", ["--svg", "--plot"])
def test_a_folder_that_is_not_there(option, refused, tmp_path):
    message = refused(option, tmp_path / "none" / "a.svg")
    assert f"{option}: '{tmp_path}/none/a.svg' is in a folder that does not exist" in message


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.txt"])
def test_kinds_of_figure_that_are_none(name, refused, tmp_path):
    message = refused("--plot", tmp_path / name)
    assert ".png or .svg" in message
    assert name in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--svg", "--plot"])
def test_a_folder_in_the_place_of_the_file(option, refused, tmp_path):
    (tmp_path / "a.svg").mkdir()
    message = refused(option, tmp_path / "a.svg")
    assert "Errno" not in message
    assert str(tmp_path / "a.svg") in message
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_the_manifest_is_not_drawn_over(refused, unit):
    assert "--svg" in refused("--svg", unit[1])


def test_the_verilog_is_not_drawn_over(refused, unit):
    assert "--svg" in refused("--svg", unit[1].with_suffix(".v"))


def test_nothing_is_drawn_when_the_figure_cannot_be(refused, tmp_path):
    refused("--svg", tmp_path / "a.svg", "--plot", tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_two_outputs_in_one_file(refused, tmp_path):
    assert "--plot" in refused("--svg", tmp_path / "a.svg", "--plot", tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_a_figure_of_too_many_inputs(run, tmp_path):
    design("hard_tanh", "SQ32.32", "SQ32.32").emit(tmp_path)
    code, out, err = run("show", tmp_path / "hard_tanh.json", "--plot", tmp_path / "a.svg")
    assert (code, out) == (2, "")
    assert "2**24" in err
    assert not (tmp_path / "a.svg").exists()


@pytest.fixture(scope="module")
def ranged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranged")
    design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4, input_range="-1:2").emit(folder)
    return folder / "tanh.json"


def test_a_unit_of_a_range(run, ranged, tmp_path):
    code, out, err = run("show", ranged, "--at", "2.1", "--at", "-1", "--svg", tmp_path / "a.svg")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line.startswith("x = ")] == ["x = 2.0 (code 8)", "x = -1.0 (code -4)"]
    assert "SQ3.2 from -1 to 2" in (tmp_path / "a.svg").read_text()
    assert "input(format=SQ3.2, low=-4, high=8)" in run("show", ranged)[1]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--at", "2.2", "--at must be from -1 to 2 (codes -4 to 8), the range of the unit, not 2.2"),
        ("--at", "-1e300", "--at must be from -1 to 2 (codes -4 to 8), the range of the unit, not -1e300"),
        ("--at-code", "9", "--at-code must be from -4 to 8, the range of the unit, not 9"),
        ("--at-code", "-16", "--at-code must be from -4 to 8, the range of the unit, not -16"),
    ],
)
def test_inputs_outside_the_range_of_the_unit(option, value, message, run, ranged):
    code, out, err = run("show", ranged, option, value)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == f"Error: {message}"
    assert err.count("Error") == 1


def test_a_plan_of_several_inputs(run, tmp_path):
    emit_plan(prelu(), tmp_path, "prelu", interface="axis")
    manifest = tmp_path / "prelu.json"
    assert run("show", manifest) == (0, prelu().listing() + "\n", "")
    assert run("show", manifest, "--svg", tmp_path / "prelu.svg")[0] == 0
    assert "prelu, the unit of a plan" in (tmp_path / "prelu.svg").read_text()
    code, out, err = run("show", manifest, "--at-code", "-3,-64")
    assert (code, err) == (0, "")
    assert run("show", manifest, "--at", "-0.1875,-1") == (0, out, "")
    assert out.startswith("x = -0.1875 (code -3), slope = -1.0 (code -64)\n")
    assert out.splitlines()[-2].split() == ["chosen", "3", "0.1875"]
    assert out.splitlines()[-1] == "y = 0.1875 (code 3)"
    for option, value, message in (
        ("--at-code", "3", "--at-code takes a number for each of x, slope, with commas, not 1"),
        ("--at", "0.5,0.5,0.5", "--at takes a number for each of x, slope, with commas, not 3"),
        ("--at-code", "3,64", "--at-code must be from -64 to 63, the codes of SQ1.6, not 64"),
        ("--at", "0.5,", "--at takes a number, such as 0.37, not ''"),
    ):
        code, out, err = run("show", manifest, option, value)
        assert (code, out) == (2, "")
        assert err.splitlines()[-1] == f"Error: {message}"
    code, out, err = run("show", manifest, "--plot", tmp_path / "error.png")
    assert code != 0
    assert "no function is claimed for prelu, so there is no error to show" in err
    assert not (tmp_path / "error.png").exists()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    design("tanh", "SQ3.2", "SQ1.4", with_derivative="UQ1.4", method="table").emit(folder)
    return folder / "tanh.json"


def test_either_output_is_plotted(run, pair, tmp_path):
    for name in ("y", "dy"):
        asked = ["--plot", tmp_path / f"{name}.svg", "--output", name, "--svg", tmp_path / "plan.svg"]
        assert run("show", pair, *asked)[0] == 0
    assert "tanh_derivative" in (tmp_path / "dy.svg").read_text()
    assert "tanh_derivative" not in (tmp_path / "y.svg").read_text()
    assert "tanh and tanh_derivative: SQ3.2 to SQ1.4 and UQ1.4, table" in (tmp_path / "plan.svg").read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--output", "dy"], "--output says which output --plot draws; give --plot, too"),
        (["--output", "z", "--plot", "z.svg"], "--output must be y or dy, the outputs of tanh, not 'z'"),
    ],
)
def test_outputs_that_are_not_plotted(run, pair, options, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("show", pair, *options)
    assert (code, sentence in err) == (2, True)
