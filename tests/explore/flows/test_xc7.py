import pytest
from small_units import PRODUCT, SmallUnit, table

pytestmark = pytest.mark.tools

NOTHING = {"LUT": 0, "CARRY4": 0, "MUX": 0, "FF": 0, "SRL": 0, "LUTRAM": 0, "DSP": 0, "BRAM": 0}


def test_an_adder_and_a_register():
    verilog = """module unit(input clk, en, input [15:0] a, b, output reg [15:0] y);
  always @(posedge clk) if (en) y <= a + b;
endmodule"""
    result = SmallUnit(verilog, [("a", 16), ("b", 16)], [("y", 16)], "pipeline").synthesise("xc7")
    assert result.resources == NOTHING | {"LUT": 16, "CARRY4": 4, "FF": 16}
    assert list(result.resources) == list(NOTHING)
    assert result.luts == 16
    assert result.fmax is None
    assert result.why_no_fmax == "nothing places and routes for xc7"


def test_six_inputs_and_an_inverter_are_a_look_up_table_each():
    verilog = "module unit(input [6:0] x, output [1:0] y); assign y = {~x[6], ^x[5:0]}; endmodule"
    assert SmallUnit(verilog, [("x", 7)], [("y", 2)]).area("xc7").resources == NOTHING | {"LUT": 2}


def test_a_shift_register_is_a_look_up_table():
    verilog = """module unit(input clk, en, x, output y);
  reg [7:0] held;
  assign y = held[7];
  always @(posedge clk) if (en) held <= {held, x};
endmodule"""
    result = SmallUnit(verilog, [("x", 1)], [("y", 1)], "pipeline").area("xc7")
    assert result.resources["SRL"] == 1
    assert result.luts == result.resources["LUT"] + 1


def test_multipliers_can_be_kept_out():
    assert PRODUCT.area("xc7").resources == NOTHING | {"DSP": 1}
    soft = PRODUCT.area("xc7", dsp=False)
    assert soft.dsp == 0
    assert soft.luts > 50


def test_block_rams_can_be_kept_out():
    unit = table(10, 16)
    assert unit.area("xc7").bram == 1
    soft = unit.area("xc7", bram=False)
    assert (soft.bram, soft.ff) == (0, 16)
    assert soft.luts > 200
    assert soft.resources["MUX"] > 0
