"""Plans of products by rows, as polynomials have them, and of products that one block can do."""

from functools import cache

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

FACTORS = (-1, 0, 1, 2)


@cache
def rows(digits=3):
    """Return the plan of a Horner's rule of degree 2: rows of a few digits, and carries in one sum."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse(f"UQ{2 * digits + 2}.0"))
    fields = [b.let(f"field{n}", op.Bits(x, 2 * n, 2)) for n in range(digits)]
    segment = b.let("segment", op.Bits(x, 2 * digits, 2))
    carry = b.let("carry", op.Bits(x, 1, 1))
    one = b.let("one", op.Constant(1))
    total = ""
    for name, entries in (("c2", (3, 5, 9, 14)), ("c1", (140, 77, 90, 201))):
        c = b.let(name, op.Lookup(segment, entries))
        if total:
            c = b.let("m", op.Add(c, total))
        total = ""
        for n, field in enumerate(fields):
            full = b.let(f"{name}_full{n}", op.PartialProduct(c, field, FACTORS))
            row = b.let(f"{name}_row{n}", op.ShiftRight(full, 2 * (digits - n), 0))
            if total and name == "c1":
                left = b.let(f"{name}_left{n}", op.Concatenate(total, one, 1, 0))
                right = b.let(f"{name}_right{n}", op.Concatenate(row, carry, 1, 0))
                both = b.let(f"{name}_both{n}", op.Add(left, right))
                total = b.let(f"{name}_sum{n}", op.ShiftRight(both, 1, 0))
            else:
                total = b.let(f"{name}_sum{n}", op.Add(total, row)) if total else row
    constant = b.let("c0", op.Lookup(segment, (9, 800, 33, 2)))
    y = b.let("y", op.Add(constant, total))
    return b.build(out=(y, FixedFormat(True, b.range(y).width + (not b.range(y).signed), 0)))


@cache
def products():
    """Return the plan of ``(x * k + 3) * x + 5`` for a k that depends on x."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ6.0"))
    k = b.let("k", op.Bits(x, 0, 3))
    first = b.let("first", op.Multiply(x, k))
    inner = b.let("inner", op.Add(first, b.let("three", op.Constant(3))))
    second = b.let("second", op.Multiply(inner, x))
    y = b.let("y", op.Add(second, b.let("five", op.Constant(5))))
    return b.build(out=(y, FixedFormat(True, b.range(y).width, 0)))
