"""Schedules with an interval: no two steps take the same turn in a unit, and what cannot be had is refused."""

import pytest
from serial_plans import products, rows

from softgate.hdl.scheduling.clocked_schedule import TimingError
from softgate.hdl.scheduling.turns import schedule_in_turns
from softgate.hdl.targets import target

ECP5 = target("ecp5")


def units(schedule, part):
    """Return the units of a kind with the steps that take turns in them."""
    found = {}
    for name, unit in schedule.units.items():
        if unit.endswith(part):
            found.setdefault(unit, []).append(name)
    return list(found.values())


@pytest.mark.parametrize(("interval", "taken"), [(2, [2, 2, 2]), (3, [3, 3]), (6, [6]), (7, [6])])
def test_rows_share_as_few_units_as_the_interval_allows(interval, taken):
    schedule = schedule_in_turns(rows(), ECP5, interval)
    found = units(schedule, "_full")
    assert [len(names) for names in found] == taken
    for names in found:
        assert len({schedule.turn(schedule.stages[name]) for name in names}) == len(names)


def test_products_share_a_block():
    assert units(schedule_in_turns(products(), ECP5, 2, 100.0), "product0") == [["first", "second"]]


def test_a_step_by_itself_has_no_unit():
    assert not schedule_in_turns(products(), ECP5, 2, 300.0).units  # products in logic


def test_refusals():
    with pytest.raises(TimingError, match="frequency 1900 MHz is too high for ecp5 with interval 4; give a lower one"):
        schedule_in_turns(rows(), ECP5, 4, 1900.0)
    with pytest.raises(TimingError, match=r"latency 3 is too short for 200 MHz and interval 4, which take 1. clocks"):
        schedule_in_turns(rows(), ECP5, 4, 200.0, 3)
