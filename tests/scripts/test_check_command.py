import importlib.util
import json
import os
import shutil

import pytest

from softgate import design


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emitted")
    design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4, max_error="2ulp").emit(
        folder, interface="stream"
    )
    return folder


@pytest.fixture
def folder(emitted, tmp_path):
    return shutil.copytree(emitted, tmp_path / "unit")


@pytest.fixture
def edit(folder):
    """Change the manifest with a function of its JSON values; return its path."""

    def call(change):
        path = folder / "tanh.json"
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))
        return path

    return call


def failures(out):
    return [line.split()[1] for line in out.splitlines() if line.startswith("FAIL ")]


@pytest.mark.tools
def test_a_good_unit(run, folder):
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (0, "")
    before = ["manifest", "verilog", "ranges", "hardware", "stalls", "latency", "standard", "error", "budget"]
    names = [*before, "ends", "printed"]
    marks = dict.fromkeys(names, "ok") | ({} if shutil.which("iverilog") else {"standard": "skip"})
    *parts, note = [line.split()[:2] for line in out.splitlines()]
    assert (parts, note) == ([[marks[name], name] for name in names], ["note", "recorded"])
    assert "on every input (32 codes)" in out


@pytest.mark.tools
def test_as_json(run, folder):
    code, out, err = run("check", folder / "tanh.json", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["passed"] is True
    assert all(set(result) == {"name", "passed", "detail"} and result["passed"] for result in data["results"])
    (folder / "tanh.v").unlink()
    code, out, err = run("check", folder / "tanh.json", "--json")
    assert (code, err) == (1, "")
    assert json.loads(out)["passed"] is False


@pytest.mark.tools
@pytest.mark.parametrize("interface", ["comb", "pipeline"])
def test_other_interfaces(interface, run, tmp_path):
    design("hard_tanh", "SQ1.0", "SQ1.0").emit(tmp_path, interface=interface)
    assert run("check", tmp_path / "hard_tanh.json")[0] == 0


@pytest.mark.tools
def test_inputs_too_wide_to_walk(run, tmp_path):
    design("hard_tanh", "SQ32.32", "SQ32.32").emit(tmp_path)
    code, out, _ = run("check", tmp_path / "hard_tanh.json")
    assert code == 0
    assert "on corner codes and a sample" in out


def set_field(key, value):
    return lambda data: data.__setitem__(key, value)


def set_error(key, value):
    def change(data):
        data["error"][key] = value
        data["outputs"][0]["error"][key] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_field("name", "other"),
        set_field("function", "logistic"),
        set_field("interface", "pipeline"),
        set_field("interface", "comb"),
        set_field("latency", 20),
        set_field("budget", "0.5ulp"),
        set_field("initiation_interval", 2),
        set_field("ports", []),
        set_field("inputs", []),
        set_field("outputs", []),
        set_field("verilog", "none.v"),
        set_field("verilog_sha256", "0" * 64),
        set_field("plan_sha256", "0" * 64),
        set_field("extra", 1),
        set_error("max_ulp", 0.1),
        set_error("monotonic", None),
        set_error("extra", 1),
        lambda data: data["error"].__setitem__("max_ulp", 0.1),
        lambda data: data["input"].__setitem__("format", "SQ2.3"),
        lambda data: data["input"].__setitem__("port", "z"),
        lambda data: data["output"].__setitem__("format", "SQ2.3"),
        lambda data: data["plan"]["steps"][-1].__setitem__("note", "edited"),
        lambda data: data["plan"]["outputs"][0].__setitem__("name", "z"),
    ],
)
def test_edits_that_fail_the_check(change, run, edit):
    code, out, err = run("check", edit(change))
    assert (code, err) == (1, "")
    assert failures(out)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["method"].__setitem__("name", "magic"),
        lambda data: data["method"].__setitem__("degree", 11),
        lambda data: data["method"].__setitem__("extra", 1),
        lambda data: data["stages"].popitem(),
        set_field("stages", {}),
        set_field("saturate", True),
        set_field("target", "nothing"),
        set_field("frequency", "x"),
        set_field("versions", {}),
        set_field("schema", True),
    ],
    ids=[
        "method",
        "degree",
        "method-extra",
        "a-stage",
        "stages",
        "saturate",
        "target",
        "frequency",
        "versions",
        "schema",
    ],
)
def test_no_edit_goes_unnoticed(change, run, edit):
    code, out, err = run("check", edit(change))
    assert code in (1, 2)
    assert failures(out) or err.startswith("Error: ")


@pytest.mark.parametrize("wrong", [None, 7, "text", [1], {"a": 1}], ids=repr)
@pytest.mark.parametrize(
    "key",
    [
        *("name", "function", "function_parameters", "method", "input", "output", "error", "inputs", "outputs"),
        *("interface", "ports", "latency", "initiation_interval", "stages", "plan", "verilog", "plan_sha256"),
        *("verilog_sha256", "versions", "saturate"),
    ],
)
def test_fields_of_another_kind(key, wrong, run, edit):
    kept = {"latency": int, "initiation_interval": int, "versions": dict}
    if isinstance(wrong, kept.get(key, ())):
        pytest.skip("this is the field's kind")
    path = edit(set_field(key, wrong))
    code, out, err = run("check", path)
    assert code in (1, 2)
    told = out + err
    assert str(path) in told or failures(out)
    assert "Traceback" not in told
    assert "object is not" not in told  # Python's words are not the user's


@pytest.mark.parametrize("command", ["check", "show", "simulate", "synth"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ('{"name":', "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "this is not the manifest of a softgate unit"),
        ("null", "this is not the manifest of a softgate unit"),
        ('{"name": "left-pad", "version": "1.0.0"}', "this is not the manifest of a softgate unit"),
        ('{"generator": "softgate", "kind": "unit", "schema": 99}', "the manifest has schema 99"),
        ('{"generator": "softgate", "kind": "unit", "schema": 1}', "the manifest lacks '"),
    ],
    ids=["empty", "cut", "bytes", "deep", "list", "null", "another-tool", "schema", "lacking"],
)
def test_files_that_are_no_manifests(command, text, message, run, tmp_path):
    path = tmp_path / "unit.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = run(command, path)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert str(path) in err
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["check", "show", "simulate", "synth"])
def test_paths_that_are_no_files(command, run, tmp_path):
    (tmp_path / "file").write_text("")
    for path, reason in [
        (tmp_path, "Is a directory"),
        (tmp_path / "none.json", "No such file or directory"),
        (tmp_path / "file" / "x", "Not a directory"),
    ]:
        assert run(command, path) == (2, "", f"Error: cannot read manifest '{path}': {reason}\n")


def test_a_verilog_file_elsewhere(run, edit):
    code, out, err = run("check", edit(set_field("verilog", "../tanh.v")))
    assert (code, out) == (2, "")
    assert "verilog must be the name of a file beside the manifest, not '../tanh.v'" in err


def test_verilog_that_is_missing(run, folder):
    (folder / "tanh.v").unlink()
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (1, "")
    assert failures(out) == ["verilog"]
    assert "tanh.v is missing" in out


def test_verilog_that_is_no_text(run, folder):
    (folder / "tanh.v").write_bytes(b"\xff\xfe")
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (1, "")
    assert failures(out) == ["verilog"]


@pytest.mark.tools
def test_verilog_with_another_comment(run, folder):
    path = folder / "tanh.v"
    path.write_text("// mine\n" + path.read_text())
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (1, "")
    assert failures(out) == ["verilog", "printed"]
    assert "tanh.v was changed: its hash is not the manifest's" in out


@pytest.mark.tools
def test_verilog_that_computes_something_else(run, folder):
    path = folder / "tanh.v"
    text = path.read_text()
    assert "x < 0" in text or "x[" in text
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "assign y =" in line)
    lines[at] = lines[at].replace("assign y =", "assign y = ~").replace("= ~ ", "= ~")
    path.write_text("\n".join(lines) + "\n")
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (1, "")
    assert failures(out) == ["verilog", "hardware", "printed"]
    assert "y differs at 32 of 32 inputs, first at x = -16 (-4.0): expected" in out
    assert "  magnitude " in out


@pytest.mark.tools
def test_verilog_that_does_not_parse(run, folder):
    path = folder / "tanh.v"
    path.write_text(path.read_text().replace("endmodule", ""))
    code, out, err = run("check", folder / "tanh.json")
    assert (code, err) == (1, "")
    assert failures(out) == ["verilog", "hardware", "printed"]
    assert "tanh.v cannot be built: " in out


def without(folder, tool):
    folder.mkdir()
    for name in ("g++", "gcc", "as", "ld", "make", "perl", "sh", "iverilog"):
        if name != tool and (found := shutil.which(name)):
            (folder / name).symlink_to(found)
    return str(folder)


def test_without_a_compiler(run, emitted, tmp_path, monkeypatch, compiled_check):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", without(tmp_path / "bin", "g++"))
    code, out, err = run("check", emitted / "tanh.json")
    assert (code, out) == (2, "")
    assert err == "Error: g++ was not found: install the package g++ (on Debian: apt install g++).\n"


@pytest.mark.tools
def test_a_check_needs_neither_make_nor_perl(run, emitted, tmp_path, monkeypatch, compiled_check):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    folder = without(tmp_path / "bin", "make")
    os.unlink(tmp_path / "bin" / "perl")
    monkeypatch.setenv("PATH", folder)
    assert run("check", emitted / "tanh.json")[0] == 0


@pytest.mark.tools
def test_without_yosys(run, emitted, tmp_path, monkeypatch, compiled_check):
    find_spec = importlib.util.find_spec
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == "pyosys" else find_spec(name, *_))
    code, out, err = run("check", emitted / "tanh.json")
    assert (code, out) == (2, "")
    assert err.startswith("Error: pyosys was not found: install it with: pip install pyosys")
