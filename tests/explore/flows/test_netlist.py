import re

import numpy as np
import pytest
from small_units import SQUARE, TABLE, SmallUnit

from softgate.explore.flows import netlist_commands
from softgate.hdl.targets import target
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.faults import ProtocolError
from softgate.support.yosys import YosysError

pytestmark = pytest.mark.tools

BYTES = np.arange(256)
SQUARES = np.where(BYTES < 128, BYTES, BYTES - 256) ** 2

# y = x + 1 through two registers, stalled as one.
STREAM = SmallUnit(
    """module unit(input clk, input rst, input [7:0] x, input x_valid, output x_ready,
            output reg [7:0] y, output reg y_valid, input y_ready);
  reg [7:0] a;
  reg a_valid;
  wire move = y_ready || !y_valid;
  assign x_ready = move;
  always @(posedge clk) begin
    if (move) begin
      a <= x; a_valid <= x_valid;
      y <= a + 1; y_valid <= a_valid;
    end
    if (rst) begin a_valid <= 0; y_valid <= 0; end
  end
endmodule""",
    [("x", 8)],
    [("y", 8)],
    "stream",
)


def build(unit, name, latency, *, break_it="", **options):
    commands = netlist_commands(target(name), "unit", **options).replace("delete", f"{break_it}\ndelete")
    return compile_unit(unit.verilog, "unit", ports=unit.ports, latency=latency, prepare=commands)


@pytest.mark.parametrize("name", ["ecp5", "hx8k", "up5k", "gowin", "gatemate", "xc7"])
def test_a_stream_runs_like_its_source(name):
    unit = build(STREAM, name, 2)
    for stalls in (None, 1):
        assert unit.run(BYTES, stalls=stalls)[0].tolist() == [*range(1, 256), 0]


@pytest.mark.parametrize(
    ("name", "dsp"),
    [
        *(("ecp5", False), ("up5k", True), ("xc7", True)),
        *(pytest.param(each, True, marks=pytest.mark.slow) for each in ("hx8k", "gowin", "gatemate")),
    ],
)
def test_a_square_runs_like_its_source_in_logic_or_in_a_block(name, dsp):
    unit = build(SQUARE, name, 2, dsp=dsp)
    for stalls in (None, 1):
        assert unit.run(BYTES, stalls=stalls)[0].tolist() == SQUARES.tolist()


@pytest.mark.parametrize(
    ("name", "block"), [("ecp5", "DP16KD"), pytest.param("hx8k", "SB_RAM40_4K", marks=pytest.mark.slow)]
)
def test_a_block_ram_is_refused_by_name_and_logic_in_its_place_runs(name, block):
    with pytest.raises(YosysError, match=f"selection is not empty: .*t:{block}"):
        build(TABLE, name, 1)
    codes = np.arange(512)
    values = build(TABLE, name, 1, bram=False).run(codes)[0]
    assert values.tolist() == [int(text) for text in re.findall(r"= (\d+);\n", TABLE.verilog)]


def test_a_multiplier_block_without_a_model_is_refused():
    with pytest.raises(YosysError, match="MULT18X18D"):
        build(SQUARE, "ecp5", 2)


def test_a_netlist_that_went_wrong_is_seen():
    unit = build(STREAM, "hx8k", 2, break_it="setparam -set LUT_INIT 16'h0000 t:SB_LUT4")
    with pytest.raises(ProtocolError, match="no output arrives"):
        unit.run(BYTES)
