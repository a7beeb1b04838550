"""Cells with an interval: one unit as good as its most exacting use, and bounds that every input keeps."""

from fractions import Fraction

import numpy as np
import pytest
from small_cells import every_code, random_codes, real_gru, real_lstm, small_gru, small_lstm

from softgate.accuracy.composites import find_composite
from softgate.accuracy.composites.shared_units import SharedUnits
from softgate.plan import FixedFormat

ASKED = {"z": "SQ4.8", "gate": "UQ0.12", "cell": "SQ4.8", "hidden": "SQ1.11", "interval": 5}
ULP = Fraction(1, 4096)


def asked(**other):
    return find_composite("lstm_cell").read(**ASKED | other)


def limits(unit):
    parts = unit.parts(unit.words())
    errors = {name: part.budget.limit * part.output_format.ulp for name, part in parts.items()}
    return {promise.name: promise.limit for promise in unit.contract(unit.words(), errors)}


def test_one_part_with_the_tightest_budget():
    unit = asked()
    (core,) = unit.parts(unit.words()).values()
    assert (core.function, str(core.input_format), str(core.output_format)) == ("logistic", "SQ5.8", "UQ0.12")
    assert core.budget.limit == 1
    found = limits(unit)
    # As with interval 1: 8 for f, 1 + 2^-11 for i, 2 for g, and the rounding.
    assert found["cell"] == float(ULP * (8 + 1 + Fraction(1, 2048) + 2) + Fraction(1, 512))
    assert found["cell"] <= 0.0047
    assert found["hidden"] <= 0.006


def test_a_small_budget_of_h_is_that_of_the_unit():
    loose, tight = asked(max_error="2^-5"), asked(max_error="2^-5", hidden_error="0.0322")
    steps = [unit.words()["gate_steps"] for unit in (loose, tight)]
    assert steps[0] == 4 * 64  # o within 2ulp of h
    assert steps[1] < steps[0]
    assert limits(tight)["hidden"] <= 0.0322


@pytest.mark.parametrize(
    ("gate", "error", "expected"),
    [
        ("UQ0.12", ULP, 2 * ULP),  # the gap, of 1 ulp, is no more than the error
        ("UQ0.12", ULP / 2, 2 * ULP),  # nor does it become less
        ("UQ0.12", 2 * ULP, 4 * ULP),
        ("UQ0.12", Fraction(9, 8) * ULP, 3 * ULP),  # 1 ulp below the largest code, and half an ulp to the function
        ("UQ1.12", Fraction(9, 8) * ULP, Fraction(9, 4) * ULP),  # which holds 1
    ],
)
def test_the_error_of_tanh(gate, error, expected):
    z = FixedFormat.parse("SQ5.8")
    units = SharedUnits("soft", z, FixedFormat.parse(gate), (z,))
    assert float(units.tanh_error(error)) == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize("other", [{}, {"gates": "keras2", "clip": "2"}, {"gate": "UQ1.4", "hidden": "SQ2.4"}])
def test_every_input_is_within_the_promises(other):
    unit = small_lstm(interval=5, **other)
    promised = {promise.name: promise.limit for promise in unit.contract}
    cell, hidden = float(unit.asked.cell.ulp), float(unit.asked.hidden.ulp)
    for codes in (every_code(unit, o=7, g=5), random_codes(unit, 100_000)):
        h, c_next = unit.golden(**codes)
        real_h, real_c = real_lstm(unit, codes)
        stored_h, _ = real_lstm(unit, codes, stored=c_next)
        assert np.abs(c_next * cell - real_c).max() <= promised["cell"]
        assert np.abs(h * hidden - real_h).max() <= promised["hidden"]
        assert np.abs(h * hidden - stored_h).max() <= promised["stored"]


def test_every_input_of_a_gru_is_within_the_promise():
    unit = small_gru(interval=3)
    codes = random_codes(unit, 200_000)
    off = unit.golden(**codes).h_next * float(unit.asked.hidden.ulp) - real_gru(unit, codes)
    (promise,) = unit.contract
    assert np.abs(off).max() <= promise.limit


@pytest.mark.parametrize(
    ("interval", "kind", "message"),
    [
        (0, ValueError, "interval must be from 1 to 32 clocks, not 0"),
        (-2, ValueError, "interval must be from 1 to 32 clocks, not -2"),
        (33, ValueError, "interval must be from 1 to 32 clocks, not 33"),
        ("5", TypeError, "interval must be an integer, not '5'"),
        (2.0, TypeError, r"interval must be an integer, not 2\.0"),
        (True, TypeError, "interval must be an integer, not True"),
    ],
)
def test_refused_intervals(interval, kind, message):
    with pytest.raises(kind, match=message):
        asked(interval=interval)


@pytest.mark.parametrize("interface", ["comb", "pipeline"])
def test_refused_interfaces(interface):
    with pytest.raises(ValueError, match=f"needs an interface with ready, stream or axis, not {interface}"):
        small_gru(interval=3, interface=interface)


def test_formats_that_differ_too_much():
    with pytest.raises(ValueError, match=r"SQ4\.16 and SQ10\.10 needs at most 21 bits, not 27"):
        asked(z="SQ4.16", cell="SQ10.10").words()
