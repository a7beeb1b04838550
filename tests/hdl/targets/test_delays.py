from dataclasses import replace

import pytest
from plain_target import PLAIN, WITH_BLOCKS
from plans_of_steps import plan_of

from softgate.hdl.targets.delays import size, step_delay
from softgate.plan import operations as op


@pytest.mark.parametrize(
    ("operation", "delay"),
    [
        (op.Add("x", "w"), 4.25),
        (op.Subtract("x", "w"), 4.25),
        (op.AddComplemented("x", "w", "c"), 5.25),
        (op.Absolute("x"), 5.0),
        (op.Absolute("u"), 0.0),
        (op.Round("x", 3, "half_up"), 3.5),
        (op.Round("x", 3, "half_even"), 4.5),
        (op.Round("x", 5, "toward_zero"), 4.75),
        (op.Compare("lt", "x", "w"), 6.0),
        (op.Compare("gt", "x", "zero"), 6.0),
        (op.Compare("lt", "x", "zero"), 0.0),
        (op.Compare("ge", "x", "zero"), 0.0),
        (op.Compare("eq", "x", "w"), 2.0),
        (op.Compare("ne", "c", "d"), 1.0),
        (op.Clamp("x", -3, 4), 7.0),
        (op.Clamp("x", -3, 127), 7.0),
        (op.Clamp("x", -128, 127), 0.0),
        (op.Lookup("w", tuple(range(16))), 1.0),
        (op.Lookup("u6", tuple(range(64))), 4.0),
        (op.Lookup("u", tuple(range(256))), 8.0),
        (op.Lookup("one", (3, 4)), 0.0),
        (op.PartialProduct("x", "c"), 1.0),
        (op.PartialProduct("x", "w2"), 1.0),
        (op.PartialProduct("x", "digit"), 2.0),
        (op.Multiply("x", "w"), 10.25),  # five rows, of 13 bits
        (op.ShiftBy("left", "x", "w3"), 3.0),
        (op.ShiftBy("right", "x", "c"), 1.0),
        (op.LeadingZeros("u", 8), 8.0),
        (op.Select("c", "x", "w"), 1.0),
        (op.Bitwise("xor", "x", "u"), 1.0),
        (op.Bits("x", 1, 3), 0.0),
        (op.ShiftLeft("x", 3), 0.0),
        (op.ShiftRight("x", 3), 0.0),
        (op.Concatenate("x", "w", 4, 0), 0.0),
        (op.Narrow("x", -128, 100, "partition 1"), 0.0),
        (op.Constant(5), 0.0),
    ],
)
def test_steps_on_their_own(operation, delay):
    plan = plan_of(operation)
    assert step_delay(plan, plan.by_name["s0"], PLAIN) == delay


@pytest.mark.parametrize(
    ("operation", "delay"),
    [
        (op.Multiply("x", "u"), 6.0),
        (op.Multiply("long", "x"), 17.0),  # two sums of 28 bits behind the blocks
        (op.Add("x", "w"), 4.25),
        (op.Lookup("u", tuple(range(256))), 8.0),
    ],
)
def test_steps_where_there_are_blocks(operation, delay):
    plan = plan_of(operation)
    assert step_delay(plan, plan.by_name["s0"], WITH_BLOCKS) == delay


def test_adders_that_complement_an_addend_take_no_level_for_it():
    plan = plan_of(op.AddComplemented("x", "w", "c"))
    assert step_delay(plan, plan.by_name["s0"], replace(PLAIN, complements_addends=True)) == 4.25


def test_larger_look_up_tables_need_fewer_levels():
    plan = plan_of(op.Compare("eq", "x", "w"), op.PartialProduct("x", "digit"))
    six = replace(PLAIN, lut_inputs=6)
    assert [step_delay(plan, plan.by_name[name], six) for name in ("s0", "s1")] == [2.0, 2.0]


def test_size_counts_what_is_not_wiring():
    plan = plan_of(op.Add("x", "w"), op.ShiftLeft("s0", 5), op.Select("c", "x", "w"), op.Absolute("u"))
    assert size(plan) == 9 + 8
