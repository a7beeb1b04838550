from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import evaluate

from softgate.methods.real_polynomials.horner import HornerStep, ceil_log2, horner
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Clamp, Input, Lookup, ShiftRight
from softgate.plan.proofs import verify_narrowings


@pytest.mark.parametrize(
    ("value", "exponent"),
    [
        (Fraction(1), 0),
        (Fraction(2), 1),
        (Fraction(3), 2),
        (Fraction(4), 2),
        (Fraction(1, 2), -1),
        (Fraction(1, 3), -1),
        (Fraction(3, 4), 0),
        (Fraction(5, 16), -1),
        (Fraction(1, 16), -4),
    ],
)
def test_ceil_log2(value, exponent):
    assert ceil_log2(value) == exponent


@given(st.fractions(min_value=0, max_value=1 << 40).filter(bool))
def test_ceil_log2_is_the_smallest(value):
    exponent = ceil_log2(value)
    assert Fraction(2) ** (exponent - 1) < value <= Fraction(2) ** exponent


def polynomial_plan(segments, share, fraction, ends=(None, None)):
    """Return a plan over SQ1.5 for one polynomial, or over the piece number as well for several."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ1.5"))
    index = None
    entries = len(segments) + sum(end is not None for end in ends)
    if entries > 1:
        first_index = b.input("number", FixedFormat.parse("UQ3.0"))
        index = b.let("index", Clamp(first_index, 0, entries - 1))
    powers = range(len(segments[0]) - 1, -1, -1)
    steps = [HornerStep(x, Fraction(1), power, [segment[power] for segment in segments]) for power in powers]
    parts = 1 if index else 8
    options = {"index": index, "ends": ends, "fraction": fraction, "share": share, "parts": parts}
    if index:  # claims over several inputs cannot be proved
        b.narrow = lambda name, source, parts, note="": source
    result = horner(b, steps[0], steps[1:], **options)
    assert b.point(result.step) == fraction
    width = max(b.range(result.step).width + 1, fraction + 1)
    return b.build(y=(result.step, FixedFormat(True, width - fraction, fraction))), result


COEFFICIENTS = st.fractions(-300, 300, max_denominator=1000)


@settings(max_examples=60)
@given(
    st.lists(COEFFICIENTS, min_size=1, max_size=5),
    st.sampled_from([Fraction(1, 4), Fraction(1, 100), Fraction(3), Fraction(50)]),
    st.integers(0, 12),
)
def test_the_error_is_within_its_bound(coefficients, share, fraction):
    plan, result = polynomial_plan([coefficients], share, fraction)
    assert result.error <= share
    assert verify_narrowings(plan) == sum("narrow" in str(step.operation) for step in plan.steps)
    for code in range(-32, 32):
        x = Fraction(code, 32)
        exact = sum(coefficient * x**power for power, coefficient in enumerate(coefficients))
        assert abs(evaluate(plan, code)[result.step] - exact) <= result.error + Fraction(1, 2)


def three_pieces(size):
    return st.lists(st.lists(COEFFICIENTS, min_size=size, max_size=size), min_size=3, max_size=3)


@settings(max_examples=60)
@given(st.integers(1, 4).flatmap(three_pieces), st.none() | st.integers(-300, 300), st.none() | st.integers(-300, 300))
def test_pieces_and_saturation(segments, below, above):
    plan, result = polynomial_plan(segments, Fraction(1, 4), 8, (below, above))
    entries = [below] * (below is not None) + segments + [above] * (above is not None)
    assert {len(s.operation.table) for s in plan.steps if isinstance(s.operation, Lookup)} == {len(entries)}
    for code, (first_index, entry) in product(range(-32, 32, 5), enumerate(entries)):
        x = Fraction(code, 32)
        found = evaluate(plan, code, first_index)[result.step]
        if isinstance(entry, int):
            assert found == entry
        else:
            exact = sum(coefficient * x**power for power, coefficient in enumerate(entry))
            assert abs(found - exact) <= result.error + Fraction(1, 2)


def test_a_single_constant_is_rounded_half_up():
    plan, result = polynomial_plan([[Fraction(5, 2)]], Fraction(1, 4), 3)
    assert evaluate(plan, 0)[result.step] == 3
    assert [type(step.operation) for step in plan.steps if isinstance(step.operation, Input)] == [Input]


@pytest.mark.parametrize("degree", [1, 2, 3])
@pytest.mark.parametrize("fraction", [0, 4])
@pytest.mark.parametrize("power", [-3, 0, 2, 5])
def test_the_sum_before_rounding_is_within_the_bound(power, fraction, degree):
    """The bound leaves nothing over: half a unit for each coefficient and each cut, which is what it loses at most."""
    share = Fraction(2 * degree + 1, 2) / Fraction(2) ** power
    random = Random(f"{power} {fraction} {degree}")
    for _ in range(8):
        coefficients = [Fraction(random.randint(-3000, 3000), random.randint(1, 1000)) for _ in range(degree + 1)]
        plan, result = polynomial_plan([coefficients], share, fraction)
        assert result.error == share
        rounded = plan.by_name[result.step].operation
        # Where nothing is left to round, the sum is the result, and holds no half for it.
        bits, half = (rounded.bits, Fraction(1, 2)) if isinstance(rounded, ShiftRight) else (0, 0)
        for code in range(-32, 32):
            exact = sum(coefficient * Fraction(code, 32) ** power for power, coefficient in enumerate(coefficients))
            found = evaluate(plan, code)[rounded.source if bits else result.step]
            assert abs(Fraction(found, 1 << bits) - half - exact) <= share + (0 if bits else Fraction(1, 2))


@pytest.mark.parametrize(("fmt", "reach"), [("SQ4.3", 8), ("SQ6.1", 32), ("SQ1.6", 1), ("UQ0.6", 1)])
@pytest.mark.parametrize("coefficients", [(1, Fraction(1, 3), Fraction(2, 7)), (0, Fraction(5, 11), Fraction(1, 13))])
def test_a_variable_that_reaches_far_needs_more_places(fmt, reach, coefficients):
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse(fmt))
    first, *steps = [HornerStep(x, Fraction(reach), power, [coefficients[power]]) for power in (2, 1, 0)]
    options = {"index": None, "ends": (None, None), "fraction": 2, "share": Fraction(1, 8), "parts": 1}
    result = horner(b, first, steps, **options)
    plan = b.build(y=(result.step, FixedFormat(True, 60, 2)))
    assert result.error <= Fraction(1, 8)
    for code in range(*b.range(x)):
        value = Fraction(code, 1 << b.point(x))
        exact = sum(coefficient * value**power for power, coefficient in enumerate(coefficients))
        assert abs(evaluate(plan, code)[result.step] - exact) <= result.error + Fraction(1, 2)
