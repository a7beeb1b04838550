import re

import numpy as np
import pytest
from driven_units import ALL8, COMB, GOOD_PIPELINE, PIPELINE, PIPELINE_VALUES, STREAM, STREAM_VALUES, X8, Y8

from softgate import design
from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import CompiledUnit
from softgate.sim.engines.faults import ProtocolError
from softgate.sim.engines.interpreted import InterpretedUnit, interpret_unit, quick_unit
from softgate.sim.engines.netlist_cells import UnsupportedCellError
from softgate.sim.hardware_check import check_hardware
from softgate.support.yosys import YosysError

pytestmark = pytest.mark.tools

parse = FixedFormat.parse

STALLS = [None, *range(5)]


def build(verilog, interface="pipeline", latency=3, make=interpret_unit, inputs=X8, outputs=Y8):
    return make(verilog, "unit", ports=interface_ports(interface, inputs, outputs), latency=latency)


def broken(old, new):
    assert old in STREAM
    return build(STREAM.replace(old, new), "stream", 2)


def test_comb_runs_every_input():
    (y,) = build(COMB, "comb", 0).run(np.arange(-128, 128))
    assert decode(y, 8, signed=True).tolist() == [-20] * 109 + list(range(-19, 20)) + [20] * 108
    assert y.dtype == np.uint64


@pytest.mark.parametrize("stalls", STALLS)
def test_pipeline_answers_in_order_however_it_stalls(stalls):
    assert build(GOOD_PIPELINE).run(ALL8, stalls=stalls)[0].tolist() == PIPELINE_VALUES.tolist()


@pytest.mark.parametrize("stalls", STALLS)
def test_stream_answers_in_order_however_it_stalls(stalls):
    assert build(STREAM, "stream", 2).run(ALL8, stalls=stalls)[0].tolist() == STREAM_VALUES.tolist()


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 100, 100_000, 300_001])
@pytest.mark.parametrize("stalls", [None, 1])
def test_any_number_of_inputs(count, stalls):
    codes = np.arange(count) % 256
    assert (build(STREAM, "stream", 2).run(codes, stalls=stalls)[0] == STREAM_VALUES[codes]).all()


def test_the_latency_of_a_stream_is_measured():
    assert build(STREAM, "stream", 7).measured_latency() == 2
    with pytest.raises(ValueError, match="not that of a pipeline unit"):
        build(GOOD_PIPELINE).measured_latency()


@pytest.mark.parametrize("declared", [2, 4])
def test_a_wrong_latency_shifts_the_outputs(declared):
    (y,) = build(GOOD_PIPELINE, latency=declared).run(ALL8)
    assert y.tolist() != PIPELINE_VALUES.tolist()
    assert y[101 + 3 - declared] == PIPELINE_VALUES[101]


@pytest.mark.parametrize("enables", [("1", "en", "en"), ("en", "1", "en")])
def test_an_inner_register_without_enable_loses_data(enables):
    unit = build(PIPELINE % enables)
    assert unit.run(ALL8)[0].tolist() == PIPELINE_VALUES.tolist()
    assert unit.run(ALL8, stalls=1)[0].tolist() != PIPELINE_VALUES.tolist()


def test_an_output_register_without_enable_does_not_hold():
    unit = build(PIPELINE % ("en", "en", "1"))
    with pytest.raises(ProtocolError, match="y changes although en was low"):
        unit.run(ALL8, stalls=1)


def test_a_register_that_nothing_sets_is_rubbish():
    unit = build(GOOD_PIPELINE.replace("x1 <= x;", "x1 <= x1;"))
    assert len(set(unit.run(ALL8)[0].tolist())) > 1  # a lane each, and not 0


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("assign y = b;", "assign y = b ^ (count == 9 && !y_ready);", "y changes while it waits for y_ready"),
        ("assign x_ready = move;", "assign x_ready = 1;", "no output arrives"),
        ("assign x_ready = move;", "assign x_ready = move && !stalled;", "y_valid rises with no input left"),
    ],
)
def test_a_stream_that_breaks_the_rules_under_stall_is_caught(old, new, complaint):
    unit = broken(old, new)
    assert unit.run(ALL8)[0].tolist() == STREAM_VALUES.tolist()
    with pytest.raises(ProtocolError, match=rf"^transfer \d+: {complaint}"):
        unit.run(ALL8, stalls=1)


def test_a_stream_that_withdraws_valid_is_caught():
    with pytest.raises(ProtocolError, match=r"^transfer \d+: y_valid drops while it waits"):
        broken("assign y_valid = b_valid;", "assign y_valid = b_valid && count != 9;").run(ALL8, stalls=1)


def test_a_stream_that_invents_its_first_output_is_caught():
    with pytest.raises(ProtocolError, match="transfer 0: y_valid rises with no input left"):
        broken("b_valid <= 0; end", "b_valid <= 1; end").run(ALL8)


@pytest.mark.parametrize(
    "step",
    [
        "b <= a + 1 + stalled; b_valid <= a_valid;",
        "if (stalled && a_valid && x_valid) begin a <= a; b <= x + 1; b_valid <= 1; end"
        " else begin b <= a + 1; b_valid <= a_valid; end",
    ],
    ids=["alters", "reorders"],
)
def test_a_stream_that_breaks_data_under_stall_answers_wrongly(step):
    unit = broken("b <= a + 1; b_valid <= a_valid;", step)
    assert unit.run(ALL8)[0].tolist() == STREAM_VALUES.tolist()
    assert unit.run(ALL8, stalls=1)[0].tolist() != STREAM_VALUES.tolist()


def test_a_stuck_stream_times_out():
    with pytest.raises(ProtocolError, match="transfer 40: no output arrives"):
        broken("a_valid <= x_valid;", "a_valid <= x_valid && x < 40;").run(ALL8)


def test_several_ports():
    wide = """module unit(input [63:0] a, input [39:0] b_2, output [63:0] total, output [32:0] high);
      assign total = a + b_2; assign high = a[63:31];
    endmodule"""
    unit = build(
        wide,
        "comb",
        0,
        inputs={"a": parse("UQ64.0"), "b_2": parse("UQ40.0")},
        outputs={"total": parse("UQ64.0"), "high": parse("UQ33.0")},
    )
    total, high = unit.run(np.array([0xFFFF_FFFF_FFFF_FFFF], np.uint64), np.array([-1]))
    assert (total[0], high[0]) == (0xFF_FFFF_FFFE, 0x1_FFFF_FFFF)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"inputs": {"x": parse("UQ9.0")}}, "module unit has no input x of 9 bits"),
        ({"outputs": {"z": parse("UQ8.0")}}, "module unit has no output z of 8 bits"),
        ({"interface": "stream"}, "module unit has no input rst of 1 bits"),
    ],
)
def test_what_does_not_fit_the_module_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        build(GOOD_PIPELINE, **options)


def test_wrong_arrays_are_refused():
    unit = build(GOOD_PIPELINE)
    with pytest.raises(ValueError, match="expected 1 input arrays, got 2"):
        unit.run(ALL8, ALL8)
    with pytest.raises(TypeError, match="expected integers, got float64"):
        unit.run(ALL8 / 2)
    with pytest.raises(ValueError, match="one-dimensional"):
        unit.run(ALL8.reshape(16, 16))


def test_verilog_that_yosys_refuses():
    with pytest.raises(YosysError, match="syntax error"):
        build("module unit(input [7:0] x, output [7:0] y); assign y = ; endmodule", "comb", 0)


FALLING = """module unit(input clk, input en, input [7:0] x, output reg [7:0] y);
  reg [7:0] half;
  always @(negedge clk) half <= x + 1;
  always @(posedge clk) if (en) y <= half;
endmodule"""


def test_what_is_not_interpreted_is_compiled():
    with pytest.raises(UnsupportedCellError):
        build(FALLING, latency=1)
    assert isinstance(build(FALLING, latency=1, make=quick_unit), CompiledUnit)
    assert isinstance(build(GOOD_PIPELINE, make=quick_unit), InterpretedUnit)


@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
@pytest.mark.parametrize(
    ("function", "formats", "options"),
    [
        ("tanh", ("SQ4.8", "SQ1.11"), {"method": "taylor", "degree": 4, "segments": 16}),
        ("logistic", ("UQ3.7", "UQ0.12"), {"method": "taylor", "degree": 3, "segments": 1}),
        ("hard_logistic", ("SQ3.9", "UQ0.8"), {"variant": "keras3"}),
    ],
)
def test_emitted_units_pass_and_broken_ones_do_not(function, formats, options, interface, tmp_path):
    found = design(function, *formats, **options)
    manifest = found.emit(tmp_path, name="unit", interface=interface, tlast=interface == "axis")
    text = (tmp_path / "unit.v").read_text()
    checked = list(check_hardware(manifest, text, interpret_unit))
    assert all(result.passed for result in checked)
    assert [result.name for result in checked] == {
        "comb": ["hardware"],
        "pipeline": ["hardware", "stalls"],
        "stream": ["hardware", "stalls", "latency"],
        "axis": ["hardware", "stalls", "latency"],
    }[interface]
    seen = 0
    for old, new in [("+", "-"), ("<", ">="), ("^", "&")]:
        # The first operator of the kind, and not one in a comment.
        pattern = rf"^( +wire .*) {re.escape(old)} "
        changed, count = re.subn(pattern, rf"\1 {new} ", text, count=1, flags=re.MULTILINE)
        if count:
            (first, *_) = check_hardware(manifest, changed, interpret_unit)
            assert not first.passed, old
            assert " differs at " in first.detail
            seen += 1
    assert seen >= 1
