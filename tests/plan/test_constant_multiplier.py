from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import evaluate

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.constant_multiplier import adder_count, canonical_signed_digits, multiply_by_constant
from softgate.plan.operations import Add, Multiply, ShiftLeft, Subtract
from softgate.plan.operations.base import Range


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (1, [(0, 1)]),
        (3, [(0, -1), (2, 1)]),
        (7, [(0, -1), (3, 1)]),
        (11, [(0, -1), (2, -1), (4, 1)]),
        (45, [(0, 1), (2, -1), (4, -1), (6, 1)]),
    ],
)
def test_canonical_signed_digits(value, digits):
    assert canonical_signed_digits(value) == digits


@given(st.integers(1, 1 << 80))
def test_digits_sum_to_the_value_and_have_no_neighbours(value):
    digits = canonical_signed_digits(value)
    assert sum(digit << position for position, digit in digits) == value
    positions = [position for position, _ in digits]
    assert all(above - below >= 2 for below, above in pairwise(positions))


@pytest.mark.parametrize(
    ("multiple", "adders"),
    [
        (1, 0),
        (1 << 40, 0),
        (3, 1),
        (7, 1),
        (11, 2),
        (45, 2),  # 5 * 9, where its digits take 3
        (0x3333, 3),  # 1/5: 3 * 17 * 257
        (0x55555555, 4),
    ],
)
def test_adder_count(multiple, adders):
    assert adder_count(multiple) == adders


@given(st.integers(1, 1 << 40))
def test_a_multiplier_is_no_worse_than_its_digits(multiple):
    assert adder_count(multiple) <= len(canonical_signed_digits(multiple)) - 1
    assert adder_count(2 * multiple) == adder_count(multiple)


@given(st.integers(1, 1 << 50), st.integers(-128, 127), st.integers(0, 20))
def test_products(multiple, code, fraction):
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.4"))
    product = multiply_by_constant(b, "product", x, multiple, fraction)
    assert b.point(product) == fraction
    held, exact = b.range(product), Range(-128 * multiple, 127 * multiple)
    assert held.covers(exact)
    assert held.width <= exact.width + 1  # the lowest bits are not seen together with those above
    kept = b.let("kept", ShiftLeft(product, 0, 0))
    plan = b.build(y=(kept, FixedFormat.parse("SQ64.0")))
    assert evaluate(plan, code)["kept"] == multiple * code
    kinds = [type(step.operation) for step in plan.steps]
    assert sum(kind in (Add, Subtract) for kind in kinds) == adder_count(multiple)
    assert Multiply not in kinds


def test_one_times_adds_no_step():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.4"))
    assert multiply_by_constant(b, "same", x, 1, 4) == x
    assert multiply_by_constant(b, "moved", x, 1, 6) == "moved"


def test_the_note_goes_to_the_product():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.4"))
    product = multiply_by_constant(b, "product", x, 3, 4, "three times x")
    plan = b.build(y=(product, FixedFormat.parse("SQ6.4")))
    assert plan.by_name[product].note == "three times x"


@pytest.mark.parametrize("multiple", [0, -3])
def test_multiples_that_are_not_positive(multiple):
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.4"))
    with pytest.raises(ValueError, match=f"multiple must be positive, not {multiple}"):
        multiply_by_constant(b, "product", x, multiple, 4)
