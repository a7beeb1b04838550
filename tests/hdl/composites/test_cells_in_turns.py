"""Emitted cells with an interval against their golden models, with and without stalls."""

import numpy as np
import pytest
from hardware import built
from small_cells import random_codes, small_gru, small_lstm

from softgate.sim.engines.bit_patterns import decode

pytestmark = pytest.mark.tools

CASES = [
    (small_lstm, {"interval": 2}),
    (small_lstm, {"interval": 5, "clip": "2", "order": "iofc"}),
    (small_lstm, {"interval": 6, "products": "logic", "gate": "UQ0.8", "cell": "SQ3.4"}),
    (small_lstm, {"interval": 7, "gates": "keras2", "products": "logic", "interface": "axis"}),
    (small_lstm, {"interval": 5, "gate": "UQ1.3", "hidden": "SQ1.2", "cell": "SQ4.5", "products": "logic"}),
    (small_gru, {"interval": 3}),
    (small_gru, {"interval": 4, "products": "logic", "hidden": "SQ2.6", "gate": "UQ0.5"}),
]


def differences(unit, text, transfers=300):
    """Return how many results differ from those of the golden model, without and with stalls."""
    ports = unit.hardware.ports
    module = built(text, "unit", ports=ports, latency=unit.latency)
    columns = list(random_codes(unit, transfers).values())
    expected, count = unit.golden.transfers(columns), 0
    for stalls in (None, 1):
        found = module.run(*columns, stalls=stalls)
        for field, want, words in zip(ports.fields("output"), expected, found, strict=True):
            count += np.count_nonzero(decode(words, field.width, field.signed) != want)
    return count


@pytest.mark.parametrize(("make", "asked"), CASES)
def test_hardware_is_the_golden_model(make, asked):
    unit = make(**asked)
    assert differences(unit, unit.verilog("unit")) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("core0_x_operand4 <= turn[2] ? state_y_r1 : 5'd0;", "core0_x_operand4 <= state_y_r1;"),
        ("core0_x_operand3 <= turn[1] ? o_waits3", "core0_x_operand3 <= turn[1] ? o_waits2"),
        ("if (advance & turn[3]) kept_y_waits1 <=", "if (advance & turn[2]) kept_y_waits1 <="),
    ],
    ids=["a state that is not cleared", "an operand of the next element", "a product read a clock early"],
)
def test_wrong_turns_are_found(old, new):
    unit = small_lstm(interval=5)
    text = unit.verilog("unit")
    assert text.count(old) == 1, text
    assert differences(unit, text.replace(old, new)) > 0


@pytest.mark.parametrize(
    ("make", "interval", "units"),
    [
        (small_lstm, 2, {"core": 3, "product": 2}),
        (small_lstm, 4, {"core": 2, "product": 1}),
        (small_lstm, 5, {"core": 1, "product": 1}),
        (small_gru, 2, {"core": 2, "product": 1}),
        (small_gru, 3, {"core": 1, "product": 1}),
    ],
)
def test_units_follow_from_the_interval(make, interval, units):
    hardware = make(interval=interval).hardware
    names = {hardware.turns.unit(task.name) for task in hardware.turns.tasks if task.kind}
    assert names == {f"{kind}{number}" for kind, count in units.items() for number in range(count)}
    assert hardware.interval == interval
    assert hardware.timing == f"an element every {interval} clocks, latency {hardware.latency}"


@pytest.mark.parametrize(("make", "intervals"), [(small_lstm, (8, 11, 32)), (small_gru, range(5, 33, 3))])
def test_every_interval_has_a_schedule(make, intervals):
    for interval in intervals:
        hardware = make(interval=interval, products="logic").hardware
        assert len({hardware.turns.unit(task.name) for task in hardware.turns.tasks if task.kind}) == 2


def test_products_are_in_blocks_where_the_clock_allows():
    def multiplies(**asked):
        text = small_lstm(interval=5, target="ecp5", gate="UQ0.8", **asked).verilog()
        return text.count(" * ")

    assert multiplies(frequency=100) == 1
    assert multiplies(frequency=200) == 0
    assert multiplies(frequency=100, products="logic") == 0
