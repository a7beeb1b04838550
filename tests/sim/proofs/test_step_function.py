import json

import pytest

from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.proofs.step_function import MODULE, NEXT, STATE, read_step_function
from softgate.support.yosys import YosysError

pytestmark = pytest.mark.tools

X, Y = {"x": FixedFormat.parse("UQ4.0")}, {"y": FixedFormat.parse("UQ4.0")}
PORTS = interface_ports("pipeline", X, Y)

UNIT = """module unit(input clk, input en, input [3:0] x, output [3:0] y);
  reg [3:0] a_r1, b_r2;
  reg odd;
  assign y = b_r2;
  always @(posedge clk) begin
    if (en) a_r1 <= x + 1;
    if (en) b_r2 <= odd ? a_r1 : ~a_r1;
    if (!en) odd <= 1'b0; else odd <= x[0];
  end
endmodule"""


def read(text, ports=PORTS):
    return read_step_function(text, "unit", ports)


def edited(old, new):
    assert old in UNIT
    return UNIT.replace(old, new)


def test_registers_become_ports():
    step = read(UNIT)
    assert sorted(step.registers) == [("a_r1", 4), ("b_r2", 4), ("odd", 1)]
    assert step.width == 9
    module = json.loads(step.text)["modules"][MODULE]
    sides = {name: (port["direction"], len(port["bits"])) for name, port in module["ports"].items()}
    assert sides == {
        **{"clk": ("input", 1), "en": ("input", 1), "x": ("input", 4), STATE: ("input", 9)},
        **{"y": ("output", 4), NEXT: ("output", 9)},
    }
    assert not any("dff" in cell["type"] for cell in module["cells"].values())


def test_a_register_is_called_by_the_name_of_all_its_bits():
    """Whatever else begins with one of its bits."""
    step = read(
        edited("reg odd;", "reg odd; wire [1:0] above = {a_r1[0], b_r2[0]}; assign y[0] = &above;").replace(
            "assign y = b_r2;", "assign y[3:1] = b_r2[3:1];"
        )
    )
    assert sorted(step.registers) == [("a_r1", 4), ("b_r2", 4), ("odd", 1)]


def test_a_unit_without_registers():
    step = read("module unit(input clk, input en, input [3:0] x, output [3:0] y); assign y = ~x; endmodule")
    assert (step.registers, step.width) == ((), 0)
    assert STATE not in step.text


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("always @(posedge clk)", "always @(negedge clk)", r"(a_r1|b_r2|odd)"),
        ("always @(posedge clk)", "always @(posedge x[0])", r"(a_r1|b_r2|odd)"),
        (
            "assign y = b_r2;",
            "reg c; always @(posedge clk or posedge en) if (en) c <= 1'b0; else c <= x[0]; assign y = b_r2 ^ c;",
            "c",
        ),
        ("assign y = b_r2;", "reg [3:0] held; always @* if (en) held = b_r2; assign y = held;", "(held|y)"),
    ],
    ids=["edge", "clock", "asynchronous", "latch"],
)
def test_other_state_is_refused_by_name(old, new, name):
    with pytest.raises(
        ValueError, match=f"^{name} is not a register that moves at the rising edge of the clock, and only"
    ):
        read(edited(old, new))


def test_a_register_in_a_submodule_is_found():
    inner = "module inner(input c, input [3:0] d, output reg [3:0] q); always @(posedge c) q <= d; endmodule\n"
    step = read(inner + edited("assign y = b_r2;", "inner i(.c(clk), .d(b_r2), .q(y));"))
    assert step.width == 13


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("assign y = b_r2;", "wire [3:0] nothing; assign y = b_r2 ^ nothing;"),
        ("assign y = b_r2;", "wire [3:0] round; assign round = round + b_r2, y = round;"),
        ("assign y = b_r2;", "absent i(.y(y));"),
        ("endmodule", ""),
    ],
    ids=["undriven", "loop", "unknown", "syntax"],
)
def test_what_yosys_refuses(old, new):
    with pytest.raises(YosysError):
        read(edited(old, new))


def test_a_missing_port_is_named():
    with pytest.raises(ValueError, match="module unit has no input rst of 1 bits, input x_valid of 1 bits"):
        read(UNIT, interface_ports("stream", X, Y))
    with pytest.raises(ValueError, match="module unit has no input x of 5 bits"):
        read(UNIT, interface_ports("pipeline", {"x": FixedFormat.parse("UQ5.0")}, Y))
