"""Tables of values: what they say of themselves, against the values one by one."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from softgate.functions import create_function, from_table
from softgate.functions.critical_points import monotonicity
from softgate.functions.number_types import BALLS, FLOATS, FRACTIONS, SERIES, ball_ends
from softgate.functions.properties import EVEN, ODD, Symmetry

CODES = np.arange(-8, 8)


def at_codes(values):
    return from_table(np.asarray(values, dtype=float), first=-4, step="1/2")


def test_values():
    table = at_codes(CODES**2 / 3)
    assert table.exact(Fraction(-4)) == Fraction(64 / 3)
    assert table.exact(Fraction(-5, 4)) == Fraction(9 / 3)  # that at the input below
    assert table(Fraction(1, 2), FRACTIONS) == Fraction(1 / 3)
    assert table(np.array([-4.0, 0.6, 9.0]), FLOATS).tolist()[:2] == [64 / 3, 1 / 3]
    assert np.isnan(table(9.0, FLOATS))
    low, high = ball_ends(table(arb(0, 0.6), BALLS))
    assert -1e-6 < low <= 0 < Fraction(4 / 3) <= high < 1.3334
    with pytest.raises(ValueError, match="no power series"):
        table(arb(0), SERIES)


@pytest.mark.parametrize(
    ("first", "step", "places"),
    [(-4, "1/2", range(16)), (-4, 1, range(0, 16, 2)), (-3, "1/4", [2, 2, 3, 3, 4, 4, 5, 5])],
)
def test_samples(first, step, places):
    found = at_codes(CODES * 0.1).samples(Fraction(first), Fraction(step), len(places))
    assert found.tolist() == [CODES[place] * 0.1 for place in places]


def test_the_text_makes_it_again():
    table = at_codes(np.tanh(CODES))
    again = create_function("value_table", **table.as_dict())
    assert again == table
    assert again.spelling == "value_table"
    assert str(table).startswith("value_table(16 values, sha256 ")
    assert at_codes(CODES * 1.0) != table


X = CODES / 2


@pytest.mark.parametrize(
    ("values", "symmetry"),
    [
        (np.tanh(X), ODD),
        (X**2, EVEN),
        (1 / (1 + np.exp(-X)), Symmetry(-1, Fraction(1))),
        (np.full(16, 0.25), EVEN),
        (np.tanh(X) + 2.0**-40 * (CODES == 5), None),
        (X**2 + X, None),
    ],
)
def test_symmetry(values, symmetry):
    assert at_codes(values).symmetry == symmetry


def test_a_table_with_a_symmetry_has_a_value_at_the_mirror_image_of_its_first_input():
    odd, even, neither = (at_codes(values) for values in (X - (CODES == -8), X**2, X**2 + X))
    assert (odd.exact(Fraction(4)), even.exact(Fraction(4))) == (5, 16)
    assert odd.undefined(Fraction(-4), Fraction(4)) is None
    assert odd.undefined(Fraction(-4), Fraction(5)) == 5
    assert neither.undefined(Fraction(-4), Fraction(4)) == 4
    assert neither.undefined(Fraction(-9, 2), Fraction(0)) == Fraction(-9, 2)


def test_inputs_of_one_sign_have_no_symmetry():
    assert from_table([1.0, 1.0, 1.0, 1.0], first=0, step=1).symmetry is None
    assert from_table([1.0, 0.0, 1.0], first=-1, step=1).symmetry == EVEN  # of magnitudes all of which occur


@pytest.mark.parametrize(
    ("values", "points", "rises"),
    [
        ([0, 1, 2, 3], [], True),
        ([3, 3, 2, 2], [], False),
        ([1, 1, 1, 1], [], True),
        ([0, 2, 2, 1], [1], True),
        ([2, 1, 3, 0], [1, 2], False),
    ],
)
def test_turns(values, points, rises):
    table = from_table([float(value) for value in values], first=0, step=1)
    found = monotonicity(table, Fraction(0), Fraction(3))
    assert (list(found.points), found.rises) == (points, rises)


def test_turns_of_a_part():
    table = from_table([0.0, 1.0, 0.0, 1.0, 0.0], first=0, step=1)
    assert monotonicity(table, Fraction(1), Fraction(3)).points == (2,)


def test_what_it_does_not_have():
    table = at_codes(np.tanh(X))
    assert (table.analytic, table.kinks, table.ends, table.piecewise_linear) == (False, (), (None, None), None)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "function value_table needs its first: give an array"),
        ({"first": "0", "step": "1"}, "function value_table needs its values: give an array"),
        ({"first": "0", "step": "-1", "values": "0" * 16}, "step must be above 0, not -1"),
        ({"first": "0", "step": "0", "values": "0" * 16}, "step must be above 0, not 0"),
    ],
)
def test_refusals(parameters, message):
    with pytest.raises(ValueError, match=message):
        create_function("value_table", **parameters)
