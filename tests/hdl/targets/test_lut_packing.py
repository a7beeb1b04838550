from dataclasses import replace
from math import inf

import pytest
from plain_target import PLAIN
from plans_of_steps import plan_of

from softgate.hdl.targets.lut_packing import Arrival, arrival_of, unpacked
from softgate.hdl.targets.placement import longest_stage, place
from softgate.plan import operations as op

LOGIC = (
    op.Bitwise("and", "c", "d"),
    op.Bitwise("or", "s0", "e"),
    op.Bitwise("xor", "s1", "f"),
    op.Bitwise("and", "s2", "g"),
)
TABLE = tuple(range(16))


@pytest.mark.parametrize(
    ("operations", "longest"),
    [
        pytest.param(LOGIC[:3], 1.0, id="a table of four inputs"),
        pytest.param(LOGIC, 2.0, id="five inputs take two"),
        pytest.param([op.Bitwise("xor", "c", "one"), op.Bitwise("and", "s0", "d")], 1.0, id="an inverter before"),
        pytest.param([op.Add("x", "w"), op.Add("s0", "w")], 6.25, id="two sums, whose carries run side by side"),
        pytest.param([op.Add("x", "w"), op.Absolute("s0"), op.Add("s1", "w")], 13.25, id="no sum right after another"),
        pytest.param([op.Add("x", "w"), op.Select("c", "s0", "x")], 5.25, id="a selection of a sum"),
        pytest.param([op.Compare("lt", "x", "w"), op.Select("s0", "x", "w")], 7.0, id="a selection by a comparison"),
        pytest.param([op.Lookup("w3", TABLE), op.Lookup("w3", TABLE[1:]), op.Select("c", "s0", "s1")], 1.0, id="bank"),
        pytest.param([op.Lookup("w", TABLE), op.Lookup("w", TABLE[::-1]), op.Select("c", "s0", "s1")], 2.0, id="banks"),
        pytest.param([op.PartialProduct("x", "w2"), op.Select("c", "s0", "x")], 2.0, id="a row and a selection"),
        pytest.param([op.ShiftLeft("x", 3), op.Bits("s0", 1, 4), op.Concatenate("s1", "c", 1, 0)], 0.0, id="wiring"),
        pytest.param([op.Add("x", "w"), op.ShiftRight("s0", 1, 0), op.Add("s1", "w")], 6.25, id="wiring between"),
        pytest.param([op.Add("x", "w"), op.ShiftLeft("s0", 2, 0), op.Add("s1", "w")], 6.25, id="wiring up between"),
        pytest.param(
            [op.Add("x", "w"), op.Concatenate("s0", "w2", 2, 0), op.Add("s1", "w")], 6.25, id="bits below a sum"
        ),
        pytest.param(
            [op.Add("x", "w"), op.Bits("s0", 0, 2), op.Concatenate("x", "s1", 2, 0), op.Add("s2", "w")],
            6.75,
            id="bits of a sum below another value",
        ),
    ],
)  # fmt: skip
def test_what_follows_one_another(operations, longest):
    placed = place(plan_of(*operations), PLAIN, inf)
    assert (placed.count, placed.longest) == (1, longest)


@pytest.mark.parametrize(
    ("operations", "text", "adder"),
    [
        pytest.param([op.Add("x", "w"), op.AddComplemented("s0", "w", "c")], 7.25, 6.25, id="carries side by side"),
        pytest.param([op.AddComplemented("x", "w", "c"), op.Add("s0", "w")], 7.25, 6.25, id="a sum right after it"),
        pytest.param(
            [op.Add("x", "w"), op.Bits("s0", 8, 1), op.AddComplemented("x", "w", "s1")],
            9.5,
            8.5,
            id="a condition that a sum gives",
        ),
    ],
)
def test_sums_with_a_complemented_addend(operations, text, adder):
    plan = plan_of(*operations)
    assert place(plan, PLAIN, inf).longest == text
    assert place(plan, replace(PLAIN, complements_addends=True), inf).longest == adder


def test_larger_look_up_tables_take_in_more():
    assert place(plan_of(*LOGIC), replace(PLAIN, lut_inputs=6), inf).longest == 1.0


def test_an_arrival_tells_the_inputs_of_its_table():
    plan = plan_of(*LOGIC[:1])
    found = arrival_of(plan, plan.by_name["s0"], [unpacked("c", 0.5), unpacked("d")], PLAIN)
    assert found == Arrival(1.5, {("c", 0): (1, 0.5), ("d", 0): (1, 0.0)})


def test_a_constant_is_no_input_of_a_table_in_whatever_stage():
    plan = plan_of(*LOGIC[:3], op.Bitwise("xor", "s2", "one"))
    for stage in (0, 1):
        stages = {name: stage * (name[0] in "sb") for name in plan.ranges}
        assert longest_stage(plan, stages, PLAIN) == 1.0
