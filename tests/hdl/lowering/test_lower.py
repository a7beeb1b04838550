"""Lowered plans compute the same: random ones, and each operation at its borders."""

from functools import cache
from itertools import product

import pytest
from hardware import corner_columns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lowered import corners, lowered, output_of, plan_of
from plain_target import PLAIN, WITH_BLOCKS
from strategies import MODES, RELATIONS, plans

from softgate import design
from softgate.hdl.lowering import lower
from softgate.hdl.targets import target, target_names
from softgate.hdl.targets.delays import longest_step, step_delay
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

TARGETS = [PLAIN, WITH_BLOCKS, WITH_BLOCKS.limited(dsp=1, bram=1), *map(target, target_names())]


def check_random_plan(plan, on, stage, seed):
    lowered(plan, on, stage, corner_columns(plan, seed))


SEEDS = st.integers(0, 1 << 32)
STAGE_LENGTHS = st.one_of(st.sampled_from([0.0, 3.0]), st.floats(0, 12))
RANDOM = given(plans(), st.sampled_from(TARGETS), STAGE_LENGTHS, SEEDS)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@RANDOM
def test_random_plans(plan, on, stage, seed):
    check_random_plan(plan, on, stage, seed)


@pytest.mark.slow
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@RANDOM
def test_many_random_plans(plan, on, stage, seed):
    check_random_plan(plan, on, stage, seed)


def test_what_lowering_finds_to_be_positive_has_no_sign():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ1.0"))
    one = b.let("one", op.Compare("le", x, x))  # lowered, it is known to be 1
    y = b.let("absolute", op.Absolute(b.let("total", op.Add(x, one))))
    lowered(b.build(y=(y, FixedFormat.parse("UQ1.0"))), PLAIN, 0.0)


UNITS = {
    "taylor": (("tanh", "SQ3.5", "SQ1.7"), {"method": "taylor", "degree": 2, "segments": 8}),
    "about_zero": (("logistic", "SQ4.4", "UQ0.8"), {"method": "taylor", "degree": 5, "segments": 1}),
    "table": (("tanh", "SQ3.5", "SQ1.7"), {"method": "taylor", "degree": 0, "segments": 64}),
    "hard": (("hard_logistic", "SQ4.4", "UQ0.8"), {"variant": "keras3"}),
}


@cache
def plan_of_unit(name):
    arguments, parameters = UNITS[name]
    return design(*arguments, **parameters).plan


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("on", TARGETS, ids=lambda on: on.name)
@pytest.mark.parametrize("stage", [0.0, 2.5, 3.5, 5.0, 8.0])
def test_units_on_every_input(unit, on, stage):
    lowered(plan_of_unit(unit), on, stage)


def test_what_fits_stays_as_it_is():
    plan = plan_of(op.Multiply("x", "x"), op.Round("step0", 4, "half_even"), op.Absolute("x"), x="SQ8.0")
    assert lower(plan, WITH_BLOCKS, 20.0) == plan


def test_what_cannot_be_cut_stays_whole():
    plan = plan_of(op.LeadingZeros("x", 9), x="UQ8.0")
    assert lowered(plan, PLAIN, 1.0) == plan


def test_parts_keep_out_of_the_way_of_other_names():
    b = PlanBuilder()
    x = b.input("y_low", FixedFormat.parse("SQ8.0"))
    b.let("constant_1", op.Bits(x, 0, 3))
    total = b.let("y", op.Add(x, b.let("y_left", op.Add(x, "constant_1"))))
    plan = b.build(y_high=(total, FixedFormat.parse("SQ16.0")), y_high_=("y_left", FixedFormat.parse("SQ16.0")))
    found = lowered(plan, PLAIN, PLAIN.delays.add(4))
    assert longest_step(found, PLAIN) == PLAIN.delays.add(4)
    assert {"y_low_", "y_high__", "y_left_"} <= set(found.by_name)


STAGES = [pytest.param(0.0, id="nothing fits"), pytest.param(PLAIN.delays.add(4), id="four bits fit")]
LIMITS = [-40, -33, -32, -17, -16, -15, -8, -7, -1, 0, 1, 2, 7, 8, 15, 16, 17, 30, 31, 32, 33, 64]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fmt", ["SQ5.0", "UQ5.0", "SQ6.0", "SQ7.0", "UQ7.0", "SQ1.0", "UQ1.0"])
def test_limits_within_at_and_outside_the_range(fmt, stage):
    for low, high in product(LIMITS, LIMITS):
        if low <= high:
            lowered(plan_of(op.Clamp("x", low, high), x=fmt), PLAIN, stage)


@pytest.mark.parametrize("low", [-(1 << 40), -1000, -1 << 63, 5])
@pytest.mark.parametrize("high", [1 << 40, 1000, (1 << 63) - 1, 6])
@pytest.mark.parametrize("fmt", ["SQ64.0", "UQ64.0"])
def test_wide_limits(low, high, fmt):
    about = [limit + more for limit in (low, high) for more in (-1, 0, 1)]
    plan = plan_of(op.Clamp("x", low, high), x=fmt)
    _, ((_, held),) = plan.outputs, plan.inputs
    codes = [code for code in (*about, held.min_code, held.max_code, 0) if held.min_code <= code <= held.max_code]
    found = lowered(plan, PLAIN, PLAIN.delays.add(8), [codes])
    assert longest_step(found, PLAIN) <= PLAIN.delays.add(8)


def test_limits_compare_no_more_bits_than_matter():
    """Whether a code is below -1024 or above 1023 is a matter of its five highest bits."""
    found = lowered(plan_of(op.Clamp("x", -1024, 1023), x="SQ14.0"), PLAIN, 100.0)
    assert not any(isinstance(step.operation, op.Compare | op.Subtract) for step in found.steps)
    tables = [step for step in found.steps if isinstance(step.operation, op.Lookup)]
    assert [len(step.operation.table) for step in tables] == [16, 16]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fmt", ["SQ6.0", "UQ6.0", "SQ2.0", "UQ1.0", "SQ1.0"])
def test_rounding_of_every_code(fmt, mode, stage):
    for bits in range(1, 9):
        lowered(plan_of(op.Round("x", bits, mode), x=fmt), PLAIN, stage)


@pytest.mark.parametrize("bits", [1, 2, 31, 63, 64, 100, 256])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fmt", ["SQ64.0", "UQ64.0"])
def test_rounding_of_wide_codes(fmt, mode, bits):
    plan = plan_of(op.Round("x", bits, mode), x=fmt)
    half = 1 << (bits - 1)
    ties = [[code for code in (half, half - 1, half + 1, 3 * half, -half, -3 * half) if code in op.Input(held).range()]
            for _, held in plan.inputs]  # fmt: skip
    columns = [ties + corner for ties, corner in zip(ties, corners(plan), strict=True)]
    lowered(plan, PLAIN, PLAIN.delays.add(8), columns)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_comparisons_of_every_pair_of_codes(relation, stage):
    formats = ["SQ1.0", "UQ1.0", "SQ2.0", "SQ4.0", "UQ4.0", "UQ5.0"]
    for left, right in product(formats, formats):
        lowered(plan_of(op.Compare(relation, "a", "b"), a=left, b=right), PLAIN, stage)
    lowered(plan_of(op.Compare(relation, "a", "a"), a="SQ4.0"), PLAIN, stage)


@pytest.mark.parametrize("relation", sorted(RELATIONS))
@pytest.mark.parametrize(("left", "right"), list(product(["SQ64.0", "UQ64.0", "SQ20.0"], ["SQ64.0", "UQ64.0"])))
def test_comparisons_of_64_bits(relation, left, right):
    plan = plan_of(op.Compare(relation, "a", "b"), a=left, b=right)
    columns = corners(plan)
    held = [op.Input(fmt).range() for _, fmt in plan.inputs]
    about = (0, -1, 1 << 40, -(1 << 63), 1 << 63, (1 << 64) - 1)
    near = [(code + more, code + other) for code in about for more in (0, 1) for other in (0, 1)]
    for pair in near:  # equal, or apart by one
        if all(code in each for code, each in zip(pair, held, strict=True)):
            columns = [[*column, code] for column, code in zip(columns, pair, strict=True)]
    found = lowered(plan, PLAIN, PLAIN.delays.add(8), columns)
    if relation not in ("eq", "ne"):
        assert longest_step(found, PLAIN) <= PLAIN.delays.add(8)


@pytest.mark.parametrize("relation", sorted(RELATIONS))
@pytest.mark.parametrize("constant", [-9, -8, -1, 0, 1, 7, 8])
def test_comparisons_with_constants(relation, constant):
    for order in (("x", "c"), ("c", "x")):
        b = PlanBuilder()
        b.input("x", FixedFormat.parse("SQ1.3"))
        b.let("c", op.Constant(constant, 3))
        lowered(output_of(b, b.let("step0", op.Compare(relation, *order))), PLAIN, 0.0)


@pytest.mark.parametrize("direction", ["left", "right"])
@pytest.mark.parametrize("amount", ["UQ1.0", "UQ2.0", "UQ3.0", "UQ0.4"])
@pytest.mark.parametrize("source", ["SQ5.0", "UQ5.0", "SQ1.0", "SQ2.3"])
def test_shifts_by_every_amount(direction, amount, source):
    found = lowered(plan_of(op.ShiftBy(direction, "x", "n"), x=source, n=amount), PLAIN, 0.5)
    assert not any(isinstance(step.operation, op.ShiftBy) for step in found.steps)
    assert longest_step(found, PLAIN) == 1.0


@pytest.mark.parametrize("direction", ["left", "right"])
def test_shifts_by_amounts_that_are_limited(direction):
    shift = op.ShiftBy(direction, "x", "step0")
    lowered(plan_of(op.Clamp("n", 2, 5), shift, x="SQ5.0", n="UQ3.0"), PLAIN, 0.5)
    lowered(plan_of(op.Clamp("n", 100, 256), shift, op.Bits("step1", 250, 20), x="SQ5.0", n="UQ9.0"), PLAIN, 0.5)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("width", range(1, 9))
def test_magnitudes_of_every_code(width, stage):
    lowered(plan_of(op.Absolute("x"), x=f"SQ{width}.0"), PLAIN, stage)
    lowered(plan_of(op.Absolute("x"), x=f"UQ{width}.0"), PLAIN, stage)


@pytest.mark.parametrize("stage", [0.0, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("low", [0, 1, 3, 4, 7, 8, 15, 16, 31, 32])
def test_tables_whose_index_begins_and_ends_anywhere(low, stage):
    """Parts of a table of one bit of the index, of four, of five, and of six."""
    for high in (*range(low, low + 4), 47, 62, 63):
        for beyond in (0, 1, 40):
            table = tuple((37 * entry) % 101 - 50 for entry in range(high + 1 + beyond))
            plan = plan_of(op.Clamp("x", low, high), op.Lookup("step0", table, 3), x="UQ6.0")
            found = lowered(plan, PLAIN, stage)
            tables = [s for s in found.steps if isinstance(s.operation, op.Lookup) and s.name.startswith("step1")]
            assert tables
            assert all(step_delay(found, each, PLAIN) <= max(stage, 1.0) for each in tables)


def test_parts_of_tables_say_what_they_hold():
    found = lowered(plan_of(op.Lookup("x", tuple(range(64))), x="UQ6.0"), PLAIN, 1.0)
    parts = [step.note for step in found.steps if isinstance(step.operation, op.Lookup)]
    assert parts == [f"entries from {start} on" for start in (0, 16, 32, 48)]


@pytest.mark.parametrize(("stage", "whole"), [(5.0, True), (4.9, False)])
def test_a_table_in_block_ram_stays_whole(stage, whole):
    plan = plan_of(op.Lookup("x", tuple(range(256))), x="UQ8.0")
    assert (lowered(plan, WITH_BLOCKS, stage) == plan) is whole


@pytest.mark.parametrize(("stage", "whole"), [(6.0, True), (5.9, False)])
def test_a_product_in_a_multiplier_block_stays_whole(stage, whole):
    plan = plan_of(op.Multiply("x", "z"), x="SQ4.0", z="SQ5.0")
    assert (lowered(plan, WITH_BLOCKS, stage) == plan) is whole
