import pytest
from hypothesis import given
from strategies import plans

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Add, Constant, Multiply, Narrow, ShiftRight, Subtract
from softgate.plan.plan import Step

parse = FixedFormat.parse
BYTE = parse("SQ4.4")


@given(plans())
def test_builder_and_plan_infer_alike(plan):
    b = PlanBuilder()
    for step in plan.steps:
        b.let(step.name, step.operation, step.note)
    assert {step.name: b.range(step.name) for step in plan.steps} == plan.ranges
    assert {step.name: b.point(step.name) for step in plan.steps} == plan.points
    assert b.build(**{o.name: (o.step, o.format) for o in plan.outputs}) == plan


def test_every_input_stays():
    b = PlanBuilder()
    x = b.input("x", BYTE)
    b.input("other", parse("UQ1.0"))
    plan = b.build(y=(x, BYTE))
    assert plan.inputs == (("x", BYTE), ("other", parse("UQ1.0")))


def test_a_builder_refuses_a_name_taken_twice():
    b = PlanBuilder()
    b.input("x", BYTE)
    with pytest.raises(ValueError, match="the name 'x' is taken twice"):
        b.let("x", Constant(1))


def test_a_builder_refuses_an_unknown_operand():
    b = PlanBuilder()
    x = b.input("x", BYTE)
    with pytest.raises(ValueError, match="step 'total' reads 'z', which is not an earlier step"):
        b.let("total", Add(x, "z"))


def test_a_refused_step_leaves_no_trace():
    b = PlanBuilder()
    x, one = b.input("x", BYTE), "one"
    b.let(one, Constant(1))
    with pytest.raises(ValueError, match="add needs operands with equal fraction bits, but x has 4, one has 0"):
        b.let("total", Add(x, one))
    with pytest.raises(KeyError):
        b.range("total")


def test_narrow_adds_a_step_only_where_it_saves_bits():
    b = PlanBuilder()
    x = b.input("x", parse("UQ4.4"))
    rest = b.let("rest", Subtract(b.let("most", Constant(255, 4)), x))
    product = b.let("product", Multiply(rest, x))
    assert b.range(product) == (0, 65025)
    assert b.narrow("same", product, 1) == product
    assert b.narrow("tight", product, 64, "the product") == "tight"
    assert b.range("tight") == (0, 127 * 131)
    assert b.build(y=(b.let("cut", ShiftRight("tight", 8)), parse("UQ7.0"))).by_name["tight"] == Step(
        "tight", Narrow("product", 0, 127 * 131, "partition 64"), "the product"
    )


def test_narrow_needs_one_input():
    b = PlanBuilder()
    x, z = b.input("x", BYTE), b.input("z", BYTE)
    product = b.let("product", Multiply(x, z))
    with pytest.raises(ValueError, match="one input"):
        b.narrow("tight", product, 4)


def test_narrow_needs_equal_parts():
    b = PlanBuilder()
    x = b.input("x", BYTE)
    with pytest.raises(ValueError, match="the 256 codes of x cannot be split into 3 equal parts"):
        b.narrow("tight", b.let("square", Multiply(x, x)), 3)
