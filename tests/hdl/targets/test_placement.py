from dataclasses import replace
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st
from plain_target import PLAIN, WITH_BLOCKS
from plans_of_steps import plan_of
from strategies import plans

from softgate.hdl.targets import target, target_names
from softgate.hdl.targets.blocks import block_tables
from softgate.hdl.targets.delays import longest_step
from softgate.hdl.targets.placement import Arrivals, longest_stage, place
from softgate.plan import operations as op


def test_registers_cut_paths():
    plan = plan_of(op.Add("x", "w"), op.Add("s0", "w"), op.Select("c", "s1", "x"))
    stages = dict.fromkeys(plan.ranges, 0) | {"s1": 1, "s2": 1, "bit1": 1, "bit2": 2}
    assert longest_stage(plan, stages, PLAIN) == 5.25
    assert longest_stage(plan, stages | {"s2": 2}, PLAIN) == 4.25


def test_steps_are_placed_as_early_as_the_clock_allows():
    plan = plan_of(op.Add("x", "w"), op.Add("s0", "w"), op.Select("c", "s1", "x"), op.Select("d", "x", "w"))
    expected = {4.0: [0, 1, 2, 0], 4.25: [0, 1, 2, 0], 5.25: [0, 1, 1, 0], 6.25: [0, 0, 1, 0], 7.25: [0, 0, 0, 0]}
    for period, stages in expected.items():
        placed = place(plan, PLAIN, period)
        assert [placed.stages[f"s{n}"] for n in range(4)] == stages
        assert placed.count == max(stages) + 1
        assert placed.longest == longest_stage(plan, placed.stages, PLAIN) == max(period, 4.25)


def test_arrivals_that_are_kept_change_no_placement():
    plan = plan_of(op.Add("x", "w"), op.Add("s0", "w"), op.Select("c", "s1", "x"), op.Select("d", "x", "w"))
    kept = Arrivals(plan, PLAIN)
    for period in (7.25, 4.0, 6.25, 5.25, 4.25, 7.25):
        assert place(plan, PLAIN, period, arrivals=kept) == place(plan, PLAIN, period)


def test_a_step_longer_than_the_clock_has_a_stage_of_its_own():
    plan = plan_of(op.Add("x", "w"), op.Multiply("s0", "w"), op.Add("s1", "w"))
    placed = place(plan, PLAIN, 5.0)
    assert [placed.stages[name] for name in ("s0", "s1", "s2")] == [0, 1, 2]
    assert placed.longest == longest_step(plan, PLAIN) > 5.0


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


def test_selections_that_registers_make_stand_before_registers_to_be_compact():
    plan = plan_of(
        op.Add("x", "w"),
        op.Select("c", "one", "s0"),
        op.Add("s1", "w"),
        op.Bitwise("xor", "x", "w"),
        op.Select("c", "one", "s3"),  # a look-up table makes it besides
        op.Add("s4", "w"),
    )
    by_reset = replace(PLAIN, selects_by_reset=True)
    assert set(place(plan, PLAIN, inf, compact=True).stages.values()) == {0}
    assert set(place(plan, by_reset, inf).stages.values()) == {0}
    stages = place(plan, by_reset, inf, compact=True).stages
    assert [stages[f"s{number}"] for number in range(6)] == [0, 0, 1, 0, 0, 0]


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
