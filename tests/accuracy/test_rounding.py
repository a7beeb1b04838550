import numpy as np
import pytest

from softgate.accuracy.admissible import admissible
from softgate.accuracy.rounding import ONE_SIDED, TO_NEAREST, budget_of, chosen
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.plan import parse_format
from softgate.plan.requantize import ROUNDINGS, requantize


def test_budgets():
    assert [str(budget_of(mode)) for mode in ROUNDINGS] == ["0.5ulp"] * 3 + ["1ulp"] * 2
    assert set(TO_NEAREST) | {"floor", "zero"} == set(ROUNDINGS)
    assert set(ONE_SIDED) == {"half_up", "floor"}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_even", [-2, -2, 0, 0, 2, 3]),
        ("half_up", [-2, -1, 0, 1, 2, 3]),
        ("half_away", [-3, -2, -1, 1, 2, 3]),
        ("floor", [-3, -2, -1, 0, 1, 3]),
        ("zero", [-2, -1, 0, 0, 1, 3]),
    ],
)
def test_codes_among_two(mode, expected):
    low, high = np.array([-3, -2, -1, 0, 1, 3]), np.array([-2, -1, 0, 1, 2, 3])
    assert chosen(mode, low, high, 0).tolist() == expected
    assert chosen(mode, low + 7, high + 7, 7).tolist() == [code + 7 for code in expected]


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize(("source", "target"), [("SQ4.4", "SQ4.2"), ("SQ4.4", "SQ2.1"), ("int8:0.05:-3", "int8:0.1:5")])
def test_the_identity_is_rounded_as_codes_are(mode, source, target):
    source, target = parse_format(source), parse_format(target)
    function = create_function("leaky_relu", negative_slope="1")  # x itself
    specification = Specification.between(function, source, target, budget_of(mode), True, ends="free", rounding=mode)
    low, high = admissible(specification)
    assert np.array_equal(low, high)
    assert np.array_equal(low, requantize(source.codes(), source, target, mode))
