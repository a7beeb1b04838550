"""Bounds against every value that occurs: of random plans over all operations, and where every term is needed."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import evaluate, plans

from softgate.accuracy import bound
from softgate.accuracy.bound import bound_error
from softgate.accuracy.plan_models import PlanModels
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations.base import Range

parse = FixedFormat.parse
SMALL = plans(max_inputs=1, widths=st.integers(1, 6))


def fraction(number):
    """Return flint's rational number as a fraction."""
    return Fraction(int(number.p), int(number.q))


def differences(stretch, name, values):
    """Return the value of a step less that of its polynomial, at every code of a stretch that `values` has."""
    low, high = min(values), max(values)
    coefficients = [fraction(each) for each in stretch[name].polynomial.coeffs()]
    found = []
    for code in values:
        place = Fraction(2 * code - low - high, max(high - low, 1))
        polynomial = sum((each * place**power for power, each in enumerate(coefficients)), Fraction(0))
        found.append(values[code][name] - polynomial)
    return found


@settings(max_examples=150)
@given(SMALL, st.data())
def test_models_hold_every_value(plan, data):
    """A stretch of two codes has the least slack, one of all codes the most splits to tell apart."""
    ((port, _),) = plan.inputs
    codes = plan.ranges[port]
    values = {code: evaluate(plan, code) for code in range(codes.low, codes.high + 1)}
    starts = st.integers(codes.low, codes.high)
    pairs = [(low, min(low + 1, codes.high)) for low in data.draw(st.lists(starts, min_size=4, max_size=4))]
    others = data.draw(st.lists(st.tuples(starts, starts).map(sorted), min_size=4, max_size=4))
    for low, high in [codes, *pairs, *others]:
        stretch = PlanModels(plan, low, high)
        here = {code: values[code] for code in range(low, high + 1)}
        for step in plan.steps:
            model = stretch[step.name]
            assert all(model.range.low <= each[step.name] <= model.range.high for each in here.values())
            found = differences(stretch, step.name, here)
            assert fraction(model.error.low) <= min(found), step
            assert max(found) <= fraction(model.error.high), step


def chain(b, name, source, times):
    """Multiply a step by itself, `times` times; return the name of the power."""
    power = source
    for count in range(2, times + 1):
        power = b.let(f"{name}{count}", op.Multiply(power, source))
    return power


def halved(b, x, name="halved"):
    return b.let(name, op.ShiftRight(x, 1))


def late_power(b, x):
    sixth = chain(b, "x", x, 6)
    return op.Multiply(sixth, b.let("seventh", op.Multiply(sixth, halved(b, x))))


# The last operation of a plan, the codes of a stretch, and which ends of the model's error occur there.
ATTAINED = {
    "floor": (lambda b, x: op.ShiftRight(x, 3), (-8, 15), "low high"),
    "floor of a floor": (lambda b, x: op.ShiftRight(halved(b, x), 2), (-8, 15), "low high"),
    "floor shifted left": (lambda b, x: op.ShiftLeft(halved(b, x), 3), (-5, 6), "low high"),
    "floor by an amount": (
        lambda b, x: op.ShiftBy("right", halved(b, x), b.let("two", op.Constant(2))),
        (-8, 15),
        "low high",
    ),
    "up by an amount": (
        lambda b, x: op.ShiftBy("left", halved(b, x), b.let("two", op.Constant(2))),
        (-8, 15),
        "low high",
    ),
    "sum": (lambda b, x: op.Add(halved(b, x), "halved"), (-4, 5), "low high"),
    "difference": (
        lambda b, x: op.Subtract(
            halved(b, x), halved(b, b.let("next", op.Add(x, b.let("one", op.Constant(1)))), "other")
        ),
        (-4, 5),
        "low high",
    ),
    "square": (lambda b, x: op.Multiply(halved(b, x), "halved"), (-3, -1), "low high"),
    "product of unlike signs": (
        lambda b, x: op.Multiply(
            halved(b, x), b.let("minus", op.Subtract(b.let("zero", op.Constant(0, -1)), "halved"))
        ),
        (-3, -1),
        "low high",
    ),
    "error of the left factor": (lambda b, x: op.Multiply(halved(b, x), x), (-3, -1), "high"),
    "error of the right factor": (lambda b, x: op.Multiply(x, halved(b, x)), (-3, -1), "high"),
    "high power": (lambda b, x: op.Multiply(chain(b, "x", x, 11), b.let("p2", op.Multiply(x, x))), (-3, 3), "low high"),
    "high power of a floor": (late_power, (-3, 3), "low"),
    "half to even": (lambda b, x: op.Round(x, 1, "half_even"), (-4, 4), "low high"),
    "half up": (lambda b, x: op.Round(x, 2, "half_up"), (-4, 4), "high"),
    "toward zero": (lambda b, x: op.Round(x, 2, "toward_zero"), (-4, 4), "low high"),
    "rounding of a floor": (lambda b, x: op.Round(halved(b, x), 1, "half_even"), (-8, 8), "low"),
    "magnitude below 0": (lambda b, x: op.Absolute(halved(b, x)), (-8, -1), "low high"),
    "magnitude above 0": (lambda b, x: op.Absolute(halved(b, x)), (0, 7), "low high"),
    "magnitude of both": (lambda b, x: op.Absolute(halved(b, x)), (-6, 7), "low high"),
    "limits": (lambda b, x: op.Clamp(x, -2, 3), (-5, 7), "low high"),
    "limits of a floor": (lambda b, x: op.Clamp(halved(b, x), -1, 1), (-8, 7), "low high"),
    "field": (lambda b, x: op.Bits(x, 1, 3), (18, 27), "low high"),
    "field that turns over": (lambda b, x: op.Bits(x, 1, 3), (12, 27), "low high"),
    "signed field": (lambda b, x: op.Bits(x, 1, 3, signed=True), (8, 23), "low high"),
    "signed field that turns over": (lambda b, x: op.Bits(x, 1, 3, signed=True), (0, 15), "low high"),
    "bit set": (lambda b, x: op.Bitwise("xor", halved(b, x), b.let("eight", op.Constant(8, -1))), (33, 46), "low high"),
    "bit cleared": (
        lambda b, x: op.Bitwise("xor", b.let("eight", op.Constant(8, -1)), halved(b, x)),
        (17, 30),
        "low high",
    ),
    "bit that changes and comes back": (lambda b, x: op.Bitwise("xor", x, b.let("eight", op.Constant(8))), (7, 17), ""),
    "other logic": (lambda b, x: op.Bitwise("or", x, b.let("seven", op.Constant(7))), (1, 8), "low high"),
    "choice of the first": (
        lambda b, x: op.Select(
            b.let("yes", op.Compare("ge", x, b.let("from_here", op.Constant(4)))), halved(b, x), "four"
        ),
        (4, 9),
        "low high",
    ),
    "choice of the second": (
        lambda b, x: op.Select(
            b.let("no", op.Compare("lt", x, b.let("from_here", op.Constant(4)))), "four", halved(b, x)
        ),
        (4, 9),
        "low high",
    ),
    "choice of either": (
        lambda b, x: op.Select(
            b.let("yes", op.Compare("ge", x, b.let("from_here", op.Constant(4)))), halved(b, x), "four"
        ),
        (0, 9),
        "high",
    ),
    "up by some amount": (
        lambda b, x: op.ShiftBy("left", x, b.let("amount", op.Bits(x, 0, 2))),
        (1, 2),
        "low high",
    ),
    "entry": (lambda b, x: op.Lookup(b.let("index", op.Bits(x, 0, 3)), (3, 1, 4, 1, -5, 9, 2, 6)), (3, 5), "low high"),
    "side by side": (lambda b, x: op.Concatenate(halved(b, x), b.let("low", op.Bits(x, 1, 2)), 2, 0), (4, 7), "low"),
    "held in fewer bits": (lambda b, x: op.Narrow(halved(b, x), -20, 20, "partition 1"), (-8, 15), "low high"),
}


@pytest.mark.parametrize("case", ATTAINED)
def test_errors_of_models_are_those_that_occur(case):
    """Neither less than what occurs, nor more: no term of the model can be left out, none is counted twice."""
    make, (low, high), ends = ATTAINED[case]
    b = PlanBuilder()
    x = b.input("x", parse("SQ7.0"))
    b.let("four", op.Constant(4, -1))
    b.let("last", make(b, x))
    plan = b.build(y=(b.let("field", op.Bits("last", 0, 8)), parse("UQ8.0")))
    found = PlanModels(plan, low, high)
    values = {code: evaluate(plan, code) for code in range(low, high + 1)}
    occurring = differences(found, "last", values)
    error = found["last"].error
    assert fraction(error.low) <= min(occurring)
    assert max(occurring) <= fraction(error.high)
    if "low" in ends:
        assert fraction(error.low) == min(occurring)
    if "high" in ends:
        assert fraction(error.high) == max(occurring)


FUNCTIONS = {
    "tanh": (create_function("tanh"), mpmath.tanh),
    "logistic": (create_function("logistic"), lambda x: 1 / (1 + mpmath.exp(-x))),
    "logistic_derivative": (create_function("logistic_derivative"), lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x))),
    "hard_tanh": (create_function("hard_tanh", min=-3, max="5/3"), lambda x: min(max(x, -3), mpmath.mpf(5) / 3)),
    "hard_logistic": (
        create_function("hard_logistic", slope="1/3", offset="1/7"),
        lambda x: min(max(x / 3 + mpmath.mpf(1) / 7, 0), 1),
    ),
}
NEAR = Fraction(1, 1 << 80)
"""True values are enclosed to some 90 bits below the output's last place, and those to compare with computed to 200."""


def exact_error(plan, true, source, output):
    """Return the largest distance of a plan's output from a function limited to the output's range, in its ulp."""
    largest = Fraction(0)
    with mpmath.workprec(200 + output.width):
        for code in range(source.codes.low, source.codes.high + 1):
            x = source.input_format.value(code)
            value = true(mpmath.mpf(x.numerator) / x.denominator) * (1 << output.fraction_bits)
            value = min(max(value, output.min_code), output.max_code)
            exact = Fraction(int(mpmath.nint(mpmath.ldexp(value, 160))), 1 << 160)
            largest = max(largest, abs(evaluate(plan, code)[plan.outputs[0].step] - exact))
    return largest


@settings(max_examples=150)
@given(SMALL, st.sampled_from(sorted(FUNCTIONS)), st.sampled_from([0, 1, 4, 1 << 14]))
def test_bounds_are_above_every_error(plan, name, stretches):
    """However few the stretches, and also where an error is named beyond which there is nothing to look for."""
    function, true = FUNCTIONS[name]
    ((port, source),) = plan.inputs
    plan = Plan(plan.steps, plan.outputs[:1])
    output = plan.outputs[0].format
    held = None if plan.ranges[port] == Range.of(source) else plan.ranges[port]
    specification = Specification(function, source, output, None, True, held)
    largest = exact_error(plan, true, specification, output)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bound, "_MAX_STRETCHES", stretches)
        assert bound_error(plan, specification, Fraction(0)) >= largest - NEAR
        assert bound_error(plan, specification, largest) >= largest - NEAR
    whole = bound_error(plan, specification, Fraction(0))  # down to single codes: what is left there is exact
    assert largest - NEAR <= whole <= largest + NEAR


@pytest.mark.parametrize("source", ["SQ3.2", "SQ6.0", "UQ2.2"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_bounds_of_constants_are_above_their_errors(monkeypatch, name, source):
    """What the function does between, and where it meets the ends of the output, is all that there is to see."""
    function, true = FUNCTIONS[name]
    for output in (parse("SQ1.3"), parse("UQ0.6")):
        specification = Specification(function, parse(source), output, None, True)
        for code in (output.min_code, 0, 3, output.max_code):
            b = PlanBuilder()
            b.input("x", parse(source))
            plan = b.build(y=(b.let("constant", op.Constant(code, output.fraction_bits)), output))
            largest = exact_error(plan, true, specification, output)
            for stretches in (0, 2, 1 << 14):
                monkeypatch.setattr(bound, "_MAX_STRETCHES", stretches)
                assert bound_error(plan, specification, largest) >= largest - NEAR


@pytest.mark.parametrize("code", range(-16, 16))
def test_no_code_is_lost_on_the_way_to_it(code):
    """Only one code is wrong, by 5 ulp: the search comes down to it, whichever it is."""
    b = PlanBuilder()
    x = b.input("x", parse("SQ2.3"))
    index = b.let("index", op.Bits(x, 0, 5))
    right = [(place + 16) % 32 - 16 for place in range(32)]
    right[code % 32] += 5 if code < 0 else -5
    entry = b.let("entry", op.Lookup(index, tuple(right), 3))
    plan = b.build(y=(entry, parse("SQ2.3")))
    specification = Specification(create_function("hard_tanh", min=-2, max=2), parse("SQ2.3"), parse("SQ2.3"))
    assert bound_error(plan, specification, Fraction(0)) == 5
