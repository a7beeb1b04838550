import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.lut_estimate import logic_size, table_size


@pytest.mark.parametrize(
    ("table", "size"),
    [
        ([0, 1], 1),
        ([5, 5, 5], 0),
        (list(range(16)), 4),
        (list(range(32)), 4 + 2),  # the four low bits do not look at the highest; the fifth is constant in each half
        ([0] * 16 + [*range(8), *range(8)], 3 * 2),
        ([1] * 48 + [0] * 16, 1 + 1 + 1),
        ([-1, 0], 1),
        ([-1, 0, -2, 1], 2),
    ],
)
def test_tables(table, size):
    assert table_size(table) == size


def test_a_row_of_a_longer_digit():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ8.0"))
    entry, digit = b.let("entry", op.Bits(x, 0, 4)), b.let("digit", op.Bits(x, 4, 3))
    row = b.let("row", op.PartialProduct(entry, digit, (-2, -1, -1, 0, 0, 1, 1, 2)))
    assert logic_size(b.build(y=(row, FixedFormat.parse("SQ6.0")))) == 2 * 6  # five inputs a bit


def test_a_plan_by_hand():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ8.0"))
    index = b.let("index", op.Bits(x, 0, 4))
    entry = b.let("entry", op.Lookup(index, tuple(range(16))))  # 4
    digit = b.let("digit", op.Bits(x, 4, 2))
    row = b.let("row", op.PartialProduct(entry, digit))  # 6 bits, of which 2 are dropped: 4
    kept = b.let("kept", op.ShiftRight(row, 2, 0))
    total = b.let("total", op.Add(kept, index))  # -4 to 22: 6
    minus = b.let("minus", op.Constant(-1))
    flipped = b.let("flipped", op.Bitwise("xor", total, minus))  # an inverter: nothing
    sign = b.let("sign", op.Bits(x, 7, 1))
    value = b.let("value", op.Select(sign, flipped, total))  # 6
    assert logic_size(b.build(y=(value, FixedFormat.parse("SQ6.0")))) == 4 + 4 + 6 + 6
