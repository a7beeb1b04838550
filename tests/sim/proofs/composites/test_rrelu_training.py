"""The proof holds for what is made, and fails for a word that is wrong, and for another register."""

import pytest
from small_rrelu import small_rrelu

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.sim.proofs.composites import prove_contract
from softgate.sim.proofs.composites.rrelu_training import _is_mersenne_prime, _order_divides, _rank


def verdicts(unit, **words):
    manifest = CompositeManifest("r", unit.asked, {**unit.words, **words}, {}, unit.options, "r.v", "0" * 64, {})
    return {fact.name: bool(fact.proved) for fact in prove_contract(manifest)}


@pytest.mark.parametrize("asked", [{}, {"slope_bits": 1, "seed": 0, "output": "SQ2.9"}, {"lower": "0", "upper": "1"}])
def test_what_is_made_is_proved(asked):
    found = verdicts(small_rrelu(**asked))
    assert list(found) == ["period", "together", "seed", "slopes", "sequence", "error"]
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("word", "change", "broken"),
    [
        ("state", lambda state: 0, "period"),
        ("state", lambda state: state ^ 1, "seed"),
        ("slope_first", lambda first: first - 1, "slopes"),
        ("slope_step", lambda step: step + 1, "slopes"),
        ("slope_step", lambda step: step // 2, "slopes"),
    ],
)
def test_a_wrong_word_breaks_its_promise(word, change, broken):
    unit = small_rrelu()
    assert not verdicts(unit, **{word: change(unit.words[word])})[broken]


def test_primes():
    exponents = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61]
    assert [p for p in exponents if _is_mersenne_prime(p)] == [3, 5, 7, 13, 17, 19, 31, 61]


@pytest.mark.parametrize(("taps", "full"), [((0, 1, 15, 16), True), ((0, 1), False), ((0, 1, 15, 17), False)])
def test_orders(taps, full):
    step = [1 << row + 1 for row in range(60)] + [sum(1 << tap for tap in taps)]
    assert _order_divides(step) == full


def test_ranks():
    assert _rank([0b11, 0b01]) == 2
    assert _rank([0b110, 0b011, 0b101]) == 2
    assert _rank([0, 0]) == 0
