from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate import design
from softgate.accuracy.budget import Budget
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.functions.properties import Identity
from softgate.methods.composition import Composition, inline
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations.base import Range
from softgate.plan.proofs import verify_narrowings
from softgate.sim.golden.model import golden

parse = FixedFormat.parse
TANH = design("tanh", "SQ3.5", "SQ1.9", method="taylor", degree=2, segments=16)


def specify(function, source, output, **options):
    return Specification(create_function(function), parse(source), parse(output), **options)


def test_a_plan_inlined_computes_the_same():
    b = PlanBuilder()
    x = b.input("x", parse("SQ3.5"))
    y = inline(b, TANH.plan, b.let("minus_x", op.Subtract(b.let("ones", op.Constant(-1, 5)), x)), "t_")
    plan = b.build(y=(y, parse("SQ1.9")))
    verify_narrowings(plan)
    codes = np.arange(-128, 128)
    assert (golden(plan)(codes) == TANH.golden(-1 - codes)).all()
    named = {step.name for step in TANH.plan.steps} - {"x"}
    assert {step.name for step in plan.steps} == {"x", "ones", "minus_x"} | {f"t_{name}" for name in named}


def test_what_is_narrowed_is_narrowed_anew():
    assert any(isinstance(step.operation, op.Narrow) for step in TANH.plan.steps)
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.5"))  # twice the codes: the parts are twice as wide
    source = b.let("covered", op.Clamp(x, -128, 127))
    plan = b.build(y=(inline(b, TANH.plan, source, "t_"), parse("SQ1.9")))
    assert verify_narrowings(plan) > 0
    codes = np.arange(-256, 256)
    assert (golden(plan)(codes) == TANH.golden(np.clip(codes, -128, 127))).all()


def test_what_is_narrowed_keeps_its_bits_beside_other_inputs():
    b = PlanBuilder()
    x, z = b.input("x", parse("SQ3.5")), b.input("z", parse("SQ1.9"))
    y = inline(b, TANH.plan, x, "t_")
    plan = b.build(y=(b.let("sum", op.Add(y, z)), parse("SQ2.9")))
    narrowed = [step for step in TANH.plan.steps if isinstance(step.operation, op.Narrow)]
    assert narrowed
    assert all(plan.ranges[f"t_{step.name}"].width == TANH.plan.ranges[step.name].width for step in narrowed)
    codes = np.arange(-128, 128)
    assert (golden(plan)(codes, 3) == TANH.golden(codes) + 3).all()


@pytest.mark.parametrize(("source", "shown"), [("SQ3.4", "4 fraction bits"), ("SQ4.5", r"\[-256, 255\] with 5")])
def test_a_source_that_does_not_fit(source, shown):
    b = PlanBuilder()
    x = b.input("x", parse(source))
    with pytest.raises(ValueError, match=rf"{shown}.* but the plan's input x in \[-128, 127\] with 5"):
        inline(b, TANH.plan, x, "t_")


@pytest.mark.parametrize(
    ("function", "source", "output", "fraction", "argument", "value", "held"),
    [
        ("tanh", "SQ4.12", "SQ1.15", 16, "SQ5.11", "UQ1.16", None),
        ("tanh", "SQ8.0", "SQ1.7", 8, "SQ9.0", "UQ1.8", (-256, 254)),  # even numbers only
        ("tanh", "SQ64.0", "SQ1.7", 8, "SQ64.0", "UQ1.8", None),  # 2x is limited to what there is
        ("tanh", "UQ0.8", "UQ0.8", 9, "UQ1.7", "UQ1.9", None),
        ("logistic", "SQ4.12", "UQ0.16", 15, "SQ3.13", "SQ2.15", None),
        ("logistic", "SQ1.7", "UQ0.8", 7, "SQ1.8", "SQ2.7", (-128, 127)),
        ("logistic", "UQ0.8", "UQ0.8", 7, "UQ0.9", "SQ2.7", (0, 255)),
        ("logistic_derivative", "SQ4.12", "UQ0.16", 18, "UQ4.12", "UQ0.18", (0, 32768)),
        ("tanh_derivative", "SQ4.12", "UQ0.16", 18, "UQ4.12", "SQ1.18", (0, 32768)),
        ("tanh_derivative", "UQ4.12", "UQ0.16", 18, "UQ4.12", "SQ1.18", None),
    ],
)
def test_formats_of_the_base_function(function, source, output, fraction, argument, value, held):
    composition = Composition.of(specify(function, source, output), fraction, Budget.parse("2ulp"))
    base = composition.base
    assert (str(base.input_format), str(base.output_format)) == (argument, value)
    assert base.codes == (Range(*held) if held else Range.of(base.input_format))
    assert base.budget == Budget.parse("2ulp")
    assert base.function.name == composition.identity.of


@pytest.mark.parametrize(
    ("function", "natural", "rounds", "gain", "error"),
    [
        ("tanh", 9, False, 2, Fraction(1)),
        ("logistic", 7, False, Fraction(1, 2), Fraction(1)),
        # an error of one ulp, 1/256, and of one more where s or t is 1: 256 (e + e**2) + 1/2 and 256 (2 e + e**2) + 1/2
        ("logistic_derivative", 8, True, 1, Fraction(5, 2) + Fraction(4, 256)),
        ("tanh_derivative", 8, True, 2, Fraction(9, 2) + Fraction(4, 256)),
    ],
)
def test_how_errors_grow(function, natural, rounds, gain, error):
    specification = specify(function, "SQ4.4", "SQ2.8")
    assert Composition.natural_fraction(specification) == natural
    composition = Composition.of(specification, natural)
    assert (composition.rounds, composition.gain) == (rounds, gain)
    assert composition.error(Fraction(1)) == error


def table_plan(composition, random):
    """Return a plan of the base function's formats that returns any codes there may be."""
    base, codes = composition.base, composition.base.codes
    low, high = (int(limit * (1 << base.output_format.fraction_bits)) for limit in base.function.limits)
    high = min(high, base.output_format.max_code)
    table = tuple(int(code) for code in random.integers(low, high + 1, codes.size))
    b = PlanBuilder()
    x = b.input("x", base.input_format, within=codes)
    first = b.let("first", op.Constant(codes.low, base.input_format.fraction_bits))
    y = b.let("y", op.Lookup(b.let("place", op.Subtract(x, first)), table, base.output_format.fraction_bits))
    return b.build(z=(y, base.output_format)), table


POWERS = st.sampled_from([1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 4)])
DYADIC = st.builds(Fraction, st.integers(-9, 9), st.sampled_from([1, 2, 4]))


@given(
    scale=st.integers(-1, 1),
    coefficients=st.one_of(st.tuples(DYADIC, POWERS), st.tuples(DYADIC, DYADIC, POWERS)),
    of=st.sampled_from(["logistic", "tanh"]),
    fraction=st.integers(0, 9),
    output=st.integers(0, 6),
    seed=st.integers(0, 99),
)
def test_polynomials_are_exact_and_rounded_half_up(scale, coefficients, of, fraction, output, seed):
    specification = specify("tanh", "SQ2.3", f"SQ8.{output}")
    identity = Identity(of, scale, tuple(map(Fraction, coefficients)))
    composition = Composition.of(specification, fraction)
    argument = replace(composition.base, function=create_function(of), output_format=FixedFormat(True, 2, fraction))
    if scale != 1:
        source = FixedFormat(True, 2 + scale, 3 - scale)
        argument = replace(argument, input_format=source, input_range=None)
    composition = Composition(specification, identity, argument)
    base, table = table_plan(composition, np.random.default_rng(seed))
    plan = composition.plan(base)
    verify_narrowings(plan)
    values = [Fraction(code, 1 << fraction) for code in table]
    polynomial = [sum(c * value**k for k, c in enumerate(identity.coefficients)) for value in values]
    expected = [floor(value * (1 << output) + Fraction(1, 2)) for value in polynomial]
    codes = np.arange(-16, 16)
    assert golden(plan)(codes).tolist() == expected


def test_an_even_function_is_made_of_one_side():
    composition = Composition.of(specify("tanh_derivative", "SQ2.3", "UQ0.6"), 6)
    base, table = table_plan(composition, np.random.default_rng(1))
    outputs = golden(composition.plan(base))(np.arange(-16, 16)).tolist()
    expected = [
        min(floor((1 - Fraction(table[abs(code)], 64) ** 2) * 64 + Fraction(1, 2)), 63) for code in range(-16, 16)
    ]
    assert outputs == expected


def test_what_cannot_be_composed():
    with pytest.raises(ValueError, match=r"hard_tanh.* does not follow from another function"):
        Composition.of(specify("hard_tanh", "SQ4.4", "SQ1.7"), 7)
    with pytest.raises(ValueError, match=r"format SQ1\.64 has 65 bits"):
        Composition.of(specify("logistic", "SQ1.63", "UQ0.8"), 7)
