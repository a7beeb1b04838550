"""Selections that registers make."""

import json
from dataclasses import replace

import pytest
from plans_of_steps import plan_of

from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.resets import selections_by_reset
from softgate.hdl.scheduling.schedule import register_after
from softgate.hdl.unit import choose_schedule
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.support.yosys import run_yosys


def selected(*made, registers, reader=None):
    """Return what is found in a plan of steps, the last of which a constant is selected in place of."""
    last = f"s{len(made) - 1}" if made else "x"
    steps = [*made, op.Select("c", "one", last), *([reader(f"s{len(made)}")] if reader else [])]
    schedule = register_after(plan_of(*steps), registers)
    return selections_by_reset(schedule) == {f"s{len(made)}"}


def test_selections_behind_registers_and_sums():
    assert selected(registers=["s0"])
    assert selected(op.Add("x", "w"), registers=["s1"])
    assert selected(op.AddComplemented("x", "w", "d"), registers=["s1"])
    assert selected(op.Add("x", "w"), op.ShiftRight("s0", 1, 0), registers=["s2"])
    assert selected(op.Bitwise("xor", "x", "w"), registers=["s0", "s1"])


def test_selections_that_look_up_tables_make_besides():
    assert not selected(op.Bitwise("xor", "x", "w"), registers=["s1"])
    assert not selected(op.Lookup("w", tuple(range(16))), registers=["s1"])
    assert not selected(op.Add("x", "w"), op.Bitwise("xor", "s0", "w"), registers=["s2"])


def test_selections_that_are_read_before_a_register():
    assert not selected(op.Add("x", "w"), registers=["s0"])
    assert not selected(op.Add("x", "w"), registers=["s2"], reader=lambda name: op.Add(name, "w"))
    assert selected(op.Add("x", "w"), registers=["s2"], reader=lambda name: op.ShiftRight(name, 1, 0))


def test_selections_without_a_constant_or_of_two():
    for values in (("x", "w"), ("one", "zero")):
        assert not selections_by_reset(register_after(plan_of(op.Select("c", *values)), ["s0"]))


def saturated_sum():
    b = PlanBuilder()
    x, condition = b.input("x", FixedFormat.parse("SQ8.0")), b.input("c", FixedFormat.parse("UQ1.0"))
    total = b.let("total", op.Add(x, x))
    limited = b.let("limited", op.Select(condition, b.let("limit", op.Constant(100)), total))
    return b.build(y=(limited, FixedFormat.parse("SQ9.0")))


@pytest.mark.tools
def test_synthesis_resets_a_register(tmp_path):
    schedule = choose_schedule(saturated_sum(), target="ecp5", stages=1)
    assert schedule.resets == {"limited"}
    assert not choose_schedule(saturated_sum(), target="xc7", stages=1).resets

    def look_up_tables(schedule):
        (tmp_path / "unit.v").write_text(module_text(schedule, "pipeline", "unit"))
        run_yosys("read_verilog unit.v\nsynth_ecp5 -top unit\nwrite_json unit.json\n", cwd=tmp_path)
        cells = json.loads((tmp_path / "unit.json").read_text())["modules"]["unit"]["cells"].values()
        return sum(cell["type"] == "LUT4" for cell in cells)

    assert look_up_tables(schedule) == 1  # which holds the reset back while the enable is low
    assert look_up_tables(replace(schedule, resets=frozenset())) == 8  # the sum is even
