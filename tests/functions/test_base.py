from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pytest

from softgate.functions import create_function
from softgate.functions.base import Function
from softgate.functions.properties import EVEN, ODD


@dataclass(frozen=True)
class Turning(Function):
    """Rises from 0 to a maximum at 0, falls to a minimum at 3, and rises to 2."""

    name: ClassVar[str] = "turning"
    summary: ClassVar[str] = "for a test"
    limits: ClassVar = (Fraction(0), Fraction(2))
    turns: ClassVar = (Fraction(0), Fraction(3))

    def __call__(self, x, m):
        return x


@pytest.mark.parametrize(
    ("x", "beside"),
    [(-1, (0, None)), (0, (None, None)), (2, (None, None)), (3, (None, None)), (4, (None, 2))],
)
def test_beyond_its_turns_a_function_stays_on_one_side_of_its_limits(x, beside):
    assert Turning().limits_beside(Fraction(x)) == beside


@pytest.mark.parametrize(
    ("name", "x", "beside"),
    [
        ("tanh", 0, (-1, 1)),
        ("logistic_derivative", -1, (0, None)),
        ("logistic_derivative", 1, (0, None)),
        ("hard_tanh", 0, (None, None)),
    ],
)
def test_limits_beside(name, x, beside):
    assert create_function(name).limits_beside(Fraction(x)) == beside


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
