import json

import pytest
from hypothesis import given
from strategies import plans

from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan.operations import (
    Add,
    Clamp,
    Constant,
    Input,
    Lookup,
    Multiply,
    Narrow,
    Round,
    ShiftLeft,
    ShiftRight,
)
from softgate.plan.plan import Output, Step

parse = FixedFormat.parse
BYTE = parse("SQ4.4")


def small_plan():
    b = PlanBuilder()
    x = b.input("x", BYTE, "the argument")
    square = b.let("square", Multiply(x, x))
    index = b.let("piece", ShiftRight(square, 12, 0), "number of the piece")
    entry = b.let("entry", Lookup(index, (-3, 5, 0, 1, 2), 4))
    total = b.let("total", Add(b.let("scaled", ShiftRight(square, 4)), entry), "square plus entry")
    b.let("unused", Constant(1))
    return b.build(y=(b.let("limited", Clamp(total, 0, 255)), parse("UQ4.4")))


LISTING = """\
x       = input(format=SQ4.4)                       s8     [-128, 127]  2^-4  the argument
square  = multiply(x, x)                            u15    [0, 16384]   2^-8
piece   = shift_right(square, bits=12, fraction=0)  u3     [0, 4]       2^0   number of the piece
entry   = lookup(piece, 5 entries)                  s4     [-3, 5]      2^-4
scaled  = shift_right(square, bits=4)               u11    [0, 1024]    2^-4
total   = add(scaled, entry)                        s12    [-3, 1029]   2^-4  square plus entry
limited = clamp(total, low=0, high=255)             u8     [0, 255]     2^-4
y       = output(limited)                           UQ4.4"""


def test_listing():
    assert small_plan().listing() == LISTING


def test_binary_points_left_of_the_units_in_a_listing():
    b = PlanBuilder()
    tens = b.let("tens", Round(b.input("x", BYTE), 6, "half_up"))
    listing = b.build(y=(b.let("units", ShiftLeft(tens, 2)), parse("SQ5.0"))).listing()
    assert listing.splitlines()[1:3] == [
        "tens  = round(x, bits=6, mode=half_up)  s3     [-2, 2]      2^2",
        "units = shift_left(tens, bits=2)        s5     [-8, 8]      2^0",
    ]


def test_json_and_hash():
    plan = small_plan()
    assert json.loads(plan.to_json())["steps"][3] == {
        "name": "entry",
        "op": "lookup",
        "index": "piece",
        "table": {"digits": 1, "signed": True, "hex": "d5012"},
        "fraction": 4,
    }
    assert plan.sha256 == "4fb8b007c3427d7ce2af3f32a7cba8077bcfcccb688adb5c35324e1edc8f1949"
    assert "unused" not in plan.to_json()


@given(plans())
def test_json_round_trip(plan):
    again = Plan.from_json(plan.to_json())
    assert again == plan
    assert again.sha256 == plan.sha256
    assert again.listing() == plan.listing()
    assert (again.ranges, again.points) == (plan.ranges, plan.points)


X = Step("x", Input(BYTE))
Y = Output("y", "x", BYTE)


@pytest.mark.parametrize(
    ("steps", "outputs", "message"),
    [
        ([X, X], [Y], "the name 'x' is taken twice"),
        ([X], [Output("x", "x", BYTE)], "the name 'x' is taken twice"),
        ([X], [Y, Y], "the name 'y' is taken twice"),
        ([X], [], "a plan needs at least one output"),
        ([Step("twice", Add("x", "x")), X], [Y], "step 'twice' reads 'x', which is not an earlier step"),
        ([X, Step("loop", Add("x", "loop"))], [Y], "step 'loop' reads 'loop', which is not an earlier step"),
        ([X], [Output("y", "z", BYTE)], "output 'y' reads 'z', which is not a step"),
        ([X], [Output("y", "x", parse("SQ3.4"))], "output 'y' is in [-128, 127], outside SQ3.4, which holds [-64, 63]"),
        ([X], [Output("y", "x", parse("SQ5.3"))], "output 'y' has 4 fraction bits, but its format SQ5.3 has 3"),
        ([Step("x_r2", Input(BYTE))], [Y], "step name 'x_r2' ends like a register's name; choose another"),
        (
            [Step("2x", Input(BYTE))],
            [Y],
            "step name '2x' is not a Verilog identifier: letters, digits and underscores, not starting with a digit",
        ),
        (
            [X],
            [Output("reg", "x", BYTE)],
            "output name 'reg' is a keyword of Verilog or SystemVerilog; choose another, such as reg_unit",
        ),
        (
            [X, Step("none", Narrow("x", 200, 300, "partition 1"))],
            [Output("y", "none", BYTE)],
            "step 'none' is left with no code at all: its range is [200, 127]",
        ),
    ],
)
def test_plans_that_are_refused(steps, outputs, message):
    with pytest.raises(ValueError) as raised:
        Plan(tuple(steps), tuple(outputs))
    assert str(raised.value) == message


def test_an_output_named_like_a_register_is_refused():
    with pytest.raises(ValueError, match="ends like a register's name"):
        Plan((Step("h", Input(BYTE)),), (Output("h_r2", "h", BYTE),))


GOOD = small_plan().as_dict()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "the plan is not well formed"),
        ({}, "the plan is not well formed: 'steps'"),
        ({**GOOD, "steps": [{"op": "input", "format": "SQ4.4"}]}, "the plan is not well formed: 'name'"),
        ({**GOOD, "steps": [{"name": "x", "op": "inputs"}]}, "there is no operation 'inputs'"),
        ({**GOOD, "outputs": [{"name": "y", "step": "x"}]}, "the plan is not well formed: 'format'"),
        ({**GOOD, "outputs": [{"name": "y", "step": "x", "format": "Q4.4"}]}, "format 'Q4.4' is ambiguous"),
    ],
)
def test_json_that_is_refused(data, message):
    with pytest.raises(ValueError) as raised:
        Plan.from_dict(data)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "data",
    [
        {**GOOD, "steps": [{"name": 5, "op": "input", "format": "SQ4.4"}]},
        {**GOOD, "steps": [{"name": "y0", "op": "input", "format": "SQ4.4", "note": 5}, *GOOD["steps"]]},
        {**GOOD, "outputs": [{"name": "y", "step": [], "format": "SQ4.4"}]},
        {**GOOD, "outputs": [{"name": 5, "step": "x", "format": "SQ4.4"}]},
    ],
)
def test_json_values_of_the_wrong_kind_are_refused(data):
    with pytest.raises(ValueError):
        Plan.from_dict(data)


def test_text_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="Expecting value"):
        Plan.from_json("plan")


@pytest.mark.parametrize("name", ["Budget", "create_function"])
def test_names_that_have_moved_warn(name):
    import softgate.plan as module

    with pytest.warns(DeprecationWarning, match=rf"softgate\.plan\.{name} has moved: write `from softgate"):
        assert callable(getattr(module, name))
