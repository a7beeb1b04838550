"""Sums of rows become accumulations that compute the same, in chains of no more rows than the interval has clocks."""

import numpy as np
import pytest
from serial_plans import products, rows

from softgate.hdl.lowering import rows_in_turns
from softgate.hdl.targets import target
from softgate.plan import operations as op
from softgate.sim.golden.model import golden

ECP5 = target("ecp5")


@pytest.mark.parametrize("digits", [2, 3, 5])
@pytest.mark.parametrize("interval", [2, 3, 8])
def test_the_plan_computes_the_same(digits, interval):
    plan = rows(digits)
    serial, _ = rows_in_turns(plan, ECP5, interval)
    codes = np.arange(1 << 2 * digits + 2)
    assert golden(serial)(codes).tolist() == golden(plan)(codes).tolist()


@pytest.mark.parametrize(("interval", "lengths"), [(2, [2, 1, 2, 1]), (3, [3, 3]), (8, [3, 3])])
def test_chains_are_no_longer_than_the_interval(interval, lengths):
    _, chains = rows_in_turns(rows(), ECP5, interval)
    assert [chain.busy for chain in chains] == lengths
    assert {chain.kind for chain in chains} == {"rows_"}


def test_rows_follow_each_other_and_are_alike():
    serial, chains = rows_in_turns(rows(), ECP5, 4)
    chain = chains[1]
    clocks = {part: [clock for each, clock in chain.parts.values() if each == part] for part in ("full", "row", "sum")}
    assert clocks == {"full": [0, 1, 2], "row": [0, 1, 2], "sum": [1, 2, 3]}
    taken = [serial.by_name[name].operation for name, (part, _) in chain.parts.items() if part == "full"]
    assert {operation.source for operation in taken} == {taken[0].source}
    assert [operation.digit for operation in taken] == ["field0", "field1", "field2"]


def test_carries_are_added_at_the_beginning():
    serial, _ = rows_in_turns(rows(), ECP5, 4)
    assert serial.by_name["c1_sum2_carries"].operation == op.ShiftLeft("carry", 1, 0)


def test_nothing_else_changes():
    assert rows_in_turns(products(), ECP5, 4) == (products(), ())
