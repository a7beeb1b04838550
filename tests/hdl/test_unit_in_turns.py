"""Hardware whose steps take turns computes what the golden model does, input after input, whatever stalls there are."""

from functools import cache

import numpy as np
import pytest
from hardware import run_golden, run_hardware
from serial_plans import products, rows

from softgate.hdl import Unit
from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.turns import schedule_in_turns
from softgate.hdl.targets import target

pytestmark = pytest.mark.tools

ECP5 = target("ecp5")
CODES = np.random.default_rng(1).permutation(256)


@cache
def schedule(interval, frequency=200.0, plan=rows):
    return schedule_in_turns(plan(), ECP5, interval, frequency)


@pytest.mark.parametrize("interface", ["pipeline", "stream"])
@pytest.mark.parametrize("interval", [2, 3, 4, 6, 7, 13])
def test_rows(interface, interval):
    # Registers start at random values: the first interval, too, has to be right.
    assert run_hardware(schedule(interval), interface, [CODES], stalls=interval) == run_golden(rows(), [CODES])


@pytest.mark.parametrize("interface", ["pipeline", "stream"])
@pytest.mark.parametrize("interval", [2, 5])
def test_products(interface, interval):
    codes = CODES[:64] % 64 - 32
    made = schedule(interval, 100.0, products)
    assert run_hardware(made, interface, [codes], stalls=1) == run_golden(products(), [codes])


def test_one_row_is_left_of_all():
    text = module_text(schedule(6), "pipeline", "unit")
    assert text.count("] rows_0_full = ") == 1
    assert "_full1" not in text


def test_bits_are_cleared_by_a_selection_that_becomes_a_reset():
    text = module_text(schedule(3), "pipeline", "unit")
    assert "? rows_0_cut[1:0] : 2'd0" in text or "? rows_0_full[3:2] : 2'd0" in text


def test_a_component_says_its_interval():
    unit = Unit(rows(), interval=4, target="ecp5", interface="stream")
    assert unit.initiation_interval == 4
    assert unit.latency == unit.schedule.latency
    unit.elaborate(None)
