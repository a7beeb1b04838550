import os
import re
import subprocess
import sys
from functools import cache
from itertools import product

import pytest
from lint import LINTERS, verilator, yosys
from several_ports import sum_and_distance, wide

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.interfaces import INTERFACES, ports
from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.schedule import even_schedule
from softgate.hdl.unit import choose_schedule
from softgate.hdl.unit_text import header_text
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

parse = FixedFormat.parse

DESIGNS = {
    "hard_tanh": lambda: design("hard_tanh", "SQ4.12", "SQ1.15"),
    "hard_logistic": lambda: design("hard_logistic", "SQ4.12", "UQ0.16", variant="keras3"),
    "taylor_tanh": lambda: design("tanh", "SQ4.12", "SQ1.15", method="taylor", degree=3, segments=16),
    "taylor_logistic": lambda: design("logistic", "SQ4.8", "UQ0.12", method="taylor", degree=5, segments=1),
    "wide_hard_logistic": lambda: design("hard_logistic", "SQ32.32", "UQ1.63"),
    "ranged_tanh": lambda: design("tanh", "SQ4.12", "SQ1.15", input_range="-1:1"),
    "negative_logistic": lambda: design("logistic", "SQ4.8", "UQ0.8", input_range="-8:-1"),
    "ranged_hard_logistic": lambda: design("hard_logistic", "SQ4.12", "UQ0.16", variant="torch", input_range="1:2.5"),
    "wide_logistic": lambda: design("logistic", "SQ4.60", "UQ0.64", method="taylor", degree=2, segments=16),
    "identity": lambda: design("tanh_derivative", "SQ3.0", "UQ0.10", method="identity"),
    "table_tanh": lambda: design("tanh", "SQ4.12", "SQ1.15", method="taylor", degree=0, segments=512),
}

TIMED = [
    ("taylor_tanh", "stream", {"target": "ecp5", "frequency": 200}),
    ("taylor_logistic", "pipeline", {"target": "ice40-hx8k", "frequency": 60}),
    ("hard_logistic", "stream", {"target": "xc7", "frequency": 250}),
    ("table_tanh", "pipeline", {"target": "ecp5", "frequency": 100}),
    ("table_tanh", "stream", {"target": "ecp5", "frequency": 200}),
    ("identity", "pipeline", {"objective": "fmax"}),
    ("identity", "stream", {"target": "ecp5", "frequency": 318}),  # its sums in segments of a bit or two
]
"""Design, interface, and the clock to build for. (Elsewhere it is the default one.)"""

EMITTED = [*((name, interface, {}) for name, interface in product(DESIGNS, [*INTERFACES, "axis with tlast"])), *TIMED]

PORTS = {
    "comb": ["x", "y"],
    "pipeline": ["clk", "en", "x", "y"],
    "stream": ["clk", "rst", "x", "x_valid", "x_ready", "y", "y_valid", "y_ready"],
    "axis": ["aclk", "aresetn"] + [f"{side}_axis_{port}" for side in "sm" for port in ("tdata", "tvalid", "tready")],
    "axis with tlast": ["aclk", "aresetn"]
    + [f"{side}_axis_{port}" for side in "sm" for port in ("tdata", "tvalid", "tready", "tlast")],
}


@cache
def designed(name):
    return DESIGNS[name]()


@cache
def emit(name, interface, **pipelining):
    """Return a design, its schedule and its text."""
    interface, _, tlast = interface.partition(" with ")
    unit = designed(name)
    schedule = choose_schedule(unit.plan, interface, **pipelining)
    header = header_text(unit, interface, schedule.latency)
    return unit, schedule, module_text(schedule, interface, "unit", tlast=bool(tlast), header=header)


@pytest.fixture(scope="module", params=EMITTED, ids=lambda case: "-".join(map(str, (*case[:2], *case[2].values()))))
def emitted(request):
    name, interface, pipelining = request.param
    unit, schedule, text = emit(name, interface, **pipelining)
    return unit, schedule, interface, text


def declared_ports(text):
    heading = text[text.index("module unit (") : text.index(");")]
    return re.findall(r"(input|output) +wire (?:signed)? *(?:\[(\d+):0\])? *(\w+)", heading)


@pytest.mark.tools
@pytest.mark.parametrize("linter", LINTERS)
def test_no_tool_has_a_remark(emitted, linter, tmp_path):
    *_, text = emitted
    path = tmp_path / "unit.v"
    path.write_text(text)
    assert linter(path) == []


@pytest.mark.tools
def test_tools_can_remark(tmp_path):
    path = tmp_path / "unit.v"
    path.write_text("module unit(input wire [1:0] x, output wire [2:0] y); assign y = x; endmodule")
    assert any("WIDTHEXPAND" in line for line in verilator(path))
    path.write_text("module unit(input wire x, output wire [1:0] y); assign y = {x, z}; endmodule")
    assert any("check -assert" in line for line in yosys(path))


def test_ports_are_those_of_the_interface(emitted):
    unit, _, interface, text = emitted
    declared = [(name, direction, int(high or 0) + 1) for direction, high, name in declared_ports(text)]
    assert [name for name, *_ in declared] == PORTS[interface]
    listed = ports(unit.plan, interface.split()[0], tlast="tlast" in interface)
    assert declared == [(port.name, port.direction, port.width) for port in listed]


def test_every_step_that_computes_goes_by_its_name(emitted):
    _, schedule, _, text = emitted
    plan = schedule.plan
    for step in plan.steps:
        match step.operation:
            case op.Input() | op.Constant() | op.Narrow() | op.ShiftLeft() | op.ShiftRight(bits=0):
                continue  # other names: of a port, of a number, of the source with zeros behind it
            case op.Bits() | op.ShiftRight() | op.Concatenate() if f" {step.name} = " not in text:
                continue  # wiring: what reads it may read its parts, and nothing the whole
        held = plan.ranges[step.name]
        size = f" [{held.width - 1}:0]" if held.width > 1 else ""
        assert f"wire{' signed' if held.signed else ''}{size} {step.name} = " in text
    for rank in range(1, schedule.latency + 1):
        assert re.search(rf"reg .*_r{rank};", text), f"rank {rank} has no register"


def test_names_are_short_and_whole(emitted):
    *_, text = emitted
    code = re.sub(r"//.*", "", text)
    names = set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r"\d+'s?[bdh]\w+|\$\w+", "", code)))
    declared = set(re.findall(r"\b(?:wire|reg|module)\b(?: signed)?(?: +\[\d+:0\])? +(\w+)", code))
    known = {"module", "input", "output", "wire", "reg", "signed", "assign", "initial", "begin", "end", "always"}
    known |= {"posedge", "if", "else", "endmodule", "rom_style", "block", "logic"}
    assert names - known == declared
    assert max(map(len, declared)) < 40


def test_notes_are_comments(emitted):
    unit, _, _, text = emitted
    declared = {step.note for step in unit.plan.steps if step.note and f" {step.name} = " in text}
    assert len(declared) > len(unit.plan.steps) // 3
    for note in declared:
        assert f"// {note}\n" in text


def test_header_tells_what_the_unit_is(emitted):
    unit, schedule, _, text = emitted
    header = text[: text.index("module unit")]
    assert all(line.startswith("// ") for line in header.splitlines())
    specification = unit.specification
    for fact in (specification.input_format, specification.output_format, unit.method, unit.plan.sha256):
        assert str(fact) in header
    assert f"{unit.errors.max_ulp:.5g} ulp" in header
    assert f"latency {schedule.latency}" in header


def without_helper_module(text):
    """Return the text of a unit's own module (see `test_adder_module`)."""
    return text[: text.index("\nendmodule\n") + len("\nendmodule\n")]


def test_text_is_plain(emitted):
    *_, text = emitted
    assert text.isascii()
    assert text.endswith("endmodule\n")
    text = without_helper_module(text)
    assert text.count("endmodule") == 1
    text = re.sub(r'\(\* rom_style = "(block|logic)" \*\) reg', "reg", text)
    for trace in ("Yosys", "Generated by", "Amaranth", "(*", "/home", "/tmp", ".py", "$1", "\\", "lint_off", "`"):
        assert trace not in text, trace
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(("case", "style"), [(TIMED[3], "block"), (TIMED[4], "logic")])
def test_large_tables_are_in_block_ram_where_the_clock_leaves_it_the_time(case, style):
    name, interface, pipelining = case
    _, schedule, text = emit(name, interface, **pipelining)
    assert schedule.blocks == ({"c0"} if style == "block" else frozenset())
    assert re.findall(r'rom_style = "(\w+)"', text) == [style]


SCRIPT = """
import hashlib
from softgate import design
from softgate.hdl.unit_text import header_text
from softgate.hdl.module_text import module_text
from softgate.hdl.unit import choose_schedule
unit = design("logistic", "SQ4.4", "UQ0.8", method="taylor", degree=2, segments=8)
for interface in ("stream", "axis", "comb", "pipeline"):
    schedule = choose_schedule(unit.plan, interface)
    header = header_text(unit, interface, schedule.latency)
    print(hashlib.sha256(module_text(schedule, interface, "unit", header=header).encode()).hexdigest())
"""


@pytest.mark.tools
def test_text_does_not_depend_on_the_process():
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT], env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE
        )
        for seed in ("1", "2", "random")
    ]
    texts = {job.communicate()[0] for job in jobs}
    assert all(job.returncode == 0 for job in jobs)
    assert len(texts) == 1


def two_steps(first, second, note=""):
    """Return ``y = |x| + 1`` with these names of its steps."""
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.0"))
    one = b.let("one", op.Constant(1))
    b.let(first, op.Absolute(x), note)
    return b.build(y=(b.let(second, op.Add(first, one)), parse("UQ4.0")))


@pytest.mark.tools
@pytest.mark.parametrize(
    ("names", "interface"),
    [
        (("size", "size_flipped"), "comb"),  # as a part of step size is called
        (("advance", "total"), "stream"),  # as the enable of a stream is called
        (("a_table", "valid"), "stream"),
        (("reset", "last"), "axis"),
    ],
)
def test_steps_keep_their_names_from_parts_of_others(names, interface, tmp_path):
    path = tmp_path / "unit.v"
    path.write_text(module_text(even_schedule(two_steps(*names), 1 if interface != "comb" else 0), interface, "unit"))
    for name in names:
        assert re.search(rf"wire( \[\d:0\])? {name} = ", path.read_text()), path.read_text()
    assert [remark for linter in LINTERS for remark in linter(path)] == []


@pytest.mark.tools
@pytest.mark.parametrize("note", ["ends in a backslash \\", "a line\nendmodule", "*/ /* `define", "naïve"])
def test_no_note_gets_out_of_its_comment(note, tmp_path):
    path = tmp_path / "unit.v"
    path.write_text(module_text(even_schedule(two_steps("size", "total", note), 0), "comb", "unit"), encoding="utf-8")
    assert [remark for linter in LINTERS for remark in linter(path)] == []


@pytest.mark.parametrize("name", ["2x", "wire", "x y", "", "logic"])
def test_modules_are_called_by_identifiers(name):
    with pytest.raises(ValueError, match="module name"):
        module_text(even_schedule(two_steps("size", "total"), 0), "comb", name)


@pytest.mark.parametrize("name", ["x", "y", "clk"])
def test_modules_are_not_called_as_their_ports(name):
    with pytest.raises(ValueError, match=f"module name '{name}'"):
        module_text(even_schedule(two_steps("size", "total"), 1), "pipeline", name)


@pytest.mark.tools
@pytest.mark.parametrize("entries", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("low", [-1, 0])
def test_small_tables(entries, low, tmp_path):
    b = PlanBuilder()
    x = b.let("index", op.Clamp(b.input("x", parse("UQ3.0")), 0, entries - 1))
    plan = b.build(y=(b.let("looked_up", op.Lookup(x, tuple(range(low, low + entries)))), parse("SQ4.0")))
    path = tmp_path / "unit.v"
    path.write_text(module_text(even_schedule(plan, 0), "comb", "unit"))
    assert [remark for linter in LINTERS for remark in linter(path)] == []


@pytest.mark.tools
@pytest.mark.parametrize("interface", INTERFACES)
@pytest.mark.parametrize("linter", LINTERS)
def test_no_tool_has_a_remark_on_a_constant(linter, interface, tmp_path):
    plan = design("hard_tanh", "SQ4.12", "SQ2.14", input_range="2:3").plan
    (tmp_path / "unit.v").write_text(module_text(choose_schedule(plan, interface), interface, "unit"))
    assert linter(tmp_path / "unit.v") == []


def test_an_input_within_a_range_is_cut_once():
    plan = design("hard_tanh", "SQ4.4", "SQ4.4", input_range="0:1").plan
    text = module_text(even_schedule(plan, 1), "pipeline", "unit")
    assert "input  wire signed [7:0] x" in text
    assert "// the bits of x that a code within [0, 16] needs\n    wire [4:0] x_used = x[4:0];" in text
    assert text.count("x[") == 2  # there, and among the bits that nothing reads


def test_an_input_whose_range_needs_every_bit_is_not_cut():
    plan = design("tanh", "SQ4.4", "SQ1.7", input_range="-8:0", method="taylor", degree=1, segments=4).plan
    assert "x_used" not in module_text(even_schedule(plan, 0), "comb", "unit")


@pytest.mark.tools
@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("interface", ["stream", "axis"])
@pytest.mark.parametrize("make", [sum_and_distance, wide])
def test_no_tool_has_a_remark_on_streams_of_several(make, interface, linter, tmp_path):
    path = tmp_path / "unit.v"
    path.write_text(Unit(make(), interface=interface, stages=1, tlast=interface == "axis").verilog("unit"))
    assert linter(path) == []
