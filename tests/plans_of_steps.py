"""Plans of a few steps over fixed inputs, whose delays are easy to add up."""

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op


def plan_of(*operations):
    """Return a plan of these operations, called s0, s1 and so on.

    They are of inputs x (8 bits, signed), long (20, signed), u (8) and w (4, both unsigned) and five single bits, and
    of some steps that take no time; every one is an output, of which only the lowest bits matter here.
    """
    b = PlanBuilder()
    ports = {"x": "SQ8.0", "long": "SQ20.0", "u": "UQ8.0", "w": "UQ4.0", **dict.fromkeys("cdefg", "UQ1.0")}
    for name, fmt in ports.items():
        b.input(name, FixedFormat.parse(fmt))
    b.let("zero", op.Constant(0))
    b.let("one", op.Constant(1))
    b.let("w2", op.Bits("w", 0, 2))
    b.let("w3", op.Bits("w", 0, 3))
    b.let("u6", op.Bits("u", 0, 6))
    b.let("digit", op.Narrow("w3", 0, 4, "partition 1"))
    for number, operation in enumerate(operations):
        b.let(f"s{number}", operation)
    lowest = {f"y{n}": (b.let(f"bit{n}", op.Bits(f"s{n}", 0, 1)), FixedFormat(False, 1, 0)) for n in range(number + 1)}
    return b.build(**lowest)
