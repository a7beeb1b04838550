from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_target import PLAIN, WITH_BLOCKS
from strategies import plans

from softgate.hdl.targets import target, target_names
from softgate.hdl.targets.blocks import block_tables
from softgate.hdl.targets.delays import longest_stage, longest_step, place, size, step_delay
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op


def plan_of(*operations):
    """Return a plan of these operations, called s0, s1 and so on.

    They are of inputs x (8 bits, signed), long (20, signed), u (8) and w (4, both unsigned) and five single bits, and
    of some steps that take no time; every one is an output, of which only the lowest bits matter here.
    """
    b = PlanBuilder()
    ports = {"x": "SQ8.0", "long": "SQ20.0", "u": "UQ8.0", "w": "UQ4.0", **dict.fromkeys("cdefg", "UQ1.0")}
    for name, fmt in ports.items():
        b.input(name, FixedFormat.parse(fmt))
    b.let("zero", op.Constant(0))
    b.let("one", op.Constant(1))
    b.let("w2", op.Bits("w", 0, 2))
    b.let("w3", op.Bits("w", 0, 3))
    b.let("u6", op.Bits("u", 0, 6))
    b.let("digit", op.Narrow("w3", 0, 4, "partition 1"))
    for number, operation in enumerate(operations):
        b.let(f"s{number}", operation)
    lowest = {f"y{n}": (b.let(f"bit{n}", op.Bits(f"s{n}", 0, 1)), FixedFormat(False, 1, 0)) for n in range(number + 1)}
    return b.build(**lowest)


@pytest.mark.parametrize(
    ("operation", "delay"),
    [
        (op.Add("x", "w"), 4.25),
        (op.Subtract("x", "w"), 4.25),
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


def test_larger_look_up_tables_take_in_more():
    plan = plan_of(op.Compare("eq", "x", "w"), op.PartialProduct("x", "digit"))
    six = replace(PLAIN, lut_inputs=6)
    assert [step_delay(plan, plan.by_name[name], six) for name in ("s0", "s1")] == [2.0, 2.0]
    assert place(plan_of(*LOGIC), six, inf).longest == 1.0


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


def test_registers_cut_paths():
    plan = plan_of(op.Add("x", "w"), op.Add("s0", "w"), op.Select("c", "s1", "x"))
    stages = dict.fromkeys(plan.ranges, 0) | {"s1": 1, "s2": 1, "bit1": 1, "bit2": 2}
    assert longest_stage(plan, stages, PLAIN) == 5.25
    assert longest_stage(plan, stages | {"s2": 2}, PLAIN) == 4.25


def test_a_constant_is_no_input_of_a_table_in_whatever_stage():
    plan = plan_of(*LOGIC[:3], op.Bitwise("xor", "s2", "one"))
    for stage in (0, 1):
        stages = {name: stage * (name[0] in "sb") for name in plan.ranges}
        assert longest_stage(plan, stages, PLAIN) == 1.0


def test_steps_are_placed_as_early_as_the_clock_allows():
    plan = plan_of(op.Add("x", "w"), op.Add("s0", "w"), op.Select("c", "s1", "x"), op.Select("d", "x", "w"))
    expected = {4.0: [0, 1, 2, 0], 4.25: [0, 1, 2, 0], 5.25: [0, 1, 1, 0], 6.25: [0, 0, 1, 0], 7.25: [0, 0, 0, 0]}
    for period, stages in expected.items():
        placed = place(plan, PLAIN, period)
        assert [placed.stages[f"s{n}"] for n in range(4)] == stages
        assert placed.count == max(stages) + 1
        assert placed.longest == longest_stage(plan, placed.stages, PLAIN) == max(period, 4.25)


def test_a_step_longer_than_the_clock_has_a_stage_of_its_own():
    plan = plan_of(op.Add("x", "w"), op.Multiply("s0", "w"), op.Add("s1", "w"))
    placed = place(plan, PLAIN, 5.0)
    assert [placed.stages[name] for name in ("s0", "s1", "s2")] == [0, 1, 2]
    assert placed.longest == longest_step(plan, PLAIN) > 5.0


def test_size_counts_what_is_not_wiring():
    plan = plan_of(op.Add("x", "w"), op.ShiftLeft("s0", 5), op.Select("c", "x", "w"), op.Absolute("u"))
    assert size(plan) == 9 + 8


TABLES = plan_of(op.Lookup("u", tuple(range(256))), op.Lookup("u6", tuple(range(64))), op.Add("s0", "s1"))


def test_tables_that_read_tables_stand_between_registers_to_be_compact():
    chain = (
        op.Lookup("w2", (0, 1, 1, 0)),
        op.Lookup("w3", (0, 1, 1, 1, 0, 1, 0, 0)),
        op.Concatenate("s0", "s1", 1, 0),
        op.Lookup("s2", (1, 0, 0, 1)),  # reads two
        op.Concatenate("s3", "c", 1, 0),  # wiring needs no registers
        op.Bitwise("xor", "s3", "d"),
        op.Lookup("w2", (1, 0, 0, 0)),  # read by no table
        op.Bitwise("xor", "s6", "e"),
    )
    plan = plan_of(*chain)
    stages = place(plan, PLAIN, inf).stages
    assert [stages[f"s{number}"] for number in range(8)] == [0] * 8
    stages = place(plan, PLAIN, inf, compact=True).stages
    assert [stages[f"s{number}"] for number in range(8)] == [0, 0, 0, 1, 1, 2, 0, 0]


def test_a_block_ram_is_read_a_clock_later():
    assert longest_step(TABLES, WITH_BLOCKS) == 8.0
    assert longest_step(TABLES, WITH_BLOCKS, {"s0"}) == 4.25
    placed = place(TABLES, WITH_BLOCKS, 10.0, {"s0"})
    assert [placed.stages[name] for name in ("s0", "s1", "s2")] == [0, 0, 1]
    assert placed.longest == 5.0 + 4.25
    placed = place(TABLES, WITH_BLOCKS, 5.0, {"s0"})
    assert [placed.stages[name] for name in ("s0", "s1", "s2")] == [0, 0, 2]
    assert placed.longest == 5.0


def test_a_block_ram_takes_its_time_whoever_reads_it():
    alone = plan_of(op.Lookup("u", tuple(range(256))))
    assert longest_stage(alone, dict.fromkeys(alone.ranges, 0), WITH_BLOCKS, {"s0"}) == 5.0


def fewest_stages(plan, on, period, blocks, most):
    """Return the fewest stages, below `most`, in which no stage is too long; None where there are none. Tries all."""
    names = [step.name for step in plan.steps if step.operation.operands]
    found = None

    def assign(stages, left):
        nonlocal found
        limit = most if found is None else found
        if not left:
            if longest_stage(plan, stages, on, blocks) <= period:
                found = max(stages.values()) + 1
            return
        operands = plan.by_name[left[0]].operation.operands
        earliest = max(stages[name] + (name in blocks) for name in operands)
        for stage in range(earliest, limit - 1):
            assign(stages | {left[0]: stage}, left[1:])

    assign(dict.fromkeys(set(plan.ranges) - set(names), 0), names)
    return found


@settings(max_examples=120)
@given(plans(max_steps=4), st.sampled_from([PLAIN, WITH_BLOCKS, *map(target, target_names())]), st.floats(1, 3))
def test_no_placement_has_fewer_stages(plan, on, share):
    blocks = block_tables(plan, replace(on, block_ram=on.block_ram and replace(on.block_ram, least=8)), inf)
    period = share * max(longest_step(plan, on, blocks), on.block_ram.delay if on.block_ram else 0, 0.1)
    placed = place(plan, on, period, blocks)
    assert placed.longest == longest_stage(plan, placed.stages, on, blocks) <= period * (1 + 1e-6)
    if placed.count > 1:
        assert fewest_stages(plan, on, period, blocks, placed.count) is None
