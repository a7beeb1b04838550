from fractions import Fraction

import numpy as np
import pytest
from small_cells import every_code, gate_of, random_codes, real_update, small_gates, small_update

from softgate.accuracy.composites import find_composite

ASKED = {"z": "SQ4.8", "gate": "UQ0.12", "hidden": "SQ1.11"}


def asked(**other):
    return find_composite("gru_update").read(**ASKED | other)


def limit(unit):
    """The promised error, if tanh takes all of its budget."""
    (part,) = unit.parts(unit.words()).values()
    (promise,) = unit.contract(unit.words(), {"candidate": part.budget.limit * part.output_format.ulp})
    return promise.limit


@pytest.mark.parametrize("other", [{}, {"max_error": "2^-6", "gate": "UQ1.12", "products": "logic"}])
def test_what_is_asked_round_trips(other):
    unit = asked(**other)
    assert find_composite("gru_update").read(**unit.as_dict()) == unit


def test_bound_of_a_faithful_tanh():
    assert limit(asked()) == limit(asked(gate="UQ1.12")) == 2**-11 + 2**-12


@pytest.mark.parametrize("budget", ["2^-7", "3ulp", "0.05", "2"])
def test_tanh_takes_what_the_budget_allows(budget):
    unit = asked(max_error=budget)
    allowed = float(unit.max_error.limit) * (float(unit.hidden.ulp) if unit.max_error.ulp else 1)
    assert 0.99 * allowed < limit(unit) <= allowed


def test_a_shortfall_is_told():
    unit = asked(max_error="2ulp")
    assert unit.shortfall(unit.contract(unit.words(), {"candidate": Fraction(1, 512)})).endswith("more than 2ulp")


@pytest.mark.parametrize("other", [{}, {"gate": "UQ1.3"}, {"z": "SQ2.3", "hidden": "SQ2.2", "max_error": "2^-1"}])
def test_every_input_is_within_the_promise(other):
    unit = small_update(**other)
    (promise,) = unit.contract
    for codes in (every_code(unit), random_codes(unit, 100_000)):
        (h,) = unit.golden(**codes)
        assert np.abs(h * float(unit.asked.hidden.ulp) - real_update(unit, codes)).max() <= promise.limit


def test_a_pair_around_a_product_is_within_the_sum_of_what_each_adds():
    gates, update = small_gates(), small_update()
    (e, e_rh), (e_h,) = ([promise.limit for promise in unit.contract] for unit in (gates, update))
    z, hidden = gates.asked.z, gates.asked.hidden
    random = np.random.default_rng(3)
    weights = random.normal(0, 0.4, (16, 16))
    worst = 0.0
    for _ in range(200):
        r, u, n_x = (random.integers(z.min_code, z.max_code + 1, 16) for _ in range(3))
        h = random.integers(hidden.min_code, hidden.max_code + 1, 16)
        before = gates.golden(r=r, u=u, h=h)
        product = n_x * float(z.ulp) + weights @ (before.rh * float(hidden.ulp))
        n = z.quantize(product)
        found = update.golden(n=n, update=before.update, h=h).h_next * float(hidden.ulp)
        gate_r, gate_u = (gate_of(code * float(z.ulp), "soft") for code in (r, u))
        exact = n_x * float(z.ulp) + weights @ (gate_r * h * float(hidden.ulp))
        candidate = np.tanh(exact)
        real = np.clip(candidate + gate_u * (h * float(hidden.ulp) - candidate), -1, 1 - float(hidden.ulp))
        # The product's share, as docs/composites.md says: what rh adds, and its own rounding, and limits.
        share = np.abs(weights).sum(axis=1) * e_rh + np.abs(n * float(z.ulp) - product)
        assert (np.abs(n * float(z.ulp) - exact) <= share + 1e-12).all()
        bound = np.abs(n * float(z.ulp) - exact) + 2 * e + e_h
        assert (np.abs(found - real) <= bound + 1e-12).all()
        worst = max(worst, (np.abs(found - real) / bound).max())
    assert worst > 0.4  # the bound is not far above


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"gate": "SQ1.12"}, r"gate must be unsigned with at most 1 integer bit, such as UQ0\.12, not SQ1\.12"),
        ({"max_error": "0.5ulp"}, "no GRU update with these formats keeps 0.5ulp for h', half an ulp of which is for"),
        ({"max_error": "0.50001ulp"}, "takes parts of more than 22 fraction bits; allow more"),
        ({"products": "bram"}, "there is no place for products 'bram'"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


def test_there_are_no_gates():
    with pytest.raises(
        TypeError, match="gru_update has no argument 'gates': it takes z, gate, hidden, max_error, prod"
    ):
        asked(gates="hard")


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.05, 0.25, 2])
def test_a_hundred_thousand_states(spread):
    unit, random = small_update("SQ4.8", "UQ0.12", "SQ1.11"), np.random.default_rng(5)
    codes = {
        name: np.clip(np.rint(random.normal(0, spread * fmt.max_code, 100_000)), fmt.min_code, fmt.max_code)
        for name, fmt in unit.asked.inputs.items()
    }
    found = unit.golden(**{name: each.astype(np.int64) for name, each in codes.items()})
    (promise,) = unit.contract
    assert np.abs(found.h_next / 2048 - real_update(unit, codes)).max() <= promise.limit <= 2**-11 + 2**-12
