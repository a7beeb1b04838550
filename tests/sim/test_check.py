"""The check finds a sound pair sound, and every planted fault by its name."""

import json
import re
from dataclasses import replace
from itertools import product

import pytest
from icarus_batch import icarus

from softgate import design
from softgate.explore.emission import extra_files
from softgate.hdl.manifest import ManifestError, seal
from softgate.plan import Plan
from softgate.sim.check import check_manifest
from softgate.sim.engines.interpreted import interpret_unit
from softgate.sim.hardware_check import check_hardware, describe_step_values
from softgate.sim.plan_errors import plan_errors
from softgate.support.files import sha256_text

pytestmark = pytest.mark.tools

UNIT = design("tanh", "SQ3.5", "SQ1.7", max_error="2ulp", method="taylor", degree=2, segments=8)


class Pair:
    """A pair of files, and ways to spoil them."""

    def __init__(self, folder, unit=UNIT, **options):
        self.manifest = unit.emit(folder, name="unit", **options)
        self.path = folder / "unit.json"
        self.verilog = folder / "unit.v"

    def edit(self, edit):
        """Change the manifest's JSON values in place."""
        data = json.loads(self.path.read_text())
        edit(data)
        self.path.write_text(json.dumps(seal(data)))  # whoever edits knows how to seal

    def edit_plan(self, edit):
        """Change the plan, and its hash with it."""

        def both(data):
            edit(data["plan"])
            data["plan_sha256"] = Plan.from_dict(data["plan"]).sha256

        self.edit(both)

    def edit_error(self, **figures):
        """Change the error metrics, wherever they are."""

        def everywhere(data):
            for error in (data["error"], *(output["error"] for output in data["outputs"])):
                error.update(figures)

        self.edit(everywhere)

    def edit_verilog(self, pattern, replacement, count=1):
        """Change the Verilog, and its hash in the manifest with it."""
        text, found = re.subn(pattern, replacement, self.verilog.read_text(), count=count)
        assert found
        self.verilog.write_text(text)
        self.edit(lambda data: data.update(verilog_sha256=sha256_text(text)))

    def check(self):
        return {result.name: result for result in check_manifest(self.path)}

    def failed(self):
        """Return what fails of the parts that share no code with what wrote the pair."""
        return [name for name, result in self.check().items() if not result.passed and name != "printed"]


@pytest.fixture
def pipeline(tmp_path):
    return Pair(tmp_path, stages=3)


@pytest.fixture
def stream(tmp_path):
    return Pair(tmp_path, interface="stream", stages=3)


@pytest.fixture
def axis(tmp_path):
    unit = design(
        "tanh", "SQ3.4", "SQ1.8", method="taylor", degree=1, segments=4
    )  # seven and nine bits: both sides have padding
    return Pair(tmp_path, unit, interface="axis", tlast=True, stages=2)


def step_of(plan, name):
    return next(step for step in plan["steps"] if step["name"] == name)


@pytest.mark.parametrize(
    ("interface", "manners"),
    [
        ("comb", []),
        ("pipeline", ["stalls"]),
        ("stream", ["stalls", "latency"]),
        ("axis", ["stalls", "latency"]),
    ],
)
def test_a_sound_pair_passes(interface, manners, tmp_path):
    results = Pair(tmp_path, interface=interface).check()
    before, after = ["manifest", "verilog", "ranges", "hardware"], ["error", "budget", "ends", "printed", "recorded"]
    assert list(results) == [*before, *manners, "standard", *after]
    assert all(result.passed for result in results.values())
    assert results["hardware"].detail == "bit-exact against the golden model on every input (256 codes)"
    assert results["budget"].as_dict() == {
        "name": "budget",
        "passed": True,
        "detail": f"{UNIT.errors.max_ulp:.5g} ulp meets 2ulp",
    }


SIGNED_INDEX = design("tanh", "SQ3.0", "SQ1.7", method="table", folding="code")


@icarus
def test_what_only_the_standard_reads_otherwise(tmp_path):
    pair = Pair(tmp_path, SIGNED_INDEX, interface="comb")
    assert pair.check()["standard"].detail == "bit-exact as Icarus Verilog reads it (8 codes)"
    pair.edit_verilog(re.escape("[$unsigned(x)]"), "[x]")
    assert pair.failed() == ["standard"]
    assert pair.check()["standard"].detail == "as Icarus Verilog reads it: vector 0: x = 4, y should be 80, not xx"


def test_without_icarus_the_check_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("softgate.sim.check.is_installed", lambda: False)
    result = Pair(tmp_path, SIGNED_INDEX, interface="comb").check()["standard"]
    assert (result.passed, result.skipped) == (True, True)
    assert result.detail == "not read by Icarus Verilog: iverilog is not installed"


def test_without_a_budget_none_is_checked(tmp_path):
    unit = design("tanh", "SQ3.5", "SQ1.7", method="taylor", degree=1, segments=4)
    assert "budget" not in Pair(tmp_path, unit, interface="comb").check()


def test_inputs_of_more_than_24_bits_are_sampled(tmp_path):
    unit = design("hard_logistic", "SQ6.26", "UQ0.16")
    results = Pair(tmp_path, unit, interface="comb").check()
    assert all(result.passed for result in results.values())
    assert "corner codes and a sample" in results["hardware"].detail
    assert "bounded" in results["error"].detail


def test_progress_rises_to_1(pipeline):
    shares = []
    list(check_manifest(pipeline.path, shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_changed_table_in_the_verilog(pipeline):
    pipeline.edit_verilog(r"c0_table\[3\] = (\d+)'h(\w+)(\w);", r"c0_table[3] = \1'h\g<2>0;")
    assert pipeline.failed() == ["hardware"]
    detail = pipeline.check()["hardware"].detail
    assert re.search(r"y differs at \d+ of 256 inputs, first at x = -?\d+ \(.*\): expected -?\d+, got -?\d+\n", detail)
    assert re.search(r"\n  c0 +-?\d+ +\S+\n", detail)


def test_a_changed_rounding_constant(tmp_path):
    unit = design("hard_logistic", "SQ4.4", "UQ0.8", method="hard", variant="keras3", max_error="0.5ulp")
    pair = Pair(tmp_path, unit, interface="comb")
    pair.edit_verilog(
        r"(wire \[\d+:0\]|wire signed \[\d+:0\]) (shifted\w*) = (.*) \+ (\d+)'[dh](\w+);", _with_constant_zeroed
    )
    assert pair.failed() == ["hardware"]


def _with_constant_zeroed(match):
    return f"{match[1]} {match[2]} = {match[3]} + {match[4]}'h0;"


def test_a_register_that_is_missing(pipeline):
    pipeline.edit_verilog(r"assign y = (\w+)_r3;", r"assign y = \1;")
    assert pipeline.failed() == ["hardware"]


def test_a_register_that_is_missing_in_a_stream(stream):
    text = stream.verilog.read_text()
    stream.edit_verilog(r"(assign y = \w+)_r3;", r"\1;")
    assert "assign y_valid = valid_r3;" in text
    assert set(stream.failed()) & {"hardware", "stalls", "protocol"}


def test_a_register_that_does_not_wait_for_the_enable(pipeline):
    pipeline.edit_verilog(r"(?s)if \(en\) begin(.*?)\bend\b", r"begin\1end")
    assert pipeline.failed() == ["stalls"]


def test_a_valid_that_does_not_wait(stream):
    stream.edit_verilog(r"else if \(advance\) valid_r2", "else valid_r2")
    assert len(stream.failed()) == 1
    assert stream.failed()[0] in ("protocol", "stalls")


def test_registers_that_a_reset_does_not_reach(stream):
    """A reset drops what is in flight; after power-up alone there is nothing for it to drop."""
    text = stream.verilog.read_text()
    for number in (1, 2, 3):
        stream.verilog.write_text(text)
        stream.edit_verilog(rf"if \(rst\) valid_r{number} <=", f"if (1'b0) valid_r{number} <=")
        assert stream.failed() == ["protocol"]
        assert "no input left to answer" in stream.check()["protocol"].detail
        checks = check_hardware(stream.manifest, stream.verilog.read_text(), interpret_unit)
        assert [result.name for result in checks if not result.passed] == ["protocol"]


@pytest.mark.parametrize("codes", ["SQ2.0", "UQ0.1"])
def test_registers_that_do_not_wait_in_a_unit_of_few_inputs(codes, tmp_path):
    """However few inputs there are, they pass often enough for stalls to meet every register."""
    pair = Pair(tmp_path, design("tanh", codes, "SQ1.2"), interface="stream", stages=3)
    text = pair.verilog.read_text()
    places = [match.start() for match in re.finditer(r"if \(advance\)", text)]
    assert len(places) > 2
    for place in places:
        pair.verilog.write_text(text)
        pair.edit_verilog(rf"(?s)\A(.{{{place}}})if \(advance\)", r"\1if (1'b1)")
        assert pair.failed(), place


def test_an_output_that_is_always_valid(stream):
    stream.edit_verilog(r"assign y_valid = valid_r3;", "assign y_valid = 1'b1;")
    assert stream.failed() == ["protocol"]


def test_an_input_that_is_always_ready(stream):
    stream.edit_verilog(r"assign x_ready = advance;", "assign x_ready = 1'b1;")
    assert stream.failed() == ["protocol"]


def test_a_register_too_many_in_a_stream(stream):
    """The transfers are all there and in order, only later than declared."""
    (result,) = re.findall(r"assign y = (\w+_r3);", stream.verilog.read_text())
    late = f"""reg signed [7:0] late;
    reg late_valid;
    always @(posedge clk) if (advance) late <= {result};
    always @(posedge clk) if (rst) late_valid <= 1'b0; else if (advance) late_valid <= valid_r3;
    assign y = late;"""
    stream.edit_verilog(f"assign y = {result};", late)
    stream.edit_verilog(r"assign y_valid = valid_r3;", "assign y_valid = late_valid;")
    stream.edit_verilog(r"y_ready \| ~valid_r3", "y_ready | ~late_valid")
    assert stream.failed() == ["latency"]
    assert stream.check()["latency"].detail == "4 clocks measured, 3 declared"


def test_a_sound_axis_passes(axis):
    assert axis.failed() == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "failed"),
    [
        (r"m_axis_tdata = \{\{(\d)\{\w+\[\d\]\}\}", r"m_axis_tdata = {\1'd0", "hardware"),
        (r"x = s_axis_tdata\[6:0\]", "x = s_axis_tdata[6:0] ^ {6'd0, s_axis_tdata[7]}", "hardware"),
        (r"m_axis_tlast = last_r2", "m_axis_tlast = last_r1", "hardware"),
        (r"m_axis_tvalid = valid_r2", "m_axis_tvalid = valid_r2 & m_axis_tready", "protocol"),
        (r"s_axis_tready = advance", "s_axis_tready = 1'b1", "protocol"),
        (r"reset = ~aresetn", "reset = aresetn", "protocol"),
        (r"(?s)if \(advance\) begin(.*?)last_r2 <= last_r1;", r"last_r2 <= last_r1; if (advance) begin\1", "stalls"),
    ],
    ids=["sign", "padding", "tlast", "valid", "ready", "reset", "held"],
)  # fmt: skip
def test_faults_of_an_axis(pattern, replacement, failed, axis):
    axis.edit_verilog(pattern, replacement)
    if failed == "hardware":
        assert axis.failed() == [failed]
    else:
        assert axis.failed()[0] in ("protocol", "stalls")


def test_a_wrong_tlast_is_called_so(axis):
    axis.edit_verilog(r"m_axis_tlast = last_r2", "m_axis_tlast = ~last_r2")
    assert axis.check()["hardware"].detail.startswith("m_axis_tlast differs at 128 of 128 inputs, first at x = -64")


@pytest.mark.parametrize(
    "edit",
    [
        {"tlast": False},
        {"interface": "stream", "tlast": False},
        {"ports": []},
        {"inputs": [{"port": "x", "format": "SQ3.4"}]},
    ],
    ids=str,
)
def test_edited_fields_of_an_axis(edit, axis):
    axis.edit(lambda data: data.update(edit))
    assert axis.failed() == ["manifest"]


def test_tlast_of_a_manifest_without_axis(stream):
    stream.edit(lambda data: data.update(tlast=True))
    with pytest.raises(ManifestError, match="tlast belongs to interface axis; interface stream has none"):
        stream.check()


@pytest.mark.parametrize("latency", [4, 7])
def test_an_edited_latency_of_a_pipeline(latency, pipeline):
    pipeline.edit(lambda data: data.update(latency=latency))
    assert pipeline.failed() == ["hardware"]


@pytest.mark.parametrize("latency", [4, 7])
def test_an_edited_latency_of_a_stream(latency, stream):
    stream.edit(lambda data: data.update(latency=latency))
    assert stream.failed() == ["latency"]


def test_a_latency_below_that_of_the_steps(pipeline):
    pipeline.edit(lambda data: data.update(latency=1))
    with pytest.raises(
        ManifestError, match=r"the manifest holds something wrong: step '.*' is in stage 2, outside 0 to 1"
    ):
        pipeline.check()


def test_a_table_edited_in_the_plan(pipeline):
    def increase(plan):
        table = step_of(plan, "c0")["table"]
        first = int(table["hex"][: table["digits"]], 16) + 9
        table["hex"] = f"{first:0{table['digits']}x}" + table["hex"][table["digits"] :]

    pipeline.edit(lambda data: increase(data["plan"]))
    assert pipeline.failed() == ["manifest"]
    assert "its plan_sha256 does not agree" in pipeline.check()["manifest"].detail
    pipeline.edit_plan(lambda plan: None)
    assert {"hardware", "error"} <= set(pipeline.failed())


@pytest.mark.parametrize(
    ("figure", "value"),
    [("max_ulp", 0.5), ("mean_abs", 0.0), ("bias", 0.0), ("correctly_rounded", 1.0), ("points", 1 << 16)],
)
def test_edited_error_figures(figure, value, pipeline):
    pipeline.edit_error(**{figure: value})
    assert pipeline.failed() == ["error"]
    assert f"{figure} is {UNIT.errors.as_dict()[figure]}, not {value}" in pipeline.check()["error"].detail


def test_added_error_figures(pipeline):
    pipeline.edit_error(perfect=True)
    assert pipeline.failed() == ["error"]


def test_a_budget_that_is_not_met(pipeline):
    pipeline.edit(lambda data: data.update(budget="0.5ulp"))
    assert pipeline.failed() == ["budget"]
    assert pipeline.check()["budget"].detail.endswith("does not meet 0.5ulp")


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"function": "logistic"}, id="function"),
        pytest.param({"function": "hard_tanh", "function_parameters": {"min": "-1", "max": "1"}}, id="ramp"),
    ],
)
def test_another_function(edit, pipeline):
    pipeline.edit(lambda data: data.update(saturate=True) or data.update(edit))
    assert pipeline.failed() == ["error", "budget", "ends"]


def test_verilog_that_is_not_there(pipeline):
    pipeline.verilog.unlink()
    assert pipeline.failed() == ["verilog"]
    assert pipeline.check()["verilog"].detail == "unit.v is missing or not text"


def test_verilog_that_is_no_text(pipeline):
    pipeline.verilog.write_bytes(b"\xff\xfe")
    assert pipeline.failed() == ["verilog"]


def test_verilog_with_another_hash(pipeline):
    pipeline.verilog.write_text(pipeline.verilog.read_text() + "// mine\n")
    assert pipeline.failed() == ["verilog"]
    assert "was changed" in pipeline.check()["verilog"].detail


def test_verilog_with_other_line_ends(pipeline):
    pipeline.verilog.write_bytes(pipeline.verilog.read_bytes().replace(b"\n", b"\r\n"))
    assert pipeline.failed() == ["verilog"]


@pytest.mark.parametrize("text", ["", "module other (input wire x); endmodule\n", "module unit (; endmodule\n"])
def test_verilog_that_is_no_such_unit(text, pipeline):
    pipeline.edit_verilog(r"(?s)\A.*\Z", text)
    assert pipeline.failed() == ["hardware"]
    assert "unit.v cannot be built" in pipeline.check()["hardware"].detail


@pytest.fixture
def furnished(tmp_path):
    """Return a pair with vectors and benches."""
    return Pair(tmp_path, interface="comb", extras=extra_files(bench=True, vectors=True))


def test_files_beside_a_sound_pair(furnished):
    detail = furnished.check()["extras"].detail
    assert detail.startswith("unit_x.hex, unit_y.hex and unit_tb.v have the manifest's hash; test_unit.py is yours")
    (furnished.path.parent / "test_unit.py").unlink()
    assert furnished.failed() == []


@pytest.mark.parametrize("name", ["unit_x.hex", "unit_y.hex", "unit_tb.v"])
def test_files_beside_a_pair_that_were_changed(name, furnished):
    path = furnished.path.parent / name
    text = path.read_text()
    path.write_text(text[:-2] + ("0" if text[-2] != "0" else "1") + "\n")
    assert furnished.failed() == ["extras"]
    assert furnished.check()["extras"].detail == f"{name} was changed: its hash is not the manifest's"
    furnished.edit(lambda data: data["extras"].update({name: sha256_text(path.read_text())}))
    assert furnished.failed() == []
    assert furnished.check()["printed"].detail.startswith(f"{name} differs from what is printed for it, first in line ")
    path.unlink()
    assert furnished.check()["extras"].detail == f"{name} is missing or not text"


def test_header_that_promises_more(pipeline):
    pipeline.edit_verilog(r"at most [\d.]+ ulp", "at most 0.5 ulp")
    assert pipeline.failed() == []
    printed = pipeline.check()["printed"]
    assert not printed.passed
    assert "unit.v differs from what is printed for it, first in line 4: '// error" in printed.detail


@pytest.mark.parametrize(
    ("edit", "detail"),
    [
        ({"target": "ecp5"}, "unit.v differs from what is printed for it, first in line 7"),
        ({"frequency": 7}, "what was asked for cannot be built: frequency and stages exclude each other"),
        ({"latency": 4}, "what was asked for has latency 3, not 4"),
        ({"stages": {}}, "step "),
        ({"method": {"name": "taylor", "degree": 3}}, "unit.v differs from what is printed for it, first in line 3"),
    ],
    ids=str,
)
def test_what_was_asked_for_is_not_what_is_there(edit, detail, pipeline):
    pipeline.edit(lambda data: data.update(edit))
    printed = pipeline.check()["printed"]
    assert not printed.passed
    assert detail in printed.detail


def test_blocks_beyond_a_limit(tmp_path):
    unit = design("tanh", "SQ3.5", "SQ1.7", method="taylor", degree=1, segments=8)
    pair = Pair(tmp_path, unit, target="ecp5", dsp=1)
    assert "dsp 1" in pair.check()["printed"].detail
    pair.edit(lambda data: data.update(dsp=0))
    assert not pair.check()["printed"].passed


def test_what_another_version_printed_is_recorded(pipeline):
    def edit(data):
        data["versions"]["amaranth"] = "0.4.9"

    pipeline.edit(edit)
    assert pipeline.check()["printed"].passed  # the same text all the same
    pipeline.edit(lambda data: data.update(target="ecp5"))
    results = pipeline.check()
    assert "printed" not in results
    assert results["recorded"].detail == (
        "not made again: method, latency, initiation_interval, target, pipelining, stages, versions; "
        "nothing is asked for by: monotonic, symmetric, max_bias, rounding, dsp, bram"
    )


def test_a_range_that_its_proof_does_not_give(tmp_path):
    unit = design("logistic", "SQ4.8", "UQ0.12", method="taylor", degree=3, segments=16)
    narrow = next(step for step in unit.plan.as_dict()["steps"] if step["op"] == "narrow")
    pair = Pair(tmp_path, unit, interface="comb")
    pair.edit_plan(lambda plan: step_of(plan, narrow["name"]).update(low=narrow["low"] + 1))
    assert "ranges" in pair.failed()


def test_a_proof_that_is_none(tmp_path):
    unit = design("logistic", "SQ4.8", "UQ0.12", method="taylor", degree=3, segments=16)
    narrow = next(step for step in unit.plan.as_dict()["steps"] if step["op"] == "narrow")
    pair = Pair(tmp_path, unit, interface="comb")
    pair.edit_plan(lambda plan: step_of(plan, narrow["name"]).update(proof="because"))
    assert pair.failed() == ["ranges"]


def test_a_manifest_that_is_not_there(tmp_path):
    with pytest.raises(ManifestError, match=r"cannot read manifest '.*none\.json': No such file"):
        list(check_manifest(tmp_path / "none.json"))


def test_steps_are_described_one_a_line():
    lines = describe_step_values(UNIT.golden, -64).splitlines()
    assert len(lines) == len(UNIT.plan.steps)
    assert lines[0].split() == ["x", "-64", "-2"]


RANGED = design("tanh", "SQ3.5", "SQ1.7", max_error="2ulp", method="taylor", degree=2, segments=8, input_range="-1:2.5")


@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream"])
def test_a_sound_pair_of_a_range_passes(interface, tmp_path):
    results = Pair(tmp_path, RANGED, interface=interface).check()
    assert all(result.passed for result in results.values())
    assert results["hardware"].detail == (
        "bit-exact against the golden model on every input within the range (113 codes)"
    )
    assert results["error"].detail.endswith("(exhaustive, 113 inputs)")


def test_progress_within_a_range_rises_to_1(tmp_path):
    shares = []
    list(check_manifest(Pair(tmp_path, RANGED).path, shares.append))
    assert shares[-1] == 1.0


@pytest.mark.parametrize(("low", "high"), [(-32, 79), (-31, 80), (-33, 80), (-32, 81)])
def test_a_range_that_was_edited_everywhere(low, high, tmp_path):
    pair = Pair(tmp_path, RANGED, interface="comb")
    pair.edit_plan(lambda plan: step_of(plan, "x").update(low=low, high=high))
    held = {"low": low, "high": high, "low_value": low / 32, "high_value": high / 32}
    pair.edit(lambda data: data.update(range=held))
    assert "error" in pair.failed()  # its figures are those of 113 codes


def test_what_is_wrong_outside_the_range_does_not_matter(tmp_path):
    pair = Pair(tmp_path, RANGED, interface="comb")
    pair.edit_verilog(r"assign y = (\w+);", r"assign y = (x < -8'sd32 || x > 8'sd80) ? 8'sd0 : \1;")
    assert pair.failed() == []
    pair.edit_verilog(r"x > 8'sd80", "x > 8'sd79")
    assert pair.failed() == ["hardware"]
    assert "first at x = 80 (2.5)" in pair.check()["hardware"].detail


def with_entry(plan, place, change):
    """Return a plan whose table has one entry changed."""
    steps = []
    for step in plan.steps:
        if step.name == "entry":
            table = list(step.operation.table)
            table[place] += change
            steps.append(replace(step, operation=replace(step.operation, table=tuple(table))))
        else:
            steps.append(step)
    return Plan(tuple(steps), plan.outputs)


def test_an_entry_that_makes_outputs_fall(tmp_path):
    options = {"method": "table", "max_error": "2ulp", "folding": "code", "kept_bits": 0}
    unit = design("tanh", "SQ4.4", "SQ1.7", monotonic=True, **options)
    sound = Pair(tmp_path, unit, interface="comb").check()["monotonic"]
    assert (sound.passed, sound.detail) == (True, "the unit is monotonic")
    # A pair that is sound in all else: its hashes are right, its error metrics its own, its budget met.
    table = unit.plan.by_name["entry"].operation.table
    for place, change in product((place for place, entry in enumerate(table) if abs(entry) < 120), (-2, -1, 1, 2)):
        plan = with_entry(unit.plan, place, change)
        errors = plan_errors(plan, unit.specification)
        if not errors.monotonic and unit.specification.budget.admits(errors.largest, unit.specification.output_format):
            break
    else:
        raise AssertionError("no entry makes outputs fall")
    pair = Pair(tmp_path, replace(unit, plan=plan, errors=errors), interface="comb", force=True)
    assert pair.failed() == ["monotonic"]
    assert pair.check()["monotonic"].detail == "the unit was to be one that is monotonic"
    pair.edit(lambda data: data.update(monotonic=False))
    assert pair.failed() == []
    assert "monotonic" not in pair.check()
