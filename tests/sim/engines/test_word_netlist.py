from random import Random

import numpy as np
import pytest
from amaranth.sim import Simulator
from verilog_designs import compare, names, random_design, tables

from softgate.hdl.verilog import print_verilog
from softgate.sim.engines.netlist_cells import UnsupportedCellError
from softgate.sim.engines.word_netlist import read_word_netlist

pytestmark = pytest.mark.tools

CLOCKS = 40


def bits(code, port):
    return code & ((1 << len(port)) - 1)


def signed(code, port):
    return code - (1 << len(port)) if port.shape().signed and code >> (len(port) - 1) else code


def simulate(d, stimulus, outputs):
    """Return the outputs before each rising edge, as Amaranth's own simulator has them."""
    found = []

    async def bench(ctx):
        for given in stimulus:
            for port in d.ports:
                if port.name in given:
                    ctx.set(port, signed(given[port.name], port))
            if d.domain.rst is not None:
                ctx.set(d.domain.rst, given["rst"])
            ctx.set(d.domain.clk, 0)
            await ctx.delay(1e-7)
            found.append({port.name: bits(ctx.get(port), port) for port in outputs})
            ctx.set(d.domain.clk, 1)
            await ctx.delay(1e-7)

    simulator = Simulator(d.m)
    simulator.add_testbench(bench)
    simulator.run()
    return found


class Zeros:
    """In the place of random numbers: registers power up as Amaranth's simulator has them."""

    @staticmethod
    def integers(low, high, size, dtype):
        return np.zeros(size, dtype)


@pytest.mark.parametrize(
    "make", [compare, names, tables, *(lambda seed=seed: random_design(Random(seed)) for seed in range(40))]
)
def test_a_netlist_does_as_amaranth_simulates(make):
    d = make()
    netlist = read_word_netlist(print_verilog(d.rtlil()), "top")
    inputs = [port for port in d.ports if port.name in netlist.inputs]
    outputs = [port for port in d.ports if port.name in netlist.outputs]
    assert outputs
    random = Random(1)
    stimulus = [
        {port.name: random.getrandbits(len(port)) for port in inputs} | {"rst": clock == 0 or random.random() < 0.1}
        for clock in range(CLOCKS)
    ]
    wanted = simulate(d, stimulus, outputs)
    # Three copies at once: two with the same inputs, and one between them with others.
    registers = netlist.power_up(3, Zeros)
    for given, want in zip(stimulus, wanted, strict=True):
        words = {name: np.array([code, ~code & 1, code], np.uint64) for name, code in given.items()}
        found, registers = netlist.clock({name: words[name] for name in netlist.inputs if name in words}, registers)
        for name, code in want.items():
            values = np.broadcast_to(found[name], 3)
            assert (values[0], values[2]) == (code, code), name


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("always @* if (x[0]) y = x;", "a cell \\$dlatch"),
        ("reg [7:0] z; always @(posedge x[0]) z <= x; always @(posedge x[1]) y <= z;", "not all on the rising edge"),
        ("always @(negedge clk) y <= x;", "not all on the rising edge"),
        ("reg [7:0] m [0:3]; always @(posedge clk) begin m[x[1:0]] <= x; y <= m[x[3:2]]; end", "not a plain table"),
        ("wire [99:0] z = x * x; always @* y = z[99:92];", "a word of 100 bits, more than 64"),
        (
            "reg [99:0] m [0:15]; initial begin m[0] = 0; m[15] = {100{1'b1}}; end always @* y = m[x[3:0]] >> 92;",
            "a word of 100 bits, more than 64",
        ),
        ("wire [7:0] z = z + x; always @* y = z;", "a combinational loop"),
        ("wire [7:0] z; always @* y = x + z;", "a net that nothing drives"),
        ("always @* y = {7'd0, ^x};", "a cell \\$reduce_xor"),
    ],
)
def test_what_does_not_run_on_arrays_is_named(body, message):
    text = f"module top(input clk, input [7:0] x, output reg [7:0] y); {body} endmodule"
    with pytest.raises(UnsupportedCellError, match=message):
        read_word_netlist(text, "top")


def test_initial_values_are_kept_and_others_are_rubbish():
    text = """module top(input clk, input [3:0] x, output [7:0] y);
      reg [3:0] known = 4'b1010; reg [3:0] other;
      always @(posedge clk) begin known <= x; other <= x; end
      assign y = {known, other};
    endmodule"""
    netlist = read_word_netlist(text, "top")
    assert netlist.inputs == {"clk": 1, "x": 4}
    assert netlist.outputs == {"y": 8}
    registers = netlist.power_up(1000, np.random.default_rng(1))
    outputs, registers = netlist.clock({"x": np.arange(1000, dtype=np.uint64)}, registers)
    assert set((outputs["y"] >> np.uint64(4)).tolist()) == {0b1010}
    assert set((outputs["y"] & np.uint64(15)).tolist()) == set(range(16))
    outputs, _ = netlist.clock({"x": np.zeros(1000, np.uint64)}, registers)
    assert outputs["y"].tolist() == [code % 16 * 17 for code in range(1000)]


def test_a_read_outside_a_table_is_zero():
    text = """module top(input [2:0] x, output [3:0] y);
      reg [3:0] table_ [0:4]; integer i;
      initial for (i = 0; i < 5; i = i + 1) table_[i] = 15 - i;
      assign y = table_[x];
    endmodule"""
    outputs, _ = read_word_netlist(text, "top").clock({"x": np.arange(8, dtype=np.uint64)}, [])
    assert outputs["y"].tolist() == [15, 14, 13, 12, 11, 0, 0, 0]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("x >>> s", lambda x, s: x >> s),
        ("$unsigned(x) >> s", lambda x, s: (x & 0xFF) >> s),
        ("x <<< s", lambda x, s: x << s),
        ("{{8{x[7]}}, x} >> s", lambda x, s: (x & 0xFFFF) >> s),
    ],
)
def test_shifts_by_more_than_there_are_bits(expression, wanted):
    text = f"""module top(input signed [7:0] x, input [7:0] s, output signed [15:0] y);
      assign y = {expression};
    endmodule"""
    netlist = read_word_netlist(text, "top")
    for shift in (0, 1, 7, 8, 15, 63, 64, 200):
        x = np.arange(-128, 128)
        given = {"x": x.view(np.uint64), "s": np.full(256, shift, np.uint64)}
        outputs, _ = netlist.clock(given, [])
        assert outputs["y"].tolist() == [wanted(code, shift) & 0xFFFF for code in x.tolist()]
