import pytest
from complemented import one

from softgate.hdl.scheduling.costs import FEATURES, features, predict_cost
from softgate.hdl.scheduling.schedule import Schedule, even_schedule
from softgate.hdl.targets import target, target_names
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

ENTRIES = tuple(n * n % 61 for n in range(32))
"""Six bits, each a function of five: two look-up tables of four inputs a bit."""


def looked_up(*, turned):
    """Return a plan of a table, of the input or of its ones' complement."""
    b = PlanBuilder()
    index = b.input("x", FixedFormat.parse("UQ5.0"))
    if turned:
        index = b.let("turned", op.Bitwise("xor", index, b.let("ones", op.Constant(31))))
        index = b.let("mixed", op.Bitwise("and", index, "x"))
    value = b.let("value", op.Lookup(index, ENTRIES))
    return b.build(y=(value, FixedFormat.parse("UQ6.0")))


def product():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ20.0"))
    return b.build(y=(b.let("square", op.Multiply(x, x)), FixedFormat.parse("SQ40.0")))


def test_a_table_alone():
    found = features(even_schedule(looked_up(turned=False), 1))
    assert found == {"tables": 12, "exposed": 0, "sums": 0, "logic": 0, "registers": 6}


def test_a_complemented_addend_takes_logic_unless_adders_complement_it():
    plan = one(8, kept=3)
    schedule = even_schedule(plan, 1)
    assert features(schedule)["sums"] == 9 + 5
    assert features(schedule, complements=True)["sums"] == 9
    sums = {name: predict_cost(schedule, target(name)).luts - 9 * target(name).costs["registers"] for name in SUMS}
    assert sums == pytest.approx({name: bits * target(name).costs["sums"] for name, bits in SUMS.items()})


SUMS = {"ecp5": 9, "gowin": 9, "xc7": 9, "ice40-hx8k": 9 + 5, "gatemate": 9 + 5}
"""Bits of sums that an addition of nine bits counts for."""


def test_a_table_that_logic_stands_before():
    plan = looked_up(turned=True)
    assert features(even_schedule(plan, 1)) == {"tables": 12, "exposed": 12, "sums": 0, "logic": 5, "registers": 6}
    apart = Schedule(plan, {**dict.fromkeys(plan.ranges, 0), "value": 1}, 2)
    assert features(apart)["exposed"] == 0
    assert features(apart)["registers"] == 5 + 6


def test_the_weighted_sum():
    schedule = even_schedule(looked_up(turned=True), 1)
    costs = target("ecp5").costs
    predicted = 12 * costs["tables"] + 12 * costs["exposed"] + 5 * costs["logic"] + 6 * costs["registers"]
    assert predict_cost(schedule, target("ecp5")) == (predicted, 0, 0)


def test_blocks():
    assert predict_cost(even_schedule(product(), 1), target("ecp5")).dsp == 4  # 20 bits by blocks of 18
    assert predict_cost(even_schedule(product(), 1), target("xc7")).dsp == 2
    plan = looked_up(turned=False)
    schedule = Schedule(plan, dict.fromkeys(plan.ranges, 0) | {"value": 0}, 2, frozenset({"value"}))
    cost = predict_cost(schedule, target("ecp5"))
    assert (cost.bram, features(schedule)["tables"]) == (1, 0)


def test_logic_counts_in_full_beside_block_ram():
    plan = looked_up(turned=True)
    schedule = Schedule(plan, {**dict.fromkeys(plan.ranges, 0), "value": 0}, 2, frozenset({"value"}))
    registers = features(schedule)["registers"] * target("ecp5").costs["registers"]
    assert predict_cost(schedule, target("ecp5")) == (5 + registers, 0, 1)


def test_every_target_has_its_weights():
    for name in target_names():
        assert sorted(target(name).costs) == sorted(FEATURES)
        assert all(weight >= 0 for weight in target(name).costs.values())
