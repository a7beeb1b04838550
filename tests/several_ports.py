"""Plans of several inputs or outputs, and of more bits than a word has."""

from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op

parse = FixedFormat.parse


def prelu() -> Plan:
    """Return x where it is not negative, and x times a slope otherwise: PReLU with the slope as a port."""
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.4"))
    slope = b.input("slope", parse("SQ1.6"))
    product = b.let("product", op.Round(b.let("exact", op.Multiply(x, slope)), 6, "half_up"))
    limited = b.let("limited", op.Clamp(product, -128, 127))
    negative = b.let("negative", op.Compare("lt", x, b.let("zero", op.Constant(0, 4))))
    return b.build(y=(b.let("chosen", op.Select(negative, limited, x)), parse("SQ4.4")))


def sum_and_distance() -> Plan:
    """Return a + c and the distance of a and c, whose formats are padded on an AXI4-Stream."""
    b = PlanBuilder()
    a, c = b.input("a", parse("SQ3.4")), b.input("c", parse("UQ2.4"))
    distance = b.let("magnitude", op.Absolute(b.let("difference", op.Subtract(a, c))))
    return b.build(total=(b.let("sum_of_both", op.Add(a, c)), parse("SQ4.4")), distance=(distance, parse("UQ3.4")))


def wide() -> Plan:
    """Return a sum of two wide inputs, and one of them: more than 64 bits go in, and come out."""
    b = PlanBuilder()
    a, c = b.input("a", parse("SQ10.29")), b.input("c", parse("SQ2.29"))
    return b.build(total=(b.let("sum_of_both", op.Add(a, c)), parse("SQ11.29")), same=(a, parse("SQ10.29")))
