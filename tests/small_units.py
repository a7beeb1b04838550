"""Units of a line or two, whose synthesised size is known beforehand."""

from typing import NamedTuple

import numpy as np

from softgate.explore.flows import SynthesisResult, synthesise
from softgate.hdl.interfaces import Ports, interface_ports
from softgate.hdl.targets import target
from softgate.plan import FixedFormat


class SmallUnit(NamedTuple):
    verilog: str
    inputs: list[tuple[str, int]]
    outputs: list[tuple[str, int]]
    interface: str = "comb"

    @property
    def ports(self) -> Ports:
        inputs, outputs = ({name: FixedFormat(False, width, 0) for name, width in side} for side in self[1:3])
        return interface_ports(self.interface, inputs, outputs)

    def synthesise(self, target_name: str, **options: object) -> SynthesisResult:
        return synthesise(target(target_name), self.verilog, "unit", ports=self.ports, **options)

    def area(self, target_name: str, **options: object) -> SynthesisResult:
        return self.synthesise(target_name, seeds=(), **options)


def adder(width: int) -> SmallUnit:
    ports = f"input [{width - 1}:0] a, b, output [{width - 1}:0] y"
    return SmallUnit(f"module unit({ports}); assign y = a + b; endmodule", [("a", width), ("b", width)], [("y", width)])


XOR = SmallUnit("module unit(input [3:0] x, output y); assign y = ^x; endmodule", [("x", 4)], [("y", 1)])

LESS = SmallUnit(
    "module unit(input [15:0] a, b, output y); assign y = a < b; endmodule", [("a", 16), ("b", 16)], [("y", 1)]
)

PRODUCT = SmallUnit(
    "module unit(input [7:0] a, b, output [15:0] y); assign y = a * b; endmodule", [("a", 8), ("b", 8)], [("y", 16)]
)

# A square of 8 bits between registers.
SQUARE = SmallUnit(
    """module unit(input clk, input en, input signed [7:0] x, output reg signed [15:0] y);
  reg signed [7:0] held;
  always @(posedge clk) if (en) begin held <= x; y <= held * held; end
endmodule""",
    [("x", 8)],
    [("y", 16)],
    "pipeline",
)


def table(index_bits: int, width: int) -> SmallUnit:
    """Return a table of random constants and the register behind it."""
    constants = np.random.default_rng(1).integers(0, 1 << width, 1 << index_bits)
    rows = "".join(f"    rom[{index}] = {constant};\n" for index, constant in enumerate(constants))
    verilog = f"""module unit(input clk, input en, input [{index_bits - 1}:0] x, output reg [{width - 1}:0] y);
  reg [{width - 1}:0] rom [0:{len(constants) - 1}];
  initial begin
{rows}  end
  always @(posedge clk) if (en) y <= rom[x];
endmodule"""
    return SmallUnit(verilog, [("x", index_bits)], [("y", width)], "pipeline")


TABLE = table(9, 8)

STREAM = SmallUnit(
    """module unit(input clk, rst, input [3:0] x, input x_valid, output x_ready,
            output reg [3:0] y, output reg y_valid, input y_ready);
  assign x_ready = !y_valid || y_ready;
  always @(posedge clk) begin
    if (x_ready) begin y_valid <= x_valid; y <= x; end
    if (rst) y_valid <= 0;
  end
endmodule""",
    [("x", 4)],
    [("y", 4)],
    "stream",
)

# Three bits, in a byte each.
AXIS = SmallUnit(
    """module unit(input aclk, aresetn, input [7:0] s_axis_tdata, input s_axis_tvalid, output s_axis_tready,
            output [7:0] m_axis_tdata, output m_axis_tvalid, input m_axis_tready);
  assign m_axis_tdata = {5'd0, s_axis_tdata[2:0]}, m_axis_tvalid = s_axis_tvalid, s_axis_tready = m_axis_tready;
endmodule""",
    [("x", 3)],
    [("y", 3)],
    "axis",
)
