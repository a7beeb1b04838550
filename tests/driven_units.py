"""Units written by hand, right ones and such as can be broken in one place, with what they answer to every input."""

import numpy as np

from softgate.plan import FixedFormat

X8 = {"x": FixedFormat.parse("UQ8.0")}
Y8 = {"y": FixedFormat.parse("UQ8.0")}
ALL8 = np.arange(256)

COMB = """module unit(input signed [7:0] x, output signed [7:0] y);
  assign y = x > 20 ? 8'sd20 : x < -20 ? -8'sd20 : x;
endmodule"""

# y = 3 x + table[x], three clocks; %s are the conditions of the registers.
PIPELINE = """module unit(input clk, input en, input [7:0] x, output reg [7:0] y);
  reg [7:0] x1, x2, t2;
  reg [7:0] rom [0:15];
  integer i;
  initial for (i = 0; i < 16; i = i + 1) rom[i] = i * i;
  always @(posedge clk) begin
    if (%s) x1 <= x;
    if (%s) begin x2 <= x1; t2 <= rom[x1[7:4]]; end
    if (%s) y <= 3 * x2 + t2;
  end
endmodule"""
GOOD_PIPELINE = PIPELINE % ("en", "en", "en")
PIPELINE_VALUES = (3 * ALL8 + (ALL8 >> 4) ** 2) % 256

# y = x + 1 through two registers, stalled as one. Broken copies replace a line.
STREAM = """module unit(input clk, input rst, input [7:0] x, input x_valid, output x_ready,
            output [7:0] y, output y_valid, input y_ready);
  reg [7:0] a, b;
  reg a_valid, b_valid;
  reg [4:0] count = 0;
  reg stalled = 0;
  wire move = y_ready || !b_valid;
  assign x_ready = move;
  assign y = b;
  assign y_valid = b_valid;
  always @(posedge clk) begin
    count <= count + 1;
    stalled <= !move;
    if (move) begin
      a <= x; a_valid <= x_valid;
      b <= a + 1; b_valid <= a_valid;
    end
    if (rst) begin a_valid <= 0; b_valid <= 0; end
  end
endmodule"""
STREAM_VALUES = (ALL8 + 1) % 256
