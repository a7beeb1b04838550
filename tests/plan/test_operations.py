import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import BITWISE, MODES, RELATIONS, meaning, smallest_range

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations import Operation, Range


@pytest.mark.parametrize(
    ("held", "signed", "width"),
    [
        (Range(0, 0), False, 1),
        (Range(0, 1), False, 1),
        (Range(0, 2), False, 2),
        (Range(5, 255), False, 8),
        (Range(0, 256), False, 9),
        (Range(-1, -1), True, 1),
        (Range(-4, -4), True, 3),
        (Range(-4, -3), True, 3),
        (Range(-1, 0), True, 1),
        (Range(-1, 1), True, 2),
        (Range(-128, 127), True, 8),
        (Range(-128, 128), True, 9),
        (Range(-129, 0), True, 9),
    ],
)
def test_width(held, signed, width):
    assert (held.signed, held.width) == (signed, width)


def test_range_as_a_set():
    held = Range(-2, 3)
    assert -2 in held
    assert 3 in held
    assert 4 not in held
    assert 0.5 not in held
    assert held.covers(Range(-2, 0))
    assert not held.covers(Range(0, 4))
    assert held.union(Range(5, 6)) == Range(-2, 6)
    assert str(held) == "[-2, 3]"


@pytest.mark.parametrize(
    ("operation", "operands", "expected"),
    [
        (op.Input(FixedFormat.parse("SQ4.4")), [], Range(-128, 127)),
        (op.Constant(-5), [], Range(-5, -5)),
        (op.Bits("a", 2, 3), [Range(0, 31)], Range(0, 7)),
        (op.Bits("a", 2, 3), [Range(9, 17)], Range(2, 4)),
        (op.Bits("a", 0, 3), [Range(6, 9)], Range(0, 7)),
        (op.Bits("a", 0, 3, signed=True), [Range(-4, 3)], Range(-4, 3)),
        (op.Bits("a", 0, 3, signed=True), [Range(4, 7)], Range(-4, -1)),
        (op.Bits("a", 0, 3, signed=True), [Range(3, 4)], Range(-4, 3)),
        (op.Lookup("a", (9, -3, 4, 7)), [Range(1, 2)], Range(-3, 4)),
        (op.Add("a", "b"), [Range(-3, 4), Range(10, 20)], Range(7, 24)),
        (op.Subtract("a", "b"), [Range(-3, 4), Range(10, 20)], Range(-23, -6)),
        (op.Multiply("a", "b"), [Range(-3, 4), Range(-10, 20)], Range(-60, 80)),
        (op.Multiply("a", "a"), [Range(-3, 2), Range(-3, 2)], Range(0, 9)),
        (op.Multiply("a", "a"), [Range(-5, -2), Range(-5, -2)], Range(4, 25)),
        (op.PartialProduct("a", "b", (-1, 0)), [Range(-3, 4), Range(0, 0)], Range(-5, 2)),
        (op.PartialProduct("a", "b", (0, -2)), [Range(-3, 4), Range(0, 1)], Range(-9, 5)),
        (op.Absolute("a"), [Range(-128, 127)], Range(0, 128)),
        (op.Absolute("a"), [Range(-9, -2)], Range(2, 9)),
        (op.Bitwise("and", "a", "b"), [Range(0, 100), Range(-5, 20)], Range(0, 100)),
        (op.Bitwise("and", "a", "b"), [Range(-9, 3), Range(-5, 20)], Range(-32, 31)),
        (op.Bitwise("or", "a", "b"), [Range(5, 6), Range(3, 8)], Range(5, 15)),
        (op.Bitwise("xor", "a", "b"), [Range(5, 6), Range(3, 8)], Range(0, 15)),
        (op.ShiftLeft("a", 3), [Range(-1, 5)], Range(-8, 40)),
        (op.ShiftRight("a", 1), [Range(-3, 5)], Range(-2, 2)),
        (op.ShiftBy("left", "a", "b"), [Range(-3, 5), Range(1, 4)], Range(-48, 80)),
        (op.ShiftBy("right", "a", "b"), [Range(-3, 5), Range(1, 4)], Range(-2, 2)),
        (op.LeadingZeros("a", 8), [Range(1, 255)], Range(0, 7)),
        (op.LeadingZeros("a", 8), [Range(0, 7)], Range(5, 8)),
        (op.Round("a", 1, "half_up"), [Range(-3, 3)], Range(-1, 2)),
        (op.Round("a", 1, "half_even"), [Range(-3, 3)], Range(-2, 2)),
        (op.Round("a", 1, "toward_zero"), [Range(-3, 3)], Range(-1, 1)),
        (op.Clamp("a", -2, 2), [Range(-9, 1)], Range(-2, 1)),
        (op.Clamp("a", -2, 2), [Range(5, 9)], Range(2, 2)),
        (op.Compare("lt", "a", "b"), [Range(0, 3), Range(4, 5)], Range(1, 1)),
        (op.Compare("lt", "a", "b"), [Range(0, 4), Range(4, 5)], Range(0, 1)),
        (op.Compare("gt", "a", "b"), [Range(0, 4), Range(4, 5)], Range(0, 0)),
        (op.Compare("eq", "a", "b"), [Range(4, 4), Range(4, 4)], Range(1, 1)),
        (op.Compare("ne", "a", "b"), [Range(4, 4), Range(4, 4)], Range(0, 0)),
        (op.Select("a", "b", "c"), [Range(0, 1), Range(2, 3), Range(8, 9)], Range(2, 9)),
        (op.Select("a", "b", "c"), [Range(1, 1), Range(2, 3), Range(8, 9)], Range(2, 3)),
        (op.Select("a", "b", "c"), [Range(0, 0), Range(2, 3), Range(8, 9)], Range(8, 9)),
        (op.Narrow("a", -1, 50, "partition 1"), [Range(-9, 9)], Range(-1, 9)),
    ],
)
def test_literal_ranges(operation, operands, expected):
    assert operation.range(*operands) == expected


def ranges(low=-20, high=20):
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda ends: Range(*sorted(ends)))


@given(ranges(), ranges(), st.sampled_from(sorted(RELATIONS)), st.integers(0, 4), st.sampled_from(MODES))
def test_ranges_that_are_exact(a, b, relation, bits, mode):
    for operation in (op.Add("a", "b"), op.Subtract("a", "b"), op.Multiply("a", "b"), op.Compare(relation, "a", "b")):
        assert operation.range(a, b) == smallest_range(operation, a, b)
    for operation in (
        op.Absolute("a"),
        op.ShiftLeft("a", bits),
        op.ShiftRight("a", bits),
        op.Round("a", bits + 1, mode),
        op.Clamp("a", *b),
    ):
        assert operation.range(a) == smallest_range(operation, a)


@given(ranges(), ranges(0, 5), st.sampled_from(["left", "right"]))
def test_ranges_of_run_time_shifts_are_exact(source, amount, direction):
    operation = op.ShiftBy(direction, "a", "b")
    assert operation.range(source, amount) == smallest_range(operation, source, amount)


@given(ranges(0, 40), st.integers(6, 9))
def test_ranges_of_leading_zeros_are_exact(source, width):
    operation = op.LeadingZeros("a", width)
    assert operation.range(source) == smallest_range(operation, source)


@given(ranges(0, 1), ranges(), ranges())
def test_ranges_of_select_are_exact(condition, yes, no):
    operation = op.Select("a", "b", "c")
    union = smallest_range(operation, condition, yes, no)
    assert operation.range(condition, yes, no) == union


@given(ranges(), ranges(), st.sampled_from(sorted(BITWISE)))
def test_ranges_of_bitwise_operations_cover(a, b, function):
    operation = op.Bitwise(function, "a", "b")
    assert operation.range(a, b).covers(smallest_range(operation, a, b))


@settings(max_examples=300)
@given(ranges(), st.integers(0, 6), st.integers(1, 6), st.booleans())
def test_ranges_of_bits_cover(source, low, count, signed):
    operation = op.Bits("a", low, count, signed=signed)
    held, smallest = operation.range(source), smallest_range(operation, source)
    assert held.covers(smallest)
    codes = [meaning(operation, code) for code in range(source.low, source.high + 1)]
    if codes == sorted(codes):
        assert held == smallest


@pytest.mark.parametrize(
    ("operation", "operands", "expected"),
    [
        (op.Input(FixedFormat.parse("SQ4.4")), [], 4),
        (op.Constant(3, 7), [], 7),
        (op.Bits("a", 0, 4, 2), [9], 2),
        (op.Lookup("a", (0, 1), 6), [9], 6),
        (op.Add("a", "b"), [5, 5], 5),
        (op.Multiply("a", "b"), [3, 5], 8),
        (op.ShiftLeft("a", 3), [4], 7),
        (op.ShiftLeft("a", 3, 0), [4], 0),
        (op.ShiftRight("a", 3), [4], 1),
        (op.ShiftRight("a", 3, 0), [4], 0),
        (op.ShiftBy("left", "a", "b"), [4, 9], 4),
        (op.LeadingZeros("a", 4), [4], 0),
        (op.Round("a", 3, "half_up"), [4], 1),
        (op.Clamp("a", 0, 1), [4], 4),
        (op.Compare("lt", "a", "b"), [4, 4], 0),
        (op.Select("a", "b", "c"), [0, 4, 4], 4),
        (op.Narrow("a", 0, 1, "partition 1"), [4], 4),
    ],
)
def test_binary_points(operation, operands, expected):
    assert operation.point(*operands) == expected


@pytest.mark.parametrize(
    ("operation", "points", "message"),
    [
        (op.Add("a", "b"), [4, 5], "add needs operands with equal fraction bits, but a has 4, b has 5"),
        (op.Compare("lt", "a", "b"), [0, 1], "compare needs operands with equal fraction bits, but a has 0, b has 1"),
        (op.Select("a", "b", "c"), [0, 2, 3], "select needs operands with equal fraction bits, but b has 2, c has 3"),
    ],
)
def test_binary_points_that_do_not_line_up(operation, points, message):
    with pytest.raises(ValueError) as raised:
        operation.point(*points)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: op.Bits("a", 0, 0), "bits takes 1 to 256 bits, not 0"),
        (lambda: op.Bitwise("nand", "a", "b"), "function must be and, or or xor, not 'nand'"),
        (lambda: op.ShiftLeft("a", -1), "shift_left takes 0 to 256 bits, not -1"),
        (lambda: op.ShiftRight("a", 257), "shift_right takes 0 to 256 bits, not 257"),
        (lambda: op.ShiftBy("up", "a", "b"), "direction must be left or right, not 'up'"),
        (lambda: op.Round("a", 0, "half_up"), "round drops 1 to 256 bits, not 0"),
        (lambda: op.Round("a", 1, "floor"), "mode must be half_up, half_even or toward_zero, not 'floor'"),
        (lambda: op.Clamp("a", 3, 2), "clamp limits are the wrong way round: 3 > 2"),
        (lambda: op.Compare("<", "a", "b"), "relation must be lt, le, eq, ne, ge or gt, not '<'"),
        (
            lambda: op.Lookup("a", (1, 2)).range(Range(0, 2)),
            "lookup index a is in [0, 2], but the table has 2 entries",
        ),
        (
            lambda: op.ShiftBy("left", "a", "b").range(Range(0, 1), Range(-1, 1)),
            "shift amount b is in [-1, 1]; it must not be negative",
        ),
        (
            lambda: op.LeadingZeros("a", 4).range(Range(0, 16)),
            "leading_zeros needs a source within [0, 2**4), not [0, 16]",
        ),
        (
            lambda: op.Select("a", "b", "c").range(Range(0, 2), Range(0, 0), Range(0, 0)),
            "select condition a is in [0, 2]; it must be 0 or 1",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError) as raised:
        make()
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("operation", "shown", "as_json"),
    [
        (
            op.Input(FixedFormat.parse("SQ4.4")),
            "input(format=SQ4.4)",
            {"op": "input", "format": "SQ4.4"},
        ),
        (op.Constant(3), "constant(value=3)", {"op": "constant", "value": 3}),
        (
            op.LeadingZeros("a", 4),
            "leading_zeros(a, width=4)",
            {"op": "leading_zeros", "source": "a", "width": 4},
        ),
        (
            op.ShiftLeft("a", 3, 0),
            "shift_left(a, bits=3, fraction=0)",
            {"op": "shift_left", "source": "a", "bits": 3, "fraction": 0},
        ),
        (
            op.Bits("a", 0, 4, signed=True),
            "bits(a, low=0, count=4, signed=True)",
            {"op": "bits", "source": "a", "low": 0, "count": 4, "signed": True},
        ),
        (
            op.PartialProduct("a", "b", (-1, 0, 1, 2)),
            "partial_product(a, b, factors=(-1, 0, 1, 2))",
            {"op": "partial_product", "source": "a", "digit": "b", "factors": [-1, 0, 1, 2]},
        ),
        (
            op.Lookup("a", (1, -2, 17), 3),
            "lookup(a, 3 entries)",
            {"op": "lookup", "index": "a", "fraction": 3, "table": {"digits": 2, "signed": True, "hex": "01fe11"}},
        ),
    ],
)
def test_text_and_json(operation, shown, as_json):
    assert str(operation) == shown
    assert operation.as_dict() == as_json
    assert Operation.from_dict(as_json) == operation


@given(st.lists(st.integers(-(1 << 70), 1 << 70), min_size=1))
def test_tables_round_trip(entries):
    operation = op.Lookup("a", tuple(entries))
    assert Operation.from_dict(operation.as_dict()) == operation


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "there is no operation None"),
        ({"op": "divide"}, "there is no operation 'divide'"),
        ({"op": "add", "left": "a"}, "operation add lacks its field 'right'"),
        ({"op": "add", "left": "a", "right": "b", "carry": 1}, "operation add has no field 'carry'"),
        ({"op": "add", "left": "a", "right": 1}, "field 'right' of operation add cannot be 1"),
        ({"op": "constant", "value": True}, "field 'value' of operation constant cannot be True"),
        ({"op": "constant", "value": 0.5}, "field 'value' of operation constant cannot be 0.5"),
        (
            {"op": "bits", "source": "a", "low": 0, "count": 1, "signed": 1},
            "field 'signed' of operation bits cannot be 1",
        ),
        (
            {"op": "partial_product", "source": "a", "digit": "b", "factors": [1, 2.0]},
            "field 'factors' of operation partial_product cannot be [1, 2.0]",
        ),
        (
            {"op": "partial_product", "source": "a", "digit": "b", "factors": [0, 3]},
            "the factors of a partial product are from -2 to 2, not (0, 3)",
        ),
        (
            {"op": "lookup", "index": "a", "table": [1, 2]},
            "field 'table' of operation lookup needs digits, signed and hex",
        ),
        # A class variable is no field: fails with a TypeError.
        ({"op": "add", "left": "a", "right": "b", "kinds": 1}, "operation add has no field 'kinds'"),
    ],
)
def test_json_that_is_refused(data, message):
    with pytest.raises(ValueError) as raised:
        Operation.from_dict(data)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "table",
    [
        {"digits": 2, "signed": False, "hex": "0a1"},
        {"digits": 3, "signed": False, "hex": "1_0"},
        {"digits": -2, "signed": False, "hex": "0a1b"},
        {"digits": 2, "signed": False, "hex": ""},
    ],
)
def test_damaged_tables_are_refused(table):
    with pytest.raises(ValueError, match="field 'table' of operation lookup"):
        Operation.from_dict({"op": "lookup", "index": "a", "table": table})


@pytest.mark.parametrize(
    ("held", "size", "block"),
    [
        ((-8, 7), 16, (-8, 7)),
        ((0, 15), 16, (0, 15)),
        ((0, 0), 1, (0, 0)),
        ((-1, 0), 2, (-1, 0)),
        ((-3, 1), 5, (-4, 3)),
        ((-4, 4), 9, (-8, 7)),
        ((0, 8), 9, (0, 15)),
        ((9, 10), 2, (8, 11)),
        ((13, 13), 1, (13, 13)),
        ((-10, -9), 2, (-10, -9)),
        ((-9, -8), 2, (-16, -1)),
        ((7, 8), 2, (0, 15)),
    ],
)
def test_sizes_and_blocks(held, size, block):
    assert Range(*held).size == size
    assert Range(*held).block == block


def test_the_codes_of_a_format_are_a_range():
    assert Range.of(FixedFormat.parse("SQ2.2")) == (-8, 7)
    assert Range.of(FixedFormat.parse("UQ0.3")) == (0, 7)


def test_an_input_within_a_range():
    fmt = FixedFormat.parse("SQ4.4")
    assert op.Input(fmt).range() == op.Input(fmt, -128, 127).range() == (-128, 127)
    assert op.Input(fmt, low=-3).range() == (-3, 127)
    assert op.Input(fmt, high=3).range() == (-128, 3)
    assert op.Input(fmt, 5, 5).range() == (5, 5)


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (3, 2, "input codes are the wrong way round: 3 > 2"),
        (-129, None, "input codes [-129, 127] are not all of SQ4.4, which holds [-128, 127]"),
        (0, 128, "input codes [0, 128] are not all of SQ4.4, which holds [-128, 127]"),
    ],
)
def test_inputs_within_no_range(low, high, message):
    with pytest.raises(ValueError) as raised:
        op.Input(FixedFormat.parse("SQ4.4"), low, high)
    assert str(raised.value) == message


def test_wrong_kinds_are_refused():
    with pytest.raises(TypeError, match=r"^shift_left takes an integer number of bits, not '2'$"):
        op.ShiftLeft("a", "2")
    with pytest.raises(TypeError, match=r"^step 's' must read steps by their names, not \['x'\]$"):
        PlanBuilder().let("s", op.Absolute(["x"]))
