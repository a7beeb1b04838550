import json

import pytest

from softgate import design

UNIT = design("tanh", "SQ3.3", "SQ1.6", method="taylor", degree=1, segments=4)


@pytest.fixture
def unit(tmp_path):
    """Return the manifest of a stream."""
    UNIT.emit(tmp_path, name="unit", interface="stream", stages=2)
    return tmp_path / "unit.json"


def spoil(manifest, old="assign x_ready = advance", new="assign x_ready = 1'b1"):
    verilog = manifest.with_suffix(".v")
    text = verilog.read_text()
    assert old in text
    verilog.write_text(text.replace(old, new))


@pytest.mark.tools
def test_a_sound_unit(run, unit):
    code, out, err = run("prove", unit)
    assert (code, err) == (0, "")
    *lemmas, last = out.splitlines()
    assert [line.split()[:2] for line in lemmas] == [
        ["ok", name] for name in ("registers", "stall", "move", "order", "reset", "power-up")
    ]
    assert last == "proved: no stalls, however long they go on, lose, repeat, reorder or change a transfer"


@pytest.mark.tools
def test_a_pipeline(run, tmp_path):
    UNIT.emit(tmp_path, name="unit")
    code, out, err = run("prove", tmp_path / "unit.json")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("proved: however the enable comes and goes")


@pytest.mark.tools
def test_a_fault_is_shown_clock_by_clock(run, unit):
    spoil(unit)
    code, out, err = run("prove", unit)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert "FAIL move" in out
    assert "     not so: x_ready is high while y_valid waits" in lines or "x_ready is high while y_valid waits" in out
    at = next(number for number, line in enumerate(lines) if line.startswith("clock"))
    assert lines[at].split() == ["clock", "rst", "x", "x_valid", "x_ready", "y", "y_valid", "y_ready"]
    assert lines[at + 1].split() == ["1", "1", ".", "0", "1", ".", "0", "0", "reset"]
    assert lines[-1].startswith("refuted: y")


@pytest.mark.tools
def test_json(run, unit):
    code, out, _ = run("prove", unit, "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "proved"
    spoil(unit)
    code, out, _ = run("prove", unit, "--json")
    assert code == 1
    data = json.loads(out)
    assert data["verdict"] == "refuted"
    assert data["counterexample"]["clocks"][0]["rst"] == 1
    assert [lemma["name"] for lemma in data["lemmas"] if not lemma["proved"]] == ["move"]


@pytest.mark.tools
def test_a_trace(run, unit, tmp_path):
    spoil(unit)
    code, _, err = run("prove", unit, "--trace", tmp_path / "run.vcd")
    assert (code, err) == (1, "")
    text = (tmp_path / "run.vcd").read_text()
    assert "$scope module unit $end" in text
    assert " valid_r2 $end" in text
    assert str(tmp_path) not in text


@pytest.mark.tools
def test_no_trace_of_what_is_proved(run, unit, tmp_path):
    assert run("prove", unit, "--trace", tmp_path / "run.vcd")[0] == 0
    assert not (tmp_path / "run.vcd").exists()


@pytest.mark.parametrize(
    ("trace", "message"),
    [("unit.v", "is part of the unit"), ("none/run.vcd", "is in a folder that does not exist"), ("", "is a folder")],
)
def test_traces_that_cannot_be_written(trace, message, run, unit, tmp_path):
    code, out, err = run("prove", unit, "--trace", tmp_path / trace)
    assert (code, out) == (2, "")
    assert "--trace: " in err
    assert message in err


@pytest.mark.tools
def test_what_is_not_decided(run, unit):
    spoil(
        unit,
        "    wire advance =",
        "    reg odd;\n    always @(posedge clk) odd <= ~odd;\n    wire advance = odd & 1'b0 |",
    )
    assert run("prove", unit)[0] == 0  # a register that nothing depends on
    spoil(unit, "@(posedge clk) begin\n        if (rst)", "@(posedge clk, posedge rst) begin\n        if (rst)")
    code, out, _ = run("prove", unit)
    assert code == 1
    assert out.splitlines()[-1] == "unknown: a lemma fails, but no run was found in which anything goes wrong"


def test_a_unit_without_a_clock(run, tmp_path):
    UNIT.emit(tmp_path, name="unit", interface="comb")
    code, out, err = run("prove", tmp_path / "unit.json")
    assert (code, out) == (2, "")
    assert err == (
        "Error: a unit without a clock has no protocol to prove; `softgate check` runs it over every input\n"
    )


def test_verilog_that_is_not_there(run, unit):
    unit.with_suffix(".v").unlink()
    code, out, err = run("prove", unit)
    assert (code, out) == (2, "")
    assert "unit.v is missing or not text; emit the unit again" in err


def test_a_manifest_that_is_not_there(run, tmp_path):
    code, out, err = run("prove", tmp_path / "none.json")
    assert (code, out) == (2, "")
    assert "cannot read manifest" in err
