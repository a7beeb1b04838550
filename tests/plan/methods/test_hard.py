from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import code_ranges, formats

from softgate.plan import FixedFormat, create_function
from softgate.plan.errors import measure_errors
from softgate.plan.methods import find_method, method_classes
from softgate.plan.operation import Range
from softgate.plan.operations import Clamp, Constant, Multiply
from softgate.plan.specification import Specification
from softgate.sim.golden import golden

parse = FixedFormat.parse
HARD = find_method("hard")


def specify(source, output, function="hard_logistic", within=None, **parameters):
    function = create_function(function, **parameters)
    return Specification(function, parse(source), parse(output), saturate=True, input_range=within)


def plan_of(specification):
    (candidate,) = HARD.candidates(specification, HARD.read({}))
    assert candidate.bound == Fraction(1, 2)
    assert candidate.parameters == {}
    return candidate.plan


def largest_error(specification):
    """Return the largest error in ulp, from the definition of a ramp, in fractions."""
    ramp, source, output = specification.function.ramp, specification.input_format, specification.output_format
    held = specification.codes
    codes = range(held.low, held.high + 1)
    if held.size > 1 << 12:  # then some over the whole range, and those next to 0
        near = [code for code in range(-50, 50) if code in held]
        codes = [*(held.low + (held.size * part >> 8) for part in range(256)), *near, held.high]
    outputs = golden(plan_of(specification))(np.array(codes, dtype=object)).tolist()
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
    assert [type(step.operation).__name__ for step in plan.steps] == [
        "Input",
        "ShiftLeft",
        "Constant",
        "Add",
        "Clamp",
    ]
    assert plan.by_name["offset"].operation.value == 128


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
    message = "method hard makes clamped linear functions, and tanh is not one"
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
