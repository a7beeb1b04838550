"""Plans of additions with a complemented addend, and their Verilog for a target."""

from itertools import product

from softgate.hdl.build_options import BuildOptions
from softgate.hdl.unit_text import plan_unit_text
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op


def every_kind(left="SQ4.0", right="UQ3.0"):
    """Return the plan of additions with every carry, complement of the left operand, and all or some bits kept."""
    b = PlanBuilder()
    for name, fmt in {"a": left, "b": right, "s": "UQ1.0"}.items():
        b.input(name, FixedFormat.parse(fmt))
    sums = {}
    for carry, kept, inverted in product((0, 1), (0, 2, 9), (False, True)):
        name = f"sum{carry}{kept}{int(inverted)}"
        b.let(name, op.AddComplemented("a", "b", "s", carry, kept, inverted), f"kept are {kept}")
        sums[f"y{carry}{kept}{int(inverted)}"] = name, FixedFormat(b.range(name).signed, b.range(name).width, 0)
    return b.build(**sums)


def one(bits, **fields):
    """Return the plan of ``a + b`` of so many bits, b complemented where s is 1, unless `fields` say otherwise."""
    b = PlanBuilder()
    for name, fmt in {"a": f"SQ{bits}.0", "b": f"SQ{bits}.0", "s": "UQ1.0"}.items():
        b.input(name, FixedFormat.parse(fmt))
    b.let("sum", op.AddComplemented("a", "b", "s", **fields))
    return b.build(y=("sum", FixedFormat(True, bits + 1, 0)))


def narrow():
    """Return the plan of sums of a bit or two: without a bit to complement, of constants, and with a sign alone."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ1.0"))
    zero, one, many = (b.let(f"is{value}", op.Constant(value)) for value in (0, 1, 1 << 70))
    b.let("sign", op.AddComplemented(zero, zero, x))
    b.let("kept", op.AddComplemented("sign", x, zero, kept=200))
    b.let("fixed", op.AddComplemented(one, x, one, left_complemented=True))
    b.let("above", op.AddComplemented(many, x, one, kept=70))
    sums = ("sign", "kept", "fixed", "above")
    return b.build(**{f"{name}_out": (name, FixedFormat(True, 4, 0)) for name in sums})


def text_for(target, plan, interface="comb", **options):
    """Return the Verilog of a plan for a target, module ``unit``."""
    return plan_unit_text(plan, "unit", BuildOptions.read(interface=interface, target=target, **options))[1]
