import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import evaluate, input_codes, plans

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Absolute, Add, Clamp, Constant, Multiply, Narrow, Range, ShiftLeft, Subtract
from softgate.plan.ranges import Inferred, Linear, infer, split_input


def builder():
    b = PlanBuilder()
    return b, b.input("x", FixedFormat.parse("SQ8.0"))


@settings(max_examples=300)
@given(st.data())
def test_every_value_is_in_its_range(data):
    plan = data.draw(plans())
    for codes in data.draw(input_codes(plan)):
        for name, code in evaluate(plan, *codes).items():
            assert code in plan.ranges[name], name


def test_a_linear_function_of_an_input_is_exact():
    b, x = builder()
    times8 = b.let("times8", ShiftLeft(x, 3, 0))
    times7 = b.let("times7", Subtract(times8, x))
    assert b.range(times7) == (-7 * 128, 7 * 127)  # intervals alone give [-1151, 1144]
    shifted = b.let("shifted", Add(times7, b.let("five", Constant(5))))
    assert b.range(shifted) == (-891, 894)
    minus3 = b.let("minus3", Multiply(shifted, b.let("factor", Constant(-3))))
    assert b.range(minus3) == (-3 * 894, 3 * 891)
    assert b.range(b.let("product", Multiply("factor", shifted))) == (-3 * 894, 3 * 891)
    cancelled = b.let("cancelled", Add(minus3, b.let("times21", Multiply(x, b.let("c21", Constant(21))))))
    assert b.range(cancelled) == (-15, -15)


def test_a_linear_function_of_two_inputs_is_an_interval():
    b, x = builder()
    z = b.input("z", FixedFormat.parse("SQ8.0"))
    total = b.let("total", Add(x, z))
    assert b.range(b.let("back", Subtract(total, z))) == (-383, 382)


def test_linearity_ends_where_an_operation_is_not_linear():
    b, x = builder()
    limited = b.let("limited", Clamp(x, -100, 100))
    assert b.range(b.let("difference", Subtract(limited, x))) == (-227, 228)
    size = b.let("size", Absolute(x))
    assert b.range(b.let("zero", Subtract(size, size))) == (-128, 128)


def test_linearity_goes_through_narrow():
    b, x = builder()
    part = b.let("part", Narrow(x, -10, 10, "partition 1"))
    assert b.range(part) == (-10, 10)
    assert b.range(b.let("zero", Subtract(part, x))) == (0, 0)


def test_infer_names_every_step():
    steps = [("one", Constant(1)), ("two", Add("one", "one"))]
    assert infer(steps) == {"one": Range(1, 1), "two": Range(2, 2)}


def test_split_input():
    parts = split_input("x", Range(-4, 3), 4)
    assert parts == [
        Inferred(Range(*ends), Linear("x", 1, 0)) for ends in ((-4, -4), (-3, -3), (-2, -2), (-1, -1), (0, 1), (2, 3))
    ]  # fmt: skip
    assert split_input("x", Range(0, 2), 1) == [Inferred(Range(0, 2), Linear("x", 1, 0))]


@pytest.mark.parametrize("parts", [-1, 0, 3, 5, 16])
def test_an_uneven_split_is_refused(parts):
    with pytest.raises(ValueError) as raised:
        split_input("x", Range(-4, 3), parts)
    assert str(raised.value) == f"the 8 codes of x cannot be split into {parts} equal parts"


@pytest.mark.parametrize(
    ("held", "parts", "found"),
    [
        ((-3, 2), 4, [(-3, -3), (-2, -2), (-1, -1), (0, 1), (2, 2)]),
        ((-8, 7), 2, [(-8, -8), (-7, -1), (0, 7)]),
        ((-16, -1), 4, [(-16, -16), (-15, -13), (-12, -12), (-11, -9), (-8, -8), (-7, -5), (-4, -4), (-3, -1)]),
        ((-3, 5), 4, [(-3, -1), (0, 3), (4, 5)]),  # of [-8, 7]; nothing of the first part is left
        ((9, 14), 2, [(9, 11), (12, 14)]),  # of [8, 15]
        ((9, 14), 8, [(code, code) for code in range(9, 15)]),
        ((8, 16), 4, [(8, 15), (16, 16)]),  # of [0, 31]
        ((-6, -5), 1, [(-6, -6), (-5, -5)]),
    ],
)
def test_ranges_are_split_along_parts_of_their_block(held, parts, found):
    assert [part.range for part in split_input("x", Range(*held), parts)] == found


@given(st.integers(-300, 300), st.integers(0, 300), st.integers(1, 9))
def test_magnitudes_are_split_where_codes_are(low, size, bits):
    held = Range(low, low + size)
    parts = 1 << min(bits, held.block.size.bit_length() - 1)
    ranges = [part.range for part in split_input("x", held, parts)]
    assert [code for part in ranges for code in range(part.low, part.high + 1)] == list(range(low, low + size + 1))
    width = held.block.size // parts
    for part in ranges:
        assert part.low // width == part.high // width
        assert abs(part.low) // width == abs(part.high) // width


def test_a_linear_function_of_an_input_within_a_range_is_exact():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ8.0"), within=Range(3, 5))
    times8 = b.let("times8", ShiftLeft(x, 3, 0))
    assert b.range(b.let("times7", Subtract(times8, x))) == (21, 35)
