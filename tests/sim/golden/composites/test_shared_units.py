"""Cells with an interval: gates and tanh of one logistic, or of a unit each."""

import numpy as np
from small_cells import every_code, small_gru, small_lstm

from softgate.plan import FixedFormat
from softgate.sim.golden.composites.shared_units import shared_functions

Z, STATE, GATE = FixedFormat.parse("SQ3.2"), FixedFormat.parse("SQ3.4"), FixedFormat.parse("UQ0.6")


def test_one_logistic_serves_all():
    functions = shared_functions({"core": lambda codes: 1000 + codes}, GATE, Z, STATE)
    codes = np.array([-3, 0, 5])
    # Its input has 3 fraction bits: those of twice a state.
    assert functions["gate"](codes).tolist() == functions["output"](codes).tolist() == [994, 1000, 1010]
    assert functions["candidate"](codes).tolist() == [1000 - 12 - 32, 1000 - 32, 1000 + 20 - 32]
    assert functions["squash"](codes).tolist() == [997 - 32, 1000 - 32, 1005 - 32]


def test_hard_gates_have_a_unit_of_their_own():
    parts = {"gate": lambda codes: 100 + codes, "tanh": lambda codes: 1000 + codes}
    functions = shared_functions(parts, GATE, Z, STATE)
    codes = np.array([-3, 5])
    assert functions["gate"](codes).tolist() == [97, 105]
    assert functions["candidate"](codes).tolist() == [1000 - 12, 1000 + 20]  # 4 fraction bits
    assert functions["squash"](codes).tolist() == [997, 1005]


def test_literal_values():
    unit = small_lstm(interval=5)
    # tanh of a gate's format without 1 is 1 - 2^-3 at most.
    found = unit.golden(i=15, f=15, g=[15, -16], o=15, c=[0, 0])
    assert found.c_next.tolist() == [3, -4]
    assert list(unit.parts) == ["core"]
    assert list(small_gru(interval=3, gates="hard").parts) == ["gate", "tanh"]


def test_intervals_compute_the_same():
    codes = every_code(small_lstm(interval=2), o=7, g=5, i=3)
    two, five = (small_lstm(interval=interval).golden(**codes) for interval in (2, 5))
    assert np.array_equal(two.h, five.h)
    assert np.array_equal(two.c_next, five.c_next)
