from fractions import Fraction

import numpy as np
import pytest
from small_cells import every_code, random_codes, real_gru, small_gru

from softgate.accuracy.composites import find_composite

ASKED = {"z": "SQ4.8", "gate": "UQ0.12", "hidden": "SQ1.11"}


def asked(**other):
    return find_composite("gru_cell").read(**ASKED | other)


def limit(unit):
    """The promised error, if every part takes all of its budget."""
    parts = unit.parts(unit.words())
    errors = {name: part.budget.limit * part.output_format.ulp for name, part in parts.items()}
    (promise,) = unit.contract(unit.words(), errors)
    return promise.limit


@pytest.mark.parametrize("other", [{}, {"max_error": "2^-6", "gates": "hard", "products": "logic"}])
def test_what_is_asked_round_trips(other):
    unit = asked(**other)
    assert find_composite("gru_cell").read(**unit.as_dict()) == unit


def test_bound_of_faithful_parts():
    gate = Fraction(1, 4096)
    # 8 for r, 2 for n, 2 for u, the rounding to z and that of h', and tanh beyond 8.
    assert limit(asked()) == pytest.approx(float(gate * 12 + Fraction(1, 512) + gate), abs=4e-7)


@pytest.mark.parametrize("budget", ["2^-7", "16ulp", "0.05"])
def test_parts_take_what_the_budget_allows(budget):
    unit = asked(max_error=budget)
    allowed = float(unit.max_error.limit) * (float(unit.hidden.ulp) if unit.max_error.ulp else 1)
    assert 0.95 * allowed < limit(unit) <= allowed


@pytest.mark.parametrize("other", [{}, {"gates": "keras3", "gate": "UQ1.5"}, {"z": "SQ2.3", "hidden": "SQ2.2"}])
def test_every_input_is_within_the_promise(other):
    unit = small_gru(**other)
    (promise,) = unit.contract
    for codes in (every_code(unit, u=3, h=5), every_code(unit, r=15, n_x=-9), random_codes(unit, 200_000)):
        (h,) = unit.golden(**codes)
        assert np.abs(h * float(unit.asked.hidden.ulp) - real_gru(unit, codes)).max() <= promise.limit


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"hidden": "UQ0.8"}, r"hidden must be signed, such as SQ4\.8, not UQ0\.8"),
        ({"max_error": "2^-9"}, "no GRU cell with these formats keeps 2.-9 for h', to which rounding adds half an ulp"),
        ({"products": "bram"}, "there is no place for products 'bram'"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()
