import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from several_ports import sum_and_distance
from strategies import evaluate, input_codes, plans

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.merging import merged, single_output
from softgate.plan.operations import Absolute, Add, Compare, Constant, Multiply, Subtract
from softgate.sim.golden.model import golden

BYTE = FixedFormat.parse("SQ4.4")


def square_plan():
    b = PlanBuilder()
    x = b.input("x", BYTE, "the first note")
    size = b.let("size", Absolute(x), "of the first")
    return b.build(y=(b.let("result", Multiply(size, x)), FixedFormat.parse("SQ8.8")))


def line_plan():
    b = PlanBuilder()
    x = b.input("x", BYTE, "another note")
    magnitude = b.let("magnitude", Absolute(x), "of the second")
    product = b.let("size", Multiply(x, magnitude))
    one = b.let("one", Constant(1, 8))
    return b.build(y=(b.let("result", Add(one, product)), FixedFormat.parse("SQ9.8")))


def test_common_steps_are_one():
    plan = merged({"y": square_plan(), "dy": line_plan()})
    assert [(step.name, str(step.operation), step.note) for step in plan.steps] == [
        ("x", "input(format=SQ4.4)", "the first note"),
        ("size", "absolute(x)", "of the first"),
        ("result", "multiply(size, x)", ""),
        ("one", "constant(value=1, fraction=8)", ""),
        ("dy_result", "add(one, result)", ""),
    ]
    assert [(output.name, output.step, str(output.format)) for output in plan.outputs] == [
        ("y", "result", "SQ8.8"),
        ("dy", "dy_result", "SQ9.8"),
    ]


def test_the_order_of_operands_matters_where_it_does():
    b = PlanBuilder()
    x = b.input("x", BYTE)
    one = b.let("one", Constant(1, 4))
    up = b.build(y=(b.let("d", Subtract(x, one)), FixedFormat.parse("SQ5.4")))
    down = b.build(y=(b.let("e", Subtract(one, x)), FixedFormat.parse("SQ5.4")))
    less = b.build(y=(b.let("f", Compare("lt", one, x)), FixedFormat.parse("UQ1.0")))
    more = b.build(y=(b.let("g", Compare("lt", x, one)), FixedFormat.parse("UQ1.0")))
    plan = merged({"p": up, "q": down, "r": less, "s": more})
    assert golden(plan)([3])[0].tolist() == [2]
    assert [each.tolist() for each in golden(plan)([3, -4])] == [[2, -5], [-2, 5], [1, 0], [0, 1]]


def test_names_of_outputs_are_kept_free():
    b = PlanBuilder()
    x = b.input("x", BYTE)
    one = b.let("dy", Constant(1, 4))
    plan = merged({"y": b.build(y=(b.let("d", Add(x, one)), FixedFormat.parse("SQ5.4"))), "dy": square_plan()})
    assert [step.name for step in plan.steps] == ["x", "y_dy", "d", "size", "result"]


def test_inputs_of_equal_format_are_not_one():
    b = PlanBuilder()
    both = b.let("both", Subtract(b.input("a", BYTE), b.input("c", BYTE)))
    plan = b.build(y=(both, FixedFormat.parse("SQ5.4")))
    assert golden(merged({"y": plan, "z": plan}))([5], [3])[0].tolist() == [2]


def test_a_single_output_is_what_it_was():
    plan = sum_and_distance()
    total, distance = single_output(plan, "total"), single_output(plan, "distance")
    assert [step.name for step in total.steps] == ["a", "c", "sum_of_both"]
    assert [step.name for step in distance.steps] == ["a", "c", "difference", "magnitude"]
    a, c = np.arange(-64, 64), np.arange(128) % 64
    expected = golden(plan)(a, c)
    assert (golden(total)(a, c) == expected[0]).all()
    assert (golden(distance)(a, c) == expected[1]).all()


def test_other_inputs_are_refused():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.5"))
    other = b.build(y=(x, FixedFormat.parse("SQ4.5")))
    with pytest.raises(ValueError, match="plans of different inputs cannot be merged"):
        merged({"y": square_plan(), "dy": other})
    with pytest.raises(ValueError, match="must have one output, not 2"):
        merged({"y": sum_and_distance()})


@given(plans(), st.data())
def test_a_plan_merged_with_itself_is_itself(plan, data):
    alone = single_output(plan, plan.outputs[0].name)
    twice = merged({"first": alone, "second": alone})
    assert len(twice.steps) <= len(alone.steps)
    for codes in data.draw(input_codes(plan)):
        answers = golden(twice)(*([code] for code in codes))
        assert [int(answer[0]) for answer in answers] == 2 * [evaluate(plan, *codes)[plan.outputs[0].step]]
