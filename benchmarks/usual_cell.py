"""An LSTM cell of tables without interpolation, the scheme of generators for neural networks, as a yardstick.

Sigmoid and tanh are tables of 1024 entries over [-8, 8), read at the argument rounded down to a multiple of 1/64, as
hls4ml has them (J. Duarte et al., Fast inference of deep neural networks in FPGAs for particle physics, 2018). Words
are those of softgate's cell that stands beside it: pre-activations and states SQ4.8, gates UQ0.12, tanh and h SQ1.11.
Results are truncated, and limited to their format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from softgate.hdl.interfaces import Ports, interface_ports
from softgate.plan.formats import FixedFormat

__all__ = ["INPUTS", "LATENCY", "OUTPUTS", "PORTS", "usual_cell", "verilog"]

INPUTS = {name: FixedFormat.parse("SQ4.8") for name in ("i", "f", "g", "o", "c")}
OUTPUTS = {"h": FixedFormat.parse("SQ1.11"), "c_next": FixedFormat.parse("SQ4.8")}
PORTS: Ports = interface_ports("stream", INPUTS, OUTPUTS)
LATENCY = 5

_SIZE = 1024
_ARGUMENTS = 16 * np.arange(_SIZE) / _SIZE - 8
_SIGMOID = FixedFormat.parse("UQ0.12").quantize(1 / (1 + np.exp(-_ARGUMENTS)))
_TANH = FixedFormat.parse("SQ1.11").quantize(np.tanh(_ARGUMENTS))


def usual_cell(codes: Mapping[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Return the codes of h and c_next for codes of the inputs, arrays of one shape."""
    address = {name: (codes[name] >> 2) + _SIZE // 2 for name in ("i", "f", "g", "o")}
    f, i, o = (_SIGMOID[address[name]] for name in ("f", "i", "o"))
    exact = (f * codes["c"] << 3) + i * _TANH[address["g"]]
    state = np.clip(exact >> 15, -2048, 2047)
    return {"h": o * _TANH[(state >> 2) + _SIZE // 2] >> 12, "c_next": state}


def verilog(name: str) -> str:
    """Return the cell as a Verilog module, a stream with a transfer a clock."""
    sigmoid, tanh = (
        "\n".join(f"        {table}[{n}] = {entry & 4095};" for n, entry in enumerate(entries))
        for table, entries in (("sigmoid", _as_ints(_SIGMOID)), ("tanh", _as_ints(_TANH)))
    )
    return _TEXT.format(name=name, sigmoid=sigmoid, tanh=tanh)


def _as_ints(entries: Iterable[np.int64]) -> Iterable[int]:
    """Return the entries in the order of the bits of a signed argument: from 0 on, those below 0 at the end."""
    listed = [int(entry) for entry in entries]
    return listed[_SIZE // 2 :] + listed[: _SIZE // 2]


_TEXT = """module {name} (
    input clk, input rst,
    input signed [11:0] i, input signed [11:0] f, input signed [11:0] g, input signed [11:0] o, input signed [11:0] c,
    input i_valid, output i_ready,
    output reg signed [11:0] h, output reg signed [11:0] c_next, output h_valid, input h_ready
);
    reg [11:0] sigmoid [0:1023];
    reg signed [11:0] tanh [0:1023];
    initial begin
{sigmoid}
{tanh}
    end
    reg [4:0] valid = 0;
    wire advance = h_ready | ~valid[4];
    assign i_ready = advance;
    assign h_valid = valid[4];
    always @(posedge clk)
        if (rst) valid <= 0;
        else if (advance) valid <= {{valid[3:0], i_valid}};
    reg [11:0] f1, i1, o1, o2, o3, o4;
    reg signed [11:0] g1, c1, state3, state4, t4;
    reg signed [23:0] kept2, added2;
    wire signed [27:0] total = (kept2 <<< 3) + added2;
    wire signed [12:0] shifted = total >>> 15;
    wire signed [23:0] product = $signed({{1'b0, o4}}) * t4;
    always @(posedge clk)
        if (advance) begin
            f1 <= sigmoid[f[11:2]];
            i1 <= sigmoid[i[11:2]];
            o1 <= sigmoid[o[11:2]];
            g1 <= tanh[g[11:2]];
            c1 <= c;
            kept2 <= $signed({{1'b0, f1}}) * c1;
            added2 <= $signed({{1'b0, i1}}) * g1;
            o2 <= o1;
            state3 <= shifted > 2047 ? 2047 : shifted < -2048 ? -2048 : shifted;
            o3 <= o2;
            t4 <= tanh[state3[11:2]];
            o4 <= o3;
            state4 <= state3;
            h <= product >>> 12;
            c_next <= state4;
        end
endmodule
"""
