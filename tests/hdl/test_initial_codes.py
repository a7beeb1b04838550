"""Initial codes: the opposite of what a register might be reset to, and what synthesis then makes."""

import json

import pytest
from plans_of_steps import plan_of

from softgate.hdl.connection import connect
from softgate.hdl.initial_codes import initial_codes, initial_codes_of_rows
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import printed_module
from softgate.hdl.scheduling.schedule import register_after
from softgate.hdl.targets import target
from softgate.hdl.unit import Unit
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.support.yosys import run_yosys


def choices():
    """Return a plan with a table, a field of it with another bit, a row, and a selection."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ4.0"))
    # The upper half: bits 0 and 2 vary, bit 1 is 0, bit 3 is 1. The lower half: bit 2 is 1.
    table = (4, 7, 5, 6, 4, 5, 6, 7, 8, 9, 12, 13, 8, 9, 12, 12)
    looked_up = b.let("looked_up", op.Lookup(x, table, 0))
    one = b.let("one", op.Constant(1))
    with_one = b.let("with_one", op.Concatenate(looked_up, one, 1, 0))
    digit = b.let("digit", op.Bits(x, 0, 2))
    row = b.let("row", op.PartialProduct(x, digit, (-1, 0, 1, 2)))
    top = b.let("top", op.Bits(x, 3, 1))
    eleven = b.let("eleven", op.Constant(11))
    chosen = b.let("chosen", op.Select(top, eleven, x))
    total = b.let("total", op.Add(with_one, row))
    y = b.let("sum", op.Add(total, chosen))
    return b.build(y=(y, FixedFormat.parse("SQ8.0")))


def test_codes_by_hand():
    assert initial_codes(choices()) == {
        "looked_up": 0b0011,  # the opposite of 11?0, where the last bit, constant in no half, counts as 0
        "with_one": 0b00110,
        "row": 0b111111,
        "chosen": 0b0100,
    }


def test_codes_of_rows_alone():
    assert initial_codes_of_rows(choices(), target("ecp5")) == {"row": 0b111111}
    assert initial_codes_of_rows(choices(), target("xc7")) is None
    unit = Unit(choices(), target="ecp5", registers=["row"]).verilog("unit")
    assert unit.count("initial ") == 2  # that of the table's entries, too
    assert "initial row_r1 = 6'd63;" in unit


def test_a_range_that_the_largest_inputs_do_not_keep():
    # The digit is in 0 to 4, and for the largest w it would be 7.
    assert initial_codes(plan_of(op.PartialProduct("x", "digit")))["s0"] == 0b111111111


@pytest.mark.tools
def test_synthesis_resets_no_register(tmp_path):
    schedule = register_after(choices(), ["with_one", "row", "chosen"])
    listed = ports(schedule.plan, "pipeline")

    def resets(initial):
        text = printed_module("unit", listed, lambda m, signals: connect(m, schedule, listed, signals, initial=initial))
        (tmp_path / "unit.v").write_text(text)
        run_yosys("read_verilog unit.v\nsynth_ecp5 -top unit\nwrite_json unit.json\n", cwd=tmp_path)
        cells = json.loads((tmp_path / "unit.json").read_text())["modules"]["unit"]["cells"].values()
        used = [cell["connections"].get("LSR", ["0"]) for cell in cells if cell["type"] == "TRELLIS_FF"]
        assert used
        return sum(bits != ["0"] for bits in used)

    assert resets(None) > 0
    assert resets(initial_codes(schedule.plan)) == 0
