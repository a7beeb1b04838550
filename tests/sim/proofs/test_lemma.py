import pytest

from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.proofs.lemma import Answer, Lemma
from softgate.sim.proofs.step_function import read_step_function

pytestmark = pytest.mark.tools

PORTS = interface_ports("pipeline", {"s": FixedFormat.parse("UQ8.0")}, {"y": FixedFormat.parse("UQ16.0")})

# The input squared, behind a register before and one after; called s, as a state might be.
UNIT = """module unit(input clk, input en, input [7:0] s, output [15:0] y);
  reg [7:0] a;
  reg [15:0] b;
  assign y = b;
  always @(posedge clk) if (en) begin a <= s; b <= a * a; end
endmodule"""


@pytest.fixture
def lemma():
    return Lemma(read_step_function(UNIT, "unit", PORTS), PORTS, {"en": "1'b1"})


def test_nothing_claimed_is_proved(lemma):
    assert lemma.prove(10) == Answer(True)


def test_a_claim_about_one_clock(lemma):
    state = lemma.any_state()
    now = lemma.clock(state, {"en": "1'b0"})
    lemma.same_registers("1'b1", state, now.after)
    assert lemma.prove(10) == Answer(True)


def test_claims_that_fail_are_named(lemma):
    state = lemma.any_state()
    now = lemma.clock(state, {})
    lemma.claim("sound", "1'b1")
    lemma.claim("unsound", f"{now.outputs['y']} != 16'd77")
    assert lemma.prove(10) == Answer(False, ("unsound",))


def test_registers_that_change_are_named(lemma):
    state = lemma.any_state()
    now = lemma.clock(state, {"en": "1'b1", "s": f"{state}[7:0]"})  # some register takes what it or the other holds
    lemma.same_registers("1'b1", state, now.after)
    answer = lemma.prove(10)
    assert not answer.holds
    assert set(answer.wrong) <= {"a", "b"}


def test_multipliers_with_equal_operands_are_merged(lemma):
    (x,) = lemma.anything_on(PORTS.inputs).values()
    ends = []
    for _ in range(2):
        state, inputs = lemma.any_state(), {"s": x}
        for _ in range(2):
            state, inputs = lemma.walk(state, inputs).after, {}
        ends.append(lemma.walk(state, inputs).outputs["y"])
    lemma.claim("the same", f"{ends[0]} == {ends[1]}")
    assert lemma.prove(10) == Answer(True)


def test_one_clock_less_is_too_few(lemma):
    (x,) = lemma.anything_on(PORTS.inputs).values()
    ends = [lemma.walk(lemma.walk(lemma.any_state(), {"s": x}).after, {}).outputs["y"] for _ in range(2)]
    lemma.claim("the same", f"{ends[0]} == {ends[1]}")
    assert lemma.prove(10) == Answer(False, ("the same",))


def test_what_takes_too_long_is_not_proved(lemma):
    left, right = (f"{{32'd0, {lemma.anything(32)}}}" for _ in range(2))
    lemma.claim("hard", f"{left} * {right} != 64'd{(2**31 - 1) * (2**31 - 19)}")  # the product of two primes
    assert lemma.prove(1) == Answer(False)
