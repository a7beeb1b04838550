"""Stalls are proved harmless to a unit with an interval; planted faults break the lemma that they should."""

import re
from functools import cache

import pytest
from serial_plans import rows

from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.turns import schedule_in_turns
from softgate.hdl.targets import target
from softgate.sim.proofs.protocol import prove_protocol

pytestmark = pytest.mark.tools

STREAM = ["registers", "stall", "move", "turn", "order", "reset", "power-up"]


@cache
def schedule():
    return schedule_in_turns(rows(2), target("ecp5"), 4)


@cache
def text(interface):
    return module_text(schedule(), interface, "unit", tlast=interface == "axis")


def proved(interface, verilog):
    """Return each lemma with whether it is proved."""
    made = schedule()
    listed = ports(made.plan, interface, tlast=interface == "axis")
    facts = prove_protocol(verilog, "unit", listed, made.latency, made.interval)
    return {fact.name: fact.proved for fact in facts}


@pytest.mark.parametrize(("interface", "names"), [("pipeline", STREAM[:5]), ("stream", STREAM), ("axis", STREAM)])
def test_a_sound_text_is_proved(interface, names):
    assert proved(interface, text(interface)) == dict.fromkeys(names, True)


@pytest.mark.parametrize(
    ("interface", "old", "new", "lemma"),
    [
        ("pipeline", r"initial turn = 4'd1;", "", "turn"),
        ("pipeline", r"turn <= \{turn\[2:0\], turn\[3\]\};", "turn <= {turn[1:0], turn[3:2]};", "turn"),
        ("pipeline", r"(digits_0) <= .*;", r"\1 <= digits_1;", "order"),
        ("pipeline", r"if \((\w+|en & turn\[\d\])\) (y_r\d+ <=)", r"if (en) \2", "order"),
        ("stream", r"wire advance = out_ready \| ~(valid_r\d+);", "wire advance = out_ready;", "move"),
        ("stream", r"assign x_ready = advance & turn\[0\];", "assign x_ready = advance & turn[1];", "turn"),
        ("stream", r"valid_r1 <= x_valid & turn\[0\];", "valid_r1 <= x_valid;", "order"),
    ],
    ids=["no first turn", "skips turns", "loads nothing", "does not stay", "waits", "another turn", "any turn"],
)
def test_planted_faults(interface, old, new, lemma):
    changed, count = re.subn(old, new, text(interface), count=1)
    assert count == 1, text(interface)
    assert not proved(interface, changed)[lemma]


def test_a_text_without_turns_is_refused():
    assert proved("pipeline", text("pipeline").replace("turn", "time_")) == {"registers": False}
