"""The usual cell: its Verilog against its model, and the model against values by hand."""

import numpy as np
import pytest

from benchmarks.usual_cell import INPUTS, LATENCY, PORTS, usual_cell, verilog
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit


def codes(**given):
    return {name: np.array([given.get(name, 0)]) for name in INPUTS}


def test_values_by_hand():
    # sigmoid(0) = 1/2, and tanh is read at 3/64 for 15/256: 0.04684 * 2^11 = 96, of which a half is added to c / 2.
    found = usual_cell(codes(c=512, g=15))
    assert found["c_next"].tolist() == [256 + (2048 * 96 >> 15)]
    # c' = 262 is read at 65/64: tanh 0.76822 * 2^11 = 1573, of which h is a half.
    assert found["h"].tolist() == [1573 >> 1]


def test_states_are_limited():
    assert usual_cell(codes(c=2047, f=2047, i=2047, g=2047))["c_next"].tolist() == [2047]


@pytest.mark.tools
def test_verilog_is_the_model():
    random = np.random.default_rng(1)
    given = {name: random.integers(-2048, 2048, 5000) for name in INPUTS}
    expected = usual_cell(given)
    unit = compile_unit(verilog("usual"), "usual", ports=PORTS, latency=LATENCY)
    assert unit.measured_latency() == LATENCY
    h, state = (decode(words, 12, True) for words in unit.run(*given.values(), stalls=1))
    np.testing.assert_array_equal(h, expected["h"])
    np.testing.assert_array_equal(state, expected["c_next"])
