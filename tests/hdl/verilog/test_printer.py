"""The printed Verilog reads as it was meant: order, names, notes, tables, and what is refused."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from amaranth.hdl import Cat, Const, Instance, MemoryData, MemoryInstance, Mux, Signal, signed, unsigned
from amaranth.lib.memory import Memory
from verilog_designs import DESIGNS, Design, names

from softgate.hdl.verilog import print_verilog


def test_the_whole_text() -> None:
    d = Design()
    en, x = d.port(1, "en"), d.port(signed(16), "x")
    index = d.step(x[12:], "index", "---- Lookup ----\nthe segment")
    t = d.step(x[:12], "t", "the place in it")
    init = [-5 * n for n in range(16)]
    d.m.submodules.c0_table = memory = Memory(
        shape=signed(8), depth=16, init=init, attrs={"note": "minus five times the index"}
    )
    rom = memory.read_port(domain="comb")
    d.m.d.comb += rom.addr.eq(index)
    c0 = d.step(rom.data, "c0", shape=signed(8))
    with d.m.If(en):
        t_1, c0_1 = (d.register(value, f"{value.name}_1", reset_less=True) for value in (t, c0))
    h1 = d.step((t_1 * c0_1 + 128) >> 8, "h1", "---- Sum ----\nrounded,\n\nto an integer", shape=signed(13))
    h2 = d.step(Mux(h1 > 1000, 1000, Mux(h1 < -1000, -1000, h1)), "h2", "clamped", shape=signed(11))
    d.output(h2)
    assert print_verilog(d.rtlil(), header="A title.\n\nMore.") == TEXT


TEXT = """\
// A title.
//
// More.
module top (
    input  wire               clk,
    input  wire               en,
    input  wire signed [15:0] x,
    output wire signed [10:0] y
);
    // ---- Lookup ----
    // the segment
    wire [3:0] index = x[15:12];
    // the place in it
    wire [11:0] t = x[11:0];

    // minus five times the index
    reg [7:0] c0_table [0:15];
    initial begin
        c0_table[ 0] = 8'h00; c0_table[ 1] = 8'hfb; c0_table[ 2] = 8'hf6; c0_table[ 3] = 8'hf1;
        c0_table[ 4] = 8'hec; c0_table[ 5] = 8'he7; c0_table[ 6] = 8'he2; c0_table[ 7] = 8'hdd;
        c0_table[ 8] = 8'hd8; c0_table[ 9] = 8'hd3; c0_table[10] = 8'hce; c0_table[11] = 8'hc9;
        c0_table[12] = 8'hc4; c0_table[13] = 8'hbf; c0_table[14] = 8'hba; c0_table[15] = 8'hb5;
    end

    wire signed [7:0] c0 = c0_table[index];

    reg [11:0] t_1;
    reg signed [7:0] c0_1;
    always @(posedge clk) begin
        if (en) begin
            t_1 <= t;
            c0_1 <= c0;
        end
    end

    // ---- Sum ----
    wire [19:0] h1_product = $signed({8'd0, t_1}) * $signed({{12{c0_1[7]}}, c0_1});
    wire [20:0] h1_sum = {h1_product[19], h1_product} + 21'd128;
    // rounded,
    //
    // to an integer
    wire signed [12:0] h1 = h1_sum[20:8];
    wire [10:0] h2_choice = (h1 < -13'sd1000) ? 11'h418 : h1_sum[18:8];
    // clamped
    wire signed [10:0] h2 = (h1 > 13'sd1000) ? 11'h3e8 : h2_choice;
    assign y = h2;

    // Bits that nothing reads, listed for the lint tools; synthesis drops them.
    wire _unused = &{1'b0, h1_sum[7:0]};
endmodule
"""


def run_python(code: str, seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.tools
def test_text_does_not_depend_on_the_process(tmp_path: Path) -> None:
    texts = [design().rtlil() for design in DESIGNS]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.il").write_text(text)
    code = f"""
from pathlib import Path
from softgate.hdl.verilog import print_verilog
for number in range({len(texts)}):
    print(print_verilog(Path({str(tmp_path)!r}, f"{{number}}.il").read_text()))
"""
    expected = "".join(print_verilog(text) + "\n" for text in texts)
    assert [run_python(code, seed) for seed in ("1", "2")] == [expected] * 2


def test_unused_names_are_left_out() -> None:
    d = Design()
    x = d.port(4, "x")
    d.step(x + 1, "forgotten")
    d.output(x - 1)
    assert "forgotten" not in print_verilog(d.rtlil())


def test_names_come_back() -> None:
    text = print_verilog(names().rtlil())
    assert "    // upper half\n    wire [7:0] high = {2'd0, x[11:6]};" in text
    assert "sign ? " in text
    assert "logic_1 " in text
    assert "begin_1 " in text


def build(design: Callable[[Design, Signal], object]) -> str:
    d = Design(reset=True)
    design(d, d.port(signed(4), "x"))
    return d.rtlil()


def asynchronous_reset(d: Design, x: Signal) -> None:
    d.domain.async_reset = True
    d.output(d.register(x, "r"))


def falling_edge(d: Design, x: Signal) -> None:
    d.domain.clk_edge = "neg"
    d.output(d.register(x, "r"))


def division(d: Design, x: Signal) -> None:
    d.output(x // 3)


def variable_part(d: Design, x: Signal) -> None:
    d.output(x.bit_select(x[:2], 2))


def clocked_memory(d: Design, x: Signal) -> None:
    d.m.submodules.memory = memory = Memory(shape=4, depth=16, init=[])
    read = memory.read_port(domain="sync")
    d.m.d.comb += read.addr.eq(x)
    d.output(read.data)


def several_cases(d: Design, x: Signal) -> None:
    r = d.register(x, "r")
    with d.m.Switch(x[:2]), d.m.Case(2):
        d.m.d.sync += r.eq(3)
    d.output(r)


def nested_conditions(d: Design, x: Signal) -> None:
    r = d.register(x, "r")
    with d.m.If(x[0]), d.m.If(x[1]):
        d.m.d.sync += r.eq(3)
    d.output(r)


def partial_update(d: Design, x: Signal) -> None:
    r = d.register(x, "r")
    with d.m.If(x[0]):
        d.m.d.sync += r[0].eq(1)
    d.output(r)


def conditional_wire(d: Design, x: Signal) -> None:
    y = d.port(4, "y")
    with d.m.If(x[0]):
        d.m.d.comb += y.eq(x)


def instance(d: Design, x: Signal) -> None:
    d.m.submodules += Instance("black_box", i_x=x, o_y=d.port(4, "y"))


def test_instances_of_a_helper_module() -> None:
    text = print_verilog(build(instance), helper="black_box")
    assert "    black_box y_adder (\n        .x(x), .y(y)\n    );\n" in text
    assert "assign y" not in text


def memory_written_twice(d: Design, x: Signal) -> None:
    d.m.submodules.memory = memory = Memory(shape=4, depth=16, init=[])
    for write in (memory.write_port(), memory.write_port()):
        d.m.d.comb += [write.en.eq(1), write.addr.eq(x), write.data.eq(x)]
    read = memory.read_port(domain="comb")
    d.m.d.comb += read.addr.eq(x)
    d.output(read.data)


def memory_written_in_parts(d: Design, x: Signal) -> None:
    d.m.submodules.memory = memory = Memory(shape=4, depth=16, init=[])
    write, read = memory.write_port(granularity=2), memory.read_port(domain="comb")
    d.m.d.comb += [write.en.eq(x), write.addr.eq(x), write.data.eq(x), read.addr.eq(x)]
    d.output(read.data)


def written_memory(d: Design, x: Signal) -> None:
    data = MemoryData(shape=unsigned(4), depth=8, init=[])
    memory = MemoryInstance(data=data, attrs={"ram_style": "distributed", "note": "what came before"})
    word = Signal(4, name="word")
    memory.write_port(domain="sync", addr=x[:3], data=x, en=x[3])
    memory.read_port(domain="comb", addr=x[1:4], data=word, en=Const(1), transparent_for=())
    d.m.submodules.ring = memory
    d.output(word)


def test_written_memories() -> None:
    text = print_verilog(build(written_memory))
    assert (
        """
    // what came before
    (* ram_style = "distributed" *) reg [3:0] ring [0:7];

    always @(posedge clk) begin
        if (x[3]) ring[x[2:0]] <= x;
    end
"""
        in text
    )
    assert "= ring[x[3:1]];" in text


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (asynchronous_reset, r"a cell of type \$adff cannot be printed as Verilog"),
        (falling_edge, r"a cell of type \$dff for a falling edge cannot be printed"),
        (division, r"a cell of type \$divfloor cannot be printed"),
        (variable_part, r"a cell of type \$shift cannot be printed"),
        (clocked_memory, r"a clocked cell of type \$memrd_v2 cannot be printed"),
        (several_cases, r"a process that is more than a register's next state under single conditions"),
        (nested_conditions, r"a process that is more than a register's next state under single conditions"),
        (partial_update, r"a process that is more than a register's next state under single conditions"),
        (conditional_wire, r"a process that drives no register"),
        (instance, r"a cell of type black_box cannot be printed as Verilog"),
        (memory_written_twice, r"memory memory has writes that cannot be printed as Verilog: one of whole words can"),
        (memory_written_in_parts, r"memory memory has writes that cannot be printed as Verilog"),
    ],
)
def test_what_cannot_be_printed_is_named(design: Callable[[Design, Signal], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        print_verilog(build(design))


def test_ports_keep_their_names() -> None:
    d = Design()
    d.output(d.port(1, "wire"))
    with pytest.raises(ValueError, match="port name 'wire' is a keyword"):
        print_verilog(d.rtlil())


def test_module_keeps_its_name_to_itself() -> None:
    d = Design()
    d.output(d.step(d.port(4, "x") + 1, "top") - 1)
    text = print_verilog(d.rtlil())
    assert "module top (" in text
    assert re.search(r"wire +\[4:0\] top_1 = ", text)
    d = Design()
    d.output(d.port(4, "top"))
    with pytest.raises(ValueError, match="module name 'top' is the name of a port of it, too; choose another"):
        print_verilog(d.rtlil())


def test_names_inside_are_made_legal() -> None:
    d = Design()
    x = d.port(4, "x")
    d.output(d.step(x + 1, "2x") - d.step(x + 2, "x.y"))
    assert "assign y = {1'b0, _2x} - {1'b0, x_y};" in print_verilog(d.rtlil())


def test_ports_come_in_the_order_asked_for() -> None:
    d = Design()
    d.output(d.port(4, "x"))
    text = print_verilog(d.rtlil(), ports=["y", "x", "clk"])
    assert [line.split()[-1] for line in text.splitlines()[1:4]] == ["y,", "x,", "clk"]
    with pytest.raises(ValueError, match="module top has the ports clk, x, y, not x, y"):
        print_verilog(d.rtlil(), ports=["x", "y"])


@pytest.mark.parametrize("sign", [signed, unsigned])
def test_an_index_is_no_negative_number(sign: Callable[[int], object]) -> None:
    d = Design()
    x = d.port(sign(3), "x")
    d.m.submodules.c_table = memory = Memory(shape=4, depth=8, init=range(8))
    rom = memory.read_port(domain="comb")
    d.m.d.comb += rom.addr.eq(x.as_unsigned())
    d.output(rom.data)
    assert f"c_table[{'$unsigned(x)' if sign is signed else 'x'}]" in print_verilog(d.rtlil())


def test_lines_break_between_names_only() -> None:
    d = Design()
    rows = [d.port(4, f"{'a_port_whose_name_is_longer_than_any_line_of_ours_' * 2}{n}") for n in range(9)]
    d.output(Cat(*(row[1:3] for row in rows)))
    text = print_verilog(d.rtlil())
    words = set(re.findall(r"\w+", text.partition("_unused = ")[2]))
    assert {row.name for row in rows} <= words
    assert words <= {row.name for row in rows} | {"1", "b0", "0", "3", "clk", "endmodule"}


def test_names_are_short() -> None:
    d = Design()
    x = d.port(signed(4), "x")
    long = "square_of_a_coefficient_that_is_rounded_to_its_last_place"
    first = d.step(x + 1, f"{long}_low")
    second = d.step(x - 1, f"{long}_low_")
    third = d.step(first * second, "a" * 60)
    d.output(d.step(third - x, f"{long}_high"))
    text = print_verilog(d.rtlil())
    names = re.findall(r"^ +wire.* (\w+) = ", text, re.MULTILINE)
    assert names == [
        "square_is_rounded_to_its_last_place_low",
        "square_rounded_to_its_last_place_low_",
        "a" * 39,
        "square_rounded_to_its_last_place_high",
        "_unused",
    ]


def test_short_names_are_different() -> None:
    d = Design()
    x = d.port(signed(4), "x")
    sums = [d.step(x + n, f"{'b' * 60}{n}") for n in range(12)]
    d.output(Cat(*sums))
    names = re.findall(r"^ +wire.* (b+\S*) = ", print_verilog(d.rtlil()), re.MULTILINE)
    assert len(set(names)) == 12
    assert {len(name) for name in names} == {39}


def test_hierarchies_are_refused() -> None:
    text = names().rtlil()
    with pytest.raises(ValueError, match="found 2 modules"):
        print_verilog(text + text)


def test_heading_comes_before_what_its_signal_needs() -> None:
    d = Design()
    x = d.port(unsigned(1), "x")
    y = d.step(x + 1, "y0", "first")
    d.m.submodules.c_table = memory = Memory(shape=1, depth=2, init=[1, 0])
    rom = memory.read_port(domain="comb")
    d.m.d.comb += rom.addr.eq(y[0])
    d.output(d.step(rom.data, "c", "---- Stage 1: lookup ----\n----\nthe value,\n\nat last") + y)
    assert (
        print_verilog(d.rtlil()).partition("    // first\n")[2].partition("    assign")[0]
        == """\
    wire [1:0] y0 = {1'b0, x} + 2'd1;

    // ---- Stage 1: lookup ----
    // ----

    reg c_table [0:1];
    initial begin
        c_table[0] = 1'b1; c_table[1] = 1'b0;
    end

    // the value,
    //
    // at last
    wire c = c_table[y0[0]];
"""
    )
