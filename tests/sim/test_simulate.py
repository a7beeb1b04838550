import re
import shutil
from dataclasses import FrozenInstanceError

import pytest
from damages import DAMAGES

from softgate import design
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.hdl.build_options import BuildOptions
from softgate.hdl.manifest import Manifest, ManifestError
from softgate.hdl.unit import Unit, choose_schedule
from softgate.methods import find_method
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Add, Range, Subtract
from softgate.sim.cocotb_runner import SimulationError
from softgate.sim.golden.model import golden
from softgate.sim.simulate import simulate
from softgate.support.files import sha256_text
from softgate.support.tools import MissingToolError

pytestmark = pytest.mark.tools

icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")

SPECIFICATION = Specification(create_function("tanh"), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))
PLAN = next(find_method("taylor").candidates(SPECIFICATION, {"degree": 2, "segments": 8})).plan

# Units by hand, around a table of the golden model's answers: what makes them wrong is in plain sight.
TABLE = "  reg [7:0] rom [0:255];\n  initial begin\n" + "".join(
    f"    rom[{code % 256}] = {answer % 256};\n"
    for code, answer in zip(range(-128, 128), golden(PLAN)(range(-128, 128)).tolist(), strict=True)
)
COMB = f"""module unit(input [7:0] x, output [7:0] y);
{TABLE}  end
  assign y = rom[x];
endmodule"""
PIPELINE = f"""module unit(input clk, input en, input [7:0] x, output reg [7:0] y);
{TABLE}  end
  reg [7:0] a;
  always @(posedge clk) begin
    if (en) a <= x;
    if (en) y <= rom[a];
  end
endmodule"""
STREAM = f"""module unit(input clk, input rst, input [7:0] x, input x_valid, output x_ready,
            output [7:0] y, output y_valid, input y_ready);
{TABLE}  end
  reg [7:0] a, b, c;
  reg a_valid, b_valid, c_valid, odd = 0, stalled = 0;
  wire move = y_ready || !c_valid;
  assign x_ready = move;
  assign y = rom[c];
  assign y_valid = c_valid;
  always @(posedge clk) begin
    odd <= !odd;
    stalled <= !move;
    if (move) begin
      a <= x; a_valid <= x_valid;
      b <= a; b_valid <= a_valid;
      c <= b; c_valid <= b_valid;
    end
    if (rst) begin a_valid <= 0; b_valid <= 0; c_valid <= 0; end
  end
endmodule"""


def write(folder, verilog, interface, plan=PLAN, *, stages=None, specification=SPECIFICATION, tlast=False):
    schedule = choose_schedule(plan, interface, stages=stages)
    options = BuildOptions(interface=interface, tlast=tlast)
    manifest = Manifest(
        *("unit", specification, specification and "taylor", {}, options, schedule, specification and {}),
        *("unit.v", sha256_text(verilog), {}),
    )
    (folder / "unit.v").write_text(verilog)
    (folder / "unit.json").write_text(manifest.to_json())
    return folder / "unit.json"


def emit(folder, interface, plan=PLAN, *, stages=None, specification=SPECIFICATION, tlast=False):
    verilog = Unit(plan, interface=interface, stages=stages, tlast=tlast).verilog("unit")
    return write(folder, verilog, interface, plan, stages=stages, specification=specification, tlast=tlast)


def faults(folder, verilog, interface, *, declared=2, **options):
    """Return the messages of the tests that failed on Icarus, by test."""
    manifest = write(folder, verilog, interface, stages=None if interface == "comb" else declared)
    report = simulate(manifest, simulator="icarus", **options)
    assert report.passed == all(test.status == "passed" for test in report.tests)
    return {test.name: test.message for test in report.tests if test.status == "failed"}


def edited(text, old, new):
    assert old in text
    return text.replace(old, new)


def names(report):
    return [test.name for test in report.tests]


@icarus
def test_a_latency_that_does_not_show_is_not_reported(tmp_path):
    unit = design("logistic", "UQ0.1", "UQ0.2")
    assert len(set(unit.golden([0, 1]).tolist())) == 1
    unit.emit(tmp_path, stages=1)
    report = simulate(tmp_path / "logistic.json", simulator="icarus")
    assert report.passed
    assert report.latency is None
    assert names(report) == ["every_input", "gaps"]


@icarus
@pytest.mark.parametrize(
    ("interface", "stages", "tests"),
    [
        ("comb", None, ["every_input"]),
        ("pipeline", 0, ["latency", "every_input", "gaps"]),
        pytest.param("pipeline", 3, ["latency", "every_input", "gaps"], marks=pytest.mark.slow),
        ("stream", 0, ["latency", "every_input", "stalls", "reset"]),
        pytest.param("stream", 1, ["latency", "every_input", "stalls", "reset"], marks=pytest.mark.slow),
        ("stream", 4, ["latency", "every_input", "stalls", "reset"]),
    ],
)
def test_emitted_units_pass_on_icarus(tmp_path, interface, stages, tests):
    report = simulate(emit(tmp_path, interface, stages=stages), simulator="icarus")
    assert report.passed, report
    assert names(report) == tests
    assert (report.simulator, report.inputs, report.latency) == ("icarus", 256, stages)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["unit.json", "unit.v"]


# Nine bits of output in two bytes, and six of input in one.
ODD = Specification(create_function("tanh"), FixedFormat.parse("SQ3.3"), FixedFormat.parse("SQ1.8"))
ODD_PLAN = next(find_method("taylor").candidates(ODD, {"degree": 1, "segments": 4})).plan


@icarus
@pytest.mark.parametrize(
    ("tlast", "stages"),
    [
        *((False, 0), (True, 4)),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [(False, 1), (False, 4), (True, 0), (True, 1)]),
    ],
)
def test_axis_units_pass_on_icarus(tmp_path, stages, tlast):
    manifest = emit(tmp_path, "axis", ODD_PLAN, stages=stages, specification=ODD, tlast=tlast)
    report = simulate(manifest, simulator="icarus")
    assert report.passed, report
    assert names(report) == ["latency", "every_input", "stalls", "reset"]
    assert (report.inputs, report.latency) == (64, stages)


@icarus
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("m_axis_tlast = last_r2", "m_axis_tlast = last_r1", r"tlast expected: (.)\n  m_axis_tlast got:      (?!\1)"),
        ("= {{7{limited_r2[8]}}, limited_r2}", "= {7'd0, limited_r2}", r"m_axis_tdata got:      code [2-5]\d\d, value"),
        ("x = s_axis_tdata[5:0]", "x = s_axis_tdata[6:1]", "wrong output"),
        pytest.param("= valid_r2;", "= valid_r2 & m_axis_tready;", "nothing moves any more", marks=pytest.mark.slow),
        ("advance = m_axis_tready | ~valid_r2", "advance = 1'b1", "while (it waited|m_axis_tdata waits) for m_axis"),
        ("reset = ~aresetn", "reset = aresetn", ""),
    ],
    ids=["tlast", "sign", "padding", "valid", "advance", "reset"],
)  # fmt: skip
def test_faults_of_an_axis_are_reported(tmp_path, old, new, complaint):
    path = emit(tmp_path, "axis", ODD_PLAN, stages=2, specification=ODD, tlast=True)
    verilog = tmp_path / "unit.v"
    verilog.write_text(edited(verilog.read_text(), old, new))
    report = simulate(path, simulator="icarus")
    assert not report.passed
    assert any(re.search(complaint, test.message) for test in report.tests if test.status == "failed"), report


@icarus
@pytest.mark.parametrize(
    ("interface", "verilog"),
    [
        ("stream", STREAM),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [("comb", COMB), ("pipeline", PIPELINE)]),
    ],
)
def test_units_by_hand_pass(tmp_path, interface, verilog):
    assert faults(tmp_path, verilog, interface, declared=3 if verilog is STREAM else 2) == {}


def test_verilator_passes_and_builds_once(tmp_path):
    manifest = emit(tmp_path, "stream", stages=2)
    first = simulate(manifest)
    assert first.passed, first
    assert (first.simulator, first.inputs, first.latency) == ("verilator", 256, 2)
    again = simulate(manifest, seed=2)
    assert again.passed
    assert again.seconds < first.seconds / 2
    with pytest.raises(FrozenInstanceError):
        again.latency = 3


def test_verilator_reports_a_wrong_bit(tmp_path):
    manifest = write(tmp_path, edited(PIPELINE, "rom[17] = 101;", "rom[17] = 100;"), "pipeline", stages=2)
    report = simulate(manifest)
    assert {test.name: test.status for test in report.tests} == {
        "latency": "passed",
        "every_input": "failed",
        "gaps": "failed",
    }
    message = report.tests[1].message
    assert "x = code 17, value 1.0625" in message
    assert f"softgate simulate {manifest} --simulator verilator --only 17" in message


@icarus
def test_a_wrong_coefficient_is_reported_with_everything_to_find_it(tmp_path):
    (message,) = faults(tmp_path, edited(COMB, "rom[17] = 101;", "rom[17] = 100;"), "comb").values()
    head, _, rest = message.partition("the plan's steps at this input:\n")
    assert head.splitlines() == [
        "wrong output, at input 146 of 256",
        "  x = code 17, value 1.0625",
        "  y expected: code 101, value 0.7890625",
        "  y got:      code 100, value 0.78125",
    ]
    *steps, command = rest.splitlines()
    assert [line.split()[0] for line in steps] == [step.name for step in PLAN.steps]
    assert {line.split("=")[0] for line in steps} == {f"  {step.name:<12} " for step in PLAN.steps}
    assert steps[1].split() == ["magnitude", "=", "17", "1.0625", "absolute(x)"]
    assert command == f"reproduce: softgate simulate {tmp_path / 'unit.json'} --simulator icarus --only 17"


@icarus
def test_only_drives_what_it_is_told(tmp_path):
    manifest = write(tmp_path, edited(COMB, "rom[17] = 101;", "rom[17] = 100;"), "comb")
    assert simulate(manifest, simulator="icarus", only=[16, -3]).passed
    report = simulate(manifest, simulator="icarus", only=[16, 17])
    assert not report.passed
    assert report.inputs == 2
    assert report.tests[0].message.startswith("wrong output, at input 2 of 2\n  x = code 17,")


@icarus
def test_an_undefined_output_is_reported(tmp_path):
    (message,) = faults(tmp_path, edited(COMB, "rom[17] = 101;", "rom[17] = 8'b0110010x;"), "comb").values()
    assert "y got:      bits 0110010X" in message


@icarus
@pytest.mark.parametrize(("interface", "verilog", "actual"), [("pipeline", PIPELINE, 2), ("stream", STREAM, 3)])
@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_wrong_latency_is_reported(tmp_path, interface, verilog, actual, off_by):
    declared = actual + off_by
    found = faults(tmp_path, verilog, interface, declared=declared)
    assert found["latency"].startswith(f"the latency is {actual} clocks, but the manifest declares {declared}\n")
    assert "every_input" in found
    if interface == "pipeline":
        when = "after" if off_by > 0 else "before"
        assert f"which answers the input 1 {when} it: is one lost, repeated, reordered or late?" in found["gaps"]


@icarus
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [("if (en) a", "a", "wrong output, at input"), ("if (en) y", "y", "y changed while en was low, at input")],
)
def test_a_register_without_enable_is_reported(tmp_path, old, new, complaint):
    found = faults(tmp_path, edited(PIPELINE, old, new), "pipeline", seed=5)
    assert found.keys() == {"gaps"}
    assert found["gaps"].startswith(complaint)
    assert found["gaps"].endswith("--simulator icarus --seed 5")


@icarus
@pytest.mark.parametrize(
    ("old", "new", "complaints"),
    [
        ("x_ready = move", "x_ready = 1", ["after it: is one"]),
        ("c_valid <= b_valid;", "c_valid <= b_valid || c_valid && odd;", ["wrong output, at input"]),
        pytest.param(
            *("if (move) begin", "if (!move && odd) begin a <= b; b <= a; end\n    if (move) begin"),
            ["after it: is one"],
            marks=pytest.mark.slow,
        ),
        ("y_valid = c_valid", "y_valid = c_valid && !(stalled && odd)", ["y_valid is 0 while y waits for y_ready"]),
        ("y = rom[c]", "y = rom[c] ^ {7'b0, stalled}", ["y changed while it waited for y_ready, at input"]),
        ("move = y_ready || !c_valid", "move = y_ready && c_valid", ["nothing moves any more: of 256 inputs, 0 were"]),
        ("c_valid <= b_valid;", "c_valid <= b_valid || stalled;", ["wrong output", "y_valid is high, but all"]),
    ],
    ids=["loses", "repeats", "reorders", "drops_valid", "changes", "hangs", "invents"],
)
def test_a_stream_that_errs_under_stalls_is_reported(tmp_path, old, new, complaints):
    found = faults(tmp_path, edited(STREAM, old, new), "stream", declared=3)
    assert any(complaint in found["stalls"] for complaint in complaints), found["stalls"]
    assert "--simulator icarus --seed 1" in found["stalls"]


@icarus
def test_a_reset_that_leaves_a_transfer_in_flight_is_reported(tmp_path):
    found = faults(
        tmp_path, edited(STREAM, "begin a_valid <= 0; b_valid <= 0;", "begin b_valid <= 0;"), "stream", declared=3
    )
    assert found["reset"].startswith("y_valid is ")
    assert "after a reset: a transfer in flight outlived it" in found["reset"]


@icarus
def test_a_stream_that_wastes_clocks_is_reported(tmp_path):
    slow = edited(edited(STREAM, "x_ready = move", "x_ready = move && odd"), "<= x_valid", "<= x_valid && odd")
    found = faults(tmp_path, slow, "stream", declared=3)
    assert found.keys() == {"every_input"}
    assert "256 inputs took 51" in found["every_input"]
    assert "clocks, though nothing stalled them" in found["every_input"]


@icarus
@pytest.mark.parametrize(
    ("interface", "stages"),
    [
        ("pipeline", 2),
        ("axis", 1),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [("comb", None), ("stream", 2)]),
    ],
)
def test_several_inputs_and_outputs(tmp_path, interface, stages):
    narrow, wide = FixedFormat.parse("SQ4.0"), FixedFormat.parse("SQ5.0")
    b = PlanBuilder()
    u, v = b.input("u", narrow), b.input("v", narrow)
    plan = b.build(above=(b.let("s", Add(u, v)), wide), below=(b.let("d", Subtract(u, v)), wide))
    manifest = emit(tmp_path, interface, plan, stages=stages, specification=None)
    report = simulate(manifest, simulator="icarus")
    assert report.passed, report
    assert (report.inputs, report.latency) == (256, stages)
    (tmp_path / "unit.v").write_text((tmp_path / "unit.v").read_text().replace(" - ", " + "))
    report = simulate(manifest, simulator="icarus", only=[(3, 0), (-2, 5)])
    (message,) = {test.message for test in report.tests if test.name == "every_input"}
    above, below = ("above in m_axis_tdata", "below in m_axis_tdata") if interface == "axis" else ("above", "below")
    for line in (
        "u = code -2, value -2",
        "v = code 5, value 5",
        f"{above} got:      code 3",
        f"{below} expected: code -7",
    ):
        assert line in message
    assert message.endswith("--only -2,5")


@icarus
@pytest.mark.parametrize(
    "fmt", ["UQ2.38", *(pytest.param(each, marks=pytest.mark.slow) for each in ("SQ2.30", "SQ1.0"))]
)
def test_wide_inputs_are_sampled(tmp_path, fmt):
    held = FixedFormat.parse(fmt)
    b = PlanBuilder()
    plan = b.build(y=(b.input("x", held), held))
    specification = Specification(create_function("tanh"), held, held, saturate=True)
    report = simulate(emit(tmp_path, "stream", plan, specification=specification, stages=1), simulator="icarus")
    assert report.passed, report
    assert report.inputs > 3500 or held.width == 1


@icarus
def test_waves_and_the_build_folder_are_kept(tmp_path):
    report = simulate(write(tmp_path, COMB, "comb"), simulator="icarus", waves=True, build_dir=tmp_path / "run")
    assert report.waves == tmp_path / "run" / "unit.fst"
    assert report.waves.stat().st_size > 0
    assert (tmp_path / "run" / "results.xml").exists()


@pytest.mark.slow
def test_verilator_records_waves(tmp_path):
    report = simulate(write(tmp_path, COMB, "comb"), waves=True, build_dir=tmp_path / "run")
    assert report.passed
    assert "$var" in report.waves.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream"])
def test_verilator_drives_sixteen_bits(tmp_path, interface):
    specification = Specification(create_function("tanh"), FixedFormat.parse("SQ4.12"), FixedFormat.parse("SQ1.15"))
    plan = next(find_method("taylor").candidates(specification, {"degree": 2, "segments": 64})).plan
    report = simulate(emit(tmp_path, interface, plan, specification=specification))
    assert report.passed, report
    assert report.inputs == 1 << 16


@icarus
def test_verilog_that_is_none_is_reported(tmp_path):
    manifest = write(tmp_path, "module unit(; endmodule", "comb")
    with pytest.raises(SimulationError, match=r"icarus cannot build .*unit\.v:\n(.*\n)*.*syntax error"):
        simulate(manifest, simulator="icarus")


@icarus
def test_a_module_without_the_ports_fails_every_test(tmp_path):
    manifest = write(tmp_path, edited(COMB, "[7:0] x,", "[7:0] z,").replace("rom[x]", "rom[z]"), "comb")
    report = simulate(manifest, simulator="icarus")
    assert [test.status for test in report.tests] == ["failed"]
    assert "contains no child object named x" in report.tests[0].message


def test_mistakes_are_told(tmp_path, monkeypatch):
    manifest = write(tmp_path, COMB, "comb")
    with pytest.raises(ValueError, match="there is no simulator 'verilatr'; did you mean verilator"):
        simulate(manifest, simulator="verilatr")
    with pytest.raises(ValueError, match=r"x cannot be 128: the codes of SQ4\.4 are -128 to 127"):
        simulate(manifest, only=[128])
    with pytest.raises(ValueError, match="only has 2 codes for 1 inputs: 1, 2"):
        simulate(manifest, only=[(1, 2)])
    with pytest.raises(ManifestError, match="cannot read manifest"):
        simulate(tmp_path / "other.json")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=r"iverilog was not found: .*apt install iverilog"):
        simulate(manifest, simulator="icarus")
    with pytest.raises(MissingToolError, match=r"g\+\+ was not found: .*apt install g\+\+"):
        simulate(manifest)
    (tmp_path / "unit.v").unlink()
    with pytest.raises(FileNotFoundError, match=r"the Verilog file 'unit\.v' is not beside the manifest"):
        simulate(manifest)


RANGED = Specification(
    create_function("tanh"), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"), input_range=Range(20, 40)
)
RANGED_PLAN = next(find_method("taylor").candidates(RANGED, {"degree": 2, "segments": 4})).plan


@icarus
@pytest.mark.parametrize(
    ("interface", "stages"),
    [("comb", None), ("pipeline", 3), ("stream", 2), pytest.param("pipeline", 0, marks=pytest.mark.slow)],
)
def test_only_codes_of_the_range_are_driven(tmp_path, interface, stages):
    path = emit(tmp_path, interface, RANGED_PLAN, stages=stages, specification=RANGED)
    verilog = tmp_path / "unit.v"
    # Whatever is taken in is within the range, or the simulation ends.
    taken = {"comb": "", "pipeline": "en && ", "stream": "x_valid && "}[interface]
    event = "@*" if interface == "comb" else "@(posedge clk)"
    guard = f"  always {event} if ({taken}(x < 20 || x > 40)) $fatal;\nendmodule\n"
    verilog.write_text(re.sub("endmodule\n", guard, verilog.read_text()))
    report = simulate(path, simulator="icarus")
    assert report.passed, report
    assert report.inputs == 21


@icarus
def test_only_codes_of_the_range_can_be_asked_for(tmp_path):
    path = emit(tmp_path, "comb", RANGED_PLAN, specification=RANGED)
    assert simulate(path, simulator="icarus", only=[20, 40]).inputs == 2
    with pytest.raises(ValueError) as raised:
        simulate(path, simulator="icarus", only=[41])
    assert str(raised.value) == "x cannot be 41: it is promised to stay within 20 to 40"


@icarus
def test_a_damaged_model_harms_no_simulation(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    manifest = emit(tmp_path, "comb")
    for damage in ("empty", "bit 0"):
        assert simulate(manifest, simulator="icarus").passed
        (entry,) = (tmp_path / "cache").iterdir()
        DAMAGES[damage](entry)
    assert simulate(manifest, simulator="icarus").passed
