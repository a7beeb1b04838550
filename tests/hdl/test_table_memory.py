"""Tables longer than their index, entries that nothing reads, and where synthesis is to put a table."""

import re

import pytest
from hardware import run_hardware

from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.schedule import Schedule, even_schedule
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

parse = FixedFormat.parse


@pytest.mark.tools
@pytest.mark.parametrize("entries", [4, 5, 9])
def test_a_table_longer_than_its_index(entries):
    b = PlanBuilder()
    index = b.input("x", parse("UQ2.0"))
    plan = b.build(y=(b.let("entry", op.Lookup(index, tuple(range(-3, entries - 3)))), parse("SQ5.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 1, 3]]) == [[-3, -2, 0]]


@pytest.mark.tools
def test_a_table_with_wider_entries_before_the_lowest_index():
    b = PlanBuilder()
    index = b.let("index", op.Clamp(b.input("x", parse("UQ2.0")), 2, 3))
    plan = b.build(y=(b.let("entry", op.Lookup(index, (-100, 90, 1, 2))), parse("UQ2.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 1, 2, 3]]) == [[1, 1, 1, 2]]


def test_entries_that_are_not_read_are_unlike_the_last_in_every_bit_that_varies():
    """Of a table without them, the upper half might be constant, which makes a synchronous reset of a register."""
    b = PlanBuilder()
    x = b.let("index", op.Clamp(b.input("x", parse("UQ3.0")), 0, 4))
    plan = b.build(y=(b.let("looked_up", op.Lookup(x, (0b1001, 0b1011, 0b1101, 0b1001, 0b1101))), parse("UQ4.0")))
    text = module_text(even_schedule(plan, 1), "pipeline", "unit")
    entries = [int(value, 16) for value in re.findall(r"looked_up_\w*\[ *\d+\] = 4'h(\w);", text)]
    assert entries == [0b1001, 0b1011, 0b1101, 0b1001, 0b1101] + [0b1011] * 3


@pytest.mark.parametrize(
    ("index_bits", "latency", "in_block", "styles"),
    [
        (6, 1, False, []),  # 64 entries of 15 bits: no synthesis would put them into block RAM
        (7, 1, False, ["logic"]),
        (7, 0, False, []),  # without registers there is no block RAM to be had
        (6, 1, True, ["block"]),
    ],
)
def test_where_synthesis_is_to_put_a_table(index_bits, latency, in_block, styles):
    b = PlanBuilder()
    x = b.input("x", parse(f"UQ{index_bits}.0"))
    entries = tuple((1 << 14) + 37 * index * index % 16384 for index in range(1 << index_bits))
    plan = b.build(y=(b.let("entry", op.Lookup(x, entries)), parse("UQ16.0")))
    schedule = Schedule(plan, {"x": 0, "entry": 0}, latency, frozenset({"entry"} if in_block else ()))
    text = module_text(schedule, "pipeline" if latency else "comb", "unit")
    assert re.findall(r'rom_style = "(\w+)"', text) == styles
