from fractions import Fraction

import numpy as np
import pytest
from small_cells import every_code, random_codes, real_gates, small_gates

from softgate.accuracy.composites import find_composite

ASKED = {"z": "SQ4.8", "gate": "UQ0.12", "hidden": "SQ1.11"}


def asked(**other):
    return find_composite("gru_gates").read(**ASKED | other)


def limits(unit):
    """The promised errors, if every part takes all of its budget."""
    parts = unit.parts(unit.words())
    errors = {name: part.budget.limit * part.output_format.ulp for name, part in parts.items()}
    return {promise.name: promise.limit for promise in unit.contract(unit.words(), errors)}


@pytest.mark.parametrize(
    "other", [{}, {"rh": "SQ1.7", "update_error": "2ulp", "reset_error": "2^-6", "gates": "hard", "products": "logic"}]
)
def test_what_is_asked_round_trips(other):
    unit = asked(**other)
    assert find_composite("gru_gates").read(**unit.as_dict()) == unit


def test_the_product_has_the_format_of_the_state_unless_it_has_its_own():
    assert str(asked().outputs["rh"]) == "SQ1.11"
    assert str(asked(rh="SQ1.7").outputs["rh"]) == "SQ1.7"


def test_bounds_of_faithful_parts():
    found = limits(asked())
    assert found["update"] == 2**-12
    # An ulp of h for r, which is two of the format it is in, and half of one for rounding.
    assert found["reset"] == 2**-11 + 2**-12
    assert asked().words()["reset_bits"] == 12
    assert asked(rh="SQ1.9").words()["reset_bits"] == 10
    assert limits(asked(rh="SQ1.9"))["reset"] > 2**-9 + 2**-10  # a gate of ten bits lacks some of the logistic of 8
    assert limits(asked(hidden="SQ3.11"))["reset"] == 4 * 2**-11 + 2**-12


@pytest.mark.parametrize(("update", "reset"), [("2^-9", "2^-9"), ("3ulp", "2ulp"), ("0.01", "0.02")])
def test_parts_take_what_the_budgets_allow(update, reset):
    unit = asked(update_error=update, reset_error=reset)
    for name, fmt, budget in (("update", unit.gate, unit.update_error), ("reset", unit.rh, unit.reset_error)):
        allowed = float(budget.limit) * (float(fmt.ulp) if budget.ulp else 1)
        assert 0.9 * allowed < limits(unit)[name] <= allowed


def test_a_shortfall_is_told():
    unit = asked(reset_error="2ulp")
    contract = unit.contract(unit.words(), {"update": Fraction(1, 4096), "reset": Fraction(1, 512)})
    assert unit.shortfall(contract).endswith("more than 2ulp")


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"gates": "keras3", "gate": "UQ1.5", "rh": "SQ1.2"},
        {"z": "SQ2.3", "hidden": "SQ2.2", "rh": "SQ1.4", "reset_error": "2^-3", "update_error": "3ulp"},
    ],
)
def test_every_input_is_within_the_promises(other):
    unit = small_gates(**other)
    promised = {promise.name: promise.limit for promise in unit.contract}
    for codes in (every_code(unit, u=3), every_code(unit, r=-9), random_codes(unit, 100_000)):
        update, rh = unit.golden(**codes)
        real_u, real_rh = real_gates(unit, codes)
        assert np.abs(update * float(unit.asked.gate.ulp) - real_u).max() <= promised["update"]
        assert np.abs(rh * float(unit.asked.rh.ulp) - real_rh).max() <= promised["reset"]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"gate": "SQ1.12"}, r"gate must be unsigned with at most 1 integer bit, such as UQ0\.12, not SQ1\.12"),
        ({"gate": "UQ2.12"}, "gate must be unsigned with at most 1 integer bit"),
        ({"rh": "UQ0.8"}, r"rh must be signed, such as SQ4\.8, not UQ0\.8"),
        ({"update_error": "0.5ulp"}, "no GRU gates with these formats keep 0.5ulp for u; allow a larger error"),
        ({"reset_error": "0.5ulp"}, "no GRU gates with these formats keep 0.5ulp for r h, half an ulp of which"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.05, 0.25, 2])
def test_a_hundred_thousand_states(spread):
    unit, random = small_gates("SQ4.8", "UQ0.12", "SQ1.11"), np.random.default_rng(5)
    codes = {
        name: np.clip(np.rint(random.normal(0, spread * fmt.max_code, 100_000)), fmt.min_code, fmt.max_code)
        for name, fmt in unit.asked.inputs.items()
    }
    found = unit.golden(**{name: each.astype(np.int64) for name, each in codes.items()})
    promised = {promise.name: promise.limit for promise in unit.contract}
    update, rh = real_gates(unit, codes)
    assert np.abs(found.update / 4096 - update).max() <= promised["update"] <= 2**-12
    assert np.abs(found.rh / 2048 - rh).max() <= promised["reset"] <= 2**-11 + 2**-12
