from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pytest

from softgate.functions import create_function
from softgate.functions.base import Function
from softgate.functions.properties import EVEN, ODD, Asymptote, Domain


@dataclass(frozen=True)
class Turning(Function):
    """Above its limit 0 for negative inputs, and below its limit 2 for positive ones."""

    name: ClassVar[str] = "turning"
    summary: ClassVar[str] = "for a test"
    ends: ClassVar = (Asymptote.limit(0, side=1), Asymptote.limit(2, side=-1))

    def __call__(self, x, m):
        return x


@pytest.mark.parametrize(
    ("x", "limits"),
    [(-1, (0, None)), (0, (None, None)), (4, (None, 2))],
)
def test_each_half_of_the_inputs_has_the_limit_of_its_end(x, limits):
    assert Turning().strict_limits(Fraction(x)) == limits


@pytest.mark.parametrize(
    ("name", "x", "limits"),
    [
        ("tanh", -1, (-1, None)),
        ("tanh", 1, (None, 1)),
        ("logistic_derivative", -1, (0, None)),
        ("logistic_derivative", 1, (0, None)),
        ("silu", -1, (None, 0)),
        ("silu", 1, (None, None)),
        ("hard_tanh", 5, (None, None)),
    ],
)
def test_strict_limits(name, x, limits):
    assert create_function(name).strict_limits(Fraction(x)) == limits


@pytest.mark.parametrize(
    ("name", "x", "value"),
    [("hard_tanh", "1/3", "1/3"), ("tanh", "0", "0"), ("logistic", "0", "1/2"), ("logistic", "1", None)],
)
def test_exact_values(name, x, value):
    assert create_function(name).exact(Fraction(x)) == (None if value is None else Fraction(value))


def test_parameters_as_text():
    function = create_function("hard_tanh", min="-0.5", max=2)
    assert function.as_dict() == {"min": "-1/2", "max": "2"}
    assert str(function) == "hard_tanh(min=-1/2, max=2)"
    assert str(create_function("tanh")) == "tanh"


def test_symmetry_of_ramps():
    assert create_function("hard_tanh").symmetry == ODD
    assert create_function("hard_tanh", min=0).symmetry is None
    assert create_function("hard_logistic").symmetry.total == 1
    assert EVEN.sign == 1


def test_functions_turn_no_farther_out_than_their_kinks():
    assert create_function("hard_tanh").turning_range == (-64, 64)
    assert create_function("threshold", threshold=100).turning_range == (-101, 101)


@pytest.mark.parametrize(
    ("domain", "low", "high", "at"),
    [
        (Domain.EVERYWHERE, -1, 1, None),
        (Domain.POSITIVE, -1, 1, 0),
        (Domain.POSITIVE, -2, -1, -1),
        (Domain.POSITIVE, 1, 2, None),
        (Domain.NOT_NEGATIVE, -1, 1, -1),
        (Domain.NOT_NEGATIVE, 0, 1, None),
        (Domain.NOT_ZERO, -1, 1, 0),
        (Domain.NOT_ZERO, 0, 1, 0),
        (Domain.NOT_ZERO, 1, 2, None),
    ],
)
def test_inputs_outside_of_a_domain(domain, low, high, at):
    assert domain.outside(Fraction(low), Fraction(high)) == at
