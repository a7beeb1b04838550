from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import code_ranges, formats

from softgate.accuracy.bound import bound_error
from softgate.accuracy.budget import Budget
from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.methods import find_method, method_classes
from softgate.plan import FixedFormat
from softgate.plan.operations import Add, Clamp, Constant, Multiply, Subtract
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

parse = FixedFormat.parse
HARD = find_method("hard")


def specify(source, output, function="hard_logistic", within=None, budget=None, **parameters):
    function = create_function(function, **parameters)
    asked = None if budget is None else Budget.parse(budget)
    return Specification(function, parse(source), parse(output), asked, saturate=True, input_range=within)


def plan_of(specification):
    candidate = next(HARD.candidates(specification, HARD.read({})))
    assert candidate.parameters == {}
    return candidate.plan


def largest_error(specification, plan=None):
    """Return the largest error in ulp, from the definition of a ramp, in fractions."""
    ramp, source, output = specification.function.ramp, specification.input_format, specification.output_format
    held = specification.codes
    codes = range(held.low, held.high + 1)
    if held.size > 1 << 12:  # then some over the whole range, and those next to 0
        near = [code for code in range(-50, 50) if code in held]
        codes = [*(held.low + (held.size * part >> 8) for part in range(256)), *near, held.high]
    outputs = golden(plan or plan_of(specification))(np.array(codes, dtype=object)).tolist()
    errors = []
    for code, result in zip(codes, outputs, strict=True):
        value = min(max(ramp.slope * source.value(code) + ramp.offset, ramp.low), ramp.high) / output.ulp
        errors.append(abs(result - min(max(value, output.min_code), output.max_code)))
    return max(errors)


@pytest.mark.parametrize("variant", ["taylor", "keras2", "keras3", "qkeras"])
@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("SQ4.4", "UQ0.8"),
        ("SQ4.8", "UQ0.12"),
        ("SQ4.8", "UQ0.4"),  # coarser
        ("SQ4.2", "UQ0.16"),  # finer
        ("SQ4.4", "SQ1.7"),  # signed, without room for 1
        ("SQ4.4", "SQ3.5"),
        ("UQ4.6", "UQ1.8"),
        ("UQ0.6", "UQ1.3"),
        ("SQ1.0", "UQ1.0"),
        ("SQ8.0", "UQ0.1"),
        ("SQ1.11", "UQ0.12"),
    ],
)
def test_every_variant_is_correctly_rounded(variant, source, output):
    assert largest_error(specify(source, output, variant=variant)) <= Fraction(1, 2)


@pytest.mark.parametrize("limits", [{}, {"min": 0, "max": 6}, {"min": "-1/3", "max": "2/7"}, {"min": -100, "max": 99}])
@pytest.mark.parametrize(("source", "output"), [("SQ4.4", "SQ4.4"), ("SQ4.6", "SQ2.3"), ("UQ4.3", "SQ5.5")])
def test_hard_tanh_is_correctly_rounded(limits, source, output):
    assert largest_error(specify(source, output, "hard_tanh", **limits)) <= Fraction(1, 2)


@settings(max_examples=150)
@given(
    st.fractions(0, 40, max_denominator=5000).filter(bool),
    st.fractions(-3, 3, max_denominator=500),
    formats(st.integers(1, 10)),
    formats(st.integers(1, 20)),
)
def test_free_ramps_are_correctly_rounded(slope, offset, source, output):
    specification = specify(str(source), str(output), slope=slope, offset=offset)
    assert largest_error(specification) <= Fraction(1, 2)


@settings(max_examples=15)
@given(st.fractions(0, 1, max_denominator=10**9).filter(bool), formats(st.integers(20, 64)), formats())
def test_wide_formats_are_correctly_rounded(slope, source, output):
    assert largest_error(specify(str(source), str(output), slope=slope)) <= Fraction(1, 2)


def test_figures_agree():
    specification = specify("SQ4.4", "UQ0.8", variant="keras3")
    figures = measure_errors(golden(plan_of(specification)), specification.reference)
    assert figures.largest == largest_error(specification) == Fraction(1, 3)
    assert figures.correctly_rounded == 1
    assert figures.monotonic


def test_a_quarter_takes_no_multiplier():
    plan = plan_of(specify("SQ4.4", "UQ0.8"))
    assert plan.listing().splitlines()[-1].split() == ["y", "=", "output(limited)", "UQ0.8"]
    assert sum(isinstance(step.operation, Add | Subtract) for step in plan.steps) == 1
    assert plan.by_name["offset"].operation.value == 1  # 2, the offset by the slope, in the input's integer bits


@pytest.mark.parametrize("variant", ["taylor", "keras2", "keras3", "qkeras"])
def test_there_is_no_multiplication(variant):
    plan = plan_of(specify("SQ4.12", "UQ0.16", variant=variant))
    assert not any(isinstance(step.operation, Multiply) for step in plan.steps)


def test_no_clamp_where_none_is_needed():
    plan = plan_of(specify("SQ1.7", "UQ0.8"))
    assert not any(isinstance(step.operation, Clamp) for step in plan.steps)


def test_steep_and_shallow_slopes():
    assert largest_error(specify("SQ4.4", "UQ0.8", slope="1e6")) <= Fraction(1, 2)
    assert largest_error(specify("SQ4.4", "UQ0.8", slope="1e-6")) <= Fraction(1, 2)
    assert largest_error(specify("SQ4.4", "UQ0.8", slope="1e-70")) <= Fraction(1, 2)
    # So flat that it does not show in the result.
    assert largest_error(specify("SQ4.4", "UQ0.8", slope="1e-80")) <= Fraction(1, 2)
    assert largest_error(specify("SQ4.60", "UQ0.64", slope="1e-80")) <= Fraction(1, 2)


def test_what_it_refuses():
    assert HARD.refusal(specify("SQ4.4", "UQ0.8")) is None
    tanh = specify("SQ4.4", "SQ1.7", "tanh")
    message = "method hard makes piecewise linear functions, and tanh is not one"
    assert HARD.refusal(tanh) == message
    with pytest.raises(ValueError) as raised:
        next(HARD.candidates(tanh, {}))
    assert str(raised.value) == message
    with pytest.raises(ValueError, match="method hard has no parameter 'degree'; it has no parameters"):
        HARD.read({"degree": 1})


def test_methods_are_found_by_name():
    assert {"hard", "taylor"} <= {cls.name for cls in method_classes()}
    assert find_method("ramp") is HARD
    with pytest.raises(ValueError, match="there is no method 'tailor'; did you mean taylor"):
        find_method("tailor")


@settings(max_examples=150)
@given(
    st.fractions(0, 40, max_denominator=5000).filter(bool),
    st.fractions(-3, 3, max_denominator=500),
    formats(st.integers(1, 10)),
    formats(st.integers(1, 20)),
    st.data(),
)
def test_free_ramps_are_correctly_rounded_within_any_range(slope, offset, source, output, data):
    codes = data.draw(code_ranges(source))
    specification = specify(str(source), str(output), within=codes, slope=slope, offset=offset)
    assert largest_error(specification) <= Fraction(1, 2)


@settings(max_examples=15)
@given(st.fractions(0, 1, max_denominator=10**9).filter(bool), formats(st.integers(20, 64)), formats(), st.data())
def test_wide_formats_are_correctly_rounded_within_any_range(slope, source, output, data):
    codes = data.draw(code_ranges(source))
    assert largest_error(specify(str(source), str(output), within=codes, slope=slope)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("low", "high", "clamped"), [(-2, 2, False), (-2, 3, True), (-3, 2, True), (0, 2, False), (1, 4, True)]
)
def test_a_clamp_only_where_the_range_reaches_an_end(low, high, clamped):
    plan = plan_of(specify("SQ4.4", "UQ1.8", within=Range(16 * low, 16 * high)))
    assert any(isinstance(step.operation, Clamp) for step in plan.steps) is clamped


@pytest.mark.parametrize(("low", "high", "constant"), [(2, 7, 256), (-8, -2, 0), (1, 1, 192)])
def test_a_range_on_which_the_ramp_is_constant(low, high, constant):
    plan = plan_of(specify("SQ4.4", "UQ1.8", within=Range(16 * low, 16 * high)))
    assert [step.operation for step in plan.steps[1:]] == [Constant(constant, 8)]


def test_a_range_takes_fewer_bits_of_the_slope():
    whole, part = (
        plan_of(specify("SQ4.12", "UQ0.16", within=codes, variant="keras3")) for codes in (None, Range(-9, 9))
    )
    assert max(held.width for held in part.ranges.values()) < max(held.width for held in whole.ranges.values())


FLOAT32_SIXTH = "0.16666670143604279"
"""The slope that PyTorch's exporter to ONNX writes for 1/6."""


def adders(specification):
    return sum(isinstance(step.operation, Add | Subtract) for step in plan_of(specification).steps)


@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp", "0.7ulp", "3ulp", "2^-5"])
@pytest.mark.parametrize("slope", ["1/6", FLOAT32_SIXTH, "0.2", "3/7", "5"])
@pytest.mark.parametrize(("source", "output"), [("SQ4.4", "UQ0.8"), ("SQ4.6", "SQ1.11"), ("SQ3.7", "UQ1.4")])
def test_every_candidate_is_within_the_budget(budget, slope, source, output):
    specification = specify(source, output, budget=budget, slope=slope)
    for candidate in HARD.candidates(specification, {}):
        error = largest_error(specification, candidate.plan)
        assert specification.budget.admits(error, specification.output_format)
        assert error <= candidate.proved_error


@settings(max_examples=100)
@given(
    st.fractions(0, 40, max_denominator=5000).filter(bool),
    st.fractions(-3, 3, max_denominator=500),
    formats(st.integers(1, 10)),
    formats(st.integers(1, 20)),
    st.sampled_from(["1ulp", "0.6ulp", "5ulp", "1/50"]),
)
def test_free_ramps_are_within_the_budget(slope, offset, source, output, budget):
    specification = specify(str(source), str(output), budget=budget, slope=slope, offset=offset)
    error = largest_error(specification)
    # Half an ulp may be more than an absolute budget allows; then it is correctly rounded.
    assert specification.budget.admits(error, specification.output_format) or error <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("source", "budget"), [("SQ4.4", "1ulp"), ("SQ4.4", "0.5ulp"), ("SQ4.8", "0.5ulp"), ("SQ4.12", "1ulp")]
)
def test_the_slope_in_float32_takes_no_more_adders(source, budget):
    sixth, rounded = (specify(source, "UQ0.12", budget=budget, slope=slope) for slope in ("1/6", FLOAT32_SIXTH))
    assert adders(rounded) <= adders(sixth) <= 4


@pytest.mark.parametrize("source", ["SQ4.21", "SQ6.40", "SQ4.60"])
@pytest.mark.parametrize("budget", ["1ulp", "3ulp"])
def test_beyond_what_is_walked_the_error_is_bounded(source, budget):
    specification = specify(source, "UQ0.14", budget=budget, slope=FLOAT32_SIXTH)
    candidate = next(HARD.candidates(specification, {}))
    error = largest_error(specification, candidate.plan)
    for bound in (candidate.proved_error, bound_error(candidate.plan, specification, error)):
        assert error <= bound
        assert specification.budget.admits(bound, specification.output_format)
    assert adders(specification) <= 6


@pytest.mark.parametrize("source", ["SQ4.8", "SQ4.30"])
@pytest.mark.parametrize("budget", ["1ulp", "5ulp"])
@pytest.mark.parametrize("slope", ["1/6", "0.2", "3/7"])
def test_saturated_inputs_give_the_ends_where_inputs_are_too_many_to_walk(source, budget, slope):
    specification = specify(source, "UQ1.9", budget=budget, slope=slope)
    evaluate = golden(plan_of(specification))
    low, high = specification.codes
    assert evaluate(np.array([low, high])).tolist() == [0, 512]


@pytest.mark.parametrize("extra", ["1ulp", "2ulp", "5ulp"])
def test_a_larger_budget_takes_no_more_adders(extra):
    assert adders(specify("SQ4.8", "UQ0.12", budget=extra, slope="1/6")) <= adders(
        specify("SQ4.8", "UQ0.12", budget="0.5ulp", slope="1/6")
    )
