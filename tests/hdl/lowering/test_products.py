"""Factors as digits, and products as sums of rows: on every code of small ones."""

from itertools import product as pairs

import pytest
from lowered import corners, lowered, lowered_inputs, output_of, plan_of, value
from plain_target import PLAIN

from softgate.hdl.lowering.products import Recoder, product
from softgate.hdl.targets.delays import longest_step
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

MULTIPLES = (0, 1, 2, -1, -2)
FORMATS = [FixedFormat(signed, width, 0) for signed in (False, True) for width in range(1, 9)]
SMALL = [str(fmt) for fmt in FORMATS if fmt.width <= 5]


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_digits_of_every_code_make_the_code(fmt):
    made = lowered_inputs(x=str(fmt))
    recoder = Recoder(made)
    digits = recoder.digits("x")
    assert [digit.place for digit in digits] == list(range(0, 2 * len(digits), 2))
    assert len(digits) == recoder.count("x") == (fmt.width + 1 + (not fmt.signed)) // 2
    for code in range(fmt.min_code, fmt.max_code + 1):
        total = 0
        for digit in digits:
            multiple = MULTIPLES[value(made, digit.code, {"x": code})]
            total += multiple * 2**digit.place
            unit = 0 if digit.unit is None else value(made, digit.unit, {"x": code})
            assert unit == (multiple < 0)
        assert total == code


def test_literal_digits():
    """27 is 1 2 -1 in radix 4, as 3 becomes -1 and carries; -27 is -2 1 1, as 100101."""
    made = lowered_inputs(x="SQ6.0")
    digits = Recoder(made).digits("x")
    for code, expected in {27: [-1, -1, 2], -27: [1, 1, -2], 31: [-1, 0, 2], -32: [0, 0, -2], -1: [-1, 0, 0]}.items():
        assert [MULTIPLES[value(made, digit.code, {"x": code})] for digit in digits] == expected


def test_digits_are_made_once():
    made = lowered_inputs(x="SQ6.0")
    recoder = Recoder(made)
    assert not recoder.known("x")
    assert recoder.digits("x") is recoder.digits("x")
    assert recoder.known("x")


def test_the_factor_of_fewer_digits_is_recoded():
    for formats in ({"x": "SQ5.0", "z": "UQ8.0"}, {"x": "UQ8.0", "z": "SQ5.0"}):
        made = lowered_inputs(**formats)
        total = product(made, Recoder(made), "p", "x", "z")
        assert [term.shift for term in total.terms] == [0, 2, 4]


@pytest.mark.parametrize("left", SMALL)
@pytest.mark.parametrize("right", SMALL)
def test_products_of_every_pair_of_codes(left, right):
    found = lowered(plan_of(op.Multiply("a", "b"), a=left, b=right), PLAIN, 0.0)
    assert not any(isinstance(step.operation, op.Multiply) for step in found.steps)


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_squares_of_every_code(fmt):
    found = lowered(plan_of(op.Multiply("x", "x"), x=str(fmt)), PLAIN, 0.0)
    assert not any(isinstance(step.operation, op.Multiply) for step in found.steps)


CONSTANTS = [*range(-20, 21), 85, -85, 127, -128, 255, 256, 1000, -1001]


@pytest.mark.parametrize("fmt", ["SQ4.0", "UQ4.0", "SQ1.0", "UQ1.0"])
def test_products_with_constants(fmt):
    for factor, order in pairs(CONSTANTS, (("c", "x"), ("x", "c"))):
        b = PlanBuilder()
        b.input("x", FixedFormat.parse(fmt))
        b.let("c", op.Constant(factor))
        plan = output_of(b, b.let("step0", op.Multiply(*order)))
        found = lowered(plan, PLAIN, 0.0)
        assert not any(isinstance(step.operation, op.Multiply) for step in found.steps)


def test_constants_take_no_row_for_a_zero():
    """60 is 64 - 4: one sum, of two rows."""
    b = PlanBuilder()
    b.input("x", FixedFormat.parse("SQ8.0"))
    b.let("c", op.Constant(60))
    found = lowered(output_of(b, b.let("step0", op.Multiply("x", "c"))), PLAIN, 0.0)
    assert sum(isinstance(step.operation, op.Add) for step in found.steps) == 2  # and the complement's unit


def test_a_product_of_two_constants():
    b = PlanBuilder()
    b.input("x", FixedFormat.parse("SQ4.0"))
    b.let("c", op.Constant(-77, 3))
    b.let("d", op.Constant(13, 2))
    lowered(output_of(b, b.let("step0", op.Multiply("c", "d"))), PLAIN, 0.0)


AFTER = {
    "added to": [op.Add("step0", "z")],
    "added to itself": [op.Add("step0", "step0")],
    "added from the left": [op.Add("z", "step0")],
    "subtracted": [op.Subtract("z", "step0")],
    "cut": [op.ShiftRight("step0", 3, 0)],
    "cut twice": [op.ShiftRight("step0", 2, 0), op.ShiftRight("step1", 1, 0)],
    "cut away": [op.ShiftRight("step0", 200, 0), op.ShiftRight("step1", 100, 0)],
    "cut and added to": [op.ShiftRight("step0", 3, 0), op.Add("step1", "z")],
    "cut, added to and cut": [op.ShiftRight("step0", 3, 0), op.Add("step1", "z"), op.ShiftRight("step2", 2, 0)],
    "cut and shifted back": [op.ShiftRight("step0", 3, 0), op.ShiftLeft("step1", 3, 0)],
    "shifted left": [op.ShiftLeft("step0", 5, 0)],
    "shifted left and added to": [op.ShiftLeft("step0", 2, 0), op.Add("step1", "z")],
    "far left": [op.ShiftLeft("step0", 256, 0), op.ShiftRight("step1", 250, 0)],
    "far left and added to": [op.ShiftLeft("step0", 256, 0), op.Add("step1", "z")],
    "rounded": [op.ShiftLeft("z", 0, 0), op.Add("step0", "step1"), op.ShiftRight("step2", 1, 0)],
    "narrowed": [op.Narrow("step0", -(1 << 20), 1 << 20, "partition 1"), op.Add("step1", "z")],
    "a factor": [op.Multiply("step0", "z")],
    "its own factor": [op.Multiply("step0", "step0")],
    "two of them": [op.Multiply("y_", "z"), op.Add("step0", "step1")],
    "used twice": [op.Add("step0", "z"), op.Subtract("step0", "step1")],
    "rounded to even": [op.Round("step0", 3, "half_even")],
}


@pytest.mark.parametrize("stage", [0.0, 3.0, 3.5])
@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
@pytest.mark.parametrize(("left", "right"), [("SQ4.0", "SQ3.0"), ("UQ4.0", "SQ4.0"), ("UQ3.0", "UQ4.0")])
def test_what_is_done_with_a_product(left, right, after, stage):
    plan = plan_of(op.Multiply("x", "y_"), *after, x=left, y_=right, z="SQ4.0")
    lowered(plan, PLAIN, stage)


WIDE = ["SQ64.0", "UQ64.0", "SQ63.0", "UQ63.0", "SQ33.0", "UQ32.0"]


@pytest.mark.parametrize(("left", "right"), list(pairs(WIDE[:4], WIDE)))
def test_wide_products(left, right):
    plan = plan_of(op.Multiply("a", "b"), a=left, b=right)
    stage = PLAIN.delays.add(20)
    found = lowered(plan, PLAIN, stage, corners(plan))
    assert longest_step(found, PLAIN) <= stage


def test_a_wide_square():
    plan = plan_of(op.Multiply("x", "x"), x="SQ64.0")
    found = lowered(plan, PLAIN, 5.0, corners(plan))
    assert longest_step(found, PLAIN) <= 5.0


def test_products_wider_than_any_shift_stay_as_they_are():
    plan = plan_of(op.Multiply("x", "x"), op.Multiply("step0", "step0"), op.Multiply("step1", "x"), x="SQ64.0")
    found = lowered(plan, PLAIN, 5.0, corners(plan))
    assert isinstance(found.by_name["step2"].operation, op.Multiply)
    assert longest_step(found, PLAIN) > 5.0


def test_binary_points_are_kept():
    plan = plan_of(op.Multiply("x", "z"), op.ShiftRight("step0", 2), op.Add("step1", "step1"), x="SQ2.3", z="UQ1.4")
    assert lowered(plan, PLAIN, 0.0).points["step1"] == 5
