"""Allocation of blocks, and that units with blocks compute the same."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hardware import run_golden, run_hardware
from hypothesis import given, settings
from hypothesis import strategies as st
from lowered import every_code, plan_of
from plain_target import PLAIN, WITH_BLOCKS

from softgate import design
from softgate.hdl.lowering import join_tables
from softgate.hdl.scheduling.clocked_schedule import timed_schedule
from softgate.hdl.targets import BlockRam
from softgate.hdl.targets.blocks import block_tables, products, whole_products
from softgate.hdl.unit import choose_schedule
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

TABLES = plan_of(
    op.Bits("u", 0, 6),
    op.Lookup("u", tuple(range(256))),
    op.Lookup("step0", tuple(range(64))),
    op.Add("step1", "step2"),
    u="UQ8.0",
)


@pytest.mark.parametrize(
    ("block", "period", "expected"),
    [
        (BlockRam("ram", 4096, 16, least=512, delay=5.0), 5.0, {"step1"}),
        (BlockRam("ram", 4096, 16, least=512, delay=5.0), 4.9, set()),
        (BlockRam("ram", 4096, 16, least=64 * 6, delay=5.0), 5.0, {"step1", "step2"}),
        (BlockRam("ram", 4096, 16, least=64 * 6, delay=5.0, most=2), 5.0, {"step1", "step2"}),
        (BlockRam("ram", 4096, 16, least=64 * 6, delay=5.0, most=1), 5.0, {"step1"}),
        (BlockRam("ram", 4096, 16, least=64 * 6, delay=5.0, most=0), 5.0, set()),
        # Half as many words of half the width: the larger table takes two blocks, which is one too many.
        (BlockRam("ram", 1024, 8, least=64 * 6, delay=5.0, most=1), 5.0, {"step2"}),
        (BlockRam("ram", 4096, 16, least=256 * 8 + 1, delay=5.0), 5.0, set()),
        (None, 100.0, set()),
    ],
)
def test_tables_for_block_ram(block, period, expected):
    assert block_tables(TABLES, replace(PLAIN, block_ram=block), period) == expected


THREE = plan_of(
    op.Multiply("a", "b"), op.Multiply("a", "c"), op.Multiply("step0", "step1"), a="SQ6.0", b="SQ4.0", c="UQ4.0"
)
"""Products of signed operands of 6 and 4 bits, 6 and 5, and 10 and 11."""


@pytest.mark.tools
@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (None, {"step0", "step1", "step2"}),
        (3, {"step0", "step1", "step2"}),
        (2, {"step1", "step2"}),
        (1, {"step2"}),
        (0, set()),
    ],
)
def test_the_largest_products_get_the_blocks(most, expected):
    on = WITH_BLOCKS.limited(dsp=most)
    assert whole_products(THREE, on, 6.0) == expected
    assert whole_products(THREE, on, 5.9) == set()
    for interface, options in (("comb", {}), ("pipeline", {"stages": 2}), ("pipeline", {"frequency": 80})):
        schedule = choose_schedule(THREE, interface, target="ecp5", dsp=most, **options)
        assert products(schedule.plan) == expected
        columns = [codes[::3] for codes in every_code(THREE)]
        assert run_hardware(schedule, interface, columns) == run_golden(THREE, columns)


def test_a_wide_product_takes_several_blocks():
    plan = plan_of(op.Multiply("a", "b"), op.Multiply("b", "b"), op.Add("step0", "step1"), a="SQ30.0", b="SQ16.0")
    assert whole_products(plan, WITH_BLOCKS.limited(dsp=2), 30.0) == {"step0"}
    assert whole_products(plan, WITH_BLOCKS.limited(dsp=1), 30.0) == {"step1"}


def test_where_there_are_no_multiplier_blocks_a_limit_says_nothing():
    assert whole_products(THREE, PLAIN.limited(dsp=0, bram=0), 100.0) == products(THREE)


def test_registers_lie_behind_steps_of_a_plan_without_blocks():
    schedule = choose_schedule(THREE, "pipeline", registers=["step2"], dsp=0)
    assert (schedule.latency, products(schedule.plan)) == (1, set())


def test_a_product_that_is_too_wide_for_logic_is_refused():
    operations = (op.Multiply("x", "x"), op.Multiply("step0", "step0"), op.Multiply("step1", "step1"))
    plan = plan_of(*operations, op.Bits("step2", 0, 8), x="SQ64.0")
    wanted = r"^dsp must be 2 or more, or left out, not 1: products are too wide for logic$"
    with pytest.raises(ValueError, match=wanted):
        choose_schedule(plan, "comb", dsp=1)


def joined(*tables, block, **formats):
    """Return the plan of tables by one index, joined, and its words: the entries of each, by name."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse(formats.pop("index", "UQ3.0")))
    steps = [b.let(f"t{number}", op.Lookup(x, entries, 2)) for number, entries in enumerate(tables)]
    plan = b.build(**{f"y{n}": (step, FixedFormat(b.range(step).signed, 20, 2)) for n, step in enumerate(steps)})
    found = join_tables(plan, replace(PLAIN, block_ram=block), 5.0)
    assert run_golden(found, every_code(plan)) == run_golden(plan, every_code(plan))
    assert all(found.points[name] == 2 and found.ranges[name] == plan.ranges[name] for name in steps)
    return {step.name: step.operation.table for step in found.steps if isinstance(step.operation, op.Lookup)}


RAM = BlockRam("ram", bits=64, width=8, least=16, delay=5.0)
"""Eight words of eight bits."""


def test_tables_of_one_index_share_the_words_of_a_block():
    wide, narrow = (5, -8, 7, 0, 1, 2, 3, 4), (1, 0, 3, 2, 1, 0, 3, 2)
    expected = {"x_word": (0x15, 0x08, 0x37, 0x20, 0x11, 0x02, 0x33, 0x24)}  # the narrow one above the wide one
    assert joined(wide, narrow, block=RAM) == expected
    assert joined(narrow, wide, block=RAM) == expected
    assert joined(wide, narrow, block=replace(RAM, most=1)) == expected


@pytest.mark.parametrize(
    "block",
    [
        replace(RAM, delay=5.1),  # too slow
        replace(RAM, least=49),  # together still too small
        replace(RAM, most=0),
        replace(RAM, width=4, bits=32),  # eight words of four bits: one block each
        None,
    ],
)
def test_tables_that_gain_nothing_stay_apart(block):
    assert set(joined((5, -8, 7, 0, 1, 2, 3, 4), (1, 0, 3, 2, 1, 0, 3, 2), block=block)) == {"t0", "t1"}


def test_a_table_without_room_stays_apart():
    wide, other, bit = tuple(range(24, 32)), (0, 1, 2, 3, 4, 5, 6, 7), (0, 1, 0, 1, 1, 1, 0, 0)
    found = joined(wide, other, bit, block=replace(RAM, least=40))
    assert set(found) == {"x_word", "t2"}  # five and three bits fill a word
    assert found["x_word"] == (0x18, 0x39, 0x5A, 0x7B, 0x9C, 0xBD, 0xDE, 0xFF)


def test_tables_of_other_indices_stay_apart():
    plan = join_tables(TABLES, replace(PLAIN, block_ram=BlockRam("ram", 4096, 16, least=64, delay=5.0)), 5.0)
    assert plan == TABLES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_joined_tables_hold_the_same(data):
    entries = st.integers(-64, 63)
    tables = data.draw(st.lists(st.lists(entries, min_size=8, max_size=8).map(tuple), min_size=1, max_size=4))
    block = BlockRam("ram", *data.draw(st.sampled_from([(64, 8), (128, 16), (512, 16)])), least=8, delay=5.0)
    joined(*tables, block=replace(block, most=data.draw(st.sampled_from([None, 0, 1, 2]))))


@pytest.mark.tools
def test_a_table_that_is_cut_leaves_its_block_to_another():
    """The larger table takes two blocks, of which there is one; the pieces that it is cut into are no rivals."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ8.0"))
    random = np.random.default_rng(1)
    big = b.let("big", op.Lookup(x, tuple(random.integers(0, 1 << 16, 256).tolist())))
    low = b.let("low", op.Bits(x, 0, 7))
    little = b.let("little", op.Lookup(low, tuple(random.integers(0, 1 << 16, 128).tolist())))
    plan = b.build(y=(b.let("total", op.Add(big, little)), FixedFormat.parse("UQ17.0")))
    on = replace(PLAIN, block_ram=BlockRam("ram", 2048, 16, least=1024, delay=5.0, most=1))
    schedule = timed_schedule(plan, on, 1000 / 8)
    assert schedule.blocks == {"little"}
    assert run_hardware(schedule, "pipeline", every_code(plan)) == run_golden(plan, every_code(plan))


UNITS = {
    "tanh": (("tanh", "SQ3.9", "SQ1.11"), {"degree": 1, "products": "whole"}),
    "logistic": (("logistic", "SQ4.8", "UQ0.12"), {"degree": 2, "products": "whole", "folding": "code"}),
    "last": (("tanh", "SQ3.9", "SQ1.11"), {"degree": 2, "products": "last"}),
}


@cache
def plan_of_unit(name):
    arguments, parameters = UNITS[name]
    return design(*arguments, method="polynomial", max_error="1ulp", **parameters).plan


@pytest.mark.tools
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("dsp", "bram"), [(None, None), (1, 1), (0, 1), (1, 0), (0, 0)])
@pytest.mark.parametrize(("interface", "frequency"), [("pipeline", 130), ("stream", 90)])
def test_units_with_blocks_compute_the_same(unit, dsp, bram, interface, frequency):
    plan = plan_of_unit(unit)
    schedule = choose_schedule(plan, interface, target="ecp5", frequency=frequency, dsp=dsp, bram=bram)
    assert len(products(schedule.plan)) == min(len(products(plan)), len(products(plan)) if dsp is None else dsp)
    assert len(schedule.blocks) <= (1 if bram is None else bram)
    columns = every_code(plan)
    assert run_hardware(schedule, interface, columns) == run_golden(plan, columns)


def test_the_coefficients_of_a_unit_are_one_block_ram():
    unit = design(
        "tanh", "SQ3.13", "SQ1.15", method="polynomial", degree=1, products="whole", folding="code", sharing="none"
    )
    schedule = choose_schedule(unit.plan, "pipeline", target="ecp5", frequency=130, dsp=1, bram=1)
    assert schedule.blocks == {"segment_word"}
    assert schedule.latency == 4  # address, word, product, sum
    assert products(schedule.plan) == {"p0_full"}
