"""Emitted cells against their golden models, in the compiled engine."""

import numpy as np
import pytest
from small_cells import random_codes, small_gates, small_gru, small_lstm, small_update

from softgate.hdl.scheduling.clocked_schedule import predicted_clock
from softgate.hdl.targets import target
from softgate.plan.operations import Multiply
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

pytestmark = pytest.mark.tools

CASES = [
    (small_lstm, {}),
    (small_lstm, {"products": "logic", "clip": "2", "order": "iofc"}),
    (small_lstm, {"interface": "axis", "gates": "keras2", "hidden": "SQ2.6", "products": "logic"}),
    pytest.param(small_lstm, {"cell": "SQ4.5", "gate": "UQ1.3", "hidden": "SQ1.2"}, marks=pytest.mark.slow),
    (small_lstm, {"gate": "UQ0.5", "hidden": "SQ1.6", "products": "logic", "interface": "pipeline"}),
    (small_lstm, {"interface": "comb", "products": "logic"}),
    (small_lstm, {"peepholes": "z", "clip": "2"}),
    (small_lstm, {"peepholes": "SQ1.5", "order": "iofc", "products": "logic", "target": "ecp5", "frequency": 150}),
    pytest.param(
        small_lstm,
        {"peepholes": "SQ2.0", "z": "SQ2.3", "cell": "SQ3.1", "interface": "axis", "gates": "hard"},
        marks=pytest.mark.slow,
    ),
    (small_gru, {}),
    pytest.param(small_gru, {"products": "logic", "interface": "axis"}, marks=pytest.mark.slow),
    pytest.param(
        small_gru,
        {"hidden": "SQ2.6", "gate": "UQ0.5", "products": "logic", "target": "ecp5", "frequency": 150},
        marks=pytest.mark.slow,
    ),
    (small_gates, {}),
    (small_gates, {"rh": "SQ1.1", "products": "logic", "interface": "axis", "gates": "keras3"}),
    pytest.param(
        small_gates,
        {"hidden": "SQ2.5", "rh": "SQ1.7", "products": "logic", "interface": "pipeline"},
        marks=pytest.mark.slow,
    ),
    (small_update, {}),
    pytest.param(small_update, {"products": "logic", "gate": "UQ1.5", "interface": "axis"}, marks=pytest.mark.slow),
    pytest.param(
        small_update,
        {"hidden": "SQ2.6", "products": "logic", "target": "ecp5", "frequency": 150},
        marks=pytest.mark.slow,
    ),
    pytest.param(small_lstm, {"products": "logic", "target": "ecp5", "frequency": 200}, marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("make", "asked"), CASES)
def test_hardware_is_the_golden_model(make, asked):
    unit = make(**asked)
    ports = unit.hardware.ports
    built = compile_unit(unit.verilog("unit"), "unit", ports=ports, latency=unit.latency)
    columns = list(random_codes(unit, 3000).values())
    expected = unit.golden.transfers(columns)
    for stalls in (None, 1) if ports.protocol == "stream" else (None,):
        found = built.run(*columns, stalls=stalls)
        for field, want, words in zip(ports.fields("output"), expected, found, strict=True):
            np.testing.assert_array_equal(decode(words, field.width, field.signed), want)


@pytest.mark.parametrize(("make", "blocks"), [(small_lstm, 3), (small_gru, 2), (small_gates, 1), (small_update, 1)])
def test_products_are_in_blocks_where_the_clock_allows(make, blocks):
    def products(**asked):
        steps = make(target="ecp5", **asked).hardware.schedule.plan.steps
        return sum(isinstance(step.operation, Multiply) for step in steps)

    assert products(frequency=100) == blocks
    assert products(frequency=200) == 0
    assert products(frequency=100, products="logic") == 0


def test_cells_in_logic_are_built_with_a_margin():
    built = small_lstm(target="ecp5", frequency=200, products="logic").hardware.schedule
    assert predicted_clock(built, target("ecp5")) >= 208


def test_a_margin_that_the_target_does_not_keep_is_left_out():
    highest = 320  # MHz; a sum keeps some 327
    built = small_lstm(target="ecp5", frequency=highest, products="logic").hardware.schedule
    assert highest <= predicted_clock(built, target("ecp5")) < 1.04 * highest


@pytest.mark.parametrize(("family", "expected"), [("ecp5", True), ("ice40-hx8k", False)])
def test_registers_of_rows_start_with_ones_where_resets_disregard_the_enable(family, expected):
    text = small_lstm(target=family, frequency=60, products="logic").verilog("unit")
    assert ("initial kept_term0_r2 = 6'd63;" in text) == expected


def test_ports_are_in_the_order_asked_for():
    def names(**asked):
        return [field.name for field in small_lstm(**asked).hardware.ports.data("input")]

    assert names() == names(order="ifco") == ["i", "f", "g", "o", "c"]
    assert names(order="iofc") == ["i", "o", "f", "g", "c"]
    assert [field.name for field in small_lstm().hardware.ports.data("output")] == ["h", "c_next"]
