import pytest
from one_step_plans import one_step

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.sim.golden.model import golden

parse = FixedFormat.parse


@pytest.mark.parametrize(
    ("operation", "codes", "expected"),
    [
        (op.Constant(-7), [0, 1], [-7, -7]),
        (op.Bits("x", 0, 4), [-1, -128, 0x35], [15, 0, 5]),
        (op.Bits("x", 4, 4), [-1, -128, 0x35], [15, 8, 3]),
        (op.Bits("x", 4, 4, signed=True), [-1, -128, 0x35], [-1, -8, 3]),
        (op.Bits("x", 6, 8), [-1, -128, 127], [255, 254, 1]),  # beyond the sign bit there are more of it
        (op.Bits("x", 200, 3), [-1, 1], [7, 0]),
        (op.Bits("x", 0, 64, signed=True), [-1, -128, 127], [-1, -128, 127]),  # as many bits as an integer of numpy
        (op.Bits("x", 1, 63), [-1, -128, 127], [(1 << 63) - 1, (1 << 63) - 64, 63]),
        (op.Bits("x", 2, 62, signed=True), [-1, -128, 127], [-1, -32, 31]),
        (op.Absolute("x"), [-128, -1, 0, 127], [128, 1, 0, 127]),
        (op.ShiftLeft("x", 3), [-128, 5], [-1024, 40]),
        (op.ShiftRight("x", 3), [-128, -1, 7, 8], [-16, -1, 0, 1]),
        (op.ShiftRight("x", 200), [-128, -1, 127], [-1, -1, 0]),
        (op.Round("x", 63, "half_up"), [-128, 127], [0, 0]),
        (op.Round("x", 100, "half_up"), [-128, 127], [0, 0]),
        (op.Clamp("x", -3, 4), [-128, -4, -3, 0, 4, 5], [-3, -3, -3, 0, 4, 4]),
        (op.Clamp("x", -(1 << 80), 1 << 80), [-128, 127], [-128, 127]),
        (op.Clamp("x", 1 << 62, 1 << 62), [-128, 127], [1 << 62, 1 << 62]),
        (op.Multiply("x", "x"), [-128, 3], [16384, 9]),
        (op.Subtract("x", "x"), [-128, 3], [0, 0]),
    ],
)  # fmt: skip
def test_literal_results(operation, codes, expected):
    model = one_step(operation)
    assert model(codes).tolist() == expected


HALVES = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]
QUARTERS = [-7, -6, -5, -3, -2, -1, 1, 2, 3, 5, 6, 7]


@pytest.mark.parametrize(
    ("mode", "halves", "quarters"),
    [
        ("half_up", [-2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3], [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2]),
        ("half_even", [-2, -2, -2, -1, 0, 0, 0, 1, 2, 2, 2], [-2, -2, -1, -1, 0, 0, 0, 0, 1, 1, 2, 2]),
        ("toward_zero", [-2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2], [-1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 1, 1]),
    ],
)
def test_rounding(mode, halves, quarters):
    assert one_step(op.Round("x", 1, mode))(HALVES).tolist() == halves
    assert one_step(op.Round("x", 2, mode))(QUARTERS).tolist() == quarters


@pytest.mark.parametrize(
    ("operation", "codes", "expected"),
    [
        (op.LeadingZeros("x", 8), [0, 1, 2, 127, 128, 255], [8, 7, 6, 1, 0, 0]),
        (op.LeadingZeros("x", 10), [0, 1, 255], [10, 9, 2]),
        (op.Lookup("x", tuple(range(-256, 0))), [0, 255], [-256, -1]),
    ],
)
def test_literal_results_of_unsigned_codes(operation, codes, expected):
    model = one_step(operation, "UQ8.0")
    assert model(codes).tolist() == expected


def test_leading_zeros_of_a_code_without_bits():
    b = PlanBuilder()
    b.input("x", parse("SQ2.0"))
    zero = b.let("none", op.Constant(0))
    model = golden(b.build(y=(b.let("zeros", op.LeadingZeros(zero, 0)), parse("UQ1.0"))))
    assert model([0]).tolist() == [0]


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("lt", [1, 0, 0]),
        ("le", [1, 1, 0]),
        ("eq", [0, 1, 0]),
        ("ne", [1, 0, 1]),
        ("ge", [0, 1, 1]),
        ("gt", [0, 0, 1]),
    ],
)
def test_compare(relation, expected):
    b = PlanBuilder()
    x, three = b.input("x", parse("SQ4.0")), b.let("three", op.Constant(3))
    model = golden(b.build(y=(b.let("compared", op.Compare(relation, x, three)), parse("UQ1.0"))))
    assert model([-8, 3, 7]).tolist() == expected


@pytest.mark.parametrize(("function", "expected"), [("and", [4, -8]), ("or", [-1, -1]), ("xor", [-5, 7])])
def test_bitwise(function, expected):
    b = PlanBuilder()
    x, z = b.input("x", parse("SQ4.0")), b.input("z", parse("SQ4.0"))
    model = golden(b.build(y=(b.let("joined", op.Bitwise(function, x, z)), parse("SQ4.0"))))
    assert model([-4, -8], [7, -1]).tolist() == expected


@pytest.mark.parametrize("wide", [False, True])
def test_shifts_by_any_amount(wide):
    b = PlanBuilder()
    x, amount = b.input("x", parse("SQ60.0")), b.input("amount", parse("UQ7.0"))
    source = b.let("source", op.ShiftLeft(x, 40 * wide, 0))
    shifted = b.let("shifted", op.ShiftBy("right", source, amount))
    model = golden(b.build(y=(b.let("low", op.Bits(shifted, 0, 64)), parse("UQ64.0"))))
    for code in (-(1 << 59), -(1 << 45) - 12345, -1, 0, 1, (1 << 41) + 99, (1 << 59) - 1):
        exact = [(code << 40 * wide) // 2**bits % 2**64 for bits in range(128)]
        assert model([code] * 128, range(128)).tolist() == exact
