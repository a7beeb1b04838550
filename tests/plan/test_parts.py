import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.parts import part_order, parts_of


@pytest.fixture
def folded():
    """Return a folded unit of two coefficients and saturation, in little."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ5.0"))
    zero = b.let("zero", op.Constant(0))
    negative = b.let("negative", op.Compare("lt", x, zero))
    ones = b.let("ones", op.Constant(-1))
    complement = b.let("complement", op.Bitwise("xor", x, ones))
    flipped = b.let("flipped", op.Select(negative, complement, x))
    segment = b.let("segment", op.Bits(flipped, 2, 2))
    c1 = b.let("c1_part0", op.Lookup(segment, (3, 2, 1, 0)))
    c0 = b.let("c0", op.Lookup(segment, (0, 1, 2, 3)))
    field = b.let("digit0", op.Bits(flipped, 0, 2))
    row = b.let("p0_full0", op.PartialProduct(c1, field))
    half = b.let("half", op.Constant(1))
    rounded = b.let("p0_sum1", op.Add(row, half))
    kept = b.let("total_low", op.Add(rounded, c0))
    total = b.let("total_high", op.Add(kept, half))
    mirrored = b.let("mirrored", op.Bitwise("xor", total, ones))
    signed = b.let("signed_value", op.Select(negative, mirrored, total))
    saturated = b.let("saturated", op.Lookup(segment, (0, 0, 0, 1)))
    limit = b.let("ending", op.Constant(7))
    limited = b.let("limited", op.Select(saturated, limit, signed))
    return b.build(y=(limited, FixedFormat.parse("SQ8.0")))


def test_every_step_has_its_part(folded):
    assert parts_of(folded) == {
        "x": "input",
        "zero": None,
        "negative": "sign in",
        "ones": None,
        "complement": "sign in",
        "flipped": "sign in",
        "segment": None,
        "c1_part0": "table c1",
        "c0": "table c0",
        "digit0": None,
        "p0_full0": "rows of products",
        "half": None,
        "p0_sum1": "sums",
        "total_low": "last addition",
        "total_high": "last addition",
        "mirrored": "sign out",
        "signed_value": "sign out",
        "saturated": "saturation",
        "ending": None,
        "limited": "saturation",
    }


def test_logic_between_tables_and_sums_is_selection():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ2.0"))
    entry = b.let("offset3", op.Lookup(x, (3, 2, 1, 0)))
    other = b.let("n4", op.Lookup(x, (0, 1, 0, 1)))
    made = b.let("turned", op.Bitwise("xor", entry, other))
    total = b.let("total", op.Add(made, entry))
    plan = b.build(y=(total, FixedFormat.parse("UQ4.0")))
    parts = parts_of(plan)
    assert parts["turned"] == "selection"
    assert (parts["offset3"], parts["n4"]) == ("table offset", "tables")


def test_parts_are_listed_from_inputs_to_outputs_and_shared_ones_after_their_first():
    listed = ["rest", "saturation", "table c1", "table c0 and table c1", "table c0", "sign in and table c0", "sign in"]
    assert sorted(listed, key=part_order) == [
        "sign in",
        "sign in and table c0",
        "table c0",
        "table c1",
        "table c0 and table c1",
        "saturation",
        "rest",
    ]
