from fractions import Fraction

import pytest

from softgate.accuracy.composites import find_composite
from softgate.accuracy.composites.lfsr import PERIOD, SPACING, first_state

ASKED = {"input_format": "SQ4.12", "output_format": "SQ4.12"}


def asked(**other):
    return find_composite("rrelu_training").read(**ASKED | other)


def stepped(state, draws, bits):
    """Step the register bit by bit, a tap at a time."""
    for _ in range(draws * bits):
        come = (state ^ state >> 1 ^ state >> 15 ^ state >> 16) & 1
        state = state >> 1 | come << 60
    return state


def test_what_is_asked_round_trips():
    unit = asked(lower="0.1", upper=0.3, seed=7, slope_bits=4)
    assert (unit.lower, unit.upper) == (Fraction(1, 10), Fraction(3, 10))
    assert find_composite("rrelu_training").read(**unit.as_dict()) == unit


def test_the_grid_of_the_slopes():
    words = asked().words()
    assert (words["slope_point"], words["slope_first"], words["slope_step"]) == (18, 32768, 213)
    # A third less an eighth is 0.2083: a 256th of it is 213.3 / 2^18.
    words = asked(lower="1/4", upper="3/4", slope_bits=2).words()
    assert (words["slope_point"], words["slope_first"], words["slope_step"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("lower", "upper", "bits"), [("1/8", "1/3", 8), ("0", "1", 1), ("0", "1", 16), ("0.1", "0.11", 5), ("2/3", "1", 12)]
)
def test_slopes_are_within_a_step_of_the_even_ones(lower, upper, bits):
    words = asked(lower=lower, upper=upper, slope_bits=bits).words()
    lower, upper, count = Fraction(lower), Fraction(upper), 1 << bits
    step = (upper - lower) / count
    for j in range(count):
        slope = Fraction(words["slope_first"] + j * words["slope_step"], 1 << words["slope_point"])
        assert lower <= slope < upper
        assert abs(slope - lower - j * step) < step


def test_seeds_are_places_in_the_period():
    assert PERIOD == 2305843009213693951
    states = [first_state(seed, 8) for seed in range(4)]
    assert len(set(states)) == 4
    assert all(0 < state <= PERIOD for state in states)
    # 2^44 draws lead from each to the next: as do 2^43 twice, and so on, down to single steps.
    assert first_state(0, 4) == first_state(1, 2) == first_state(3, 1)
    assert SPACING == 1 << 44


def test_states_follow_each_other(monkeypatch):
    monkeypatch.setattr("softgate.accuracy.composites.lfsr.SPACING", 5)
    assert [stepped(first_state(seed, 3), 5, 3) for seed in range(20)] == [
        first_state(seed + 1, 3) for seed in range(20)
    ]
    # One bit on its way from the end, after 15 steps.
    assert first_state(0, 3) == stepped(1 << 60, 5, 3) == 1 << 45


def test_contract():
    unit = asked(output_format="SQ4.10")
    found = {promise.name: promise for promise in unit.contract(unit.words(), {})}
    assert list(found) == ["error", "slopes", "period", "together", "draws"]
    assert found["error"].limit == 2**-11
    assert "1/8 + j 213/262144 for j from 0 to 255" in found["slopes"].statement
    assert "each j but 0 is drawn 9007199254740992 times" in found["period"].statement
    assert PERIOD == 256 * 9007199254740992 - 1
    assert found["together"].limit == 7
    assert unit.parts(unit.words()) == {}
    assert unit.shortfall(()) == ""


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"lower": "1/3", "upper": "1/8"}, "slopes must be from 0 to 1 with lower below upper, not from 1/3 to 1/8"),
        ({"upper": "1/8"}, "not from 1/8 to 1/8; one slope is a leaky_relu"),
        ({"lower": "-1/8"}, "slopes must be from 0 to 1"),
        ({"upper": "2"}, "slopes must be from 0 to 1"),
        ({"lower": "low"}, "lower must be a number such as 1/8 or 0.1, not 'low'"),
        ({"seed": -1}, "seed must be from 0 to 65535, not -1"),
        ({"seed": 65536}, "seed must be from 0 to 65535, not 65536"),
        ({"slope_bits": 0}, "slope_bits must be from 1 to 16, not 0"),
        ({"slope_bits": 17}, "slope_bits must be from 1 to 16, not 17"),
        ({"input_format": "SQ4.20", "slope_bits": 16, "upper": "1/7"}, "slope_bits must be fewer than 16 for slopes"),
        ({"input_format": "UQ4.4"}, "input must be signed, such as SQ4.8, not UQ4.4"),
        ({"output_format": "SQ20.20"}, "output must have at most 24 bits, not 40"),
        ({"products": "luts"}, "there is no place for products 'luts'"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"seed": 1.5}, "seed must be a whole number, not 1.5"),
        ({"slope_bits": True}, "slope_bits must be a whole number, not True"),
        ({"lower": None}, "lower must be a number such as 1/8 or 0.1, not None"),
        ({"mean": 1}, "rrelu_training has no argument 'mean'"),
    ],
)
def test_wrong_kinds(other, message):
    with pytest.raises(TypeError, match=message):
        asked(**other)
